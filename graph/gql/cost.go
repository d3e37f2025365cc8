package gql

import "github.com/raidgraph/raidgraph/graph"

// listCost is what a plain list counts for, since its length is not known before.
const listCost = 10

// boundedCost is what a select counts for that a computed field reads whole. It is mostly short, nests in others of its kind, and is refused
// where it is longer than Limits.Read.
const boundedCost = 3

// cost is how many rows the operation may read: the sizes of nested pages multiplied, summed over all selects.
func (o *operation) cost(args []any) int64 {
	var total int64
	for _, s := range o.plan.Roots {
		total = saturate(total + o.selectCost(s, args))
	}
	return total
}

func (o *operation) selectCost(s *graph.Select, args []any) int64 {
	rows := o.selectRows(s, args)
	each := int64(1)
	for _, c := range s.Children {
		each = saturate(each + o.selectCost(c, args))
	}
	if s.Group != nil {
		for _, k := range s.Group.Keys {
			if k.Node != nil {
				for _, c := range k.Node.Children {
					each = saturate(each + o.selectCost(c, args))
				}
			}
		}
	}
	if rows > 0 && each > maxCost/rows {
		return maxCost
	}
	return rows * each
}

// selectRows is how many rows a select may give for one row of its parent.
func (o *operation) selectRows(s *graph.Select, args []any) int64 {
	switch {
	case s.Via != nil && s.Via.One:
		return 1
	case o.bounded[s]:
		return boundedCost
	case s.Group != nil:
		return defaultPage
	case s.Via == nil && s.Where != nil && s.Where.Op == graph.In && s.Where.Field.Owner == graph.OfID:
		if ids, ok := args[s.Where.Arg].([]any); ok {
			return int64(len(ids))
		}
	case s.Page.Limit != graph.NoArg:
		if n, ok := args[s.Page.Limit].(int64); ok {
			if o.peeking[s] {
				n-- // the row behind the page does not count
			}
			return max(n, 1)
		}
	}
	return listCost
}

// maxCost is where costs stop growing.
const maxCost = 1 << 40

func saturate(n int64) int64 { return min(n, maxCost) }
