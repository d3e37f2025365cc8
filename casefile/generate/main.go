// Command generate writes case.schema.json, the JSON Schema by which editors complete and check case files.
package main

import (
	"fmt"
	"os"

	"github.com/raidgraph/raidgraph"
	"github.com/raidgraph/raidgraph/casefile"
	"github.com/raidgraph/raidgraph/graph/schema"
)

func main() {
	model, err := schema.Load(raidgraph.Schema)
	if err == nil {
		err = os.WriteFile("case.schema.json", casefile.EditorSchema(model), 0o644)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
