package main

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
)

// width is how long a line of a formatted answer may be.
const width = 120

// formatted is JSON for readers: what fits stands on one line, the order of keys stays.
func formatted(t *testing.T, body []byte) []byte {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	var b strings.Builder
	write(t, &b, d, "")
	return []byte(b.String() + "\n")
}

func write(t *testing.T, b *strings.Builder, d *json.Decoder, indent string) {
	t.Helper()
	token, err := d.Token()
	if err != nil {
		t.Fatal(err)
	}
	open, ok := token.(json.Delim)
	if !ok {
		text, _ := json.Marshal(token)
		b.Write(text)
		return
	}
	var parts []string
	for d.More() {
		var part strings.Builder
		if open == '{' {
			key, err := d.Token()
			if err != nil {
				t.Fatal(err)
			}
			text, _ := json.Marshal(key)
			part.WriteString(string(text) + ": ")
		}
		write(t, &part, d, indent+"  ")
		parts = append(parts, part.String())
	}
	if _, err := d.Token(); err != nil {
		t.Fatal(err)
	}
	closing := map[json.Delim]string{'{': "}", '[': "]"}[open]
	line := open.String() + strings.Join(parts, ", ") + closing
	if len(indent)+len(line) <= width && !strings.Contains(line, "\n") {
		b.WriteString(line)
		return
	}
	in := "\n" + indent + "  "
	b.WriteString(open.String() + in + strings.Join(parts, ","+in) + "\n" + indent + closing)
}
