package main

import (
	"bufio"
	"bytes"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"

	"github.com/raidgraph/raidgraph/graph/gql"
)

const typenameBody = `{"query":"{ __typename }"}`

// BenchmarkTypename is the whole way of the smallest question, beside a handler that reads a body and writes a text.
func BenchmarkTypename(b *testing.B) {
	b.Run("floor", func(b *testing.B) {
		ask(b, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if _, err := io.Copy(io.Discard, r.Body); err != nil {
				b.Error(err)
			}
			w.Header()["Content-Type"] = mediaJSON.header
			_, _ = io.WriteString(w, `{"data":{"__typename":"Query"}}`)
		}))
	})
	b.Run("raidgraph", func(b *testing.B) {
		m, err := loadModel()
		if err != nil {
			b.Fatal(err)
		}
		engine, err := gql.New(gql.Config{Model: m})
		if err != nil {
			b.Fatal(err)
		}
		ask(b, newHandler(engine, nil, "", gql.Limits{}, "", nil))
	})
}

// ask sends one request after another on each of a few connections, by a client that costs little.
func ask(b *testing.B, h http.Handler) {
	server := httptest.NewServer(h)
	defer server.Close()
	request := []byte("POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nAccept: application/json\r\nContent-Length: " +
		strconv.Itoa(len(typenameBody)) + "\r\n\r\n" + typenameBody)
	b.SetParallelism(4)
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		conn, err := net.Dial("tcp", server.Listener.Addr().String())
		if err != nil {
			b.Error(err)
			return
		}
		defer conn.Close()
		in := bufio.NewReader(conn)
		for pb.Next() {
			if _, err := conn.Write(request); err != nil {
				b.Error(err)
				return
			}
			if err := readAnswer(in); err != nil {
				b.Error(err)
				return
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "requests/s")
}

func readAnswer(in *bufio.Reader) error {
	length := 0
	for {
		line, err := in.ReadSlice('\n')
		if err != nil {
			return err
		}
		if text, found := bytes.CutPrefix(line, []byte("Content-Length: ")); found {
			if length, err = strconv.Atoi(string(bytes.TrimSpace(text))); err != nil {
				return err
			}
		}
		if len(bytes.TrimSpace(line)) == 0 {
			break
		}
	}
	_, err := in.Discard(length)
	return err
}
