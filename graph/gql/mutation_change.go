package gql

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/raidgraph/raidgraph/graph"
	"github.com/raidgraph/raidgraph/graph/schema"
)

// change reads the arguments of a mutation.
func (e *Engine) change(f *ast.Field, vars map[string]any) (c graph.Change, err error) {
	r := &inputReader{model: e.model, most: e.limits.Changes}
	defer func() {
		if v := recover(); v != nil {
			failure, ok := v.(planFailure)
			if !ok {
				panic(v)
			}
			err = failure.err
		}
	}()
	args := map[string]any{}
	for _, a := range f.Arguments {
		if v, given := valueOf(a.Value, vars); given {
			args[a.Name] = v
		}
	}
	c.ID = r.text("changeId", args["changeId"])
	c.By, c.Note = r.text("by", args["by"]), r.text("note", args["note"])
	c.DryRun = args["dryRun"] == true
	if f.Name == "applyChanges" {
		for i, step := range items(args["changes"]) {
			if i == r.most {
				return c, graph.Errorf(graph.TooLarge, "changes has more than %s steps: send the others as another change", number(r.most))
			}
			c.Operations = append(c.Operations, r.step("changes."+strconv.Itoa(i), step))
		}
		return c, nil
	}
	if _, judges := judging[f.Name]; judges {
		op := r.judges(f.Name, "", args)
		op.Expected = r.expected("expectedVersion", args["expectedVersion"])
		c.Operations = []graph.Operation{op}
		return c, nil
	}
	for _, name := range []string{"input", "id", "relation"} {
		if v, given := args[name]; given {
			op := r.operation(f.Name, name, v)
			op.Expected = r.expected("expectedVersion", args["expectedVersion"])
			c.Operations = []graph.Operation{op}
		}
	}
	return c, nil
}

// valueOf is a value of the document with its variables; given is false for a variable without a value. In an object and a
// list, what is not given is left out.
func valueOf(v *ast.Value, vars map[string]any) (value any, given bool) {
	switch v.Kind {
	case ast.Variable:
		value, given = vars[v.Raw]
		return value, given
	case ast.ListValue:
		list := []any{}
		for _, c := range v.Children {
			if item, given := valueOf(c.Value, vars); given {
				list = append(list, item)
			}
		}
		return list, true
	case ast.ObjectValue:
		object := make(map[string]any, len(v.Children))
		for _, c := range v.Children {
			if item, given := valueOf(c.Value, vars); given {
				object[c.Name] = item
			}
		}
		return object, true
	}
	value, err := v.Value(vars)
	if err != nil {
		panic(planFailure{located(graph.Invalid, v.Position, "the value %s cannot be read", quoted(v.Raw))})
	}
	return value, true
}

// items are the elements of a list; a single value is a list of one, null none.
func items(v any) []any {
	switch v := v.(type) {
	case nil:
		return nil
	case []any:
		return v
	}
	return []any{v}
}

// inputReader makes operations of what a mutation is given. The values are of the types that the schema gives them; what is
// wrong with them otherwise is a planFailure, that names the place.
type inputReader struct {
	model *schema.Model
	most  int
}

func (r *inputReader) invalid(path, format string, args ...any) {
	panic(planFailure{graph.Errorf(graph.Invalid, "%s: %s", path, fmt.Sprintf(format, args...))})
}

func (r *inputReader) check(path string, err error) {
	if err == nil {
		return
	}
	if e, ok := err.(*graph.Error); ok {
		panic(planFailure{&graph.Error{Code: e.Code, Message: path + ": " + e.Message}})
	}
	r.invalid(path, "%v", err)
}

func (r *inputReader) text(path string, v any) string {
	if v == nil {
		return ""
	}
	s, err := toText(path, v)
	if n, ok := v.(interface{ String() string }); err != nil && ok {
		return n.String() // a number for an ID
	}
	if err != nil {
		panic(planFailure{err})
	}
	return graph.Normalize(s)
}

func (r *inputReader) expected(path string, v any) *int64 {
	if v == nil {
		return nil
	}
	n, err := toInt(v)
	if err != nil {
		r.invalid(path, "it is no whole number")
	}
	return &n
}

// id is the id of a node, of one of the kinds where there are such.
func (r *inputReader) id(path string, v any, kinds []*graph.Kind) string {
	id := r.text(path, v)
	k, err := r.model.Graph.KindOfID(id)
	r.check(path, err)
	if len(kinds) > 0 && !hasKind(kinds, k) {
		var names []string
		for _, k := range kinds {
			names = append(names, k.Name)
		}
		r.invalid(path, "%s is of the kind %s, but here belongs %s", graph.Quote(id), k.Name, strings.Join(names, ", "))
	}
	return id
}

// step reads an element of applyChanges.
func (r *inputReader) step(path string, v any) graph.Operation {
	given, _ := v.(map[string]any)
	name := ""
	for key, value := range given {
		if key == "expectedVersion" || value == nil {
			continue
		}
		if name != "" {
			r.invalid(path, "it has %s and %s: each step does one thing", min(key, name), max(key, name))
		}
		name = key
	}
	if name == "" {
		r.invalid(path, "it does nothing: give it one of create..., update..., retract..., retractRelation, merge, unmerge, notSame, withdrawNotSame and revertChange")
	}
	op := r.operation(name, path+"."+name, given[name])
	op.Expected = r.expected(path+".expectedVersion", given["expectedVersion"])
	switch op.Do {
	case graph.Create, graph.Detach, graph.NotSame, graph.WithdrawNotSame:
		if op.Expected != nil {
			r.invalid(path+".expectedVersion", "it goes with update, retract, merge and unmerge")
		}
	}
	return op
}

// operation reads a step by its name, such as createRaid.
func (r *inputReader) operation(name, path string, v any) graph.Operation {
	op := graph.Operation{Path: path}
	if name == "retractRelation" {
		op.Do, op.Edge = graph.Detach, r.relation(path, v)
		return op
	}
	if _, judges := judging[name]; judges {
		given, _ := v.(map[string]any)
		return r.judges(name, path, given)
	}
	if name == "revertChange" {
		op.Do, op.ID = graph.Revert, r.id(path, v, r.model.Types["Change"].Kinds)
		return op
	}
	for _, t := range r.model.Recorded() {
		switch name {
		case "create" + t.Name:
			op.Do = graph.Create
			r.node(&op, t, path, v)
			return op
		case "update" + t.Name:
			op.Do = graph.Update
			r.node(&op, t, path, v)
			return op
		case "retract" + t.Name:
			op.Do, op.ID = graph.Retract, r.id(path, v, t.Kinds)
			return op
		}
	}
	r.invalid(path, "there is no step %s", graph.Quote(name))
	return op
}

// relation reads what tells a relationship apart.
func (r *inputReader) relation(path string, v any) *graph.Edge {
	given, _ := v.(map[string]any)
	rel := r.model.Graph.Relation(r.text(path+".type", given["type"]))
	if rel == nil {
		r.invalid(path+".type", "there is no relation %s", graph.Quote(r.text(path, given["type"])))
	}
	e := graph.NewEdge(rel, r.id(path+".from", given["from"], nil), r.id(path+".to", given["to"], nil))
	known := map[string]bool{"type": true, "from": true, "to": true}
	for _, f := range rel.Key {
		known[f.Name] = true
		value := given[f.Name]
		if value == nil {
			r.invalid(path+"."+f.Name, "it is missing: relationships %s are told apart by it", rel.Type)
		}
		e.Set(f.Name, r.leaf(path+"."+f.Name, f, value))
	}
	for name, value := range given {
		if !known[name] && value != nil {
			r.invalid(path+"."+name, "relationships %s have none", rel.Type)
		}
	}
	return e
}
