package gql

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/gowebpki/jcs"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/formatter"

	"github.com/raidgraph/raidgraph/graph"
)

// Receipt is what makes an answer citable: what was asked, of which state of the graph, and what the answer was, so that anybody
// can ask again and see whether it is the same. Hashes are "sha256:" and hexadecimal digits; JSON is hashed in the form of RFC 8785.
type Receipt struct {
	// Format is that of the receipt: 1.
	Format int `json:"format"`
	// Operation is the query without comments and in uniform spacing, with the fragments of its document. Variables are as given.
	Operation     string          `json:"operation"`
	OperationName string          `json:"operationName,omitempty"`
	Variables     json.RawMessage `json:"variables,omitempty"`
	// OperationHash is the hash of {"operation", "operationName", "variables"} (the last two where there are such).
	OperationHash string `json:"operationHash"`
	// AsOf is the state that was asked.
	AsOf Then `json:"asOf"`
	// Schema is the hash of the API's schema.
	Schema string `json:"schema"`
	// AnswerHash is the hash of data.
	AnswerHash string `json:"answerHash"`
	// Searched says of each root field that found nothing what was searched.
	Searched []Searched `json:"searched,omitempty"`
}

// Then is the state of a graph that was asked: after a change, at a time in the graph's time zone. Today, and whatever else depends on
// the clock, is meant then and there.
type Then struct {
	Change int64     `json:"change"`
	At     time.Time `json:"at"`
}

// Searched is what a field looked through.
type Searched struct {
	// Field is the response key; Kinds are those that were looked for, and Nodes how many there were of them in that state.
	Field string   `json:"field"`
	Kinds []string `json:"kinds"`
	Nodes int64    `json:"nodes"`
}

// receiptAsked is what is asked of a receipt. again: the state is given.
type receiptAsked struct {
	Receipt
	then  Then
	again bool
}

// receiptAsked reads whether a receipt is asked for, by Request.Receipt or by the extension {"receipt": true}; or
// {"receipt": {"change": 7, "at": "2024-11-12T08:00:00Z"}}, which asks the state of an earlier receipt again.
func (e *Engine) receiptAsked(req Request, d *document, vars map[string]any) (*receiptAsked, error) {
	if len(req.Extensions) == 0 && !req.Receipt {
		return nil, nil
	}
	out := &receiptAsked{then: Then{At: e.now().Truncate(time.Second)}}
	asked, err := out.read(req, e.now())
	if err != nil || !asked {
		return nil, err
	}
	if d.operation.Operation != ast.Query || d.introspects {
		return nil, graph.Errorf(graph.Invalid, "a receipt is given for queries of the graph, not of the schema")
	}
	var b strings.Builder
	formatter.NewFormatter(&b).FormatQueryDocument(&ast.QueryDocument{Operations: ast.OperationList{d.operation}, Fragments: d.query.Fragments})
	out.Format, out.Operation, out.OperationName, out.Schema = 1, b.String(), d.operation.Name, hashOf([]byte(e.sdl))
	if len(vars) > 0 {
		if out.Variables, err = jcs.Transform(req.Variables); err != nil {
			return nil, graph.Wrap(graph.Invalid, "variables cannot be put into the form of RFC 8785", err)
		}
	}
	out.OperationHash, err = HashOperation(out.Receipt)
	return out, err
}

// read says whether a request asks for a receipt, and reads the state that it gives.
func (r *receiptAsked) read(req Request, now time.Time) (bool, error) {
	if len(req.Extensions) == 0 {
		return req.Receipt, nil
	}
	var extensions struct {
		Receipt json.RawMessage `json:"receipt"`
	}
	if err := json.Unmarshal(req.Extensions, &extensions); err != nil {
		return false, graph.Errorf(graph.Invalid, "extensions is no JSON object")
	}
	switch string(extensions.Receipt) {
	case "", "null", "false":
		return req.Receipt, nil
	case "true":
		return true, nil
	}
	r.again, r.then = true, Then{}
	if err := json.Unmarshal(extensions.Receipt, &r.then); err != nil || r.then.Change < 0 || r.then.At.IsZero() || r.then.At.After(now) {
		return false, graph.Errorf(graph.Invalid,
			`extensions.receipt is true, or the asOf of a receipt, such as {"change": 7, "at": "2024-11-12T08:00:00Z"}, with a time that has come`)
	}
	return true, nil
}

// HashOperation is the hash of what a receipt says was asked.
func HashOperation(r Receipt) (string, error) {
	text, err := json.Marshal(struct {
		Operation     string          `json:"operation"`
		OperationName string          `json:"operationName,omitempty"`
		Variables     json.RawMessage `json:"variables,omitempty"`
	}{r.Operation, r.OperationName, r.Variables})
	if err != nil {
		return "", graph.Wrap(graph.Invalid, "the variables are no JSON", err)
	}
	return HashJSON(text)
}

// HashJSON is the hash of JSON in the form of RFC 8785.
func HashJSON(text []byte) (string, error) {
	canonical, err := jcs.Transform(text)
	if err != nil {
		return "", graph.Wrap(graph.Invalid, "this cannot be put into the form of RFC 8785", err)
	}
	return hashOf(canonical), nil
}

func hashOf(text []byte) string {
	return fmt.Sprintf("sha256:%x", sha256.Sum256(text))
}
