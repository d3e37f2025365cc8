package graph

import "slices"

// parts gives the figures of the claims that are a part of one of the direct claims: one for each measure and facets, with everything that is
// said about them; and one for each part that shares measure and facets with its total, for those are about different people.
func (b *figureBook) parts(c figureCell, direct []int, path []figureCell) []Figure {
	path = append(slices.Clip(path), c)
	var cells []figureCell
	facets := map[figureCell]Facets{}
	var unlike []int
	for _, i := range b.order {
		total, ok := b.total(i)
		if !ok || i == total || !slices.Contains(direct, total) {
			continue
		}
		if cell := b.cells[i]; b.partial[i] {
			if !slices.Contains(direct, i) {
				unlike = append(unlike, i)
			}
		} else if _, seen := facets[cell]; !seen && !slices.Contains(path, cell) {
			cells, facets[cell] = append(cells, cell), b.claims[i].Facets
		}
	}
	slices.SortFunc(cells, compareFigureCells)
	var figures []Figure
	for _, cell := range cells {
		figures = append(figures, b.figure(cell, facets[cell], path))
	}
	for _, i := range unlike {
		figures = append(figures, b.partFigure(i, path))
	}
	return figures
}
