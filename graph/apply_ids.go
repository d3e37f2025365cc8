package graph

import (
	"context"
	"hash/maphash"
	"iter"
	"maps"
	"slices"
	"strings"
)

// idBatch is how many nodes are asked for at a time where only ids are read.
const idBatch = 1_000

// idSet is a set of ids.
type idSet map[string]struct{}

// add keeps a copy of the id: the id itself may be a part of a whole answer of the store's.
func (s idSet) add(id string) {
	if _, there := s[id]; !there {
		s[strings.Clone(id)] = struct{}{}
	}
}

// idSets are sets of ids that share bounded memory: the ids themselves while they are few, and then a filter, by which some
// nodes are taken for members that are none.
type idSets struct {
	most, held int
	sets       []*nodeSet
	filter     *idFilter
}

// add makes a set for ids of nodes of a kind. page reads them, see readAfter; a set without is always empty.
func (s *idSets) add(page *Plan) *nodeSet {
	n := &nodeSet{of: s, salt: uint64(len(s.sets)), page: page}
	s.sets = append(s.sets, n)
	return n
}

// spill moves all ids to a filter.
func (s *idSets) spill() {
	s.filter = newIDFilter()
	for _, n := range s.sets {
		for id := range n.ids {
			s.filter.add(n.salt, id)
		}
		n.ids = nil
	}
}

// nodeSet is one of idSets: ids of nodes of one kind.
type nodeSet struct {
	of   *idSets
	salt uint64
	ids  idSet
	page *Plan
}

func (n *nodeSet) add(id string) {
	s := n.of
	if s.filter != nil {
		s.filter.add(n.salt, id)
		return
	}
	if n.ids == nil {
		n.ids = idSet{}
	}
	before := len(n.ids)
	n.ids.add(id)
	s.held += len(n.ids) - before
	if s.held > s.most {
		s.spill()
	}
}

// empty says that nothing was added.
func (n *nodeSet) empty() bool { return n.of.filter == nil && len(n.ids) == 0 }

// batches yields the ids in order, projectBatch at a time. Where only the filter has them, it goes through the nodes of the
// kind to find them.
func (n *nodeSet) batches(ctx context.Context, tx Tx) iter.Seq2[[]string, error] {
	if n.of.filter != nil {
		return n.filtered(ctx, tx)
	}
	return func(yield func([]string, error) bool) {
		for batch := range slices.Chunk(slices.Sorted(maps.Keys(n.ids)), projectBatch) {
			if !yield(batch, nil) {
				return
			}
		}
	}
}

func (n *nodeSet) filtered(ctx context.Context, tx Tx) iter.Seq2[[]string, error] {
	return func(yield func([]string, error) bool) {
		if n.page == nil {
			return
		}
		var batch []string
		after, more := "", true
		for more {
			rows, err := ask(ctx, tx, n.page, int64(idBatch), after)
			if err != nil {
				yield(nil, err)
				return
			}
			for _, row := range rows {
				after = rowID(row)
				if !n.of.filter.has(n.salt, after) {
					continue
				}
				if batch = append(batch, after); len(batch) == projectBatch {
					if !yield(batch, nil) {
						return
					}
					batch = batch[:0]
				}
			}
			more = len(rows) == idBatch
		}
		if len(batch) > 0 {
			yield(batch, nil)
		}
	}
}

// idFilter is a set of a fixed size: it has every id that was added, and now and then one that was not. With as many ids as
// it has bits, it has about two in three of the others.
type idFilter struct {
	seed maphash.Seed
	bits []uint64
}

// filterBits is the size of a filter; 1 MiB of memory.
const filterBits = 8 << 20

func newIDFilter() *idFilter {
	return &idFilter{seed: maphash.MakeSeed(), bits: make([]uint64, filterBits/64)}
}

func (f *idFilter) add(salt uint64, id string) {
	word, bit := f.place(salt, id)
	f.bits[word] |= bit
}

func (f *idFilter) has(salt uint64, id string) bool {
	word, bit := f.place(salt, id)
	return f.bits[word]&bit != 0
}

func (f *idFilter) place(salt uint64, id string) (word int, bit uint64) {
	h := (maphash.String(f.seed, id) + salt*0x9E3779B97F4A7C15) % filterBits
	return int(h / 64), 1 << (h % 64)
}
