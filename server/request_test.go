package main

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/raidgraph/raidgraph/graph"
	"github.com/raidgraph/raidgraph/graph/gql"
)

func TestDecodeBody(t *testing.T) {
	for body, want := range map[string]gql.Request{
		`{"query":"{a}"}`:                                {Query: "{a}"},
		" {\n\"query\" : \"{a}\"\t}\r\n":                 {Query: "{a}"},
		`{"query":"{a(b:\"x\\ny\")}"}`:                   {Query: `{a(b:"x\ny")}`},
		`{"query":"\u1780 \ud83d\ude00 \/\b\f\n\r\t\\"}`: {Query: "ក 😀 /\b\f\n\r\t\\"},
		`{"query":"ក 😀"}`:                                {Query: "ក 😀"},
		`{"variables":{"a":[1,-2.5e+3,true,null,"x"]},"operationName":"A","query":"{a}","extensions":{"b":{}}}`: {
			Query: "{a}", OperationName: "A", Variables: json.RawMessage(`{"a":[1,-2.5e+3,true,null,"x"]}`)},
		`{"query":"{a}","variables":null,"operationName":null,"extensions":null}`: {Query: "{a}"},
		`{"\u0071uery":"{a}"}`: {Query: "{a}"},
		`{"query":"{a}","variables":{"a":` + strings.Repeat("[", 49) + strings.Repeat("]", 49) + `}}`: {
			Query: "{a}", Variables: json.RawMessage(`{"a":` + strings.Repeat("[", 49) + strings.Repeat("]", 49) + `}`)},
	} {
		got, err := decodeBody([]byte(body), 50)
		if err != nil || got.Query != want.Query || got.OperationName != want.OperationName || string(got.Variables) != string(want.Variables) {
			t.Errorf("%s: %+v %v, want %+v", body, got, err, want)
		}
	}
}

func TestDecodeBodyRefuses(t *testing.T) {
	for body, want := range map[string]string{
		"":                                   "the body is empty",
		"  ":                                 "the body is empty",
		"[]":                                 "the body is no JSON object",
		`"{a}"`:                              "the body is no JSON object",
		"{}":                                 "the request has no query",
		`{"query":""}`:                       "the request has no query",
		`{"query":null}`:                     "query must be a text",
		`{"query":1}`:                        "query must be a text",
		`{"query":"{a}","query":"{b}"}`:      `the request has the member "query" twice`,
		`{"qeury":"{a}"}`:                    `a request has no member "qeury"`,
		`{"query":"{a}","id":1}`:             `a request has no member "id"`,
		`{"query":"{a}","operationName":[]}`: "operationName must be a text",
		`{"query":"{a}","variables":"{}"}`:   "variables must be an object",
		`{"query":"{a}","variables":[]}`:     "variables must be an object",
		`{"query":"{a}","extensions":0}`:     "extensions must be an object",
		"{\"query\":\"\xff\"}":               "the body is not in UTF-8",
		"{\"query\":\"\x00\"}":               "the request is no JSON at byte 11: a text cannot hold this character",
		`{"query":"\u0000"}`:                 `the request is no JSON at byte 12: a text cannot hold the null character`,
		`{"query":"{a}","variables":{"a":"\u0000"}}`: "the request is no JSON at byte 35: a text cannot hold the null character",
		`{"query":"\ud800"}`:                         "the request is no JSON at byte 12: half of a surrogate pair",
		`{"query":"\ude00\ud83d"}`:                   "the request is no JSON at byte 12: half of a surrogate pair",
		`{"query":"\x"}`:                             "the request is no JSON at byte 12: there is no such escape",
		`{"query":"\u12g4"}`:                         "the request is no JSON at byte 12: \\u needs four",
		`{"query":"{a}"`:                             "the request is no JSON at byte 15: a comma or the end",
		`{"query":"{a}"}}`:                           "the request is no JSON at byte 16: nothing more",
		`{"query":"{a}",}`:                           "the request is no JSON at byte 16: the name of a member",
		`{"query" "{a}"}`:                            "the request is no JSON at byte 10: a colon",
		`{"query":"{a}","variables":{"a":01}}`:       "the request is no JSON at byte 34: a comma",
		`{"query":"{a}","variables":{"a":1.}}`:       "the request is no JSON at byte 35: a digit",
		`{"query":"{a}","variables":{"a":-}}`:        "the request is no JSON at byte 34: a digit",
		`{"query":"{a}","variables":{"a":1e}}`:       "the request is no JSON at byte 35: a digit",
		`{"query":"{a}","variables":{"a":nul}}`:      "the request is no JSON at byte 33: a value",
		`{"query":"{a}","variables":{"a":`:           "the request is no JSON at byte 33: it ends too early",
		`{"query":"{a}","variables":{"a":` + strings.Repeat("[", 50) + strings.Repeat("]", 50) + `}}`: "a value nests more than 50 deep",
		`{"query":"{a}","variables":` + strings.Repeat(`{"a":`, 100_000):                              "a value nests more than 50 deep",
	} {
		_, err := decodeBody([]byte(body), 50)
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%.100s: %v, want %s", body, err, want)
		}
		if code := graph.CodeOf(err); code != graph.Invalid && !strings.Contains(want, "deep") {
			t.Errorf("%.100s: code %s", body, code)
		}
	}
}

func TestDecodeURL(t *testing.T) {
	got, err := decodeURL("query=%7Ba%7D&operationName=A&variables=%7B%22a%22:1%7D&extensions=", 50)
	if err != nil || got.Query != "{a}" || got.OperationName != "A" || string(got.Variables) != `{"a":1}` || !got.ReadOnly {
		t.Errorf("%+v %v", got, err)
	}
	for query, want := range map[string]string{
		"":                                 "the request has no query",
		"query=":                           "the request has no query",
		"query=a&query=b":                  `the URL has the parameter "query" twice`,
		"query=a&x=b":                      `a request has no parameter "x"`,
		"query=%ff":                        `the parameter "query" is not in UTF-8`,
		"query=%zz":                        "the parameters of the URL cannot be read",
		"query=a&variables=[]":             "variables must be an object",
		"query=a&variables=1":              "variables must be an object",
		"query=a&variables={":              "the request is no JSON",
		"query=a&variables={}{}":           "the request is no JSON",
		`query=a&variables={"a":"\u0000"}`: "the request is no JSON",
	} {
		if _, err := decodeURL(query, 50); graph.CodeOf(err) != graph.Invalid || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: %v, want %s", query, err, want)
		}
	}
}

// FuzzDecodeBody: what is read is JSON, and means what encoding/json says that it means.
func FuzzDecodeBody(f *testing.F) {
	for _, seed := range []string{`{"query":"{a}"}`, `{"query":"\u1780\ud83d\ude00","variables":{"a":[1,2e3,{"b":null}]},"operationName":"x"}`,
		`{"query":"a","extensions":{"x":-0.5}}`, `{"query`, `[{"query":"a"}]`, `{"query":"\\u0000"}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		got, err := decodeBody(body, 50)
		if err != nil {
			if code := graph.CodeOf(err); code != graph.Invalid && code != graph.TooLarge {
				t.Errorf("%q: %v", body, err)
			}
			return
		}
		var want struct {
			Query         string          `json:"query"`
			OperationName string          `json:"operationName"`
			Variables     json.RawMessage `json:"variables"`
			Extensions    json.RawMessage `json:"extensions"`
		}
		if err := json.Unmarshal(body, &want); err != nil {
			t.Fatalf("%q was read, but is no JSON: %v", body, err)
		}
		if got.Query != want.Query || got.OperationName != want.OperationName || string(got.Variables) != strings.TrimSuffix(string(want.Variables), "null") {
			t.Errorf("%q: %+v, want %+v", body, got, want)
		}
	})
}
