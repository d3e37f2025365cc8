package graph

import (
	"context"
	"maps"
	"slices"
)

// touched collects what records change the projections of. It holds ids only, and not many more than most.
type touched struct {
	*projector
	statements, raids, returns, compounds *nodeSet
	figures                               map[*Kind]*nodeSet
	// about is what claims are about, of all kinds, where contradictions are kept.
	about map[*Kind]*nodeSet
	most  int
	// speakers and nationalities are what statements and repatriations had before. There can be many: see crowded.
	speakers, nationalities map[string][]string

	noted noted
	// claims and offices wait to be resolved to what they are about.
	claims, offices idSet
}

func newTouched(p *projector, n noted, most int) *touched {
	sets := &idSets{most: most}
	set := func(kind string) *nodeSet { return sets.add(p.pages[p.schema.Kind(kind)]) }
	t := &touched{projector: p, noted: n, most: most,
		statements: set(kindStatement), raids: set(kindRaid), returns: set(kindRepatriation), compounds: set(kindCompound), figures: map[*Kind]*nodeSet{},
		speakers: map[string][]string{}, nationalities: map[string][]string{}, claims: idSet{}, offices: idSet{}}
	for _, f := range p.figures {
		t.figures[f.event] = set(f.event.Name)
	}
	t.about = p.subjectSets(sets)
	for k := range t.about {
		if t.figures[k] != nil {
			t.about[k] = t.figures[k] // one set serves both
		}
	}
	return t
}

// subjectSets makes a set for each kind that claims can be about, where contradictions are kept.
func (p *projector) subjectSets(sets *idSets) map[*Kind]*nodeSet {
	of := map[*Kind]*nodeSet{}
	for _, k := range p.schema.Kinds {
		if p.contradictions[k] != nil {
			of[k] = sets.add(p.pages[k])
		}
	}
	return of
}

// crowded says that there are too many speakers and nationalities.
func (t *touched) crowded() bool { return len(t.speakers)+len(t.nationalities) > t.most }

// node takes in a node that was written; fresh where it is new.
func (t *touched) node(n *Node, fresh bool) {
	switch n.Kind.Name {
	case kindClaim, kindStatement, kindOffice, kindRepatriation:
		if fresh {
			t.noted[n.ID] |= isFresh
		}
	}
	switch n.Kind.Name {
	case kindCompound:
		if fresh && n.Get("activeAfterRaid") == nil {
			t.noted[n.ID] |= isFresh
		}
	case kindClaim:
		t.claim(n.ID)
	case kindStatement:
		t.statements.add(n.ID)
	case kindRaid:
		if !fresh {
			t.raids.add(n.ID)
		}
	case kindRepatriation:
		if !fresh {
			t.returns.add(n.ID)
		}
	}
}

// claim touches what a claim is about: at once where it is known, or by its SUBJECT relationship where it is new.
func (t *touched) claim(id string) {
	if t.noted[id]&isFresh == 0 {
		t.claims.add(id)
	}
}

// edge takes in a relationship that was written.
func (t *touched) edge(e *Edge) {
	switch from := t.schema.kindOf(e.From); e.Relation.Type {
	case relSubject:
		t.stated(e.To)
	case relPartOf, relRefersTo, relNationality, relCites, relSaidBy:
		if from.Name == kindClaim {
			t.claim(e.From)
		} else if from.Name == kindRepatriation {
			t.returns.add(e.From)
		}
	case relSupersedes:
		t.claim(e.To)
	case relMadeBy, relAbout, relInCapacity:
		if from.Name == kindStatement {
			t.statements.add(e.From)
		}
	case relAt:
		if t.noted[e.From]&isFresh == 0 {
			t.offices.add(e.From)
		}
	case relTargeted:
		t.raids.add(e.From)
	case relParticipated:
		t.participant(from, t.schema.kindOf(e.To), e.To)
	}
}

func (t *touched) participant(actor, event *Kind, id string) {
	switch {
	case actor.Name == kindAgency && event.Name == kindRaid:
		t.raids.add(id)
	case actor.Name == kindEmbassy && event.Name == kindRepatriation:
		t.returns.add(id)
	}
}

// subject touches what a claim is about.
func (t *touched) subject(id string) {
	if t.schema.kindOf(id).Name == kindCompound {
		t.compounds.add(id)
	}
	t.stated(id)
}

// stated touches what a new claim is about. Nothing follows from activity at a compound that is new: a raid on it touches it.
func (t *touched) stated(id string) {
	k := t.schema.kindOf(id)
	if events := t.figures[k]; events != nil {
		events.add(id)
	} else if k.Name == kindCompound && t.noted[id]&isFresh == 0 {
		t.compounds.add(id)
	}
	if about := t.about[k]; about != nil && about != t.figures[k] {
		about.add(id)
	}
}

// replaced takes in a relationship that was there before another of a relation to one took its place.
func (t *touched) replaced(e *Edge) {
	switch e.Relation.Type {
	case relSubject:
		t.subject(e.To)
	case relSupersedes:
		t.claim(e.To)
	case relMadeBy:
		t.speakers[e.From] = append(t.speakers[e.From], e.To)
	case relNationality:
		if t.schema.kindOf(e.From).Name == kindRepatriation {
			t.nationalities[e.From] = append(t.nationalities[e.From], e.To)
		}
	}
}

// before reads what relationships of relations to one lead to, where the new ones may take their place and that matters.
func (t *touched) before(ctx context.Context, tx Tx, edges []Record) ([]*Edge, error) {
	asked := map[replaceable]map[string]string{}
	for _, r := range edges {
		e := r.(*Edge)
		at := replaceable{e.Relation, t.schema.kindOf(e.From)}
		if t.noted[e.From]&isFresh != 0 || t.replaceables[at] == nil {
			continue
		}
		if asked[at] == nil {
			asked[at] = map[string]string{}
		}
		asked[at][e.From] = e.To
	}
	var out []*Edge
	for at, plan := range t.replaceables {
		for ids := range slices.Chunk(sortedIDs(asked[at]), idBatch) {
			rows, err := ask(ctx, tx, plan.sel, idList(ids))
			if err != nil {
				return nil, err
			}
			for _, row := range rows {
				if to := plan.far.id(row); to != "" && to != asked[at][rowID(row)] {
					out = append(out, NewEdge(at.relation, rowID(row), to))
				}
			}
		}
	}
	return out, nil
}

// resolve finds the subjects of the claims, and the statements made in the offices, that wait for it.
func (t *touched) resolve(ctx context.Context, tx Tx) error {
	if err := t.resolveAll(ctx, tx, t.subjects, t.claims, t.subject); err != nil {
		return err
	}
	return t.resolveAll(ctx, tx, t.madeIn, t.offices, t.statements.add)
}

func (t *touched) resolveAll(ctx context.Context, tx Tx, plan *farPlan, waiting idSet, found func(id string)) error {
	if plan == nil {
		return nil
	}
	for ids := range slices.Chunk(slices.Sorted(maps.Keys(waiting)), projectBatch) {
		rows, err := ask(ctx, tx, plan.sel, idList(ids))
		if err != nil {
			return err
		}
		for _, row := range rows {
			for _, id := range plan.far.ids(row) {
				found(id)
			}
		}
	}
	clear(waiting)
	return nil
}

// replaceable is a relation to one whose end, as it leaves nodes of a kind, projections depend on.
type replaceable struct {
	relation *Relation
	from     *Kind
}

// farPlan reads what is at the other end of a relation.
type farPlan struct {
	sel *Plan
	far *reading
}

func newFarPlan(k *Kind, hop func(r *reading) *reading) *farPlan {
	r := readByID(k)
	far := hop(r)
	return &farPlan{r.plan(1), far}
}

// newReplaceables are the relations to one whose replacement leaves something behind: what a claim was about, or
// superseded; the speaker a statement had; the nationality a repatriation had.
func newReplaceables(s *Schema) map[replaceable]*farPlan {
	out := map[replaceable]*farPlan{}
	for _, at := range [][2]string{{relSubject, kindClaim}, {relSupersedes, kindClaim}, {relMadeBy, kindStatement}, {relNationality, kindRepatriation}} {
		rel, k := s.Relation(at[0]), s.Kind(at[1])
		if rel != nil && k != nil && rel.One {
			out[replaceable{rel, k}] = newFarPlan(k, func(r *reading) *reading { return r.out(rel, rel.Far(k, true)...) })
		}
	}
	return out
}
