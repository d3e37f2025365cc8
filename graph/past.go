package graph

import (
	"context"
	"slices"
	"strings"
	"time"
)

// Moment is a time on two clocks: what could be known then had been published, and had been recorded here. Each is RFC 3339 in
// UTC; empty for any time. Change is the number of the last change that counts; 0 for the last there is, NoChange for none.
type Moment struct {
	Published, Recorded string
	Change              int64
}

// NoChange is Moment.Change before the first change.
const NoChange int64 = -1

// ParseMoment reads a time of a Moment: a day, which means its last moment in the time zone of now, or a time with its zone. What
// is not over yet of today is not awaited: today is now. A time in the future is an Invalid error, as is anything else.
func ParseMoment(s string, now time.Time) (string, error) {
	if day, err := time.ParseInLocation(time.DateOnly, s, now.Location()); err == nil {
		end := day.AddDate(0, 0, 1).Add(-time.Second)
		if day.After(now) {
			return "", inFuture(s, now)
		}
		if end.After(now) {
			end = now
		}
		return stamp(end), nil
	}
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return "", Errorf(Invalid, "%s is no moment: it is a day such as 2024-11-07, or a time such as 2024-11-07T18:30:00+07:00", Quote(s))
	}
	if at.After(now) {
		return "", inFuture(s, now)
	}
	return stamp(at), nil
}

func inFuture(s string, now time.Time) error {
	return Errorf(Invalid, "%s is in the future: it is %s, and nobody knows yet what will be known then", Quote(s), now.Format(time.RFC3339))
}

// Range is a stretch of time: from From, before Until. An empty From is the beginning of time; an empty Until its end.
type Range struct{ From, Until string }

func (r Range) holds(at string) bool {
	if at == "" {
		return r.Until == ""
	}
	return at >= r.From && (r.Until == "" || at < r.Until)
}

// Span are the moments at which a graph was the same, as far as the changes up to Sequence say.
type Span struct {
	Published, Recorded Range
	Sequence            int64
	// Fixed: later changes do not matter, as Sequence was asked for.
	Fixed bool
}

// Holds says whether a moment is in the span.
func (s Span) Holds(m Moment) bool {
	return s.Published.holds(m.Published) && s.Recorded.holds(m.Recorded) && s.Fixed == (m.Change != 0) && (!s.Fixed || s.Sequence == max(m.Change, 0))
}

// CopyAsOf puts into an empty store what could be known at a moment: each record in the state that was the last to be both
// published and recorded by then, with the projections that follow from just those. It says for which other moments the copy
// is good too. The store that is copied may be written to meanwhile: the copy has the changes that were there at the start.
//
// A record without a time of publication was always known, but for a claim, a statement or another event: that was published
// when it was recorded, at the latest. An entity or an event exists from the first relationship that names it. A chain of
// citations is known when each source in it is. What is retracted was not, before it was.
func CopyAsOf(ctx context.Context, from, to Store, schema *Schema, m Moment) (Span, error) {
	p := &past{projector: schema.projector(), from: from, published: clock{at: m.Published}, recorded: clock{at: m.Recorded}}
	if p.journal == nil {
		return Span{}, Errorf(Internal, "the schema has no journal")
	}
	var err error
	if p.last, err = LastSequence(ctx, from, schema); err != nil {
		return Span{}, err
	}
	if m.Change > p.last {
		return Span{}, Errorf(NotFound, "there is no change %d: the last one is %d", m.Change, p.last)
	}
	if m.Change != 0 {
		p.last = max(m.Change, 0)
	}
	former, err := p.formerStates(ctx)
	if err != nil {
		return Span{}, err
	}
	err = to.Update(ctx, func(ctx context.Context, tx Tx) error {
		c := &copying{past: p, tx: tx, former: former, hidden: map[string]bool{}, whole: map[*Kind]*wholePlan{}}
		return c.run(ctx)
	})
	if err != nil {
		return Span{}, err
	}
	_, err = Rebuild(ctx, to, schema)
	return Span{Published: p.published.span(), Recorded: p.recorded.span(), Sequence: p.last, Fixed: m.Change != 0}, err
}

// clock is a moment on one clock, with the nearest times on both sides of it that it was asked about.
type clock struct{ at, before, behind string }

// known says whether something of a time was there at the moment. What has no time always was.
func (c *clock) known(at string) bool {
	if at == "" {
		return true
	}
	if c.at == "" || at <= c.at {
		c.before = max(c.before, at)
		return true
	}
	if c.behind == "" || at < c.behind {
		c.behind = at
	}
	return false
}

func (c *clock) span() Range { return Range{c.before, c.behind} }

// past is a graph at a moment.
type past struct {
	*projector
	from                Store
	published, recorded clock
	// last is the last change that counts.
	last int64
}

func (p *past) isRecorded(r Record) bool {
	seq, _ := changedIn(r).(int64)
	return seq <= p.last && p.recorded.known(recordedOf(r))
}

// publication is when a record could be known first.
func (p *past) publication(r Record) string {
	switch r := r.(type) {
	case *Node:
		at := text(r.Get(PublishedAt))
		if at == "" && (p.cites(r.Kind) || r.Kind.Implements("Event")) {
			at = recordedOf(r)
		}
		return at
	case *Edge:
		return text(r.Get(PublishedAt))
	}
	return ""
}

// cites says whether nodes of a kind say themselves where they are from.
func (p *past) cites(k *Kind) bool {
	cites := p.schema.Relation(relCites)
	return cites != nil && slices.ContainsFunc(cites.Ends, func(e End) bool { return e.From == k })
}

func recordedOf(r Record) string {
	switch r := r.(type) {
	case *Node:
		return text(r.Get(RecordedAt))
	case *Edge:
		return text(r.Get(RecordedAt))
	}
	return ""
}

// placeOf is what only one record can be at a time: the id of a node; the type, the ends and the key of a relationship, but of a
// relation to one its start alone.
func placeOf(r Record) string {
	if e, ok := r.(*Edge); ok && e.Relation.One {
		return e.Relation.Type + " " + e.From
	}
	return recordKey(r)
}

// placeOfKey is the same of the key of a record.
func (s *Schema) placeOfKey(key string) string {
	typ, rest, isEdge := strings.Cut(key, " ")
	if rel := s.Relation(typ); isEdge && rel != nil && rel.One {
		from, _, _ := strings.Cut(rest, " ")
		return typ + " " + from
	}
	return key
}

// then is a record as it was at the moment: what was retracted later was not, and what was published later was no version yet.
func (p *past) then(r Record) Record {
	switch r := r.(type) {
	case *Node:
		n := r.clone()
		if at := text(n.Get(RetractedAt)); at != "" && !p.recorded.known(at) {
			n.Set(RetractedAt, nil)
		}
		for i, f := range n.Kind.Fields {
			if f.Projected && f.NonNull && f.Type == Boolean && n.Values[i] == nil {
				n.Values[i] = false
			}
		}
		return n
	case *Edge:
		if at := text(r.Get(RetractedAt)); at != "" && !p.recorded.known(at) {
			r = r.clone()
			r.Set(RetractedAt, nil)
		}
		return r
	}
	return r
}

// HoldsStill says whether a copy is still good for moments up to a time of recording, whatever changes were made since. An
// import can bring records that say to be recorded earlier: it makes it doubtful, and so does a change of such a time.
func HoldsStill(ctx context.Context, store Store, schema *Schema, s Span, recorded string) (bool, error) {
	rows, err := ask(ctx, store, schema.projector().journal.doubtful, int64(1), s.Sequence, string(OriginMutation), recorded)
	return len(rows) == 0, err
}
