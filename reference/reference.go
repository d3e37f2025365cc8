// Package reference is the data that ships with the program: the provinces of Cambodia, nationalities, agencies, embassies
// and who holds which office, as records with their sources; the borders of the provinces; and the sample case. README.md
// says where each file comes from and under which licence.
package reference

import (
	"embed"
	"slices"

	"github.com/raidgraph/raidgraph/graph"
)

//go:embed data sample
var files embed.FS

// Records are the reference data: nodes, each with a claim that cites the file it is from, then relationships. The error
// that the sequence may end with is a fault of the embedded files.
func Records(schema *graph.Schema) graph.Records {
	return func(yield func(graph.Record, error) bool) {
		b := newBuilder(schema)
		for _, read := range []func(*builder) error{provinces, nationalities, agencies, embassies, offices, moreNames} {
			if err := read(b); err != nil {
				yield(nil, err)
				return
			}
		}
		b.each(yield)
	}
}

// SampleName is the name of the sample case's file.
const SampleName = "steung-meanchey-2024.yaml"

// Sample is the sample case: the name of its file and the text, for casefile.Parse.
func Sample() (name string, text []byte) {
	text, _ = files.ReadFile("sample/" + SampleName)
	return SampleName, text
}

// Shipped are the names of the cases that ship with the program and are loaded when somebody asks for them. They build on the
// sample case.
func Shipped() []string { return []string{"mango-park"} }

// ShippedCase is one of Shipped: the name of its file and the text; both are empty for another name.
func ShippedCase(name string) (file string, text []byte) {
	if !slices.Contains(Shipped(), name) {
		return "", nil
	}
	file = name + "-2024.yaml"
	text, _ = files.ReadFile("sample/" + file)
	return file, text
}

// ProvinceBorders is the outline of each province, as GeoJSON; the id of a feature is the province's ISO 3166-2 code.
func ProvinceBorders() []byte {
	text, _ := files.ReadFile("data/cambodia-provinces.geojson")
	return text
}
