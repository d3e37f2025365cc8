package graph

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"hash"
)

// digest stands for the content of a change: what it does, by whose word, who applies it and why.
func digest(c *Change) string {
	d := digester{sha256.New()}
	d.values(c.By, c.Note, string(c.Origin))
	for i := range c.Operations {
		d.operation(&c.Operations[i])
	}
	return hex.EncodeToString(d.Sum(nil))
}

type digester struct{ hash.Hash }

// values takes in values behind each other, each with its end.
func (d digester) values(values ...any) {
	for _, v := range values {
		text, err := json.Marshal(v)
		if err != nil {
			panic(err) // texts, numbers and lists of them can always be written
		}
		d.Write(append(text, '\n'))
	}
}

func (d digester) record(r Record) { d.Write(append(AppendRecord(nil, r), '\n')) }

func (d digester) operation(op *Operation) {
	d.values(string(op.Do), op.ID, op.Expected, op.Given)
	if op.Node != nil {
		d.record(op.Node)
	}
	for _, l := range op.Edges {
		d.record(l.Edge)
	}
	for _, e := range op.Ends {
		d.values(e.Relation.Type)
	}
	if op.Edge != nil {
		d.record(op.Edge)
	}
	d.values(op.Evidence)
	if op.Judging != nil {
		d.values(op.Judging)
	}
}
