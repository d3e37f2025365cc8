package main

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"

	"github.com/raidgraph/raidgraph/graph/gql"
)

// question is one question that is asked of raidgraph in GraphQL, and of a floor as a URL of its own.
type question struct {
	// name is the floor's path too.
	name string
	// query is the GraphQL document.
	query string
	// variables are those of the i-th request, in a graph with so many raids; nil where there are none. The floor gets the
	// same as parameters of the URL.
	variables func(raids, i int) map[string]string
	// steady: its answer does not grow with the graph, and so its cost must not either.
	steady bool
}

// questions are asked on both stores. Each asks for a page in an order, so that there is one right answer.
var questions = []question{
	{
		name:      "lookup",
		query:     `query ($id: ID!) { raid(id: $id) { id name date { edtf from to basis } contested } }`,
		variables: func(raids, i int) map[string]string { return map[string]string{"id": raidID(i * 7919 % raids)} },
		steady:    true,
	},
	{
		name: "list",
		query: `query ($from: Date) { raids(where: {contested: {eq: true}, date: {within: {from: $from}}}, orderBy: [{field: DATE}], first: 50)
			{ nodes { id name date { edtf from to } contested } pageInfo { hasNextPage } } }`,
		variables: func(_, i int) map[string]string {
			return map[string]string{"from": fmt.Sprintf("%d-%02d-01", 2015+i%6, 1+i%12)}
		},
		steady: true,
	},
	{
		name: "nested",
		query: `{ compounds(first: 50) { nodes { id name raids(first: 10) { nodes { id name date { from }
			claims(first: 5) { nodes { id property measure } } } } } } }`,
		steady: true,
	},
	{
		name: "hub",
		query: `query ($id: ID!) { province(id: $id) { id name raids(orderBy: [{field: DATE, direction: DESC}], first: 25)
			{ totalCount nodes { id name date { from } } } } }`,
		variables: func(int, int) map[string]string { return map[string]string{"id": hubProvince} },
	},
	{
		name: "hubsource",
		query: `query ($id: ID!) { source(id: $id) { id title claims(first: 25)
			{ totalCount nodes { id property publishedAt } } } }`,
		variables: func(int, int) map[string]string { return map[string]string{"id": hubSource} },
	},
	{
		name: "farend",
		query: `query ($agency: ID!) { raids(where: {participants: {some: {id: {eq: $agency}, role: {eq: LEAD}}}},
			orderBy: [{field: DATE, direction: DESC}], first: 25) { nodes { id name date { from } contested } } }`,
		variables: func(raids, i int) map[string]string {
			return map[string]string{"agency": unitID(i % (raids/raidsPerUnit + 1))}
		},
	},
	{
		name:   "thousand",
		query:  `{ claims(orderBy: [{field: PUBLISHED_AT}], first: 1000) { nodes { id property measure share publishedAt } } }`,
		steady: true,
	},
}

// variants is how many different requests a question is asked with, in turn.
const variants = 256

// request is the i-th request.
func (q question) request(raids, i int) gql.Request {
	req := gql.Request{Query: strings.Join(strings.Fields(q.query), " ")}
	if q.variables == nil {
		return req
	}
	var err error
	if req.Variables, err = json.Marshal(q.variables(raids, i)); err != nil {
		panic(err)
	}
	return req
}

// graphql is the body of the i-th request for raidgraph.
func (q question) graphql(raids, i int) []byte {
	req := q.request(raids, i)
	text, err := json.Marshal(map[string]any{"query": req.Query, "variables": req.Variables})
	if err != nil {
		panic(err)
	}
	return text
}

// url is the path and parameters of the i-th request for the floor.
func (q question) url(raids, i int) string {
	values := url.Values{}
	if q.variables != nil {
		for name, v := range q.variables(raids, i) {
			values.Set(name, v)
		}
	}
	return "/" + q.name + "?" + values.Encode()
}

// number is how many variants the question has.
func (q question) number() int {
	if q.variables == nil {
		return 1
	}
	return variants
}
