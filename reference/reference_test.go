package reference_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/raidgraph/raidgraph"
	"github.com/raidgraph/raidgraph/graph"
	"github.com/raidgraph/raidgraph/graph/schema"
	"github.com/raidgraph/raidgraph/reference"
)

// load reads the reference data, and holds each record to the rules of the graph.
func load(t *testing.T) (map[string]*graph.Node, []*graph.Edge) {
	t.Helper()
	m, err := schema.Load(raidgraph.Schema)
	if err != nil {
		t.Fatal(err)
	}
	nodes, edges := map[string]*graph.Node{}, []*graph.Edge{}
	for r, err := range reference.Records(m.Graph) {
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range m.Graph.CheckRecord(r) {
			t.Errorf("%v: %s: %s", r, p.Field, p.Message)
		}
		switch r := r.(type) {
		case *graph.Node:
			nodes[r.ID] = r
		case *graph.Edge:
			edges = append(edges, r)
		}
	}
	return nodes, edges
}

func TestRecords(t *testing.T) {
	nodes, edges := load(t)
	counts := map[string]int{}
	for _, n := range nodes {
		counts[n.Kind.Name]++
	}
	for kind, want := range map[string]int{"Province": 25, "Nationality": 43, "Agency": 25, "Embassy": 22, "Official": 14, "Office": 18, "Source": 5} {
		if counts[kind] != want {
			t.Errorf("%d of %s, want %d", counts[kind], kind, want)
		}
	}
	sourced := map[string]bool{}
	for _, e := range edges {
		if nodes[e.From] == nil || nodes[e.To] == nil {
			t.Errorf("%s from %s to %s leads nowhere", e.Relation.Type, e.From, e.To)
		}
		if e.Relation.Type == "SUBJECT" {
			sourced[e.To] = true
		}
	}
	for id, n := range nodes {
		if n.Kind.Name != "Source" && n.Kind.Name != "Claim" && !sourced[id] {
			t.Errorf("no claim says where %s is from", id)
		}
	}
}

func TestNames(t *testing.T) {
	nodes, _ := load(t)
	for id, want := range map[string][]string{
		"province:KH-12":        {`"ភ្នំពេញ","language":"km","script":"Khmr","kind":"OFFICIAL"`, `"Phnum Pénh","language":"km","script":"Latn","kind":"TRANSLITERATION"`},
		"province:KH-5":         {`"Kompong Speu","language":"en","script":"Latn","kind":"ALIAS"`},
		"nationality:CN":        {`"中国","language":"zh","script":"Hans","kind":"COMMON"`},
		"nationality:KH":        {`"Cambodia"`},
		"agency:gdi-kh":         {`"GDI"`, `"អគ្គនាយកដ្ឋានអន្តោប្រវេសន្ត"`},
		"embassy:us-kh":         {`"Embassy of the United States in Cambodia"`, `"American embassy in Cambodia"`},
		"agency:dkba-mm":        {`"Democratic Karen Buddhist Army"`},
		"official:neth-savoeun": {`"Neth Savoeun"`},
	} {
		n := nodes[id]
		if n == nil {
			t.Errorf("there is no %s", id)
			continue
		}
		for _, name := range want {
			if got := n.Get("names").(string); !strings.Contains(got, name) {
				t.Errorf("%s has not the name %s: %s", id, name, got)
			}
		}
	}
	if got := nodes["nationality:KH"].Get("names").(string); strings.Contains(got, "Khmer") {
		t.Errorf("an ethnonym is taken for the nationality: %s", got)
	}
	if got := nodes["province:KH-12"].Get("externalIds"); got != `[{"scheme":"iso3166-2","value":"KH-12"},{"scheme":"ncdd","value":"12"},{"scheme":"geonames","value":"1830103"},{"scheme":"wikidata","value":"Q1850"}]` {
		t.Errorf("ids elsewhere: %s", got)
	}
}

func TestOffices(t *testing.T) {
	nodes, edges := load(t)
	for id, want := range map[string]any{
		"office:sar-thet-chief":                 "2023-08-23/..",
		"office:sar-thet-commissioner":          "../2023-08-23",
		"office:neth-savoeun-chief":             "2008-11/2023-08-23",
		"office:sar-sokha-minister-of-interior": "2023-08-22~/..",
		"office:sok-veasna-director-general":    nil,
	} {
		if n := nodes[id]; n == nil || n.Get("period.edtf") != want {
			t.Errorf("%s: %v, want the period %v", id, n, want)
		}
	}
	agencies := 0
	for _, e := range edges {
		if e.Relation.Type == "AT" {
			agencies++
		}
	}
	if agencies != 11 {
		t.Errorf("%d offices have an agency, want 11", agencies)
	}
}

func TestProvinceBorders(t *testing.T) {
	nodes, _ := load(t)
	var borders struct{ Features []struct{ ID string } }
	if err := json.Unmarshal(reference.ProvinceBorders(), &borders); err != nil {
		t.Fatal(err)
	}
	if len(borders.Features) != 25 {
		t.Errorf("%d outlines", len(borders.Features))
	}
	for _, f := range borders.Features {
		if nodes["province:"+f.ID] == nil {
			t.Errorf("%s has an outline and no province", f.ID)
		}
	}
}

func TestSample(t *testing.T) {
	name, text := reference.Sample()
	if name != reference.SampleName || !strings.HasPrefix(string(text), "# yaml-language-server: $schema=") {
		t.Errorf("the sample case is not there: %s", name)
	}
	for _, name := range reference.Shipped() {
		file, text := reference.ShippedCase(name)
		if !strings.HasSuffix(file, ".yaml") || !strings.HasPrefix(string(text), "# yaml-language-server: $schema=") {
			t.Errorf("the case %s is not there: %s", name, file)
		}
	}
	if file, text := reference.ShippedCase("none"); file != "" || text != nil {
		t.Errorf("a case that does not ship: %s", file)
	}
}
