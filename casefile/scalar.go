package casefile

import (
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/raidgraph/raidgraph/graph"
	"github.com/raidgraph/raidgraph/graph/schema"
)

// text reads words; empty, with a problem, where there are none.
func (p *parser) text(n place) string {
	if n.Kind != yaml.ScalarNode {
		p.wrong(n, p.shown(n)+" stands where words belong", "put words that begin with [ or { in quotes")
		return ""
	}
	s := graph.Normalize(strings.TrimSpace(n.Value))
	if s == "" || empty(n) {
		p.wrong(n, "nothing stands here", "give a value, or leave the key out")
		return ""
	}
	return s
}

// texts reads a list of words; a single one counts as a list.
func (p *parser) texts(n place) []string {
	out := []string{}
	for _, e := range p.list(n) {
		if s := p.text(e); s != "" {
			out = append(out, s)
		}
	}
	return out
}

// enum reads one of the values, in capitals or small letters; empty, with a problem, where it is none.
func (p *parser) enum(n place, values []string) string {
	s := p.text(n)
	if s == "" {
		return ""
	}
	v := enumValue(s)
	for _, known := range values {
		if v == known {
			return v
		}
	}
	right := "use one of " + strings.Join(values, ", ")
	if near := graph.Suggest(v, values); near != "" {
		right = "did you mean " + near + "?"
	}
	p.wrong(n, "there is no "+graph.Quote(s)+" here", right)
	return ""
}

func (p *parser) enumValues(name string) []string {
	var out []string
	for _, v := range p.model.Enums[name].EnumValues {
		out = append(out, v.Name)
	}
	return out
}

// boolean reads true or yes, false or no; nil, with a problem, where it is neither.
func (p *parser) boolean(n place) *bool {
	switch strings.ToLower(p.text(n)) {
	case "":
		return nil
	case "true", "yes":
		return new(true)
	case "false", "no":
		return new(false)
	}
	p.wrong(n, p.shown(n)+" is neither yes nor no", "write yes or no")
	return nil
}

func (p *parser) integer(n place) any {
	s := p.text(n)
	if s == "" {
		return nil
	}
	i, err := strconv.ParseInt(strings.ReplaceAll(s, ",", ""), 10, 64)
	if err != nil {
		p.wrong(n, p.shown(n)+" is no whole number", "write digits, such as 606")
		return nil
	}
	return i
}

func (p *parser) float(n place) any {
	s := p.text(n)
	if s == "" {
		return nil
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || f != f || f > 1e300 || f < -1e300 {
		p.wrong(n, p.shown(n)+" is no number", "write digits and a point, such as 11.5564")
		return nil
	}
	return f
}

// period reads a date in EDTF, or a group of `is` and `basis`; the zero Period, with a problem, where it is none.
func (p *parser) period(n place) graph.Period {
	basis := ""
	if n.Kind == yaml.MappingNode {
		m := p.mapping(n, true, "a date")
		if b, ok := m.get("basis"); ok {
			basis = p.enum(b, p.enumValues("DateBasis"))
		}
		is, ok := m.get("is")
		m.pass(provenanceKeys)
		m.rest([]string{"is", "basis"})
		if !ok {
			p.wrong(n, "the date is missing", "add `is:` with the date")
			return graph.Period{}
		}
		n = is
	}
	s := p.text(n)
	if s == "" {
		return graph.Period{}
	}
	period, err := graph.ParsePeriod(s, graph.DateBasis(basis))
	if err != nil {
		p.wrong(n, err.Error(), "")
	}
	return period
}

// moment reads a time: RFC 3339, or a date in EDTF, which counts until the end of its last day in the case's time zone.
// known is false where the date is open at its end.
func (p *parser) moment(n place) (at time.Time, edtf string, known bool) {
	s := p.text(n)
	if s == "" {
		return time.Time{}, "", false
	}
	if strings.ContainsAny(s, "T:") {
		t, err := time.Parse(time.RFC3339, s)
		if err != nil {
			p.wrong(n, graph.Quote(s)+" is no time", "write 2024-11-11T11:00:00Z, or a date such as 2024-11-11")
			return time.Time{}, "", false
		}
		return t.UTC().Truncate(time.Second), "", true
	}
	period, err := graph.ParsePeriod(s, "")
	if err != nil {
		p.wrong(n, err.Error(), "")
		return time.Time{}, "", false
	}
	if period.To == "" {
		return time.Time{}, period.EDTF, false
	}
	return p.endOf(period.To), period.EDTF, true
}

// endOf is the last second of a day in the case's time zone.
func (p *parser) endOf(day string) time.Time {
	t, _ := time.ParseInLocation(time.DateOnly, day, p.zone)
	return t.AddDate(0, 0, 1).Add(-time.Second).UTC()
}

func stamp(t time.Time) string { return t.Format(time.RFC3339) }

// scalar reads a value of a stored field by its type; nil, with a problem, where it is none.
func (p *parser) scalar(n place, f *schema.Field, stored *graph.Field) any {
	var v any
	switch stored.Type {
	case graph.Int:
		v = p.integer(n)
	case graph.Float:
		v = p.float(n)
	case graph.Boolean:
		if b := p.boolean(n); b != nil {
			v = *b
		}
	case graph.StringList:
		v = p.texts(n)
	case graph.Date:
		if s := p.text(n); s != "" {
			if err := graph.ParseDay(s); err != nil {
				p.wrong(n, err.Error(), "")
			} else {
				v = s
			}
		}
	case graph.DateTime:
		if t, _, known := p.moment(n); known {
			v = stamp(t)
		}
	case graph.Enum:
		if s := p.enum(n, stored.Values); s != "" {
			v = s
		}
	default:
		s := p.text(n)
		if stored.Index && len(s) > graph.MaxText {
			p.wrong(n, "this has "+strconv.Itoa(len(s))+" bytes", "a "+graph.Kebab(f.Name)+" has at most "+strconv.Itoa(graph.MaxText))
			s = ""
		}
		if s != "" {
			v = s
		}
	}
	return v
}
