package graph

import (
	"cmp"
	"context"
	"slices"
)

// Two records that are the same compound, person or event are merged by a Judgement, and are two again when that is withdrawn.
// What was said stays as it was said: the records of those that were merged, and the relationships that lead to and from
// them, are kept as OwnRecords. What readers see of them is resolved from these by resolve, and is a projection like any other.

// Verdict is what was judged of two records.
type Verdict string

// The verdicts.
const (
	// VerdictSame: the one was merged into the other.
	VerdictSame Verdict = "SAME"
	// VerdictNotSame: they are not the same, and are not offered as similar.
	VerdictNotSame Verdict = "NOT_SAME"
	// VerdictWithdrawn: an earlier judgement no longer stands.
	VerdictWithdrawn Verdict = "WITHDRAWN"
)

const (
	// MergedIDs is the projected field of nodes that can be merged: the ids of those that were merged into it, in order.
	MergedIDs = "mergedIds"
	// SaidAbout is the projected property of SUBJECT: the id of the record that a claim was said about, where that was merged
	// into the claim's subject.
	SaidAbout = "said"

	mergedNames = "mergedNames"
)

// Mergeable says whether nodes of the kind can be merged.
func (k *Kind) Mergeable() bool { return k.Field(MergedIDs) != nil }

// sameness is a Judgement of the verdict SAME that stands; of NOT_SAME, into is the record that the other is not.
type sameness struct {
	id, record, into, recordedAt string
	changedIn                    int64
}

// on says whether the judgement is on two records, whichever beside the other.
func (s sameness) on(record, other string) bool {
	return s.record == record && s.into == other || s.record == other && s.into == record
}

// compareJudged orders judgements as they were made.
func compareJudged(a, b sameness) int {
	return cmp.Or(cmp.Compare(a.recordedAt, b.recordedAt), cmp.Compare(a.id, b.id))
}

// identities say which records are one.
type identities struct {
	// judged are the judgements by the record that was merged away.
	judged map[string]sameness
	// survivors are what readers see in place of a record that was merged away.
	survivors map[string]string
	// members are the records that are one, by each of them: the survivor, then the others in the order of merging.
	members map[string][]string
}

// newIdentities holds judgements against each other: Conflict for a record that is merged twice, Invalid for kinds that differ or
// cannot be merged, and for records that are merged into each other in a circle.
func newIdentities(s *Schema, judged []sameness) (*identities, error) {
	ids := &identities{judged: map[string]sameness{}, survivors: map[string]string{}, members: map[string][]string{}}
	slices.SortFunc(judged, compareJudged)
	for _, j := range judged {
		if err := ids.accepts(s, j.record, j.into); err != nil {
			return nil, err
		}
		ids.judged[j.record] = j
	}
	for _, j := range judged {
		at := ids.end(j.record)
		ids.survivors[j.record] = at
		if ids.members[at] == nil {
			ids.members[at] = []string{at}
		}
		ids.members[at] = append(ids.members[at], j.record)
	}
	for record, at := range ids.survivors {
		ids.members[record] = ids.members[at]
	}
	return ids, nil
}

// end follows the judgements from a record to what it was merged into in the end.
func (ids *identities) end(record string) string {
	for {
		j, merged := ids.judged[record]
		if !merged {
			return record
		}
		record = j.into
	}
}

// accepts is an error where one record cannot be merged into another.
func (ids *identities) accepts(s *Schema, record, into string) error {
	k, err := s.KindOfID(record)
	if err != nil {
		return err
	}
	other, err := s.KindOfID(into)
	switch j, merged := ids.judged[record]; {
	case err != nil:
		return err
	case !k.Mergeable():
		return Errorf(Invalid, "%s is of the kind %s, and those are not merged", Quote(record), k.Name)
	case k != other:
		return Errorf(Invalid, "%s is of the kind %s and %s of the kind %s: only records of one kind are merged", Quote(record), k.Name, Quote(into), other.Name)
	case record == into:
		return Errorf(Invalid, "%s cannot be merged into itself", Quote(record))
	case merged:
		return Errorf(Conflict, "%s is merged into %s already, by %s: unmerge it first, or merge %s", Quote(record), Quote(j.into), Quote(j.id), Quote(ids.end(record)))
	case ids.end(into) == record:
		return Errorf(Invalid, "%s is itself merged into %s: the two cannot be merged the other way round as well", Quote(into), Quote(record))
	}
	return nil
}

// survivor is what readers see in place of a record.
func (ids *identities) survivor(id string) string {
	if s, merged := ids.survivors[id]; merged {
		return s
	}
	return id
}

// empty says that nothing is merged.
func (ids *identities) empty() bool { return len(ids.judged) == 0 }

// identifying is what a schema has for merging, and the plans that read it.
type identifying struct {
	judgement, own    *Kind
	saidBy, withdraws *Relation
	standing, notSame *judgementReading
	// withLast reads those that stand and, of the same state of the data, the number of the last change.
	withLast *Plan
	from, to *ownReading
	around   map[*Kind]*aroundReading
	similar  map[*Kind]*similarReading
}

// newIdentifying is nil for a schema without judgements.
func newIdentifying(s *Schema) *identifying {
	i := &identifying{judgement: s.Kind(kindJudgement), own: s.Kind(kindOwn), saidBy: s.Relation(relSaidBy), withdraws: s.Relation(relWithdraws)}
	if i.judgement == nil || i.own == nil || i.saidBy == nil || i.withdraws == nil {
		return nil
	}
	i.standing = newJudgementReading(i)
	i.from, i.to = newOwnReading(i.own, "from"), newOwnReading(i.own, "to")
	if j := newJournalling(s); j != nil {
		last := *j.last.Roots[0]
		last.Page.Limit = 1
		i.withLast = &Plan{Roots: []*Select{i.standing.root.sel, &last}, Args: 2}
	}
	i.notSame = newJudgementReading(i)
	i.notSame.on(i.judgement)
	i.around, i.similar = map[*Kind]*aroundReading{}, map[*Kind]*similarReading{}
	for _, k := range s.Kinds {
		if k.Mergeable() {
			i.around[k], i.similar[k] = newAroundReading(s, k), newSimilarReading(s, k)
		}
	}
	return i
}

// judgementReading reads the judgements of a verdict that stand.
type judgementReading struct {
	root                                 *reading
	plan                                 *Plan
	record, other, recordedAt, changedIn int
}

func newJudgementReading(i *identifying) *judgementReading {
	r := readByID(i.judgement)
	r.where(equals(i.judgement, "verdict", 0), isNull(i.judgement, RetractedAt), noneFrom(i.withdraws, i.judgement))
	j := &judgementReading{root: r, record: r.field("record"), other: r.field("other"), recordedAt: r.field(RecordedAt), changedIn: r.field(ChangedIn)}
	j.plan = r.plan(1)
	return j
}

// on narrows it to those on some records: the second argument.
func (j *judgementReading) on(judgement *Kind) {
	in := func(name string) *Cond {
		return &Cond{Op: In, Field: FieldRef{Name: name, Type: judgement.Field(name).Type}, Arg: 1}
	}
	j.root.and(&Cond{Op: Or, Of: []*Cond{in("record"), in("other")}, Arg: NoArg})
	j.plan = j.root.plan(2)
}

// read gives those that stand.
func (j *judgementReading) read(ctx context.Context, of Asked, verdict Verdict) ([]sameness, error) {
	rows, err := ask(ctx, of, j.plan, string(verdict))
	if err != nil {
		return nil, err
	}
	return j.of(rows), nil
}

// of are those in rows.
func (j *judgementReading) of(rows []Row) []sameness {
	judged := make([]sameness, len(rows))
	for i, row := range rows {
		changedIn, _ := row[j.changedIn].(int64)
		judged[i] = sameness{id: rowID(row), record: text(row[j.record]), into: text(row[j.other]), recordedAt: text(row[j.recordedAt]), changedIn: changedIn}
	}
	return judged
}

// read finds which records are one now.
func (i *identifying) read(ctx context.Context, of Asked, s *Schema) (*identities, error) {
	judged, err := i.standing.read(ctx, of, VerdictSame)
	if err != nil {
		return nil, err
	}
	return newIdentities(s, judged)
}

// Merged are the records that were merged away, each with what readers see in its place. There are none in nearly all graphs.
func Merged(ctx context.Context, of Asked, schema *Schema) (map[string]string, error) {
	i := schema.projector().identity
	if i == nil {
		return nil, nil
	}
	ids, err := i.read(ctx, of, schema)
	if err != nil {
		return nil, err
	}
	return ids.survivors, nil
}

// MergedAfter is Merged, with the number of the last change that it knows of.
func MergedAfter(ctx context.Context, of Asked, schema *Schema) (merged map[string]string, change int64, err error) {
	i := schema.projector().identity
	if i == nil || i.withLast == nil {
		return nil, 0, nil
	}
	sets, err := of.Query(ctx, i.withLast, []any{string(VerdictSame), int64(1)})
	if err != nil {
		return nil, 0, err
	}
	ids, err := newIdentities(schema, i.standing.of(sets[0].Rows))
	if err != nil {
		return nil, 0, err
	}
	if last := sets[1].Rows; len(last) > 0 {
		change, _ = last[0][0].(int64)
	}
	return ids.survivors, change, nil
}
