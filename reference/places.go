package reference

import (
	"fmt"
	"strconv"
)

const provinceSource = "source:reference-provinces"

// provinces reads the provinces of Cambodia.
func provinces(b *builder) error {
	if err := b.source(provinceSource, "Provinces of Cambodia (reference table)", "en"); err != nil {
		return err
	}
	rows, err := table("provinces.csv")
	if err != nil {
		return err
	}
	for _, r := range rows {
		id := "province:" + r["iso3166_2"]
		n, err := b.node(id)
		if err != nil {
			return err
		}
		n.Set("name", r["name_en"]).Set("iso", r["iso3166_2"]).Set("country", "KH").Set("capital", r["capital_en"])
		for field, column := range map[string]string{"latitude": "lat", "longitude": "lon"} {
			degrees, err := strconv.ParseFloat(r[column], 64)
			if err != nil {
				return fmt.Errorf("reference: provinces.csv: %s of %s: %w", column, id, err)
			}
			n.Set(field, degrees)
		}
		b.name(id, r["name_en"], "en", "Latn", "COMMON")
		b.name(id, r["name_km"], "km", "Khmr", "OFFICIAL")
		b.name(id, r["name_ungegn"], "km", "Latn", "TRANSLITERATION")
		b.name(id, r["iso_name"], "km", "Latn", "TRANSLITERATION")
		b.name(id, r["cldr_en"], "en", "Latn", "COMMON")
		b.aliases(id, r["aliases"])
		b.externalID(id, "iso3166-2", r["iso3166_2"])
		b.externalID(id, "ncdd", r["ncdd_code"])
		b.externalID(id, "geonames", r["geonames_id"])
		b.externalID(id, "wikidata", r["wikidata_unverified"])
		if err := b.evidence(id, provinceSource, r["source"]); err != nil {
			return err
		}
	}
	return nil
}

const nationalitySource = "source:reference-nationalities"

// nationalities reads the nationalities that occur in cases, and those that other files refer to.
func nationalities(b *builder) error {
	if err := b.source(nationalitySource, "Nationalities (reference table)", "en"); err != nil {
		return err
	}
	for _, file := range []string{"nationalities.csv", "nationalities-more.csv"} {
		rows, err := table(file)
		if err != nil {
			return err
		}
		for _, r := range rows {
			id := "nationality:" + r["alpha2"]
			n, err := b.node(id)
			if err != nil {
				return err
			}
			n.Set("name", r["country"]).Set("alpha2", r["alpha2"]).Set("alpha3", r["alpha3"]).Set("demonym", r["demonym_en"])
			b.name(id, r["country"], "en", "Latn", "COMMON")
			b.name(id, r["country_km"], "km", "Khmr", "COMMON")
			b.name(id, r["country_zh"], "zh", "Hans", "COMMON")
			b.aliases(id, r["aliases"])
			b.externalID(id, "iso3166-1", r["alpha2"])
			if err := b.evidence(id, nationalitySource, text("; ", "ISO 3166-1 "+r["alpha2"]+", "+r["alpha3"], r["note"])); err != nil {
				return err
			}
		}
	}
	return nil
}
