package main

import (
	"mime"
	"net/http"
	"strconv"
	"strings"

	"github.com/raidgraph/raidgraph/graph"
	"github.com/raidgraph/raidgraph/graph/gql"
)

// mediaType is a form of the answer.
type mediaType struct {
	name   string
	header []string
	// always: a request that could be read is answered with 200, whatever stands in the answer, for clients that take
	// any other status for a proxy's.
	always bool
}

var (
	mediaResponse = &mediaType{name: "application/graphql-response+json", header: []string{"application/graphql-response+json; charset=utf-8"}}
	mediaJSON     = &mediaType{name: "application/json", header: []string{"application/json; charset=utf-8"}, always: true}
)

// status is the HTTP status of an answer.
func (t *mediaType) status(resp *gql.Response) int {
	status := meaning(resp.Code).status
	if resp.Executed || t.always && status < http.StatusInternalServerError {
		return http.StatusOK
	}
	return status
}

// acceptable chooses the form that the client likes best; nil where it takes neither. One who does not care, or is as
// content with the one as with the other, gets application/json, unless it names the other.
func acceptable(accept []string) *mediaType {
	if len(accept) == 0 {
		return mediaJSON
	}
	if len(accept) == 1 {
		switch accept[0] {
		case "*/*", "application/json", "":
			return mediaJSON
		case "application/graphql-response+json":
			return mediaResponse
		}
	}
	var response, plain liking
	for _, part := range strings.Split(strings.Join(accept, ","), ",") {
		name, parameters, _ := strings.Cut(part, ";")
		name = strings.ToLower(strings.TrimSpace(name))
		quality := quality(parameters)
		response.consider(name, mediaResponse.name, quality)
		plain.consider(name, mediaJSON.name, quality)
	}
	switch {
	case response.quality <= 0 && plain.quality <= 0:
		return nil
	case response.quality > plain.quality || response.quality == plain.quality && response.exact == 3:
		return mediaResponse
	}
	return mediaJSON
}

// liking is how much a client likes a form: by the most exact part of its Accept that fits.
type liking struct {
	exact   int // 3 for the name itself, 2 for application/*, 1 for */*
	quality float64
}

func (l *liking) consider(asked, name string, quality float64) {
	exact := map[string]int{name: 3, "application/*": 2, "*/*": 1}[asked]
	if exact > l.exact {
		l.exact, l.quality = exact, quality
	}
}

// quality reads the parameter q of a part of Accept: 1 where it is missing or no number.
func quality(parameters string) float64 {
	for _, p := range strings.Split(parameters, ";") {
		if text, found := strings.CutPrefix(strings.ToLower(strings.TrimSpace(p)), "q="); found {
			if q, err := strconv.ParseFloat(text, 64); err == nil && q >= 0 && q <= 1 {
				return q
			}
		}
	}
	return 1
}

// isJSON checks that a body is said to be JSON in UTF-8.
func isJSON(contentType []string) error {
	if len(contentType) != 1 {
		return graph.Errorf(graph.Invalid, "the body needs the header Content-Type: application/json")
	}
	switch contentType[0] {
	case "application/json", "application/json; charset=utf-8", "application/json;charset=UTF-8":
		return nil
	}
	name, parameters, err := mime.ParseMediaType(contentType[0])
	if err != nil || name != mediaJSON.name {
		return graph.Errorf(graph.Invalid, "the body must be application/json, not %s", graph.Quote(contentType[0]))
	}
	if charset, said := parameters["charset"]; said && !strings.EqualFold(charset, "utf-8") {
		return graph.Errorf(graph.Invalid, "the body must be in UTF-8, not %s", graph.Quote(charset))
	}
	return nil
}
