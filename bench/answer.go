package main

// The answers of the floors: structs in the shape of raidgraph's answer, as one writes them by hand for encoding/json.

// answer is the whole of an answer.
type answer struct {
	Data any `json:"data"`
}

type lookupAnswer struct {
	Raid *raidFull `json:"raid"`
}

type raidFull struct {
	ID        string     `json:"id"`
	Name      string     `json:"name"`
	Date      periodFull `json:"date"`
	Contested bool       `json:"contested"`
}

type periodFull struct {
	EDTF  string  `json:"edtf"`
	From  *string `json:"from"`
	To    *string `json:"to"`
	Basis string  `json:"basis"`
}

type listAnswer struct {
	Raids struct {
		Nodes    []raidListed `json:"nodes"`
		PageInfo struct {
			HasNextPage bool `json:"hasNextPage"`
		} `json:"pageInfo"`
	} `json:"raids"`
}

type raidListed struct {
	ID        string       `json:"id"`
	Name      string       `json:"name"`
	Date      periodListed `json:"date"`
	Contested bool         `json:"contested"`
}

type periodListed struct {
	EDTF string  `json:"edtf"`
	From *string `json:"from"`
	To   *string `json:"to"`
}

type nodes[T any] struct {
	Nodes []T `json:"nodes"`
}

type counted[T any] struct {
	Total int64 `json:"totalCount"`
	Nodes []T   `json:"nodes"`
}

type nestedAnswer struct {
	Compounds nodes[*compoundNested] `json:"compounds"`
}

type compoundNested struct {
	ID    string             `json:"id"`
	Name  string             `json:"name"`
	Raids nodes[*raidNested] `json:"raids"`
}

type raidNested struct {
	ID     string             `json:"id"`
	Name   string             `json:"name"`
	Date   since              `json:"date"`
	Claims nodes[claimNested] `json:"claims"`
}

type since struct {
	From *string `json:"from"`
}

type claimNested struct {
	ID       string  `json:"id"`
	Property string  `json:"property"`
	Measure  *string `json:"measure"`
}

type hubAnswer struct {
	Province *provinceHub `json:"province"`
}

type provinceHub struct {
	ID    string           `json:"id"`
	Name  string           `json:"name"`
	Raids counted[raidHub] `json:"raids"`
}

type raidHub struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Date since  `json:"date"`
}

type hubSourceAnswer struct {
	Source *sourceHub `json:"source"`
}

type sourceHub struct {
	ID     string            `json:"id"`
	Title  *string           `json:"title"`
	Claims counted[claimHub] `json:"claims"`
}

type claimHub struct {
	ID          string  `json:"id"`
	Property    string  `json:"property"`
	PublishedAt *string `json:"publishedAt"`
}

type farEndAnswer struct {
	Raids nodes[raidFar] `json:"raids"`
}

type raidFar struct {
	ID        string `json:"id"`
	Name      string `json:"name"`
	Date      since  `json:"date"`
	Contested bool   `json:"contested"`
}

type thousandAnswer struct {
	Claims nodes[claimFlat] `json:"claims"`
}

type claimFlat struct {
	ID          string  `json:"id"`
	Property    string  `json:"property"`
	Measure     *string `json:"measure"`
	Share       *string `json:"share"`
	PublishedAt *string `json:"publishedAt"`
}
