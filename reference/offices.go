package reference

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/raidgraph/raidgraph/graph"
)

const officeSource = "source:reference-offices"

// offices reads who holds or held which post: an official for each name, an office for each row.
func offices(b *builder) error {
	if err := b.source(officeSource, "Offices and who holds them (reference table)", "en"); err != nil {
		return err
	}
	rows, err := table("offices.csv")
	if err != nil {
		return err
	}
	for _, r := range rows {
		official := "official:" + slug(r["person"])
		if b.byID[official] == nil {
			n, err := b.node(official)
			if err != nil {
				return err
			}
			n.Set("name", r["person"])
			b.name(official, r["person"], "en", "Latn", "COMMON")
			if err := b.evidence(official, officeSource, text(": ", r["status"], r["evidence"])); err != nil {
				return err
			}
		}
		id := "office:" + slug(r["person"]) + "-" + slug(title(r["post"]))
		n, err := b.node(id)
		if err != nil {
			return err
		}
		n.Set("post", r["post"])
		if err := period(n, r["from_edtf"], r["to_edtf"]); err != nil {
			return err
		}
		b.edge("HELD_BY", id, official)
		if r["org_id"] != "" {
			b.edge("AT", id, "agency:"+r["org_id"])
		}
		if err := b.evidence(id, officeSource, text(": ", r["status"], r["evidence"])); err != nil {
			return err
		}
	}
	return nil
}

// period sets from when to when an office was held. A table that does not say when it ended leaves the end open; one that
// gives a span for an end is read by the month that the span lies in.
func period(n *graph.Node, from, to string) error {
	if from == "" && to == "" {
		return nil
	}
	ends := []string{from, to}
	for i, end := range ends {
		if end == "" {
			ends[i] = ".."
		} else if first, last, span := strings.Cut(end, "/"); span {
			if ends[i] = first[:len("2008-11")]; !strings.HasPrefix(last, ends[i]) {
				return fmt.Errorf("reference: offices.csv: %s is a span over more than a month", end)
			}
		}
	}
	p, err := graph.ParsePeriod(ends[0]+"/"+ends[1], graph.BasisStated)
	if err != nil {
		return err
	}
	n.Set("period.edtf", p.EDTF).Set("period.basis", string(p.Basis))
	if p.From != "" {
		n.Set("period.from", p.From)
	}
	if p.To != "" {
		n.Set("period.to", p.To)
	}
	return nil
}

var remark = regexp.MustCompile(`\s*\([^)]*\)`)

// title is the post without remarks and without where it is held.
func title(post string) string {
	post = remark.ReplaceAllString(post, "")
	post, _, _ = strings.Cut(post, ",")
	post, _, _ = strings.Cut(post, " of the ")
	return post
}

var notInIDs = regexp.MustCompile(`[^a-z0-9]+`)

// slug is a name as a part of an id.
func slug(name string) string {
	return strings.Trim(notInIDs.ReplaceAllString(strings.ToLower(name), "-"), "-")
}
