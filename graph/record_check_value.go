package graph

import (
	"fmt"
	"math"
	"strings"
	"time"
	"unicode/utf8"
)

// MaxLongText is the most bytes that a text without an index may have: Neo4j's text index takes 32,766 bytes.
const MaxLongText = 32_000

// MaxList is the most elements that a list may have, and MaxListText the most bytes of all of them.
const (
	MaxList     = 1_000
	MaxListText = 250_000
)

// normal is a value in the form that stores hold, or what is wrong with it. enums are the values of an Enum.
func (f *Field) normal(v any, enums []any) (any, string) {
	switch f.Type {
	case Int:
		n, ok := v.(int64)
		if !ok {
			return v, "it is no whole number"
		}
		if n < math.MinInt32 || n > math.MaxInt32 {
			return v, fmt.Sprintf("it is %d; use a number from %d to %d", n, math.MinInt32, math.MaxInt32)
		}
		return v, ""
	case Float:
		return f.normalFloat(v)
	case Boolean:
		if _, ok := v.(bool); !ok {
			return v, "it is neither true nor false"
		}
		return v, ""
	case StringList:
		return f.normalStrings(v)
	}
	s, ok := v.(string)
	if !ok {
		return v, "it is no text"
	}
	switch f.Type {
	case String:
		n, problem := f.normalText(s)
		if problem == "" && n == s {
			return v, ""
		}
		return n, problem
	case Date:
		if err := ParseDay(s); err != nil {
			return v, err.Error()
		}
	case DateTime:
		return normalTime(s)
	case Enum:
		for _, known := range enums {
			if known == v {
				return known, ""
			}
		}
		return v, fmt.Sprintf("there is no %s%s", Quote(s), didYouMean(s, f.Values))
	}
	return v, ""
}

func (f *Field) normalText(s string) (string, string) {
	if !isASCII(s) {
		if !utf8.ValidString(s) {
			return s, "it is not valid UTF-8"
		}
		s = Normalize(s)
	}
	most := MaxLongText
	if f.Index {
		most = MaxText
	}
	switch {
	case strings.IndexByte(s, 0) >= 0:
		return s, "it holds a null byte; take it out"
	case (f.NonNull || f.Needed) && strings.TrimSpace(s) == "":
		return s, "it is empty"
	case len(s) > most:
		return s, fmt.Sprintf("it has %d bytes; at most %d are kept", len(s), most)
	case f.Text && len(s) > MaxLongText/4 && len(Fold(s)) > MaxLongText:
		return s, fmt.Sprintf("its folded form has over %d bytes; make it shorter", MaxLongText)
	}
	return s, ""
}

func (f *Field) normalFloat(v any) (any, string) {
	if n, ok := v.(int64); ok {
		v = float64(n)
	}
	x, ok := v.(float64)
	if !ok {
		return v, "it is no number"
	}
	most := math.MaxFloat64
	if strings.HasSuffix(f.Name, "latitude") {
		most = 90
	} else if strings.HasSuffix(f.Name, "longitude") {
		most = 180
	}
	if math.IsNaN(x) || math.Abs(x) > most {
		if most > 180 {
			return v, "it is no finite number"
		}
		return v, fmt.Sprintf("it is %v; use degrees from %v to %v", x, -most, most)
	}
	if x == 0 {
		return 0.0, "" // never the negative zero
	}
	return v, ""
}

func (f *Field) normalStrings(v any) (any, string) {
	list, ok := v.([]string)
	if !ok {
		return v, "it is no list of texts"
	}
	if len(list) > MaxList {
		return v, fmt.Sprintf("it has %d elements; at most %d are kept", len(list), MaxList)
	}
	out, size := list, 0
	for i, s := range list {
		n, problem := f.normalText(s)
		if problem != "" {
			return v, fmt.Sprintf("element %d: %s", i, problem)
		}
		if size += len(n); size > MaxListText {
			return v, fmt.Sprintf("it has over %d bytes", MaxListText)
		}
		if n != s && &out[0] == &list[0] {
			out = append([]string(nil), list...)
		}
		out[i] = n
	}
	return out, ""
}

// normalTime brings a time to UTC and to whole seconds.
func normalTime(s string) (any, string) {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return s, fmt.Sprintf("time %s: use RFC 3339, such as 2024-11-11T18:00:00+07:00", Quote(s))
	}
	t = t.UTC()
	if t.Year() < 1 || t.Year() > 9999 {
		return s, fmt.Sprintf("time %s: years run from 0001 to 9999", Quote(s))
	}
	if n := t.Format(time.RFC3339); n != s {
		return n, ""
	}
	return s, ""
}

// list checks the value objects of a JSON field and gives their canonical text.
func (c *checker) list(f *Field, text string) string {
	if text == "[]" {
		return text
	}
	if len(text) > MaxListText {
		c.add(f.Name, "it has %d bytes; at most %d are kept", len(text), MaxListText)
		return text
	}
	d := jsonScanner{in: []byte(text)}
	elements, err := d.list(f)
	if err == nil {
		err = d.end()
	}
	if err != nil {
		c.add(f.Name, "%s", err)
		return text
	}
	if len(elements) > MaxList {
		c.add(f.Name, "it has %d elements; at most %d are kept", len(elements), MaxList)
		return text
	}
	for i, values := range elements {
		inner := checker{}
		inner.values(f.object, values)
		for _, p := range inner.problems {
			c.add(fmt.Sprintf("%s.%d.%s", f.Name, i, p.Field), "%s", p.Message)
		}
	}
	return string(appendList(nil, f, elements))
}
