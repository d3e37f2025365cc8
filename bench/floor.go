package main

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
)

// floor answers one question, by statements written by hand for it.
type floor func(ctx context.Context, values url.Values) (any, error)

// floors are the floors of a store by the names of their questions.
type floors map[string]floor

// handle adds a handler for each floor: as little as an answer over HTTP takes.
func (f floors) handle(mux *http.ServeMux) {
	for name, ask := range f {
		mux.HandleFunc("GET /"+name, func(w http.ResponseWriter, r *http.Request) {
			data, err := ask(r.Context(), r.URL.Query())
			if err != nil {
				http.Error(w, err.Error(), http.StatusInternalServerError)
				return
			}
			writeJSON(w, answer{data})
		})
	}
}

// writeJSON writes an answer by encoding/json.
func writeJSON(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	_ = e.Encode(v) // the client may be gone
}
