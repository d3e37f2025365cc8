package graph

import (
	"context"
	"slices"
	"sync/atomic"
)

// The names in schema.graphqls of what projections are made from. A projection whose kinds and relations a schema does not
// have is not made.
const (
	kindAgency       = "Agency"
	kindChange       = "Change"
	kindClaim        = "Claim"
	kindCompound     = "Compound"
	kindEmbassy      = "Embassy"
	kindGroup        = "Group"
	kindJudgement    = "Judgement"
	kindKept         = "KeptContradiction"
	kindNationality  = "Nationality"
	kindOffice       = "Office"
	kindOwn          = "OwnRecord"
	kindProvince     = "Province"
	kindRaid         = "Raid"
	kindRepatriation = "Repatriation"
	kindStatement    = "Statement"
	kindSummary      = "FigureSummary"
	kindTombstone    = "Tombstone"
	kindVersion      = "Version"
	kindBeginning    = "Beginning"

	interfaceEntity = "Entity"
	interfaceEvent  = "Event"

	relAbout        = "ABOUT"
	relAt           = "AT"
	relCites        = "CITES"
	relFigureOf     = "FIGURE_OF"
	relFromCompound = "FROM_COMPOUND"
	relInCapacity   = "IN_CAPACITY"
	relInvolved     = "INVOLVED"
	relLeft         = "LEFT"
	relLocatedIn    = "LOCATED_IN"
	relMadeBy       = "MADE_BY"
	relNationality  = "OF_NATIONALITY"
	relPartOf       = "PART_OF"
	relParticipated = "PARTICIPATED_IN"
	relRaided       = "RAIDED"
	relRefersTo     = "REFERS_TO"
	relRepatriated  = "REPATRIATED"
	relRight        = "RIGHT"
	relSaidBy       = "SAID_BY"
	relSpeaksFor    = "SPEAKS_FOR"
	relStated       = "STATED"
	relSubject      = "SUBJECT"
	relSupersedes   = "SUPERSEDES"
	relTargeted     = "TARGETED"
	relTouched      = "TOUCHED"
	relWithdraws    = "WITHDRAWS"
)

// Differences counts what projections were not as they should be, and now are.
type Differences struct {
	// Created, Changed and Removed are nodes and relationships that were missing, that differed, and that should not be.
	Created, Changed, Removed int64
}

// Any says whether there was a difference.
func (d Differences) Any() bool { return d != Differences{} }

func (d *Differences) add(e Differences) {
	d.Created += e.Created
	d.Changed += e.Changed
	d.Removed += e.Removed
}

// projector makes the projections of a schema. Its plans are made once.
type projector struct {
	schema     *Schema
	statements *statementProjection
	raids      *raidProjection
	returns    *returnProjection
	figures    []*figureProjection
	active     *activeProjection
	// contradictions are those of each kind that claims can be about.
	contradictions map[*Kind]*contradictionProjection

	needs        map[*Kind][]*need
	replaceables map[replaceable]*farPlan
	// subjects leads from claims to what they are about, madeIn from offices to statements.
	subjects, madeIn *farPlan
	// kept are the projected fields of each kind that do not follow from a node itself; keptPlans read them, in order.
	kept      map[*Kind][]*Field
	keptPlans map[*Kind]*Plan
	// pages read the ids of a kind, see readAfter.
	pages map[*Kind]*Plan
	// whole read all that is stored of nodes of a kind, see wholePlan.
	whole map[*Kind]*wholePlan

	// journal is nil where the schema has none.
	journal *journalling
	// remembered is what was read of the graph as a whole for the last change.
	remembered atomic.Pointer[standing]
	// identity is nil where the schema has no judgements.
	identity *identifying
	// linked, force and unsourced are what Commit reads: relationships, claims in force, and nodes that nothing names.
	linked    map[linkedKind]*linkReading
	force     map[*Kind]*forceReading
	unsourced map[*Kind]*Plan
	// reverts is what undoing a change reads; nil without a journal.
	reverts *reverting
}

func newProjector(s *Schema) *projector {
	p := &projector{schema: s, needs: newNeeds(s), replaceables: newReplaceables(s), kept: map[*Kind][]*Field{}, keptPlans: map[*Kind]*Plan{},
		pages: map[*Kind]*Plan{}, whole: map[*Kind]*wholePlan{}, journal: newJournalling(s), identity: newIdentifying(s),
		linked: newLinkReadings(s), unsourced: newUnsourced(s)}
	p.force, p.reverts = newForceReadings(s, p.unsourced), newReverting(p.journal)
	for _, k := range s.Kinds {
		p.keep(k)
		p.pages[k], p.whole[k] = readAfter(k).plan(2), newWholePlan(k)
	}
	has := func(names ...string) bool {
		for _, n := range names {
			if s.Kind(n) == nil && s.Relation(n) == nil {
				return false
			}
		}
		return true
	}
	if has(kindStatement, kindOffice, kindAgency, relMadeBy, relInCapacity, relAt, relAbout, relStated, relSpeaksFor) {
		p.statements = newStatementProjection(s)
	}
	if has(kindRaid, kindCompound, kindAgency, relTargeted, relParticipated, relRaided) {
		p.raids = newRaidProjection(s)
	}
	if has(kindRepatriation, kindEmbassy, kindNationality, relNationality, relParticipated, relRepatriated) {
		p.returns = newReturnProjection(s)
	}
	if has(kindClaim, kindSummary, kindNationality, relSubject, relNationality, relRefersTo, relPartOf, relSupersedes, relCites, relFigureOf) {
		for _, name := range []string{kindRaid, kindRepatriation} {
			if has(name) {
				p.figures = append(p.figures, newFigureProjection(s, s.Kind(name)))
			}
		}
	}
	if has(kindCompound, kindRaid, kindClaim, relTargeted, relSubject, relSupersedes) {
		p.active = newActiveProjection(s)
	}
	if has(kindClaim, kindKept, kindNationality, relSubject, relNationality, relRefersTo, relPartOf, relSupersedes, relCites, relSaidBy, relLeft, relRight) {
		p.contradictions = newContradictionProjections(s)
	}
	if has(kindClaim, relSubject) {
		subject, claim := s.Relation(relSubject), s.Kind(kindClaim)
		p.subjects = newFarPlan(claim, func(r *reading) *reading { return r.out(subject, subject.Far(claim, true)...) })
	}
	if has(kindOffice, kindStatement, relInCapacity) {
		p.madeIn = newFarPlan(s.Kind(kindOffice), func(r *reading) *reading { return r.in(s.Relation(relInCapacity), s.Kind(kindStatement)) })
	}
	return p
}

// projecting is one run of projections in a transaction.
type projecting struct {
	tx Tx
	// applying: something was written just now, and what followed from it before may have to go.
	applying bool
	nodes    []Record
	edges    []Record
	gone     []Record
	diff     Differences
}

// flush writes what was found to differ. A record that is so already is not touched, and not counted.
func (w *projecting) flush(ctx context.Context) error {
	if len(w.gone) > 0 {
		if err := w.tx.Remove(ctx, recordsOf(w.gone)); err != nil {
			return err
		}
		w.diff.Removed += int64(len(w.gone))
	}
	if len(w.nodes)+len(w.edges) > 0 {
		written, err := w.tx.Put(ctx, recordsOf(w.nodes, w.edges))
		if err != nil {
			return err
		}
		w.diff.Created += written.Created
		w.diff.Changed += written.Changed
	}
	w.nodes, w.edges, w.gone = w.nodes[:0], w.edges[:0], w.gone[:0]
	return nil
}

// recordsOf yields records one list after another.
func recordsOf(lists ...[]Record) Records {
	return func(yield func(Record, error) bool) {
		for _, list := range lists {
			for _, r := range list {
				if !yield(r, nil) {
					return
				}
			}
		}
	}
}

// projectBatch is how many nodes are read and projected at a time.
const projectBatch = 250

// each runs a projection for the nodes of a set, in batches in the order of their ids, and writes what it found after each.
func (w *projecting) each(ctx context.Context, nodes *nodeSet, run func(ids []string) error) error {
	if nodes.empty() {
		return nil
	}
	for batch, err := range nodes.batches(ctx, w.tx) {
		if err != nil {
			return err
		}
		if err := run(batch); err != nil {
			return err
		}
		if err := w.flush(ctx); err != nil {
			return err
		}
	}
	return nil
}

// project remakes the projections of what changed.
func (p *projector) project(ctx context.Context, tx Tx, t *touched) (Differences, error) {
	w := &projecting{tx: tx, applying: true}
	if p.statements != nil {
		err := w.each(ctx, t.statements, func(ids []string) error { return p.statements.run(ctx, w, ids, t.speakers) })
		if err != nil {
			return w.diff, err
		}
	}
	if p.raids != nil {
		err := w.each(ctx, t.raids, func(ids []string) error { return p.raids.run(ctx, w, ids, t.compounds.add) })
		if err != nil {
			return w.diff, err
		}
	}
	if p.returns != nil {
		err := w.each(ctx, t.returns, func(ids []string) error { return p.returns.run(ctx, w, ids, t.nationalities) })
		if err != nil {
			return w.diff, err
		}
	}
	for _, f := range p.figures {
		err := w.each(ctx, t.figures[f.event], func(ids []string) error { return f.run(ctx, w, ids) })
		if err != nil {
			return w.diff, err
		}
	}
	if p.active != nil {
		err := w.each(ctx, t.compounds, func(ids []string) error { return p.active.run(ctx, w, ids) })
		if err != nil {
			return w.diff, err
		}
	}
	return w.diff, p.projectContradictions(ctx, w, t)
}

// projectContradictions remakes those of what changed, and then those of nodes whose claims are parts of claims about it.
func (p *projector) projectContradictions(ctx context.Context, w *projecting, t *touched) error {
	untouched := true
	for _, about := range t.about {
		untouched = untouched && about.empty()
	}
	if untouched {
		return nil
	}
	remake := func(sets map[*Kind]*nodeSet, below func(id string)) error {
		for _, k := range p.schema.Kinds {
			if sets[k] == nil {
				continue
			}
			err := w.each(ctx, sets[k], func(ids []string) error { return p.contradictions[k].run(ctx, w, ids, below) })
			if err != nil {
				return err
			}
		}
		return nil
	}
	below := p.subjectSets(&idSets{most: t.most})
	if err := remake(t.about, func(id string) { below[p.schema.kindOf(id)].add(id) }); err != nil {
		return err
	}
	return remake(below, func(string) {})
}

// projectReplaced remakes what follows from statements and repatriations that had another speaker or nationality, in a
// transaction that is still to change more.
func (p *projector) projectReplaced(ctx context.Context, tx Tx, t *touched) (Differences, error) {
	w := &projecting{tx: tx}
	run := func(before map[string][]string, run func(ctx context.Context, w *projecting, ids []string, before map[string][]string) error) error {
		for ids := range slices.Chunk(sortedIDs(before), projectBatch) {
			if err := run(ctx, w, ids, before); err != nil {
				return err
			}
			if err := w.flush(ctx); err != nil {
				return err
			}
		}
		clear(before)
		return nil
	}
	if p.statements != nil {
		if err := run(t.speakers, p.statements.run); err != nil {
			return w.diff, err
		}
	}
	if p.returns != nil {
		if err := run(t.nationalities, p.returns.run); err != nil {
			return w.diff, err
		}
	}
	return w.diff, nil
}
