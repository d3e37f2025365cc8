package gql

import "github.com/raidgraph/raidgraph/graph"

// listCost is what a plain list counts for, since its length is not known before.
const listCost = 10

// cost is how many rows the operation may read: the sizes of nested pages multiplied, summed over all selects.
func (o *operation) cost(args []any) int64 {
	var total int64
	for _, s := range o.plan.Roots {
		total = saturate(total + selectCost(s, args))
	}
	return total
}

func selectCost(s *graph.Select, args []any) int64 {
	rows := int64(listCost)
	switch {
	case s.Via != nil && s.Via.One:
		rows = 1
	case s.Group != nil:
		rows = defaultPage
	case s.Page.Limit != graph.NoArg:
		if n, ok := args[s.Page.Limit].(int64); ok {
			rows = n
		}
	}
	each := int64(1)
	for _, c := range s.Children {
		each = saturate(each + selectCost(c, args))
	}
	if s.Group != nil {
		for _, k := range s.Group.Keys {
			if k.Node != nil {
				for _, c := range k.Node.Children {
					each = saturate(each + selectCost(c, args))
				}
			}
		}
	}
	if rows > 0 && each > maxCost/rows {
		return maxCost
	}
	return rows * each
}

// maxCost is where costs stop growing.
const maxCost = 1 << 40

func saturate(n int64) int64 { return min(n, maxCost) }
