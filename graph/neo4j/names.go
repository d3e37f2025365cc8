package neo4j

import (
	"slices"
	"strings"

	"github.com/raidgraph/raidgraph/graph"
)

// Labels and properties of the store's own.
const (
	nodeLabel  = "Node"
	metaLabel  = "Meta"
	idProp     = "id"
	keyProp    = "_key"
	orderProp  = "_order"
	foldProp   = "_fold"
	searchName = "search_name"
	searchText = "search_text"
	searchLong = "search_long"
	longProp   = "_long"
)

// checkNames says whether the schema's names leave the store's own alone.
func checkNames(s *graph.Schema) error {
	fault := func(where, name string) error {
		return graph.Errorf(graph.Internal, "%s has a field %s, a name that the store needs for itself", where, name)
	}
	taken := func(column string) bool {
		return column == idProp || strings.HasPrefix(column, "search_") ||
			strings.HasSuffix(column, orderProp) || strings.HasSuffix(column, foldProp)
	}
	for _, k := range s.Kinds {
		if k.Name == metaLabel || k.Name == nodeLabel {
			return graph.Errorf(graph.Internal, "a kind cannot be called %s, a name that the store needs for itself", k.Name)
		}
		for _, f := range k.Fields {
			if taken(f.Column) {
				return fault(k.Name, f.Name)
			}
		}
	}
	for _, r := range s.Relations {
		for _, f := range r.Props {
			if taken(f.Column) || f.Column == keyProp {
				return fault(r.Type, f.Name)
			}
		}
	}
	return nil
}

// quote makes a name of the schema a name in Cypher.
func quote(name string) string {
	for i := range len(name) {
		c := name[i]
		if c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || i > 0 && c >= '0' && c <= '9' {
			continue
		}
		return "`" + strings.ReplaceAll(name, "`", "``") + "`"
	}
	return name
}

// labelsOf are all labels of a kind's nodes.
func labelsOf(k *graph.Kind) []string {
	labels := []string{nodeLabel}
	for _, i := range k.Interfaces {
		if i != nodeLabel {
			labels = append(labels, i)
		}
	}
	return append(labels, k.Name)
}

// labelExpression is a label expression for the nodes of exactly these kinds: the label of an interface where it has just
// these implementors.
func labelExpression(s *graph.Schema, kinds []*graph.Kind) string {
	if len(kinds) == 1 {
		return quote(kinds[0].Name)
	}
	if len(kinds) == len(s.Kinds) {
		return nodeLabel
	}
	for _, i := range kinds[0].Interfaces {
		if i != nodeLabel && sameKinds(s.Implementors(i), kinds) {
			return quote(i)
		}
	}
	names := make([]string, len(kinds))
	for i, k := range kinds {
		names[i] = quote(k.Name)
	}
	return strings.Join(names, "|")
}

func sameKinds(a, b []*graph.Kind) bool { return len(a) == len(b) && covers(a, b) }

// covers says whether every kind of some is among all.
func covers(all, some []*graph.Kind) bool {
	for _, k := range some {
		if !slices.Contains(all, k) {
			return false
		}
	}
	return true
}
