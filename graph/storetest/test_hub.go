package storetest

import (
	"testing"

	"github.com/raidgraph/raidgraph/graph"
)

// hubDegree is how many relations the hub has.
const hubDegree = 10_000

// testHub asks about a node with very many relations.
func (s *suite) testHub(t *testing.T) {
	d := generate(Schema(), s.random(6), map[string]int{"Person": 30, "Group": 12, "Place": 12, "Event": 20, "Note": 20, "Grain": 40})
	hub := d.addHub(s.random(7), hubDegree)
	store, model := s.both(t, d)
	t.Run("pages", func(t *testing.T) { testHubPages(t, store, model, d.schema, hub) })
	t.Run("conditions", func(t *testing.T) { testHubConditions(t, store, model, d.schema, hub) })
	t.Run("plans", func(t *testing.T) {
		p := newPlanner(s.random(8), d, model)
		p.condDepth, p.treeDepth = 1, 2
		s.comparePlans(t, store, model, p, int(s.plans/20))
	})
}

func testHubPages(t *testing.T, store graph.Store, model *Model, schema *graph.Schema, hub *graph.Node) {
	holds := schema.Relation("HOLDS")
	b := build(schema)
	parent := b.byID("Group", hub.ID)
	child := b.below(parent, "HOLDS", true, "Grain")
	parent.Children = nil
	for _, order := range [][]graph.Order{
		{{Field: idRef}},
		{{Field: b.ref(child.Kinds, "name")}, {Field: idRef, Desc: true}},
		{{Field: b.ref(child.Kinds, "n"), Desc: true}, {Field: idRef}},
		{{Field: edgeRef(holds, "since")}, {Field: b.ref(child.Kinds, "n"), Desc: true}, {Field: idRef}},
	} {
		(&walker{b: b, parent: parent, of: child, order: order, size: 2500}).same(t, store, model)
		first, some := *child, *parent
		first.Order, first.Count, first.Page = order, true, graph.Page{Limit: b.arg(int64(25))}
		some.Children = []*graph.Select{&first}
		check(t, store, model, b.plan(&some), b.args)
	}
}

func testHubConditions(t *testing.T, store graph.Store, model *Model, schema *graph.Schema, hub *graph.Node) {
	holds := schema.Relation("HOLDS")
	group, grain := []*graph.Kind{schema.Kind("Group")}, []*graph.Kind{schema.Kind("Grain")}
	for _, op := range []graph.Op{graph.Some, graph.None, graph.Every} {
		b := build(schema)
		root := b.all([]string{"Group"})
		number := &graph.Cond{Op: graph.Lt, Field: b.ref(grain, "n"), Arg: b.arg(int64(3))}
		since := &graph.Cond{Op: graph.Ge, Field: edgeRef(holds, "since"), Arg: b.arg(int64(900))}
		root.Where = &graph.Cond{Op: op, Via: &graph.Via{Relation: holds, Out: true}, Kinds: grain,
			Of: []*graph.Cond{{Op: graph.And, Of: []*graph.Cond{number, since}}}}
		check(t, store, model, b.plan(root), b.args)

		b = build(schema)
		root = b.all([]string{"Grain"}, "name", "n")
		root.Order = []graph.Order{{Field: b.ref(grain, "n"), Desc: true}, {Field: idRef}}
		root.Count, root.Page.Limit = true, b.arg(int64(30))
		root.Where = &graph.Cond{Op: op, Via: &graph.Via{Relation: holds}, Kinds: group,
			Of: []*graph.Cond{{Op: graph.Eq, Field: idRef, Arg: b.arg(hub.ID)}}}
		check(t, store, model, b.plan(root), b.args)
	}
	b := build(schema)
	root := b.all([]string{"Grain"})
	root.Fields, root.Order = nil, nil
	key := b.all([]string{"Group"}, "name")
	root.Group = &graph.Group{Keys: []graph.GroupKey{{Path: []graph.Hop{{Via: &graph.Via{Relation: holds}, Kinds: group}}, Node: key}}}
	check(t, store, model, b.plan(root), b.args)
}
