package casefile

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// The YAML library writes what it is given on one line, however long. A case file is for people: it is laid out here, and read
// back by the library before it leaves.

// lineWidth is how many characters a line has at most where it can be broken.
const lineWidth = 120

// keyed is a mapping that is being made.
type keyed struct{ *yaml.Node }

// newGroup makes a mapping that stands on one line, in braces, where it fits.
func newGroup() keyed { return keyed{&yaml.Node{Kind: yaml.MappingNode, Style: yaml.FlowStyle}} }

// newBlock makes a mapping with a line for each key.
func newBlock() keyed { return keyed{&yaml.Node{Kind: yaml.MappingNode}} }

func (g keyed) add(key string, value *yaml.Node) {
	g.Content = append(g.Content, text(key), value)
}

func (g keyed) empty() bool { return len(g.Content) == 0 }

// text is words; the printer quotes what YAML takes for something else.
func text(words string) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: words}
}

// plain is a date, a number, or yes and no.
func plain(word string) *yaml.Node { return &yaml.Node{Kind: yaml.ScalarNode, Value: word} }

func yes(b bool) *yaml.Node {
	if b {
		return plain("yes")
	}
	return plain("no")
}

// listOf is a list that stands on one line, in brackets, where it fits.
func listOf(elements []*yaml.Node) *yaml.Node {
	return &yaml.Node{Kind: yaml.SequenceNode, Style: yaml.FlowStyle, Content: elements}
}

// linesOf is a list with a line, or several, for each element.
func linesOf(elements []*yaml.Node) *yaml.Node {
	return &yaml.Node{Kind: yaml.SequenceNode, Content: elements}
}

// oneOrList is the only element, or the list.
func oneOrList(elements []*yaml.Node) *yaml.Node {
	if len(elements) == 1 {
		return elements[0]
	}
	return listOf(elements)
}

// printer lays out a tree as YAML.
type printer struct{ bytes.Buffer }

func (b *printer) pad(n int) { b.WriteString(strings.Repeat(" ", n)) }

// entries writes the keys of a mapping, a line each; begun says that the first one's line has begun.
func (b *printer) entries(n *yaml.Node, indent int, begun bool) {
	for i := 0; i+1 < len(n.Content); i += 2 {
		if i > 0 || !begun {
			b.pad(indent)
		}
		key := scalarText(n.Content[i], true)
		b.WriteString(key + ":")
		b.value(n.Content[i+1], indent, indent+utf8.RuneCountInString(key)+1)
	}
}

// value writes what stands behind a key.
func (b *printer) value(n *yaml.Node, indent, column int) {
	switch line, ok := onOneLine(n, lineWidth-column-1); {
	case ok:
		b.WriteString(" " + line + "\n")
	case n.Kind == yaml.ScalarNode:
		b.long(n, indent+2)
	case n.Kind == yaml.MappingNode:
		b.WriteByte('\n')
		b.entries(n, indent+2, false)
	default:
		b.WriteByte('\n')
		b.items(n, indent+2)
	}
}

// items writes the elements of a list, each on lines of its own.
func (b *printer) items(n *yaml.Node, indent int) {
	for _, e := range n.Content {
		b.pad(indent)
		b.WriteByte('-')
		switch line, ok := onOneLine(e, lineWidth-indent-2); {
		case ok:
			b.WriteString(" " + line + "\n")
		case e.Kind == yaml.ScalarNode:
			b.long(e, indent+2)
		case e.Kind == yaml.MappingNode:
			b.WriteByte(' ')
			b.entries(e, indent+2, true)
		default:
			b.WriteByte('\n')
			b.items(e, indent+2)
		}
	}
}

// long writes words that do not fit on the line: broken between words where that leaves them as they are.
func (b *printer) long(n *yaml.Node, indent int) {
	words := n.Value
	switch {
	case foldable.MatchString(words) && printable(words):
		b.WriteString(" >-\n")
		b.fold(words, indent)
	case strings.Contains(words, "\n") && literal(words):
		b.WriteString(" |-\n")
		for line := range strings.SplitSeq(words, "\n") {
			if line != "" {
				b.pad(indent)
			}
			b.WriteString(line + "\n")
		}
	default:
		b.WriteString(" " + scalarText(n, false) + "\n")
	}
}

// foldable are words with one blank between each.
var foldable = regexp.MustCompile(`^[^\s]+( [^\s]+)+$`)

func (b *printer) fold(words string, indent int) {
	column := 0
	for word := range strings.SplitSeq(words, " ") {
		n := utf8.RuneCountInString(word)
		switch {
		case column == 0:
			b.pad(indent)
			column = indent
		case column+1+n > lineWidth:
			b.WriteByte('\n')
			b.pad(indent)
			column = indent
		default:
			b.WriteByte(' ')
			column++
		}
		b.WriteString(word)
		column += n
	}
	b.WriteByte('\n')
}

// literal says whether lines stay as they are where they stand below each other.
func literal(words string) bool {
	if strings.HasPrefix(words, " ") || strings.HasPrefix(words, "\n") || strings.HasSuffix(words, "\n") {
		return false
	}
	for line := range strings.SplitSeq(words, "\n") {
		if !printable(line) || strings.HasSuffix(line, " ") {
			return false
		}
	}
	return true
}

// onOneLine is a value on one line, if it may stand so and has at most so many characters.
func onOneLine(n *yaml.Node, most int) (string, bool) {
	var line string
	switch {
	case n.Kind == yaml.ScalarNode:
		if line = scalarText(n, false); strings.Contains(n.Value, "\n") && literal(n.Value) {
			return "", false
		}
	case n.Style&yaml.FlowStyle == 0 && len(n.Content) > 0:
		return "", false
	default:
		line = flow(n)
	}
	return line, utf8.RuneCountInString(line) <= most
}

// flow is a value in braces and brackets.
func flow(n *yaml.Node) string {
	if n.Kind == yaml.ScalarNode {
		return scalarText(n, true)
	}
	var parts []string
	if n.Kind == yaml.SequenceNode {
		for _, e := range n.Content {
			parts = append(parts, flow(e))
		}
		return "[" + strings.Join(parts, ", ") + "]"
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		parts = append(parts, flow(n.Content[i])+": "+flow(n.Content[i+1]))
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

// scalarText is a scalar as it is written, in quotes where it needs them.
func scalarText(n *yaml.Node, inFlow bool) string {
	if bare(n.Value, inFlow) && (n.Tag == "" || !otherThanText.MatchString(n.Value)) {
		return n.Value
	}
	return quoted(n.Value)
}

// otherThanText is what YAML, of one version or another, takes for something else than text.
var otherThanText = regexp.MustCompile(`(?i)^(?:y|n|yes|no|on|off|true|false|null|[-+.]?[0-9][-+0-9a-fox_.,:tz]*|\.inf|\.nan)$`)

// bare says whether words mean themselves without quotes.
func bare(words string, inFlow bool) bool {
	if words == "" || strings.Trim(words, " ") != words || !printable(words) {
		return false
	}
	first, _ := utf8.DecodeRuneInString(words)
	if strings.ContainsRune("-?:,[]{}#&*!|>'\"%@`~=", first) || strings.EqualFold(words, "null") {
		return false
	}
	if strings.Contains(words, ": ") || strings.HasSuffix(words, ":") || strings.Contains(words, " #") || strings.HasPrefix(words, "...") {
		return false
	}
	return !inFlow || !strings.ContainsAny(words, ",[]{}?")
}

// printable says whether every character may stand in a file as it is.
func printable(words string) bool {
	for _, c := range words {
		if !unicode.IsPrint(c) && !joins(c) {
			return false
		}
	}
	return true
}

// joins says whether a character keeps words or letters apart or together without being seen, as in Khmer.
func joins(c rune) bool { return c >= '\u200B' && c <= '\u200D' }

// quoted is words in double quotes.
func quoted(words string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, c := range words {
		switch {
		case c == '"' || c == '\\':
			b.WriteByte('\\')
			b.WriteRune(c)
		case c == '\n':
			b.WriteString(`\n`)
		case c == '\t':
			b.WriteString(`\t`)
		case unicode.IsPrint(c) || joins(c):
			b.WriteRune(c)
		case c > 0xFFFF:
			fmt.Fprintf(&b, `\U%08X`, c)
		default:
			fmt.Fprintf(&b, `\u%04X`, c)
		}
	}
	b.WriteByte('"')
	return b.String()
}
