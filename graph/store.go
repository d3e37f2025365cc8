package graph

import "context"

// Store is a database that answers plans and takes records. Both implementations pass the suite in storetest.
//
// Every error that a method returns has a Code (see CodeOf); none but the context's own may be without, and one of fn's or
// yield's, which is returned as it is. Where the context has ended, the error matches its Err.
type Store interface {
	// Query answers a checked plan: one Set for each of its Roots, in order. It must run exactly one statement a root, all
	// of them in one read transaction, so that they see one state of the data; that state must include every Update that
	// returned before Query was called on this Store, and what a Query of several roots that returned before has shown.
	// args are the values of the plan's arguments. A plan with a kind or a relation that is not of the store's own schema,
	// or asked with too few arguments, is an Internal error.
	Query(ctx context.Context, p *Plan, args []any) ([]*Set, error)

	// Update runs fn in one write transaction: all of what fn puts is there when Update returns nil, none of it otherwise.
	// fn may be run more than once where the database asks to retry, and must begin anew each time. Two Updates that touch
	// the same nodes must behave as if one ran after the other. A panic of fn's undoes what it put, and goes on. Where Put
	// or Remove failed, Update fails too, whatever fn makes of it.
	Update(ctx context.Context, fn func(ctx context.Context, tx Tx) error) error

	// Export yields every node, in the order of (kind in the schema, id), then every relationship that is no projection,
	// in the order of (type in the schema, from id, to id, key), from one state of the data and in bounded memory.
	// Kinds that the program alone writes (Kind.Own) are left out, and so are relationships that begin or end at one. Nodes are
	// as they were put; of what is merged it yields what was said, see Unresolved, which is held in memory.
	Export(ctx context.Context, yield func(Record) error) error

	// Ping says whether the store can answer now: nil or an Unavailable error.
	Ping(ctx context.Context) error

	// Close ends the store. Queries under way may fail. Closing twice is no error.
	Close() error
}

// Tx is a write transaction. It is used by one goroutine at a time.
type Tx interface {
	// Query answers a plan as Store.Query does, with what this transaction has put so far.
	Query(ctx context.Context, p *Plan, args []any) ([]*Set, error)

	// Put writes nodes and relationships. A node that exists (by id) gets the new state, a relationship that exists (by
	// type, ends and key) gets the new properties; recordedAt stays what it was when first recorded, what is Field.Earliest
	// stays where that is earlier, changedIn becomes that of the record where something else differs, and none of these makes
	// something differ. A relationship of a Relation with One replaces the one that leaves the same node: where that leads
	// to another node it is taken away, and the new one counts as Created. Something that is already so counts as Same and
	// is not touched. A relationship whose end does not exist is a NotFound error that names the id; a node put earlier in
	// the same records exists (whether one put later does is not promised). Records are put one after another: what
	// stands twice is put twice, and counted twice.
	Put(ctx context.Context, records Records) (Written, error)

	// Remove takes away relationships (by type, ends and key) and nodes (by kind and id, with every relationship they
	// have). It is for projections, and for relationships that were retracted: what a person recorded is removed only when it
	// is kept as a version. What is not there is passed over.
	Remove(ctx context.Context, records Records) error

	// Tell makes each later Put say of each record what became of it, in no promised order; nil ends that. fn must not use
	// the transaction.
	Tell(fn Told)
}

// Told hears what became of a record that was put: now is the record, old what it replaced, nil where it was Created or Same. A
// relationship that another of a relation to one took the place of is Ended: old is that, now the other, of which is told as well.
type Told func(outcome Outcome, now, old Record)

// Outcome is what became of a record.
type Outcome uint8

// The outcomes.
const (
	Created Outcome = iota + 1
	Changed
	Same
	Ended
)
