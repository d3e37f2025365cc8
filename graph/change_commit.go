package graph

import (
	"cmp"
	"context"
	"errors"
	"strings"
)

// Commit applies a Change in one transaction, with the projections that follow from it: all of it or nothing. A change that was
// applied before is answered as then, by its id and the digest of its content.
//
// Errors name the operation by its Path. They are Invalid for what CheckRecord refuses, for a claim or statement without a
// citation, an entity or event that no claim or statement names, a value of one that changes without anybody's word for it,
// and a claim whose content changes; NotFound for what an operation names and is not there; Conflict for an id that exists
// with another content, a version that moved, an id of a change that was used for another content, and a change that cannot be
// undone.
func Commit(ctx context.Context, store Store, schema *Schema, c Change) (Committed, error) {
	p := schema.projector()
	if p.journal == nil {
		return Committed{}, Errorf(Internal, "the schema has no journal")
	}
	id, err := changeID(schema, p.journal.change, c.ID)
	if err != nil {
		return Committed{}, err
	}
	if len(c.Operations) == 0 {
		return Committed{}, Errorf(Invalid, "the change %s does nothing: it has no operation", Quote(c.ID))
	}
	for name, text := range map[string]string{"by": c.By, "note": c.Note} {
		if len(text) > MaxLongText {
			return Committed{}, Errorf(Invalid, "%s has %d bytes; at most %d are kept", name, len(text), MaxLongText)
		}
	}
	e := entry{id: id, by: c.By, note: c.Note, origin: cmp.Or(c.Origin, OriginMutation), digest: digest(&c)}
	recorded := stamp(c.At)
	var done Committed
	var w *committing
	err = store.Update(ctx, func(ctx context.Context, tx Tx) error {
		now, err := p.readStanding(ctx, tx, p.recall(store))
		if err != nil {
			return err
		}
		a := newApplying(p, tx, recorded, cmp.Or(c.bounds, usualBounds), now)
		w = &committing{applying: a, change: &c, id: id, known: map[string]*stored{}, published: map[string]string{},
			claimed: map[statedOf]*Operation{}, endings: map[string]any{}, fresh: map[string]string{}, fixed: map[string]string{}, spoken: idSet{}}
		a.isNew = func(id string) bool { _, new := w.fresh[id]; return new }
		if done, err = w.run(ctx, e); err != nil {
			return err
		}
		if c.Look != nil {
			if err := c.Look(ctx, tx, done); err != nil {
				return err
			}
		}
		if c.DryRun {
			return errDryRun
		}
		return nil
	})
	if err != nil && !errors.Is(err, errDryRun) {
		return Committed{}, err
	}
	p.remember(store, w, done)
	return done, nil
}

// errDryRun undoes a transaction.
var errDryRun = errors.New("a dry run")

// changeID is the id of a change's node.
func changeID(s *Schema, change *Kind, id string) (string, error) {
	full := change.Prefix + ":" + strings.TrimPrefix(id, change.Prefix+":")
	if _, err := s.KindOfID(full); err != nil || strings.TrimPrefix(id, change.Prefix+":") == "" {
		return "", Errorf(Invalid, "%s is no id of a change: it has letters a to z, digits and - . _ ~ @ : / +, at most %d bytes", Quote(id), MaxID-len(change.Prefix)-1)
	}
	return full, nil
}

// committing is one run of Commit's transaction.
type committing struct {
	*applying
	change *Change
	id     string
	// known are the nodes that the operations name, as they are now in this change.
	known map[string]*stored
	// published are the moments at which cited sources were published.
	published map[string]string
	// claimed are subjects and properties of which the change itself makes claims, each with the operation that does.
	claimed map[statedOf]*Operation

	// there and standing are what was read: see edgesOf and inForce.
	there    map[linkedKind]map[string][]*Edge
	standing map[*Kind]map[statedOf][]claimInForce

	// puts, links and ends are what is to be written and taken away.
	puts  []*stored
	links []placedEdge
	ends  []*Edge
	// endings are when it could be known that relationships among ends do end, by their keys; those that are retracted have none.
	endings map[string]any
	// named are the ids for Committed.Nodes.
	named []string
	// made are the claims that were made, and step is the place of the operation that they are made for.
	made []string
	step int
	// fresh are the nodes that are created, by id, each with the place where that was asked for.
	fresh  map[string]string
	former formerly
	// spoken are the nodes about which claims were written.
	spoken idSet
	// fixed are relationships of nodes that were created again, which must be there already, by their keys, each with the
	// place where it was asked for; problem is what watch found.
	fixed   map[string]string
	problem error
	// same are the judgements that stand, with those of the change; judgements are the ids of the new ones, by operation.
	same       *identities
	judgements map[*Operation][]string
	judged     int
	// apart are the judgements of the change that records are not the same, and rejoined those that it withdraws.
	apart    []sameness
	rejoined idSet
	// restored are the relationships that a change which is undone replaced.
	restored []*Edge
}

// stored is a node that an operation names.
type stored struct {
	node *Node
	// before is the node as it was before the change; nil for one that it creates.
	before *Node
	// put: it is among committing.puts.
	put bool
}

// placedEdge is a relationship to be written, and where it was asked for.
type placedEdge struct {
	*Edge
	path string
}

// statedOf is a subject and a property.
type statedOf struct{ subject, property string }

func (c *committing) run(ctx context.Context, e entry) (Committed, error) {
	if done, again, err := c.again(ctx, e); again || err != nil {
		return done, err
	}
	if err := c.load(ctx); err != nil {
		return Committed{}, err
	}
	for i := range c.change.Operations {
		c.step = i
		if err := c.operation(ctx, &c.change.Operations[i]); err != nil {
			return Committed{}, err
		}
	}
	change, err := c.write(ctx, e)
	if err != nil {
		return Committed{}, err
	}
	return Committed{ID: c.id, Sequence: c.journal.sequence, Change: change, Counts: c.journal.counts, DryRun: c.change.DryRun, Nodes: c.names()}, nil
}

func (c *committing) operation(ctx context.Context, op *Operation) error {
	var err error
	c.name(op)
	switch op.Do {
	case Create:
		err = c.create(op)
	case Update:
		err = c.update(ctx, op)
	case Retract:
		err = c.retract(ctx, op)
	case Detach:
		err = c.detach(ctx, op.Edge)
	case Merge, Unmerge, NotSame, WithdrawNotSame:
		err = c.judge(ctx, op)
	case Revert:
		err = c.revert(ctx, op)
	default:
		err = Errorf(Invalid, "there is no operation %s", Quote(string(op.Do)))
	}
	return at(op.Path, err)
}

// at puts the place in the request before the message of an error of ours.
func at(path string, err error) error {
	var e *Error
	if path == "" || !errors.As(err, &e) || e.Code == Internal || e.Code == Unavailable {
		return err
	}
	return &Error{Code: e.Code, Message: path + ": " + e.Message, Err: e.Err}
}
