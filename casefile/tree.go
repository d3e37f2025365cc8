package casefile

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"github.com/raidgraph/raidgraph/graph"
)

// MaxBytes is the most that a case file may have.
const MaxBytes = 10 << 20

// maxDepth is how deep lists and keys may stand in each other; the format needs eight.
const maxDepth = 32

// tree reads the text as one YAML document without anchors, aliases, merge keys and tags: what stands in the file is what
// is meant. It is nil where there is a problem that leaves nothing to read.
func (p *parser) tree(text []byte) *yaml.Node {
	if len(text) > MaxBytes {
		p.problem(1, 1, "", fmt.Sprintf("the file has %d bytes", len(text)), fmt.Sprintf("a case file has at most %d (10 MiB); split the case, or use JSON Lines for bulk data", MaxBytes))
		return nil
	}
	if line, column, ok := invalidUTF8(text); ok {
		p.problem(line, column, "", "the text is not valid UTF-8 here", "save the file as UTF-8")
		return nil
	}
	d := yaml.NewDecoder(bytes.NewReader(text))
	var doc yaml.Node
	if err := d.Decode(&doc); err != nil {
		if errors.Is(err, io.EOF) {
			p.problem(1, 1, "", "the file is empty", "begin with `case:` and `sources:`; docs/case-file.md shows how")
			return nil
		}
		p.syntax(err)
		return nil
	}
	var next yaml.Node
	if err := d.Decode(&next); err == nil {
		p.problem(max(next.Line, 1), max(next.Column, 1), "", "a second document begins here", "one file is one case: take out the line ---")
	} else if !errors.Is(err, io.EOF) {
		p.syntax(err)
		return nil
	}
	if len(doc.Content) == 0 {
		p.problem(1, 1, "", "the file is empty", "begin with `case:` and `sources:`")
		return nil
	}
	if !p.plain(doc.Content[0], 0) {
		return nil
	}
	return doc.Content[0]
}

// plain refuses what would make the text mean more than it says, and says whether the tree may be walked.
func (p *parser) plain(n *yaml.Node, depth int) bool {
	switch {
	case depth > maxDepth:
		p.problem(n.Line, n.Column, "", fmt.Sprintf("more than %d levels stand in each other", maxDepth), "no part of a case goes that deep")
		return false
	case n.Kind == yaml.AliasNode:
		p.problem(n.Line, n.Column, "", "an alias (*"+n.Value+") stands here", "write the value out: case files have no anchors and aliases")
		return false
	case n.Anchor != "":
		p.problem(n.Line, n.Column, "", "an anchor (&"+n.Anchor+") stands here", "take it out: case files have no anchors and aliases")
	case n.Style&yaml.TaggedStyle != 0:
		p.problem(n.Line, n.Column, "", "a tag ("+n.Tag+") stands here", "take it out: the format knows what each value is")
	}
	ok := true
	for i, c := range n.Content {
		if n.Kind == yaml.MappingNode && i%2 == 0 && c.Tag == "!!merge" {
			p.problem(c.Line, c.Column, "", "a merge key (<<) stands here", "write the values out")
			ok = false
			continue
		}
		ok = p.plain(c, depth+1) && ok
	}
	return ok
}

var yamlLine = regexp.MustCompile(`^(?:yaml: )?(?:line (\d+): )?(.*)$`)

// syntax tells what the YAML reader did not understand, at the line that it names.
func (p *parser) syntax(err error) {
	m := yamlLine.FindStringSubmatch(strings.ReplaceAll(err.Error(), "\n", " "))
	line, _ := strconv.Atoi(m[1])
	p.problem(max(line, 1), 1, "", "this is not YAML: "+m[2], "check the indentation, and put texts that contain : or # in quotes")
}

func invalidUTF8(text []byte) (line, column int, found bool) {
	if utf8.Valid(text) {
		return 0, 0, false
	}
	line, column = 1, 1
	for len(text) > 0 {
		r, n := utf8.DecodeRune(text)
		switch {
		case r == utf8.RuneError && n == 1:
			return line, column, true
		case r == '\n':
			line, column = line+1, 1
		default:
			column++
		}
		text = text[n:]
	}
	return line, column, true
}

// mapping is a YAML mapping with its keys, in order.
type mapping struct {
	p    *parser
	node *yaml.Node
	path string
	keys []entry
}

// entry is a key with its value. name is the key as the format writes it: askedBy and asked_by are asked-by.
type entry struct {
	key, value *yaml.Node
	name       string
	used       bool
}

// place is a value with its path.
type place struct {
	*yaml.Node
	path string
}

// mapping reads a mapping whose keys are names of the format (names true) or ids of the reporter's; nil, with a problem,
// where n is something else.
func (p *parser) mapping(n place, names bool, want string) *mapping {
	if n.Kind != yaml.MappingNode {
		p.wrong(n, p.shown(n)+" stands where "+want+" belongs", "")
		return nil
	}
	m := &mapping{p: p, node: n.Node, path: n.path}
	seen := map[string]*yaml.Node{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		if key.Kind != yaml.ScalarNode || key.Value == "" {
			p.problem(key.Line, key.Column, n.path, "a key is a word or an id", "")
			continue
		}
		name := graph.Normalize(key.Value)
		if names {
			name = graph.Kebab(name)
		}
		if first := seen[name]; first != nil {
			p.problem(key.Line, key.Column, n.path, fmt.Sprintf("%s stands twice, first in line %d", key.Value, first.Line), "keep one of them")
			continue
		}
		seen[name] = key
		m.keys = append(m.keys, entry{key: key, value: value, name: name})
	}
	return m
}

// get is the value of a key, and marks it as read.
func (m *mapping) get(name string) (place, bool) {
	for i := range m.keys {
		if e := &m.keys[i]; e.name == name {
			e.used = true
			return m.at(e), true
		}
	}
	return place{}, false
}

// pass marks keys as read, for another reader has read them.
func (m *mapping) pass(names []string) {
	for _, name := range names {
		m.get(name)
	}
}

// has says whether there is such a key, without reading it.
func (m *mapping) has(name string) bool {
	for _, e := range m.keys {
		if e.name == name {
			return true
		}
	}
	return false
}

func (m *mapping) at(e *entry) place { return place{e.value, join(m.path, e.key.Value)} }

// rest tells of each key that nothing read; known are those that would have been.
func (m *mapping) rest(known []string) {
	for _, e := range m.keys {
		if e.used {
			continue
		}
		right := "what may stand here: " + strings.Join(known, ", ")
		if s := graph.Suggest(e.name, known); s != "" {
			right = "did you mean " + s + "?"
		}
		m.p.problem(e.key.Line, e.key.Column, m.path, "there is no "+graph.Quote(e.key.Value)+" here", right)
	}
}

// list is the elements of a sequence; a single value counts as a list of one.
func (p *parser) list(n place) []place {
	if n.Kind != yaml.SequenceNode {
		return []place{n}
	}
	out := make([]place, len(n.Content))
	for i, c := range n.Content {
		out[i] = place{c, fmt.Sprintf("%s[%d]", n.path, i)}
	}
	return out
}

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

// shown names what stands there, for problems.
func (p *parser) shown(n place) string {
	switch {
	case n.Kind == yaml.MappingNode:
		return "a group of keys"
	case n.Kind == yaml.SequenceNode:
		return "a list"
	case empty(n):
		return "nothing"
	}
	return graph.Quote(n.Value)
}

func empty(n place) bool { return n.Kind == yaml.ScalarNode && n.Tag == "!!null" }

func (p *parser) problem(line, column int, path, wrong, right string) {
	if len(p.problems) < maxProblems {
		p.problems = append(p.problems, Problem{File: p.file, Line: line, Column: column, Path: path, Wrong: wrong, Right: right})
	}
}

func (p *parser) wrong(n place, wrong, right string) {
	p.problem(n.Line, n.Column, n.path, wrong, right)
}
