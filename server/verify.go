package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/raidgraph/raidgraph/graph"
	"github.com/raidgraph/raidgraph/graph/asof"
	"github.com/raidgraph/raidgraph/graph/gql"
)

type verifyCommand struct {
	DatabaseConfig `embed:""`

	AsOf AsOfConfig `embed:"" prefix:"as-of-" group:"Questions about the past"`
	File string     `arg:"" help:"An answer with a receipt (extensions.receipt), or the receipt alone; - for standard input."`
}

func (verifyCommand) Help() string {
	return `An answer has a receipt where it was asked for: by the header Raidgraph-Receipt: 1, or the extension {"receipt": true}.

The question is asked again of the graph as it was then, and as it is now. The answer of then must be the same, unless something was purged or the file was changed: otherwise the exit code is 1. What is answered otherwise now is listed, place by place, where the file has the answer; that is no error.`
}

// cited is an answer with its receipt.
type cited struct {
	Data       json.RawMessage `json:"data"`
	Extensions struct {
		Receipt *gql.Receipt `json:"receipt"`
	} `json:"extensions"`
}

func (c *verifyCommand) Run(p *process) error {
	answer, err := p.readReceipt(c.File)
	if err != nil {
		return err
	}
	store, err := c.open(p.ctx, p.model.Graph, readOnly)
	if err != nil {
		return err
	}
	defer store.Close()
	past := asof.New(asof.Config{Store: store, Schema: p.model.Graph, Dir: c.AsOf.Dir, Bytes: int64(c.AsOf.Bytes)})
	defer past.Close()
	engine, err := gql.New(gql.Config{Model: p.model, Store: store, Past: past})
	if err != nil {
		return err
	}
	v := &verifying{process: p, store: store, engine: engine, answer: answer, receipt: answer.Extensions.Receipt}
	return v.run()
}

// readReceipt reads an answer with a receipt, or a receipt alone, and holds its parts to its hashes.
func (p *process) readReceipt(file string) (*cited, error) {
	in := io.Reader(os.Stdin)
	if file != "-" {
		f, err := os.Open(file)
		if err != nil {
			return nil, graph.Wrap(graph.Invalid, fmt.Sprintf("%s cannot be read", file), pathless(err))
		}
		defer f.Close()
		in = f
	}
	text, err := io.ReadAll(in)
	if err != nil {
		return nil, graph.Wrap(graph.Invalid, fmt.Sprintf("%s cannot be read", file), pathless(err))
	}
	var a cited
	if err := json.Unmarshal(text, &a); err != nil {
		return nil, graph.Errorf(graph.Invalid, "%s is no JSON: %v", file, err)
	}
	if a.Extensions.Receipt == nil {
		a.Extensions.Receipt = &gql.Receipt{}
		if err := json.Unmarshal(text, a.Extensions.Receipt); err != nil {
			return nil, graph.Errorf(graph.Invalid, "%s is no receipt: %v", file, err)
		}
	}
	r := a.Extensions.Receipt
	if r.Format != 1 || r.Operation == "" || r.AnswerHash == "" {
		return nil, graph.Errorf(graph.Invalid, "%s has no receipt of format 1: ask for one by the header Raidgraph-Receipt: 1", file)
	}
	hash, err := gql.HashOperation(*r)
	if err != nil {
		return nil, err
	}
	if hash != r.OperationHash {
		return nil, graph.Errorf(graph.Invalid, "the operation in %s is not the one that its receipt was given for: the hash is another", file)
	}
	if len(a.Data) == 0 {
		return &a, nil
	}
	if hash, err = gql.HashJSON(a.Data); err != nil {
		return nil, err
	}
	if hash != r.AnswerHash {
		return nil, graph.Errorf(graph.Invalid, "the answer in %s is not the one that its receipt was given for: the hash is another", file)
	}
	return &a, nil
}

// verifying asks again.
type verifying struct {
	*process
	store   graph.Store
	engine  *gql.Engine
	answer  *cited
	receipt *gql.Receipt
}

func (v *verifying) run() error {
	state := fmt.Sprintf("as of change %d, %s", v.receipt.AsOf.Change, v.receipt.AsOf.At.Format("2006-01-02 15:04:05 -07:00"))
	extension, err := json.Marshal(map[string]any{"receipt": v.receipt.AsOf})
	if err != nil {
		return err
	}
	then, err := v.ask(extension)
	if err != nil {
		return fmt.Errorf("%s the question is not answered any more: %w", state, err)
	}
	if then.Extensions.Receipt.Schema != v.receipt.Schema {
		v.tell("note: the schema of the API is another one than then\n")
	}
	same := then.Extensions.Receipt.AnswerHash == v.receipt.AnswerHash
	if same {
		v.tell("same: %s the answer is the one of the receipt\n", state)
	} else {
		v.tell("CHANGED: %s the answer is not the one of the receipt\n", state)
		if purged, err := graph.PurgedAfter(v.ctx, v.store, v.model.Graph, v.receipt.AsOf.Change); err == nil && purged > 0 {
			v.tell("since then %d nodes were purged: see tombstones\n", purged)
		}
		v.differences(then.Data)
	}
	now, err := v.ask(json.RawMessage(`{"receipt":true}`))
	switch {
	case err != nil:
		v.tell("now: the question is not answered: %v\n", err)
	case now.Extensions.Receipt.AnswerHash == v.receipt.AnswerHash:
		v.tell("now, after change %d: the same\n", now.Extensions.Receipt.AsOf.Change)
	default:
		v.tell("now, after change %d: another answer\n", now.Extensions.Receipt.AsOf.Change)
		v.differences(now.Data)
	}
	if !same {
		return toldError{graph.Errorf(graph.Conflict, "the answer of then is another one")}
	}
	return nil
}

func (v *verifying) tell(format string, args ...any) {
	_, _ = fmt.Fprintf(v.out, format, args...) // nobody may read it
}

// ask asks the question of the receipt.
func (v *verifying) ask(extensions json.RawMessage) (*cited, error) {
	resp := v.engine.Execute(v.ctx, gql.Request{Query: v.receipt.Operation, OperationName: v.receipt.OperationName, Variables: v.receipt.Variables, Extensions: extensions})
	defer resp.Release()
	var a struct {
		cited
		Errors []struct{ Message string }
	}
	if err := json.Unmarshal(resp.Body, &a); err != nil {
		return nil, err
	}
	if len(a.Errors) > 0 {
		return nil, &graph.Error{Code: resp.Code, Message: a.Errors[0].Message}
	}
	if a.Extensions.Receipt == nil {
		return nil, errors.New("the answer has no receipt")
	}
	return &a.cited, nil
}
