module github.com/raidgraph/raidgraph

go 1.26
