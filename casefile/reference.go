package casefile

import (
	"slices"
	"strings"

	"github.com/raidgraph/raidgraph/graph"
)

// reference is a node that the file names without defining it.
type reference struct {
	at    place
	id    string // empty where the file leaves the kind open
	word  string
	kinds []*graph.Kind
}

// ref reads the id of a node of one of the kinds: kind:name, or the name alone where the kind is clear. It is the id of a
// node of the file, or one that lookUp will check; empty, with a problem now or later, where it can be neither.
func (p *parser) ref(n place, kinds []*graph.Kind) string {
	word := p.text(n)
	if word == "" {
		return ""
	}
	prefix, name, prefixed := strings.Cut(word, ":")
	if !prefixed {
		if len(kinds) != 1 {
			p.refs = append(p.refs, reference{at: n, word: word, kinds: kinds})
			return ""
		}
		prefix, name = kinds[0].Prefix, word
	}
	id := prefix + ":" + name
	kind, err := p.model.Graph.KindOfID(id)
	if err != nil {
		if near := graph.Suggest(prefix, prefixes(p.model.Graph.Kinds)); prefixed && near != "" && near != prefix {
			p.wrong(n, err.Error(), "did you mean "+near+":"+name+"?")
		} else {
			p.wrong(n, err.Error(), "")
		}
		return ""
	}
	if !slices.Contains(kinds, kind) {
		p.wrong(n, graph.Quote(word)+" is "+article(kind.Name), "here belongs "+anyOf(kinds))
		return ""
	}
	if own := p.keys[kind][name]; own != "" {
		id = own
	}
	if p.items[id] == nil {
		p.refs = append(p.refs, reference{at: n, id: id, word: word, kinds: kinds})
	}
	return id
}

// lookUp asks which of the named nodes exist, all at once, and tells of those that do not.
func (p *parser) lookUp(claims map[string]*claim) error {
	p.refs = slices.DeleteFunc(p.refs, func(r reference) bool { return claims[r.id] != nil })
	if p.known == nil {
		p.refs = slices.DeleteFunc(p.refs, func(r reference) bool { return r.id != "" })
	}
	var ids []string
	for _, r := range p.refs {
		if r.id != "" {
			ids = append(ids, r.id)
		}
		for _, k := range r.kinds {
			ids = append(ids, k.Prefix+":"+r.word)
		}
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	if p.known != nil && len(ids) > 0 {
		var err error
		if p.found, err = p.known.Nodes(ids); err != nil {
			return err
		}
	}
	outside := map[*graph.Kind][]string{}
	for _, r := range p.refs {
		if r.id != "" && p.found[r.id] != nil {
			continue
		}
		suggestion, err := p.suggest(r, outside)
		if err != nil {
			return err
		}
		switch {
		case r.id == "" && suggestion == "":
			p.wrong(r.at, graph.Quote(r.word)+" leaves the kind open", "write it as "+r.kinds[0].Prefix+":"+r.word+", with the kind of what is meant: "+anyOf(r.kinds))
		case r.id == "":
			p.wrong(r.at, graph.Quote(r.word)+" leaves the kind open", "did you mean "+suggestion+"?")
		case suggestion == "":
			p.wrong(r.at, "there is no "+r.id+", in this file or in the graph", "define it here under "+graph.Kebab(p.kindOf(r.id).Plural)+", or correct the id")
		default:
			p.wrong(r.at, "there is no "+r.id+", in this file or in the graph", "did you mean "+suggestion+"?")
		}
	}
	return nil
}

func (p *parser) kindOf(id string) *graph.Kind {
	k, _ := p.model.Graph.KindOfID(id)
	return k
}

// suggest is the id that was most likely meant: the same name with another kind, or one that is spelt much like it.
func (p *parser) suggest(r reference, outside map[*graph.Kind][]string) (string, error) {
	name := r.word
	if _, rest, ok := strings.Cut(r.word, ":"); ok {
		name = rest
	}
	var candidates, names []string
	for _, k := range r.kinds {
		id := k.Prefix + ":" + name
		if p.items[id] != nil || p.found[id] != nil {
			return id, nil
		}
		if _, asked := outside[k]; !asked && p.known != nil {
			ids, err := p.known.IDs(k)
			if err != nil {
				return "", err
			}
			outside[k] = ids
		}
		for _, id := range p.keys[k] {
			candidates = append(candidates, id)
		}
		candidates = append(candidates, outside[k]...)
	}
	// Names are shown once each, in the order of the ids, whatever the order of the maps.
	slices.Sort(candidates)
	candidates = slices.Compact(candidates)
	for _, id := range candidates {
		names = append(names, local(id))
	}
	if near := graph.Suggest(name, names); near != "" {
		return candidates[slices.Index(names, near)], nil
	}
	return "", nil
}

func prefixes(kinds []*graph.Kind) []string {
	var out []string
	for _, k := range kinds {
		if !k.Own() {
			out = append(out, k.Prefix)
		}
	}
	return out
}

// anyOf names the kinds that may stand somewhere.
func anyOf(kinds []*graph.Kind) string {
	if len(kinds) > 6 {
		return "a node with its kind, such as raid:steung-meanchey-2024-11"
	}
	names := prefixes(kinds)
	for i, n := range names {
		names[i] = article(n)
	}
	return strings.Join(names, ", ")
}

func article(noun string) string {
	if strings.ContainsRune("AEIOaeio", rune(noun[0])) {
		return "an " + noun
	}
	return "a " + noun
}
