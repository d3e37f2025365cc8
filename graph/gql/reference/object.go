// Package reference is gqlgen's execution of the API, generated, over objects that are made beforehand. It is slow and by
// the book: it answers introspection, and tests compare the fast way with it.
package reference

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
)

// Object is a GraphQL object with the values of what was asked of it, by response key: nil, string, int, float64, bool, []string,
// *Object or []*Object.
type Object struct {
	Type   string
	Values map[string]any
}

type rootKey struct{}

// WithRoot gives the context the object that root fields are read from.
func WithRoot(ctx context.Context, o *Object) context.Context {
	return context.WithValue(ctx, rootKey{}, o)
}

func root(ctx context.Context) *Object { return ctx.Value(rootKey{}).(*Object) }

// value is what the object holds for the field that is being executed.
func value(ctx context.Context, o *Object) any {
	return o.Values[graphql.GetFieldContext(ctx).Field.Alias]
}

func leaf[T any](ctx context.Context, o *Object) (*T, error) {
	v, ok := value(ctx, o).(T)
	if !ok {
		return nil, nil
	}
	return &v, nil
}

func leaves[T any](ctx context.Context, o *Object) ([]T, error) {
	v, _ := value(ctx, o).([]T)
	return v, nil
}

func object[T ~struct{ o *Object }](ctx context.Context, o *Object) (*T, error) {
	v, _ := value(ctx, o).(*Object)
	if v == nil {
		return nil, nil
	}
	return &T{v}, nil
}

func objects[T ~struct{ o *Object }](ctx context.Context, o *Object) ([]*T, error) {
	list, _ := value(ctx, o).([]*Object)
	if list == nil && !graphql.GetFieldContext(ctx).Field.Definition.Type.NonNull {
		return nil, nil
	}
	out := make([]*T, len(list))
	for i, v := range list {
		if v != nil {
			out[i] = &T{v}
		}
	}
	return out, nil
}

func abstract[T any](ctx context.Context, o *Object) (T, error) {
	var none T
	v, _ := value(ctx, o).(*Object)
	if v == nil {
		return none, nil
	}
	t, _ := typed(v).(T)
	return t, nil
}

func abstracts[T any](ctx context.Context, o *Object) ([]T, error) {
	list, _ := value(ctx, o).([]*Object)
	out := make([]T, len(list))
	for i, v := range list {
		if v != nil {
			out[i], _ = typed(v).(T)
		}
	}
	return out, nil
}
