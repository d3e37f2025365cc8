package casefile

import "github.com/raidgraph/raidgraph/graph"

func yesNo(description string) object {
	return object{"description": description, "anyOf": []any{object{"type": "boolean"}, object{"enum": []string{"yes", "no"}}}}
}

// withRecord are properties of a claim beside those of its record.
func withRecord(properties object) object {
	properties["id"] = one("The claim's id; made from what it says where it is left out.")
	properties["supersedes"] = one("The claim that this one corrects.")
	return withTimes(properties)
}

func withTimes(properties object) object {
	properties["published"] = one("When it was first published, or `unknown`, where that does not follow from what it cites.")
	properties["retracted"] = one("When it was retracted.")
	return properties
}

// claimDefinitions writes what is claimed of events: claims, figures, nationalities, screening and outcomes.
func (e editor) claimDefinitions() {
	d := e.definitions
	facets := func() object {
		return withRecord(object{"nationality": one("Only the people of this nationality, such as CN."),
			"sex": one("Only the people of this sex.", e.enumValues("Sex")...), "minor": yesNo("Only those under 18 (yes), or of age (no).")})
	}
	claim := facets()
	for key, part := range map[string]object{
		"property": one("What of it the claim speaks of, such as form, date, active or alignment."),
		"text":     object{"description": "What it says, in words.", "type": []string{"string", "number", "boolean"}},
		"count":    ref("count"), "date": ref("date"), "node": one("What it says: another node, such as group:compound-owners."),
		"measure":    one("Of a figure: of whom it counts.", e.enumValues("Measure")...),
		"share":      one("Of a nationality: how many of the people.", e.enumValues("NationalityShare")...),
		"exhaustive": yesNo("Of a total: whether its parts cover all of it."),
		"role":       one("Of a participant: the role."), "part-of": one("The id of the total of which it is a part."),
	} {
		claim[key] = part
	}
	d["claim"] = group(e.with(claim, provenanceKeys...), "by")

	figure := facets()
	figure["exhaustive"] = claim["exhaustive"]
	for _, v := range e.model.Enums["Measure"].EnumValues {
		figure[graph.Kebab(v.Name)] = described(v.Description, ref("count"))
	}
	part := facets()
	part["count"] = ref("count")
	for _, v := range e.model.Enums["Measure"].EnumValues {
		part[graph.Kebab(v.Name)] = described(v.Description, ref("count"))
	}
	figure["parts"] = described("Parts of the total, each with `count` (or another measure) and what sets it apart.", listOrOne(group(e.with(part, provenanceKeys...))))
	for _, w := range partWords {
		figure[w.word] = described("How many of them are "+w.word+".", ref("count"))
	}
	figure["nationalities"] = described("Which nationalities: a list of those among them, or a group with `all`, `mostly`, `including` and numbers.",
		object{"anyOf": []any{object{"type": "array", "items": ref("nationality-entry")}, object{"type": "object"}}})
	d["figure"] = group(e.with(figure, provenanceKeys...), "by")

	d["nationality-entry"] = object{"anyOf": []any{object{"type": "string"}, group(e.with(withRecord(object{"node": one("The nationality, such as CN.")}), provenanceKeys...), "node")}}
	shares := object{}
	for _, v := range e.model.Enums["NationalityShare"].EnumValues {
		shares[graph.Kebab(v.Name)] = described(v.Description, listOrOne(ref("nationality-entry")))
	}
	d["nationalities"] = group(e.with(shares, provenanceKeys...), "by")

	screening := facets()
	screening["status"] = one("The status.", e.enumValues("ScreeningStatus")...)
	d["screening"] = group(e.with(screening, provenanceKeys...), "status", "by")
	outcome := facets()
	outcome["kind"] = one("What became of people or site.", e.enumValues("OutcomeKind")...)
	d["outcome"] = group(e.with(outcome, provenanceKeys...), "kind", "by")
}
