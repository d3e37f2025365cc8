package gql

import (
	"strconv"

	"github.com/raidgraph/raidgraph/graph"
)

// judging are the mutations that judge whether records are the same, and the argument that holds the other record.
var judging = map[string]struct {
	do    graph.Do
	other string
}{
	"merge":           {graph.Merge, "into"},
	"unmerge":         {graph.Unmerge, ""},
	"notSame":         {graph.NotSame, "other"},
	"withdrawNotSame": {graph.WithdrawNotSame, "other"},
}

// judges reads a judgement.
func (r *inputReader) judges(name, path string, given map[string]any) graph.Operation {
	j := judging[name]
	place := func(argument string) string {
		if path == "" {
			return argument
		}
		return path + "." + argument
	}
	op := graph.Operation{Do: j.do, Path: path, Judging: &graph.Judging{Reason: r.text(place("reason"), given["reason"])}}
	for i, id := range items(given["ids"]) {
		if i == graph.MaxList {
			r.invalid(place("ids"), "it has over %d elements", graph.MaxList)
		}
		op.Judging.IDs = append(op.Judging.IDs, r.id(place("ids."+strconv.Itoa(i)), id, nil))
	}
	if j.other != "" {
		op.Judging.Other = r.id(place(j.other), given[j.other], nil)
	}
	if by := given["saidBy"]; by != nil {
		op.Judging.SaidBy = r.id(place("saidBy"), by, r.model.Types["Actor"].Kinds)
	}
	return op
}
