package casefile

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Problem is one fault of a case file.
type Problem struct {
	File string
	// Line and Column are where the fault is, from 1; the column counts characters.
	Line, Column int
	// Path is the place in the case, such as raids.steung-meanchey-2024-11.figures[1].by; empty for the file as a whole.
	Path string
	// Wrong says what is wrong, Right what would be right; Right may be empty.
	Wrong, Right string
}

// String is the problem in one line, as compilers write theirs.
func (p Problem) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s:%d:%d: ", p.File, p.Line, p.Column)
	if p.Path != "" {
		b.WriteString(p.Path + ": ")
	}
	b.WriteString(p.Wrong)
	if p.Right != "" {
		b.WriteString("; " + p.Right)
	}
	return b.String()
}

// Problems are all faults of a file, in the order of their places. It is the error of Parse.
type Problems []Problem

// Error is every problem, one a line.
func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.String()
	}
	return strings.Join(lines, "\n")
}

// maxProblems bounds what is told of one file; who has a thousand faults has one cause.
const maxProblems = 1000

func (ps Problems) sorted() Problems {
	slices.SortStableFunc(ps, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return slices.CompactFunc(ps, func(a, b Problem) bool { return a == b })
}
