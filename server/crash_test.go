package main

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	raidgraph "github.com/raidgraph/raidgraph"
	"github.com/raidgraph/raidgraph/graph"
	"github.com/raidgraph/raidgraph/graph/schema"
	"github.com/raidgraph/raidgraph/graph/sqlite"
)

// crashVariable makes the tests' program a writer of the database that it names, see writeUntilKilled.
const crashVariable = "RAIDGRAPH_TEST_CRASH"

const (
	crashRounds  = 50
	crashWriters = 8
	// Half of the writers tell of one raid, each of the others of a raid of its own.
	crashSources = `{"node":"Source","id":"source:s","title":"S","seen":true}`
)

// crashChange is one change of a writer: a raid, and a claim about it that says a higher figure than those before.
func crashChange(writer, n int) (claim string, lines []string) {
	raid := "raid:one"
	if writer%2 == 1 {
		raid = fmt.Sprintf("raid:own-%d", writer)
	}
	claim = fmt.Sprintf("claim:w%d-%d", writer, n)
	return claim, []string{
		fmt.Sprintf(`{"node":"Raid","id":%q,"name":"Raid","date":{"edtf":"2024-11-06"}}`, raid),
		fmt.Sprintf(`{"node":"Claim","id":%q,"property":"figure","measure":"DETAINED","value":{"type":"Count","raw":"%[2]d","mode":"EXACT","value":%[2]d}}`, claim, 100+n),
		fmt.Sprintf(`{"relation":"SUBJECT","from":%q,"to":%q}`, claim, raid),
		fmt.Sprintf(`{"relation":"CITES","from":%q,"to":"source:s","chain":0,"hop":0,"verb":"SAID"}`, claim),
	}
}

func crashApply(ctx context.Context, store graph.Store, m *schema.Model, lines ...string) error {
	_, err := graph.Apply(ctx, store, m.Graph, graph.Changes{Records: func(yield func(graph.Record, error) bool) {
		for _, line := range lines {
			if r, err := graph.DecodeRecord(m.Graph, []byte(line)); !yield(r, err) {
				return
			}
		}
	}})
	return err
}

// writeUntilKilled writes changes by several writers at once, and tells each that was acknowledged, until it is killed.
func writeUntilKilled(file string) {
	fail := func(err error) {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	m, err := schema.Load(raidgraph.Schema)
	if err != nil {
		fail(err)
	}
	ctx := context.Background()
	store, err := sqlite.Open(ctx, sqlite.Config{Path: file, Schema: m.Graph})
	if err != nil {
		fail(err)
	}
	if err := crashApply(ctx, store, m, crashSources); err != nil {
		fail(err)
	}
	begin, err := strconv.Atoi(os.Getenv(crashVariable + "_BEGIN"))
	if err != nil {
		fail(err)
	}
	var out sync.Mutex
	for writer := range crashWriters {
		go func() {
			for n := begin; ; n++ {
				claim, lines := crashChange(writer, n)
				if err := crashApply(ctx, store, m, lines...); err != nil {
					fail(err)
				}
				out.Lock()
				fmt.Println(claim) // written at once
				out.Unlock()
			}
		}()
	}
	select {}
}

// TestKilled kills a program that writes, at a random moment, again and again: every change that was acknowledged is there,
// none is there in part, and what is computed and stored agrees with the claims.
func TestKilled(t *testing.T) {
	file := filepath.Join(t.TempDir(), "killed.db")
	m := model(t)
	var acknowledged []string
	for round := range crashRounds {
		acknowledged = append(acknowledged, killedWriter(t, file, round*100_000)...)
		store, err := sqlite.Open(t.Context(), sqlite.Config{Path: file, Schema: m.Graph})
		if err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
		checkKilled(t, store, acknowledged)
		checkNumbers(t, store, m)
		if d, err := graph.Rebuild(t.Context(), store, m.Graph); err != nil || d.Any() {
			t.Errorf("round %d: rebuild finds %+v, %v", round, d, err)
		}
		if err := store.Close(); err != nil || t.Failed() {
			t.Fatalf("round %d: %v", round, err)
		}
	}
	if len(acknowledged) < crashRounds*crashWriters {
		t.Errorf("only %d changes were made", len(acknowledged))
	}
}

// killedWriter is what a writer had acknowledged when it was killed.
func killedWriter(t *testing.T, file string, begin int) []string {
	c := exec.Command(os.Args[0])
	c.Env = append(os.Environ(), crashVariable+"="+file, crashVariable+"_BEGIN="+strconv.Itoa(begin))
	var errs strings.Builder
	c.Stderr = &errs
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	var claims []string
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		claims = append(claims, lines.Text())
		if len(claims) == crashWriters {
			time.AfterFunc(rand.N(60*time.Millisecond), func() { _ = c.Process.Kill() })
		}
	}
	if err := c.Wait(); err == nil || errs.Len() > 0 {
		t.Fatalf("the writer was not killed, but ended: %v %s", err, errs.String())
	}
	return claims
}

// checkNumbers looks for a number between the first and the last that no change has: writers share transactions.
func checkNumbers(t *testing.T, store graph.Store, m *schema.Model) {
	id := graph.FieldRef{Owner: graph.OfID}
	sets, err := store.Query(t.Context(), &graph.Plan{Args: 1, Roots: []*graph.Select{{Name: "changes", Kinds: []*graph.Kind{m.Graph.Kind("Change")},
		Fields: []graph.FieldRef{id}, Order: []graph.Order{{Field: id}}, Page: graph.Page{Limit: 0}, Count: true}}}, []any{int64(1)})
	if err != nil {
		t.Fatal(err)
	}
	if last, err := graph.LastSequence(t.Context(), store, m.Graph); err != nil || last != sets[0].Total {
		t.Errorf("there are %d changes, and the last has the number %d: %v", sets[0].Total, last, err)
	}
}

// checkKilled looks for what was acknowledged, and for changes of which a part is missing.
func checkKilled(t *testing.T, store graph.Store, acknowledged []string) {
	const (
		node = 1 << iota
		subject
		cited
	)
	have := map[string]int{}
	err := store.Export(t.Context(), func(r graph.Record) error {
		switch r := r.(type) {
		case *graph.Node:
			if r.Kind.Name == "Claim" {
				have[r.ID] |= node
			}
		case *graph.Edge:
			switch r.Relation.Type {
			case "SUBJECT":
				have[r.From] |= subject
			case "CITES":
				have[r.From] |= cited
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for claim, parts := range have {
		if parts != node|subject|cited {
			t.Errorf("%s is there in part", claim)
		}
	}
	if lost := slices.IndexFunc(acknowledged, func(claim string) bool { return have[claim] == 0 }); lost >= 0 {
		t.Errorf("%s was acknowledged and is not there", acknowledged[lost])
	}
}
