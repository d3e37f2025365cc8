package gql

import (
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/raidgraph/raidgraph/graph"
	"github.com/raidgraph/raidgraph/graph/schema"
)

// contradictionClaims reads the claims about a node, and those about other nodes that its claims are parts of claims on, or whose claims are
// parts of claims on it.
type contradictionClaims struct {
	about *subjectClaims
	// claims are those about the node, totals and parts those of other nodes that they are joined to.
	claims, parts *bound
	totals        *selection
	above, below  *contradictionElsewhere
}

// contradictionElsewhere reads the figures about the subject of a claim.
type contradictionElsewhere struct {
	subject *selection
	claims  *subjectClaims
	bound   *bound
}

func (p *planner) contradictionClaims(node *selection, about graph.Arg) *contradictionClaims {
	claims := node.related("claims", node.relation("Event", "claims"))
	subject := claims.relation("Claim", "subject")
	elsewhere := &graph.Cond{Op: graph.None, Via: &graph.Via{Relation: subject.Of, Out: true, One: true}, Kinds: node.sel.Kinds,
		Of: []*graph.Cond{{Op: graph.Eq, Field: graph.FieldRef{Owner: graph.OfID}, Arg: about}}}
	totals, parts := claims.related("totals", claims.relation("Claim", "partOf")), claims.related("parts", claims.relation("Claim", "parts"))
	totals.sel.Where, parts.sel.Where = elsewhere, elsewhere
	return &contradictionClaims{about: p.subjectClaims(claims), totals: totals,
		above: p.contradictionElsewhere(totals), below: p.contradictionElsewhere(parts),
		claims: claims.bound("claims about one node"), parts: parts.bound("parts of one claim that are about other nodes")}
}

func (p *planner) contradictionElsewhere(claim *selection) *contradictionElsewhere {
	subject := claim.related("subject", claim.relation("Claim", "subject"))
	figures := subject.related("figures", subject.relation("Event", "claims"))
	figures.sel.Where = p.isFigure()
	return &contradictionElsewhere{subject, p.subjectClaims(figures), figures.bound("claims about one node")}
}

// claimSet are claims with the rows that they were read from.
type claimSet struct {
	claims []graph.SubjectClaim
	rows   []graph.Row
	// from are the readings of the rows: of the node itself, above it, below it.
	from []int
}

// read makes the claims of the rules from the row of the node; each stands once, wherever it was found.
func (cc *contradictionClaims) read(node graph.Row) *claimSet {
	set := &claimSet{}
	seen := map[string]bool{}
	add := func(from int, sc *subjectClaims, rows []graph.Row) {
		claims := sc.read(rows)
		for i := range claims {
			if !seen[claims[i].ID] {
				seen[claims[i].ID] = true
				set.claims, set.rows, set.from = append(set.claims, claims[i]), append(set.rows, rows[i]), append(set.from, from)
			}
		}
	}
	add(0, cc.about, cc.claims.rows(node))
	cc.elsewhere(node, func(from int, e *contradictionElsewhere, subject graph.Row) {
		add(from, e.claims, e.bound.rows(subject))
	})
	return set
}

// elsewhere goes through the subjects of the claims that claims about the node are parts and totals of.
func (cc *contradictionClaims) elsewhere(node graph.Row, each func(from int, e *contradictionElsewhere, subject graph.Row)) {
	for _, claim := range cc.claims.rows(node) {
		for i, joined := range [][]graph.Row{cc.totals.rows(claim), cc.parts.rows(claim)} {
			e := []*contradictionElsewhere{cc.above, cc.below}[i]
			for _, other := range joined {
				for _, subject := range e.subject.rows(other) {
					each(1+i, e, subject)
				}
			}
		}
	}
}

// objects plan the selection on a claim for each of the readings.
func (cc *contradictionClaims) objects(p *planner, sets []ast.SelectionSet) []*object {
	var out []*object
	for _, sc := range []*subjectClaims{cc.about, cc.above.claims, cc.below.claims} {
		out = append(out, p.objectOf(sc.sel, p.model.Types["Claim"], sets))
	}
	return out
}

// contradictionValue is a contradiction with the claims that its indexes name.
type contradictionValue struct {
	graph.Contradiction
	set *claimSet
}

// contradictions plans Query.contradictions: of one node worked out from the claims about it, of the whole graph read as they are kept.
func (p *planner) contradictions(at scope, _ *schema.Field, c *collected, f *field) {
	if in := p.argument(c.first(), "about"); in.given() {
		p.contradictionsAbout(at, in, c, f)
	} else {
		p.contradictionsKept(at, c, f)
	}
}

func (p *planner) contradictionsAbout(at scope, in input, c *collected, f *field) {
	node := p.model.Types["Node"]
	kinds := p.kindsOfID(in, node.Kinds)
	if kinds[0].Journal {
		kinds = node.Kinds // no claim is about the journal: as one of several kinds, it has none
	}
	s := at.sel.child(c.key, node, kinds, nil)
	s.sel.Order = s.order(nil)
	about := p.idOf(in)
	s.sel.Where = &graph.Cond{Op: graph.Eq, Field: graph.FieldRef{Owner: graph.OfID}, Arg: about}
	s.sel.Page.Limit = p.constant(int64(1))
	cc := p.contradictionClaims(s, about)
	options := p.contradictionOptions(c)
	narrowed := p.contradictionNarrowing(s, cc, c)
	pg := p.listPage(c, narrowed.list, narrowed.keys)
	f.object = p.listObject(pg, "Contradiction", c.selections(), func(sets []ast.SelectionSet) *object { return p.contradictionObject(cc, sets) })
	f.values = func(args []any, src *source) any {
		set := &claimSet{}
		var node graph.Row
		for _, node = range s.rows(src.row) {
			set = cc.read(node)
		}
		opts := options(args)
		opts.About = args[about].(string)
		found := graph.FindContradictions(set.claims, opts)
		if narrowed.any() && node != nil {
			return &source{value: narrowed.page(found, set, node, pg, args)}
		}
		return &source{value: contradictionPage(found, set, pg, args)}
	}
}

// contradictionOptions binds measure, kind and approxWithin.
func (p *planner) contradictionOptions(c *collected) func(args []any) graph.ContradictionOptions {
	text := func(name string) func(args []any) string {
		in := p.argument(c.first(), name)
		if !in.given() {
			return func([]any) string { return "" }
		}
		arg := p.bind(in, func(v any) (any, error) { return v, nil })
		return func(args []any) string { return args[arg].(string) }
	}
	measure, kind, within := text("measure"), text("kind"), p.approxWithin(c)
	return func(args []any) graph.ContradictionOptions {
		return graph.ContradictionOptions{Measure: graph.Measure(measure(args)), Kind: graph.ContradictionKind(kind(args)), ApproxWithin: within(args)}
	}
}

// contradictionObject plans the selection on a Contradiction that was computed.
func (p *planner) contradictionObject(cc *contradictionClaims, sets []ast.SelectionSet) *object {
	claim := func(f *field, c *collected, index func(v contradictionValue) int) {
		objects := cc.objects(p, c.selections())
		part(f, objects[0], func(v contradictionValue) any {
			i := index(v)
			return &source{row: v.set.rows[i], as: objects[v.set.from[i]]}
		})
	}
	return p.computedObject("Contradiction", sets, func(name string, c *collected, f *field) {
		switch name {
		case "kind":
			scalar(f, leafString, func(v contradictionValue) any { return string(v.Kind) })
		case "left":
			claim(f, c, func(v contradictionValue) int { return v.Left })
		case "right":
			claim(f, c, func(v contradictionValue) int { return v.Right })
		case "steps":
			scalar(f, leafStrings, func(v contradictionValue) any { return v.Steps })
		case "gap":
			scalar(f, leafInt, func(v contradictionValue) any { return optionalLeaf(v.Gap) })
		case "origin":
			scalar(f, leafString, func(v contradictionValue) any { return string(v.Origin) })
		case "approxWithin":
			scalar(f, leafFloat, func(v contradictionValue) any {
				if v.ApproxWithin == nil {
					return nil
				}
				return *v.ApproxWithin
			})
		case "knownSince":
			scalar(f, leafString, func(v contradictionValue) any {
				if v.KnownSince == "" {
					return nil
				}
				return v.KnownSince
			})
		}
	})
}
