package graph

import "strings"

// Suggest is the option that somebody who wrote the word most likely meant, for an error message; empty where none is near.
func Suggest(word string, options []string) string {
	const longest = 64
	if len(word) > longest {
		return ""
	}
	folded, best, least := strings.ToLower(word), "", 1+len(word)/4
	for _, o := range options {
		if len(o)-len(word) > least || len(word)-len(o) > least {
			continue
		}
		if d := editDistance(folded, strings.ToLower(o)); d < least || d == least && best == "" {
			best, least = o, d
		}
	}
	return best
}

// didYouMean ends a sentence with what was likely meant, or with all there is where that is little.
func didYouMean(word string, options []string) string {
	if s := Suggest(word, options); s != "" {
		return "; did you mean " + s + "?"
	}
	if len(options) > 0 && len(options) <= 30 {
		return "; use " + strings.Join(options, ", ")
	}
	return ""
}

// editDistance is the least number of bytes put in, taken out, replaced or swapped with the next that make one word the other.
func editDistance(a, b string) int {
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}
