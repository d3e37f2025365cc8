package main

import (
	"net/url"
	"slices"
	"unicode/utf8"

	"github.com/raidgraph/raidgraph/graph"
	"github.com/raidgraph/raidgraph/graph/gql"
)

// decodeBody reads a request in JSON: an object with the members query, operationName, variables and extensions, each at
// most once, and no others. variables stay JSON, and part of the body.
func decodeBody(body []byte, nesting int) (gql.Request, error) {
	var req gql.Request
	if !utf8.Valid(body) {
		return req, graph.Errorf(graph.Invalid, "the body is not in UTF-8")
	}
	s := &jsonScanner{in: body, nesting: nesting}
	if err := s.request(&req); err != nil {
		return gql.Request{}, err
	}
	if req.Query == "" {
		return gql.Request{}, errNoQuery
	}
	return req, nil
}

var errNoQuery = graph.Errorf(graph.Invalid, `the request has no query: it would be such as {"query":"{ __typename }"}`)

var memberNames = [...]string{"query", "operationName", "variables", "extensions"}

func (s *jsonScanner) request(req *gql.Request) error {
	if s.blank(); s.at == len(s.in) {
		return graph.Errorf(graph.Invalid, `the body is empty: it would be such as {"query":"{ __typename }"}`)
	}
	if s.in[s.at] != '{' {
		return graph.Errorf(graph.Invalid, "the body is no JSON object; several requests in one are not taken")
	}
	var seen [len(memberNames)]bool
	err := s.members(func(name []byte) error {
		key := text(name)
		if i := slices.Index(memberNames[:], key); i >= 0 {
			if seen[i] {
				return graph.Errorf(graph.Invalid, "the request has the member %s twice", graph.Quote(key))
			}
			seen[i] = true
		}
		return s.member(req, key)
	})
	if err != nil {
		return err
	}
	if s.blank(); s.at < len(s.in) {
		return s.broken("nothing more may follow the request")
	}
	return nil
}

// member reads the value of one member of a request. Each but query may be null.
func (s *jsonScanner) member(req *gql.Request, name string) error {
	value, err := s.value(1)
	if err != nil {
		return err
	}
	null := string(value) == "null"
	switch name {
	case "query":
		if value[0] != '"' {
			return graph.Errorf(graph.Invalid, "query must be a text")
		}
		req.Query = text(value)
	case "operationName":
		if value[0] != '"' && !null {
			return graph.Errorf(graph.Invalid, "operationName must be a text")
		}
		if !null {
			req.OperationName = text(value)
		}
	case "variables":
		if value[0] != '{' && !null {
			return graph.Errorf(graph.Invalid, "variables must be an object, with a member for each variable, without the $")
		}
		if !null {
			req.Variables = value
		}
	case "extensions":
		if value[0] != '{' && !null {
			return graph.Errorf(graph.Invalid, "extensions must be an object")
		}
		if !null {
			req.Extensions = value
		}
	default:
		return graph.Errorf(graph.Invalid, "a request has no member %s: it has query, operationName, variables and extensions", graph.Quote(name))
	}
	return nil
}

// decodeURL reads a request from the parameters of a URL.
func decodeURL(rawQuery string, nesting int) (gql.Request, error) {
	req := gql.Request{ReadOnly: true}
	parameters, err := url.ParseQuery(rawQuery)
	if err != nil {
		return req, graph.Errorf(graph.Invalid, "the parameters of the URL cannot be read: %v", err)
	}
	for name, values := range parameters {
		value := values[0]
		switch {
		case len(values) > 1:
			return req, graph.Errorf(graph.Invalid, "the URL has the parameter %s twice", graph.Quote(name))
		case !utf8.ValidString(value):
			return req, graph.Errorf(graph.Invalid, "the parameter %s is not in UTF-8", graph.Quote(name))
		}
		switch name {
		case "query":
			req.Query = value
		case "operationName":
			req.OperationName = value
		case "variables", "extensions":
			if value == "" {
				continue
			}
			s := &jsonScanner{in: []byte(value), nesting: nesting}
			read, err := s.whole()
			if err != nil {
				return req, err
			}
			// What a member of this name may be, a parameter may be too.
			if err := (&jsonScanner{in: read, nesting: nesting}).member(&req, name); err != nil {
				return req, err
			}
		default:
			return req, graph.Errorf(graph.Invalid, "a request has no parameter %s: it has query, operationName, variables and extensions", graph.Quote(name))
		}
	}
	if req.Query == "" {
		return req, graph.Errorf(graph.Invalid, "the request has no query: it would be such as ?query={__typename}")
	}
	return req, nil
}
