package schema

// judgement is a mutation by which somebody judges whether records are the same.
type judgement struct {
	name, text string
	arguments  []judgementArgument
	// expected: it takes the version of a node.
	expected bool
}

type judgementArgument struct{ name, typ, text string }

var (
	reasonArgument  = judgementArgument{"reason", "String!", "Why, so that others can judge it."}
	judgingArgument = judgementArgument{"saidBy", "ID", "Who judges, such as an official or an agency; left out where that is not recorded. Who sends it is by."}
)

// judgements are the mutations on whether records are the same.
var judgements = []judgement{
	{"merge", "Judges records to be the same as another of their kind, and merges them into it. Readers see one node in place of all, and each id goes on working", []judgementArgument{
		{"ids", "[ID!]!", "The records that are merged away, at least one."},
		{"into", "ID!", "The record into which they are merged."}, reasonArgument, judgingArgument}, true},
	{"unmerge", "Withdraws the judgements by which records were merged. Each has its own again, what was said of it in the meantime too", []judgementArgument{
		{"ids", "[ID!]!", "The records that were merged away, at least one."}, reasonArgument, judgingArgument}, true},
	{"notSame", "Judges records not to be the same as another of their kind. They are no longer offered as similar to each other", []judgementArgument{
		{"ids", "[ID!]!", "The records that are judged, at least one."},
		{"other", "ID!", "The record that they are not."}, reasonArgument, judgingArgument}, false},
	{"withdrawNotSame", "Withdraws the judgements that records are not the same as another, whichever of the two was judged beside the other. They may be offered as similar to each other again. Where several judgements say so of two, the last is withdrawn, and an id that is given twice withdraws two", []judgementArgument{
		{"ids", "[ID!]!", "The records that were judged, at least one."},
		{"other", "ID!", "The record that they were judged not to be."}, reasonArgument, judgingArgument}, false},
}

// judgementInput writes the input of a step that judges.
func (d *deriver) judgementInput(j judgement) {
	d.line("%s\ninput %sInput {", quote("What "+j.name+" needs."), upperFirst(j.name))
	for _, a := range j.arguments {
		d.line("  %s\n  %s: %s", quote(a.text), a.name, a.typ)
	}
	d.line("}\n")
}
