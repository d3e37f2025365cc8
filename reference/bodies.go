package reference

import (
	"fmt"
	"strings"
)

const agencySource = "source:reference-agencies"

// agencies reads public bodies and their parents.
func agencies(b *builder) error {
	if err := b.source(agencySource, "Agencies (reference table)", "en"); err != nil {
		return err
	}
	rows, err := table("agencies.csv")
	if err != nil {
		return err
	}
	for _, r := range rows {
		id := "agency:" + r["id"]
		n, err := b.node(id)
		if err != nil {
			return err
		}
		country := r["country"]
		if country == "" && r["type"] == "IGO" {
			country = "UN"
		}
		n.Set("name", r["name_en"]).Set("type", r["type"]).Set("country", country)
		b.name(id, r["name_en"], "en", "Latn", "OFFICIAL")
		kind := "COMMON"
		if r["km_status"] == "verified" {
			kind = "OFFICIAL"
		}
		b.name(id, r["name_km"], "km", "Khmr", kind)
		b.aliases(id, r["aliases"])
		if r["parent_id"] != "" {
			b.edge("PART_OF", id, "agency:"+r["parent_id"])
		}
		khmer := ""
		if r["km_status"] != "" {
			khmer = "Khmer name: " + r["km_status"]
		}
		if err := b.evidence(id, agencySource, text("; ", r["evidence"], khmer)); err != nil {
			return err
		}
	}
	return nil
}

const embassySource = "source:reference-embassies"

// embassies reads missions. A row that says that there is none is passed over.
func embassies(b *builder) error {
	if err := b.source(embassySource, "Embassies (reference table)", "en"); err != nil {
		return err
	}
	rows, err := table("embassies.csv")
	if err != nil {
		return err
	}
	for _, r := range rows {
		if strings.Contains(r["status"], "no office") {
			continue
		}
		id := "embassy:" + r["id"]
		n, err := b.node(id)
		if err != nil {
			return err
		}
		sending, receiving := "nationality:"+r["sending_alpha2"], "nationality:"+r["receiving_alpha2"]
		for _, end := range []string{sending, receiving} {
			if b.byID[end] == nil {
				return fmt.Errorf("reference: embassies.csv: %s refers to %s, which nationalities.csv lacks", id, end)
			}
		}
		of, in := b.byID[sending].Get("name").(string), b.byID[receiving].Get("name").(string)
		n.Set("name", "Embassy of "+article(of)+" in "+article(in))
		if r["city"] != "" {
			n.Set("city", r["city"])
		}
		b.name(id, n.Get("name").(string), "en", "Latn", "COMMON")
		b.name(id, b.byID[sending].Get("demonym").(string)+" embassy in "+article(in), "en", "Latn", "ALIAS")
		b.edge("REPRESENTS", id, sending)
		b.edge("ACCREDITED_TO", id, receiving)
		if err := b.evidence(id, embassySource, text(": ", r["status"], r["evidence"])); err != nil {
			return err
		}
	}
	return nil
}

// article puts "the" before the countries whose names take it.
func article(country string) string {
	switch country {
	case "Philippines", "United Kingdom", "United States":
		return "the " + country
	}
	return country
}

// moreNames adds names that the other files mention without giving them in full.
func moreNames(b *builder) error {
	rows, err := table("names-more.csv")
	if err != nil {
		return err
	}
	for _, r := range rows {
		if b.byID[r["id"]] == nil {
			return fmt.Errorf("reference: names-more.csv: there is no %s", r["id"])
		}
		b.name(r["id"], r["value"], r["language"], r["script"], r["kind"])
	}
	return nil
}
