package casefile

import (
	"bytes"
	"encoding/json"

	"github.com/raidgraph/raidgraph/graph"
	"github.com/raidgraph/raidgraph/graph/schema"
)

// EditorSchema is a JSON Schema (draft 7) of case files, by which editors complete and explain what is written. It follows
// the model as Parse does. It is more lenient than Parse, which alone knows what ids exist.
func EditorSchema(model *schema.Model) []byte {
	e := editor{parser: newParser("", model, nil), definitions: object{}}
	sections := object{"case": object{"$ref": "#/definitions/case"}}
	e.common()
	for _, s := range e.sections {
		definition, describes := s.t.Name, s.t.Description
		if s.verdict != nil {
			definition, describes = s.name, s.verdict.right
			e.definitions[definition] = e.judgement(s.verdict)
		} else {
			e.definitions[definition] = e.item(s.t)
		}
		sections[s.name] = object{
			"description":          describes + " By their ids, without `" + s.t.Kind.Prefix + ":`.",
			"type":                 "object",
			"additionalProperties": ref(definition),
		}
	}
	root := object{
		"$schema":              "http://json-schema.org/draft-07/schema#",
		"title":                "A case of raidgraph",
		"description":          "One case: its sources first, then what they say. docs/case-file.md teaches the format.",
		"type":                 "object",
		"required":             []string{"case"},
		"additionalProperties": false,
		"properties":           sections,
		"definitions":          e.definitions,
	}
	var out bytes.Buffer
	w := json.NewEncoder(&out)
	w.SetEscapeHTML(false)
	w.SetIndent("", " ")
	if err := w.Encode(root); err != nil {
		panic(err) // maps of texts always encode
	}
	return out.Bytes()
}

// object is a part of a JSON Schema; its keys are written in order.
type object = map[string]any

// editor makes the definitions of a JSON Schema.
type editor struct {
	*parser
	definitions object
}

func ref(name string) object { return object{"$ref": "#/definitions/" + name} }

// described is a part with a description of its own beside what it refers to.
func described(description string, part object) object {
	if _, refers := part["$ref"]; refers {
		return object{"description": description, "allOf": []any{part}}
	}
	part["description"] = description
	return part
}

// one is a text, or one of some words.
func one(description string, enum ...string) object {
	o := object{"description": description, "type": "string"}
	if len(enum) > 0 {
		o["enum"] = enum
	}
	return o
}

func listOrOne(part object) object {
	return object{"anyOf": []any{part, object{"type": "array", "items": part}}}
}

func group(properties object, required ...string) object {
	o := object{"type": "object", "additionalProperties": false, "properties": properties}
	if len(required) > 0 {
		o["required"] = required
	}
	return o
}

// with are properties beside those of provenance.
func (e editor) with(properties object, keys ...string) object {
	for _, key := range keys {
		properties[key] = ref(key)
	}
	return properties
}

// common writes the definitions that several kinds share.
func (e editor) common() {
	d := e.definitions
	scalar := object{"type": []string{"string", "number"}}
	d["case"] = group(object{
		"title":     one("What the case is, in a line."),
		"time-zone": one("That in which bare days end, such as Asia/Phnom_Penh, which is the default."),
		"summary":   one("What the case is, in some lines. It is not stored."),
	}, "title")
	d["by"] = one("Whose word it is: an actor, such as agency:gcnp-kh, or `unknown`. Not who printed it.")
	d["said"] = described("When it was said.", ref("date"))
	d["at"] = one("Where in the last document of the chain, such as paragraph 4.")
	d["hedge"] = one("The reservation that the last document makes, such as reportedly.")
	d["verb"] = one("How the last document gives the words.", e.enumValues("CitationVerb")...)
	d["version"] = object{"description": "The version of the last document in which it stands, from 1; the first whose time is known where it is left out.", "type": "integer", "minimum": 1}
	hop := object{"anyOf": []any{one("A source of the file, or the id of one that is in the graph."),
		group(e.with(object{"source": one("The source.")}, "at", "hedge", "verb", "version"), "source")}}
	d["cite"] = object{"description": "How it reached us: a source; or a chain of them, the origin first, as in [cc-times, camboja]; or several such lists, where documents carry it independently.",
		"anyOf": []any{hop, object{"type": "array", "items": object{"anyOf": []any{hop, object{"type": "array", "items": hop}}}}}}
	d["told"] = described("A value with whose word it is.", group(e.with(object{"is": object{"description": "The value."}}, provenanceKeys...), "is"))
	d["node"] = described("A node with whose word it is.", group(e.with(object{"node": one("Which one.")}, provenanceKeys...), "node"))
	d["date"] = object{"description": "A date in EDTF: 2024-11-06, 2024-11, 2024-10-25~, a/b, a/.., ../b, [a,b] (in quotes); or a group of `is` and `basis`.",
		"anyOf": []any{scalar, group(e.with(object{"is": scalar, "basis": one("How the date is known.", e.enumValues("DateBasis")...)}, provenanceKeys...), "is")}}
	d["count"] = object{"description": "A number in the source's own words, such as approximately 200; or a group, where the words are not understood.",
		"anyOf": []any{scalar, group(object{"raw": scalar, "mode": one("What kind of number the words give.", e.enumValues("CountMode")...),
			"value": object{"type": "integer"}, "min": object{"type": "integer"}, "max": object{"type": "integer"}}, "raw", "mode")}}
	e.claimDefinitions()
}

// judgement is the schema of what was judged of two records.
func (e editor) judgement(v *verdict) object {
	properties := withTimes(object{"id": one("The id, where the key above is short for it."), "record": one("The record that is judged, such as compound:my-compound."),
		v.other: one("The record beside which it is judged."), "reason": one("Why, so that others can judge it.")})
	required := []string{"record", v.other, "reason"}
	if v.verdict == graph.VerdictWithdrawn {
		properties["judgement"] = one("The judgement that no longer stands.")
		required = append(required, "judgement")
	}
	return group(e.with(properties, "by"), required...)
}

// item is the schema of a node's body.
func (e editor) item(t *schema.Type) object {
	properties := withTimes(object{"id": one("The id, where the key above is short for it.")})
	cites := citations(t)
	switch {
	case t.Name == claimKind:
		claim := e.definitions["claim"].(object)["properties"].(object)
		for key, part := range claim {
			properties[key] = part
		}
		properties["subject"] = one("The node that the claim speaks of.")
		return group(properties, "subject", "by", "cite")
	case t == e.documentType():
		properties["published"] = object{"description": "When it was published: a time such as 2024-11-11T11:00:00Z, or a date in EDTF.", "type": []string{"string", "number"}}
		properties["versions"] = described("Its versions, where it was updated: the first one first.", object{"type": "array", "items": group(object{
			"published": properties["published"], "note": one("What the version changed.")})})
		properties["via"] = one("The source that tells of it, for one that we did not see.")
		properties["seen"] = yesNo("Whether we saw it: yes, unless `via` is given.")
	case cites != nil:
		properties = e.with(properties, "cite", "at", "hedge", "verb", "version")
	default:
		properties = e.with(properties, provenanceKeys...)
		properties["claims"] = described("What is said of it beside the fields.", listOrOne(ref("claim")))
		var claimable []string
		for _, f := range e.claimable(t) {
			claimable = append(claimable, keyOf(t, f))
		}
		properties[unclaimedKey] = listOrOne(one("A value of which nobody's word is recorded.", claimable...))
	}
	for _, f := range t.Fields {
		switch {
		case f.Computed == "figures":
			properties[graph.Kebab(f.Name)] = described("How many people, by whose word.", listOrOne(ref("figure")))
		case f.Computed == "screening":
			properties[graph.Kebab(f.Name)] = described(f.Description, listOrOne(ref("screening")))
		case f.Computed == "outcomes":
			properties[graph.Kebab(f.Name)] = described(f.Description, listOrOne(ref("outcome")))
		case namesNationalities(f):
			properties[graph.Kebab(f.Name)] = described("Nationalities that are named apart from any figure.", listOrOne(ref("nationalities")))
		case e.writable(t, f) && !(t == e.documentType() && (f.Name == "seen" || f.Name == "versions")):
			properties[keyOf(t, f)] = described(f.Description, e.field(t, f))
		}
	}
	return group(properties)
}

// field is the schema of a field's value, short or with a provenance of its own.
func (e editor) field(t *schema.Type, f *schema.Field) object {
	if r := f.Relation; r != nil {
		return e.relationField(t, f)
	}
	claimed := e.claimsFields(&item{t: t})
	switch o := f.Object; {
	case o != nil && f.GraphQL.Elem != nil && o.Field("scheme") != nil:
		return object{"anyOf": []any{object{"type": "object"}, object{"type": "array", "items": e.valueObject(o, false)}}}
	case o != nil && f.GraphQL.Elem != nil:
		return listOrOne(object{"anyOf": []any{object{"type": "string"}, e.valueObject(o, false)}})
	case o != nil && o.Field("edtf") != nil:
		return ref("date")
	case o != nil:
		return e.valueObject(o, claimed)
	}
	part := e.scalarField(f)
	if !claimed {
		return part
	}
	return object{"anyOf": []any{part, ref("told")}}
}

func (e editor) scalarField(f *schema.Field) object {
	switch name := f.GraphQL.Name(); {
	case f.GraphQL.Elem != nil:
		return listOrOne(object{"type": []string{"string", "number"}})
	case e.model.Enums[name] != nil:
		if f.GraphQL.NonNull {
			return object{"enum": e.enumValues(name)}
		}
		return object{"enum": append(e.enumValues(name), unknown)}
	case name == "Int" || name == "Float":
		return object{"type": "number"}
	case name == "Boolean":
		return object{"anyOf": []any{object{"type": "boolean"}, object{"enum": []string{"yes", "no"}}}}
	}
	return object{"type": []string{"string", "number"}}
}

func (e editor) valueObject(o *schema.Type, claimed bool) object {
	properties := object{}
	var required []string
	for _, f := range o.Fields {
		properties[graph.Kebab(f.Name)] = described(f.Description, e.scalarField(f))
		if f.GraphQL.NonNull && f.GraphQL.Elem == nil && !(o.Name == "Name" && f.Name == "kind") {
			required = append(required, graph.Kebab(f.Name))
		}
	}
	if claimed {
		properties = e.with(properties, provenanceKeys...)
	}
	return group(properties, required...)
}

func (e editor) relationField(t *schema.Type, f *schema.Field) object {
	r := f.Relation
	properties := object{"node": one("Which one.")}
	if e.claimsFields(&item{t: t}) {
		properties = e.with(properties, provenanceKeys...)
	}
	required := []string{"node"}
	if r.Edge != nil {
		for _, p := range r.Edge.Fields {
			if r.Of.Prop(p.Name) != nil && p.Computed == "" && !p.End {
				properties[graph.Kebab(p.Name)] = described(p.Description, e.scalarField(p))
				if p.GraphQL.NonNull {
					required = append(required, graph.Kebab(p.Name))
				}
			}
		}
	}
	entries := []any{group(properties, required...)}
	if r.Edge == nil && e.claimsFields(&item{t: t}) {
		entries = []any{ref("node")}
	}
	if len(required) == 1 {
		entries = append(entries, object{"type": "string"})
	}
	if nests(f) {
		entries = append(entries, ref(r.Kinds[0].Name))
	}
	entry := object{"anyOf": entries}
	if !r.Many {
		return entry
	}
	return listOrOne(entry)
}

// namesNationalities says whether a field is worked out from the nationalities that claims name.
func namesNationalities(f *schema.Field) bool {
	r := f.Relation
	return r != nil && r.Of.Projection && r.Out && r.Edge != nil && r.Of.Prop("share") != nil && r.Of.Prop("share").Type == graph.Enum
}
