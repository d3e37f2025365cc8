package graph

import (
	"context"
	"time"
)

// Change is a write with an id of its own: operations that are applied together or not at all, once however often they are
// sent.
type Change struct {
	// ID names the change, with or without "change:" before it. It is chosen by whoever sends it.
	ID string
	// By and Note are who changes this, and why.
	By, Note string
	// Origin is OriginMutation where it is empty.
	Origin Origin
	// At is the moment of the change; the time of the call where it is zero.
	At time.Time
	// DryRun: everything is done, and then undone.
	DryRun bool
	// Operations are applied in order, each on what those before it left; relationships may lead to nodes that a later one
	// creates.
	Operations []Operation
	// Look, where it is set, is called when all is written, before the transaction is kept or, in a dry run, undone. It may be
	// called more than once, as fn of Store.Update.
	Look func(ctx context.Context, tx Tx, done Committed) error

	// bounds are usualBounds where they are zero.
	bounds bounds
}

// Do says what an Operation does.
type Do string

// What an operation does.
const (
	// Create writes a node that is new. One that is there already must be just the same, and nothing is done then.
	Create Do = "create"
	// Update changes a node that is there.
	Update Do = "update"
	// Retract says of a node that it should never have been recorded, or no longer stands. It stays where it is, and says so.
	Retract Do = "retract"
	// Detach ends a relationship. It is kept as a version.
	Detach Do = "detach"
	// Merge judges records to be the same as another, into which they are merged.
	Merge Do = "merge"
	// Unmerge withdraws the judgements by which records were merged.
	Unmerge Do = "unmerge"
	// NotSame judges records not to be the same as another.
	NotSame Do = "notSame"
	// WithdrawNotSame withdraws judgements that records are not the same as another: of each the last that stands.
	WithdrawNotSame Do = "withdrawNotSame"
	// Revert undoes a change: what it replaced, retracted or ended is as before, and what it created is retracted. It stands alone.
	Revert Do = "revert"
)

// Operation is one step of a Change.
type Operation struct {
	Do Do
	// Path is where the operation stands in the request, for errors.
	Path string
	// Node is what Create and Update write. Update takes of it the fields named by Given, null ones among them, and leaves the
	// others as they are.
	Node  *Node
	Given []string
	// Edges are relationships that Create and Update add; one of a relation to one takes the place of that which is there.
	Edges []Link
	// Ends are relations to one whose relationship Update ends.
	Ends []EndOf
	// ID is the node that Retract retracts, or the change that Revert undoes.
	ID string
	// Edge is the relationship that Detach ends: relation, ends and key.
	Edge *Edge
	// Expected is the changedIn that the node must still have (0 for null); nil where that does not matter.
	Expected *int64
	// Judging is what Merge, Unmerge, NotSame and WithdrawNotSame judge.
	Judging *Judging
	// Evidence is whose word it is and how it reached us: of what Create and Update say of an entity or an event.
	Evidence *Evidence
}

// Judging is a judgement on records.
type Judging struct {
	// IDs are the records that are judged, at least one.
	IDs []string
	// Other is the record into which they are merged, or as which they are not the same; empty for Unmerge.
	Other string
	// Reason is why; SaidBy the id of who judges, empty where that is not said.
	Reason, SaidBy string
}

// Link is a relationship that an operation adds. Property is the word by which claims speak of it, such as participant.
type Link struct {
	*Edge
	Property string
}

// EndOf is a relation to one that an operation ends, with the word by which claims speak of it.
type EndOf struct {
	Relation *Relation
	Property string
}

// Evidence is whose word something is, and how it reached us. What an operation says of an entity or an event by it becomes
// claims.
type Evidence struct {
	// SaidBy is the id of the speaker; empty where that is unknown.
	SaidBy string
	// SaidOn is when it was said, in EDTF, and how that is known; both may be empty.
	SaidOn      string
	SaidOnBasis DateBasis
	// Citations lead from the speaker to us, at least one.
	Citations []Citation
}

// Citation is a hop of a chain by which words reached us.
type Citation struct {
	Chain, Hop     int64
	Source, Verb   string
	Hedge, Locator string
}

// Committed is what a Change did.
type Committed struct {
	// ID is that of the change's node, such as change:correction-17, and Sequence its number. In a dry run it is the number
	// that the change would have had.
	ID       string
	Sequence int64
	// Change is that node, as it is stored.
	Change *Node
	// Counts are of records: nodes and relationships, those among them that the operations left to be made, such as claims.
	Counts Counts
	// Again: the change was applied before, and this is what it did then.
	Again bool
	// DryRun: nothing was written.
	DryRun bool
	// Nodes are the ids of the nodes that the operations name, and of the claims that were made for them, in order, each once.
	Nodes []string
}
