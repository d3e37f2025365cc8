package graph

import (
	"cmp"
	"container/heap"
	"iter"
	"slices"
	"sort"
)

// clashSpan is a claim as a stretch of whole numbers, of people or of days: what it is read as, and what its words say. The words lie
// inside the reading; both are nil at an open end.
type clashSpan struct {
	claim       int
	read, words Interval
}

// clashStream is one claim and those that lie wholly below it, the farthest first. All of them clash with it.
type clashStream struct {
	right clashSpan
	lefts []clashSpan
}

// clash is two claims that exclude each other.
type clash struct {
	left, right int
	gap         int64
}

// clashColumn holds the claims that bound some people, or some event, from above: by their upper end, ascending, ties by id. Those
// that are read wider than their words stand apart, so that in each of the two lists both ends ascend together: a tolerance
// widens a greater number by more, or all by as much.
type clashColumn struct{ firm, loose []clashSpan }

func (c *clashColumn) add(s clashSpan) {
	switch {
	case s.read.High == nil:
	case *s.read.High == *s.words.High:
		c.firm = append(c.firm, s)
	default:
		c.loose = append(c.loose, s)
	}
}

func (c *clashColumn) sort(claims []SubjectClaim) {
	for _, list := range [][]clashSpan{c.firm, c.loose} {
		slices.SortFunc(list, func(a, b clashSpan) int {
			return cmp.Or(cmp.Compare(*a.words.High, *b.words.High), cmp.Compare(claims[a.claim].ID, claims[b.claim].ID))
		})
	}
}

// appendBelow appends the streams of what lies wholly below s.
func (c *clashColumn) appendBelow(streams []clashStream, s clashSpan) []clashStream {
	if s.read.Low == nil {
		return streams
	}
	for _, list := range [][]clashSpan{c.firm, c.loose} {
		if n := sort.Search(len(list), func(i int) bool { return *list[i].read.High >= *s.read.Low }); n > 0 {
			streams = append(streams, clashStream{s, list[:n]})
		}
	}
	return streams
}

// head is the clash that a stream begins with.
func (s *clashStream) head() clash {
	left := s.lefts[0]
	return clash{left.claim, s.right.claim, *s.right.words.Low - *left.words.High}
}

// clashHeap holds streams, that with the first clash on top.
type clashHeap struct {
	claims  []SubjectClaim
	streams []clashStream
}

// Len is how many streams have something left.
func (h *clashHeap) Len() int { return len(h.streams) }

// Less orders by gap descending, then by the ids of left and right.
func (h *clashHeap) Less(i, j int) bool {
	a, b := h.streams[i].head(), h.streams[j].head()
	return cmp.Or(cmp.Compare(b.gap, a.gap), cmp.Compare(h.claims[a.left].ID, h.claims[b.left].ID),
		cmp.Compare(h.claims[a.right].ID, h.claims[b.right].ID)) < 0
}

// Swap swaps two streams.
func (h *clashHeap) Swap(i, j int) { h.streams[i], h.streams[j] = h.streams[j], h.streams[i] }

// Push adds a stream.
func (h *clashHeap) Push(x any) { h.streams = append(h.streams, x.(clashStream)) }

// Pop takes the last stream off.
func (h *clashHeap) Pop() any {
	last := h.streams[len(h.streams)-1]
	h.streams = h.streams[:len(h.streams)-1]
	return last
}

// mergeClashes tells the clashes of all streams, the greatest gap first, ties by the ids of the left and the right claim.
func mergeClashes(claims []SubjectClaim, streams []clashStream) iter.Seq[clash] {
	return func(yield func(clash) bool) {
		h := &clashHeap{claims, slices.Clone(streams)}
		heap.Init(h)
		for h.Len() > 0 {
			top := &h.streams[0]
			if !yield(top.head()) {
				return
			}
			if top.lefts = top.lefts[1:]; len(top.lefts) == 0 {
				heap.Pop(h)
			} else {
				heap.Fix(h, 0)
			}
		}
	}
}
