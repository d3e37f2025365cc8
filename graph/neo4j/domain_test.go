package neo4j

import (
	"context"
	"fmt"
	"testing"

	"github.com/raidgraph/raidgraph/graph"
)

// domain is a small schema: raids, who took part in them, and where they were.
type domain struct {
	schema                 *graph.Schema
	raid, agency, province *graph.Kind
	part, in               *graph.Relation
}

func newDomain() *domain {
	name := func() *graph.Field {
		return &graph.Field{Name: "name", Type: graph.String, NonNull: true, Index: true, Text: true, Search: graph.SearchName}
	}
	kind := func(name, prefix string, interfaces []string, fields ...*graph.Field) *graph.Kind {
		return &graph.Kind{Name: name, Prefix: prefix, Interfaces: append(interfaces, "Node"), Fields: append(fields, graph.SystemFields()...)}
	}
	d := &domain{
		raid: kind("Raid", "raid", []string{"Event"}, name(), &graph.Field{Name: "date.from", Type: graph.Date, Index: true},
			&graph.Field{Name: "contested", Type: graph.Boolean}, &graph.Field{Name: "people", Type: graph.Int, Index: true},
			&graph.Field{Name: "text", Type: graph.String, Text: true, Search: graph.SearchText}),
		agency:   kind("Agency", "agency", []string{"Actor", "Entity"}, name(), &graph.Field{Name: "country", Type: graph.String, Index: true}),
		province: kind("Province", "province", []string{"Entity"}, name(), &graph.Field{Name: "iso", Type: graph.String, Index: true}),
	}
	role := &graph.Field{Name: "role", Type: graph.Enum, Values: []string{"LED", "ASSISTED"}, NonNull: true}
	d.part = &graph.Relation{Type: "PARTICIPATED_IN", Key: []*graph.Field{role}, Props: append([]*graph.Field{role}, graph.SystemFields()...),
		Ends: []graph.End{{From: d.agency, To: d.raid}}}
	d.in = &graph.Relation{Type: "LOCATED_IN", One: true, Props: graph.SystemFields(), Ends: []graph.End{{From: d.raid, To: d.province}}}
	d.schema = graph.NewSchema([]*graph.Kind{d.raid, d.agency, d.province}, []*graph.Relation{d.part, d.in})
	return d
}

// records are so many raids, a tenth as many agencies, 25 provinces, five participants a raid and its province. A ninth of
// the raids has no day. Most raids are in the first province.
func (d *domain) records(raids int) graph.Records {
	agencies := raids/10 + 1
	return func(yield func(graph.Record, error) bool) {
		const at = "2024-11-11T11:00:00Z"
		for i := range 25 {
			if !yield(graph.NewNode(d.province, fmt.Sprintf("province:%d", i)).Set("name", fmt.Sprintf("Province %d", i)).Set("iso", fmt.Sprintf("KH-%d", i)), nil) {
				return
			}
		}
		for i := range agencies {
			if !yield(graph.NewNode(d.agency, fmt.Sprintf("agency:%d", i)).Set("name", fmt.Sprintf("Agency %d", i)).Set("country", "KH"), nil) {
				return
			}
		}
		for i := range raids {
			n := graph.NewNode(d.raid, fmt.Sprintf("raid:%d", i)).Set("name", fmt.Sprintf("Raid on compound %d in Sihanoukville", i)).
				Set("people", int64(i%977)).Set("contested", i%3 == 0).Set("recordedAt", at)
			if i%9 != 0 {
				n.Set("date.from", fmt.Sprintf("20%02d-%02d-%02d", 10+i%15, 1+i%12, 1+i%28))
			}
			if !yield(n, nil) {
				return
			}
		}
		for i := range raids {
			for j := range 5 {
				e := graph.NewEdge(d.part, fmt.Sprintf("agency:%d", (i*7+j*131)%agencies), fmt.Sprintf("raid:%d", i)).Set("recordedAt", at)
				if e.Set("role", "ASSISTED"); j == 0 {
					e.Set("role", "LED")
				}
				if !yield(e, nil) {
					return
				}
			}
			p := i % 25
			if i%5 < 2 {
				p = 0
			}
			if !yield(graph.NewEdge(d.in, fmt.Sprintf("raid:%d", i), fmt.Sprintf("province:%d", p)), nil) {
				return
			}
		}
	}
}

func put(t testing.TB, s graph.Store, records graph.Records) graph.Written {
	t.Helper()
	var w graph.Written
	err := s.Update(context.Background(), func(ctx context.Context, tx graph.Tx) error {
		var err error
		w, err = tx.Put(ctx, records)
		return err
	})
	if err != nil {
		t.Fatalf("Put: %v", err)
	}
	return w
}

func list(records ...graph.Record) graph.Records {
	return func(yield func(graph.Record, error) bool) {
		for _, r := range records {
			if !yield(r, nil) {
				return
			}
		}
	}
}

func query(t testing.TB, s graph.Store, p *graph.Plan, args ...any) []*graph.Set {
	t.Helper()
	sets, err := s.Query(context.Background(), p, args)
	if err != nil {
		t.Fatalf("Query: %v", err)
	}
	return sets
}

var (
	refID     = graph.FieldRef{Owner: graph.OfID, Type: graph.String}
	refKey    = graph.FieldRef{Owner: graph.OfKey, Type: graph.String}
	refName   = graph.FieldRef{Name: "name", Type: graph.String}
	refDay    = graph.FieldRef{Name: "date.from", Type: graph.Date}
	refRole   = graph.FieldRef{Owner: graph.OfEdge, Name: "role", Type: graph.Enum}
	refPeople = graph.FieldRef{Name: "people", Type: graph.Int}
	refISO    = graph.FieldRef{Name: "iso", Type: graph.String}
	refFlag   = graph.FieldRef{Name: "contested", Type: graph.Boolean}
	byID      = []graph.Order{{Field: refID}}
)

// byDay orders by the day, then by the id.
func byDay(desc bool) []graph.Order {
	return []graph.Order{{Field: refDay, Desc: desc}, {Field: refID, Desc: desc}}
}

// lookup is a raid by its id ($0), with its province.
func (d *domain) lookup() *graph.Plan {
	return &graph.Plan{Args: 1, Roots: []*graph.Select{{Name: "raid", Kinds: []*graph.Kind{d.raid}, Fields: []graph.FieldRef{refID, refName, refDay, refPeople},
		Where: &graph.Cond{Op: graph.Eq, Field: refID, Arg: 0}, Order: byID, Page: graph.Page{Limit: graph.NoArg},
		Children: []*graph.Select{d.provinceOf()}}}}
}

func (d *domain) provinceOf() *graph.Select {
	return &graph.Select{Name: "province", Kinds: []*graph.Kind{d.province}, Via: &graph.Via{Relation: d.in, Out: true, One: true},
		Fields: []graph.FieldRef{refID, refName}, Page: graph.Page{Limit: graph.NoArg}}
}

// page is a page of $0 raids by day, behind a cursor of $1 and $2 where cursor is set.
func (d *domain) page(desc, backward, cursor, null bool) *graph.Plan {
	s := &graph.Select{Name: "raids", Kinds: []*graph.Kind{d.raid}, Fields: []graph.FieldRef{refID, refName, refDay, refPeople, refFlag},
		Order: byDay(desc), Page: graph.Page{Limit: 0, Backward: backward}}
	if cursor {
		s.Page.After = []graph.CursorKey{{Arg: 1}, {Arg: 2}}
		if null {
			s.Page.After[0] = graph.CursorKey{Arg: graph.NoArg, Null: true}
		}
	}
	return &graph.Plan{Args: 3, Roots: []*graph.Select{s}}
}

// participants are the first $1 agencies of a raid, one for each role, each with $2 of its raids.
func (d *domain) participants(count bool) *graph.Select {
	return &graph.Select{Name: "participants", Kinds: []*graph.Kind{d.agency}, Via: &graph.Via{Relation: d.part, Keyed: true},
		Fields: []graph.FieldRef{refID, refName, refRole, refKey}, Order: []graph.Order{{Field: refID}, {Field: refKey}}, Page: graph.Page{Limit: 1}, Count: count}
}

// nested is $0 raids, $1 participants of each, $2 raids of each of these.
func (d *domain) nested() *graph.Plan {
	raids := &graph.Select{Name: "raids", Kinds: []*graph.Kind{d.raid}, Via: &graph.Via{Relation: d.part, Out: true},
		Fields: []graph.FieldRef{refID, refName}, Order: byID, Page: graph.Page{Limit: 2}}
	part := d.participants(false)
	part.Children = []*graph.Select{raids}
	p := d.page(true, false, false, false)
	p.Roots[0].Children = []*graph.Select{part}
	return p
}

// hub is a page of $1 raids of the province with the iso $0, with how many there are.
func (d *domain) hub() *graph.Plan {
	raids := &graph.Select{Name: "raids", Kinds: []*graph.Kind{d.raid}, Via: &graph.Via{Relation: d.in}, Count: true,
		Fields: []graph.FieldRef{refID, refName, refDay}, Order: byDay(true), Page: graph.Page{Limit: 1}}
	return &graph.Plan{Args: 2, Roots: []*graph.Select{{Name: "provinces", Kinds: []*graph.Kind{d.province}, Fields: []graph.FieldRef{refID, refName},
		Where: &graph.Cond{Op: graph.Eq, Field: refISO, Arg: 0}, Order: byID, Page: graph.Page{Limit: graph.NoArg}, Children: []*graph.Select{raids}}}}
}

// filtered is a page of $0 raids that are contested ($1) and have at least $2 people, by day.
func (d *domain) filtered() *graph.Plan {
	p := d.page(true, false, false, false)
	p.Roots[0].Where = &graph.Cond{Op: graph.And, Of: []*graph.Cond{{Op: graph.Eq, Field: refFlag, Arg: 1}, {Op: graph.Ge, Field: refPeople, Arg: 2}}}
	return p
}

// farEnd is a page of $0 raids in which an agency with the name $1 took part.
func (d *domain) farEnd() *graph.Plan {
	p := d.page(true, false, false, false)
	p.Roots[0].Where = &graph.Cond{Op: graph.Some, Via: &graph.Via{Relation: d.part}, Kinds: []*graph.Kind{d.agency},
		Of: []*graph.Cond{{Op: graph.Eq, Field: refName, Arg: 1}}, Arg: graph.NoArg}
	return p
}
