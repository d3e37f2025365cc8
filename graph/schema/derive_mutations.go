package schema

import "strings"

// mutations writes the mutations: one that applies several changes together and, for each kind, three of one step.
func (d *deriver) mutations() {
	if d.Types["ChangePayload"] == nil {
		return
	}
	d.line("%s", mutationHead)
	d.line("  %s", quote("Applies several steps in one transaction: all or none. They are applied in order, and may name what a later one creates."))
	d.mutation("applyChanges", `"The steps, at least one." changes: [ChangeInput!]!`)
	for _, t := range d.Recorded() {
		one := article(t.Kind.Singular)
		input := d.once(t.Name+"Input", func() { d.nodeInput(t) })
		d.line("  %s", quote("Records "+one+" that is new, in a transaction of its own. Where just the same is there already, nothing is done; where another is, that is a conflict."))
		d.mutation("create"+t.Name, `"What is recorded." input: `+input+"!")
		d.line("  %s", quote("Changes "+one+" that is there, in a transaction of its own: what is left out stays as it is, null takes away a value or ends a relationship to one, and relationships to many are added."))
		d.mutation("update"+t.Name, `"What is changed." input: `+input+"!", expectedArgument)
		d.line("  %s", quote("Retracts "+one+", in a transaction of its own. It stays, with retractedAt, and no longer counts in what is worked out."))
		d.mutation("retract"+t.Name, `"Its id." id: ID!`, expectedArgument)
	}
	d.line("  %s", quote("Ends a relationship, in a transaction of its own. What it was is kept as a version."))
	d.mutation("retractRelation", `"Which one." relation: RelationInput!`)
	for _, j := range judgements {
		d.line("  %s", quote(j.text+". A transaction of its own."))
		arguments := []string{}
		for _, a := range j.arguments {
			arguments = append(arguments, quote(a.text)+" "+a.name+": "+a.typ)
		}
		if j.expected {
			arguments = append(arguments, expectedArgument)
		}
		d.mutation(j.name, arguments...)
	}
	d.line("  %s", quote("Undoes a change, in a transaction of its own: what it changed, retracted or ended is as it was before, what it recorded is retracted. A conflict where others changed that since, and did not undo it. It can be undone in its turn."))
	d.mutation("revertChange", `"The id of the change, such as change:example-1." id: ID!`)
	d.line("}\n")
	d.once("ChangeInput", d.changeInput)
	d.once("RelationInput", d.relationInput)
}

const mutationHead = `"What changes the graph. Each field is a transaction of its own, applied whole or not at all: several in one request are applied in their order, one after another, and one that fails leaves those before and behind it as they are. To apply several steps together, use applyChanges. Nothing enters without a source, and nothing is lost: what is replaced or retracted is kept. Every mutation has a changeId, chosen by the client: sent again with the same content it does nothing more and is answered as before; with another content it is a conflict."
type Mutation {`

const expectedArgument = `"The changedIn that it must still have, 0 for null: it is a conflict where it moved." expectedVersion: Int`

func (d *deriver) mutation(name string, arguments ...string) {
	d.line("  %s(", name)
	d.line("    %s changeId: ID!", quote("The change's name, chosen by the client: letters, digits and - . _ ~ @ : / +, the same each time that the change is sent."))
	for _, a := range arguments {
		d.line("    %s", a)
	}
	d.line("    %s by: String", quote("Who changes this."))
	d.line("    %s note: String", quote("Why."))
	d.line("    %s dryRun: Boolean = false", quote("Answers what would happen, and writes nothing."))
	d.line("  ): ChangePayload")
}

func article(noun string) string {
	if strings.ContainsRune("aeiou", rune(noun[0])) {
		return "an " + noun
	}
	return "a " + noun
}

func (d *deriver) changeInput() {
	d.line("\"A step of a change: just one of create..., update..., retract..., retractRelation, merge, unmerge, notSame, withdrawNotSame and revertChange.\"\ninput ChangeInput {")
	for _, t := range d.Recorded() {
		one := article(t.Kind.Singular)
		d.line("  %s\n  create%s: %sInput", quote("Records "+one+" that is new."), t.Name, t.Name)
		d.line("  %s\n  update%s: %sInput", quote("Changes "+one+" that is there."), t.Name, t.Name)
		d.line("  %s\n  retract%s: ID", quote("Retracts "+one+", by its id."), t.Name)
	}
	d.line("  \"Ends a relationship.\"\n  retractRelation: RelationInput")
	for _, j := range judgements {
		d.line("  %s\n  %s: %s", quote(j.text+"."), j.name, d.once(upperFirst(j.name)+"Input", func() { d.judgementInput(j) }))
	}
	d.line("  %s\n  revertChange: ID", quote("Undoes a change, by its id, as Mutation.revertChange does. It stands alone."))
	d.line("  \"The changedIn that the node which is updated or retracted, merged into or unmerged must still have, 0 for null: it is a conflict where it moved.\"\n  expectedVersion: Int\n}\n")
}

// relationInput names a relationship: its type, its ends, and the properties that tell it apart.
func (d *deriver) relationInput() {
	d.line("\"A relationship, by what tells it apart.\"\ninput RelationInput {\n  \"Its type.\"\n  type: RelationType!")
	d.line("  \"The node at which it starts.\"\n  from: ID!\n  \"The node to which it leads.\"\n  to: ID!")
	seen := map[string]bool{}
	for _, r := range d.Graph.Relations {
		for _, f := range r.Key {
			if r.Projection || seen[f.Name] {
				continue
			}
			seen[f.Name] = true
			typ := "String"
			if f.Type.String() == "Int" {
				typ = "Int"
			}
			d.line("  %s\n  %s: %s", quote("Its "+f.Name+", where relationships of its type are told apart by that."), f.Name, typ)
		}
	}
	d.line("}\n\n\"A type of relationship that is recorded.\"\nenum RelationType {")
	for _, r := range d.Graph.Relations {
		if r.Projection {
			continue
		}
		var from []string
		for _, e := range r.Ends {
			if !contains(from, e.From.Singular) {
				from = append(from, e.From.Singular)
			}
		}
		d.line("  %s\n  %s", quote("Starts at: "+strings.Join(from, ", ")+"."), r.Type)
	}
	d.line("}\n")
}

// nodeInput writes the input of a kind.
func (d *deriver) nodeInput(t *Type) {
	d.line("%s\ninput %sInput {", quote("What is recorded of "+article(t.Kind.Singular)+"."), t.Name)
	d.line("  \"Its id: %s:, and a name of letters, digits and - . _ ~ @ : / +.\"\n  id: ID!", t.Kind.Prefix)
	for _, f := range d.Writable(t) {
		text := f.Description
		switch {
		case f.GraphQL.NonNull && f.GraphQL.Elem == nil && f.Object == nil || f.GraphQL.NonNull && f.Relation != nil && !f.Relation.Many:
			text += " A new one needs it."
		case f.Name == "publishedAt" && t.Field("citations") != nil:
			text += " Found from the sources where it is left out."
		}
		d.describe("  ", text)
		d.line("  %s: %s", f.Name, d.inputType(f, false))
	}
	if d.Evidenced(t) {
		d.line("  %s", quote("Whose word it is, and how it reached us. Each value and relationship becomes a claim; that which said what a new value takes the place of is superseded. A new one needs it, or a claim or statement about it in the same change; so does what an update changes."))
		d.line("  evidence: EvidenceInput")
		d.once("EvidenceInput", d.evidenceInput)
	}
	d.line("}\n")
}

// inputType is the type that a field has in an input; required says whether it keeps the field's own !.
func (d *deriver) inputType(f *Field, required bool) string {
	mark := ""
	if required && f.GraphQL.NonNull && f.GraphQL.Elem == nil {
		mark = "!"
	}
	switch r := f.Relation; {
	case r == nil:
	case r.Hops:
		return "[" + d.hopInput(r.Edge) + "!]"
	case r.Many && r.Edge != nil:
		return "[" + d.edgeInput(r) + "!]"
	case r.Many:
		return "[ID!]"
	default:
		return "ID" + mark
	}
	name := f.GraphQL.Name()
	if o := f.Object; o != nil {
		name = d.objectInput(o)
	}
	if f.GraphQL.Elem != nil {
		return "[" + name + "!]"
	}
	return name + mark
}

func (d *deriver) objectInput(o *Type) string {
	name := o.Name + "Input"
	if d.Inputs[name] != nil {
		return name // schema.graphqls has it itself
	}
	if o.Class == UnionType {
		return d.once(name, func() {
			d.line("%s\ninput %s {", quote(o.Description+" Just one of these."), name)
			for _, m := range o.Members {
				key, f := m.InputKey()
				if f != nil {
					d.describe("  ", f.Description)
					d.line("  %s: %s", key, d.inputType(f, false))
					continue
				}
				d.describe("  ", m.Description)
				d.line("  %s: %s", key, d.objectInput(m))
			}
			d.line("}\n")
		})
	}
	return d.once(name, func() {
		d.describe("", o.Description)
		d.line("input %s {", name)
		for _, f := range o.Fields {
			if o.Derived(f) {
				continue
			}
			text := f.Description
			basis := o.Field("edtf") != nil && f.Name == "basis"
			if basis {
				text += " STATED where it is left out."
			}
			d.describe("  ", text)
			d.line("  %s: %s", f.Name, d.inputType(f, !basis))
		}
		d.line("}\n")
	})
}

// InputKey is the key of a union's member in an input: that of its only field, which is given too, or its own name.
func (t *Type) InputKey() (string, *Field) {
	if f := t.Only(); f != nil {
		return f.Name, f
	}
	return lowerFirst(t.Name), nil
}

func (d *deriver) edgeInput(r *Relation) string {
	return d.once(r.Edge.Name+"Input", func() {
		d.describe("", r.Edge.Description)
		d.line("input %sInput {\n  \"The node.\"\n  node: ID!", r.Edge.Name)
		d.edgeFields(r.Edge, func(*Field) bool { return true })
		d.line("}\n")
	})
}

// hopInput is the input of an @edge type that stands in the API itself. What numbers its place may be left out.
func (d *deriver) hopInput(edge *Type) string {
	return d.once(edge.Name+"Input", func() {
		d.describe("", edge.Description)
		d.line("input %sInput {", edge.Name)
		for _, f := range edge.Fields {
			if f.End {
				d.describe("  ", f.Description)
				d.line("  %s: ID!", f.Name)
			}
		}
		d.edgeFields(edge, func(f *Field) bool { return !edge.Keyed(f.Name) })
		d.line("}\n")
	})
}

func (d *deriver) edgeFields(edge *Type, required func(f *Field) bool) {
	for _, f := range EdgeFields(edge) {
		text := f.Description
		if !required(f) {
			text += map[string]string{"chain": " 0 where it is left out.", "hop": " The place in the list, within its chain, where it is left out."}[f.Name]
		}
		d.describe("  ", text)
		d.line("  %s: %s", f.Name, d.inputType(f, required(f)))
	}
}

func (d *deriver) evidenceInput() {
	d.line("\"Whose word something is, and how it reached us.\"\ninput EvidenceInput {")
	d.line("  \"Whose word it is; not who printed it. Left out where that is unknown.\"\n  saidBy: ID")
	d.line("  \"When it was said.\"\n  saidOn: %s", d.objectInput(d.Types["Period"]))
	d.line("  \"How it reached us, hop by hop, the origin first.\"\n  citations: [%s!]!\n}\n", d.hopInput(d.Types["Citation"]))
}
