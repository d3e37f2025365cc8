package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// runningServer is the program, serving.
type runningServer struct {
	*exec.Cmd
	url   string
	out   bytes.Buffer
	errs  bytes.Buffer
	ended chan error
}

// starts starts a server on a free port and waits until it is ready.
func starts(t *testing.T, dir string, args ...string) *runningServer {
	t.Helper()
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := free.Addr().String()
	free.Close()
	s := &runningServer{Cmd: command(t, dir, append([]string{"--listen", address}, args...)...), url: "http://" + address, ended: make(chan error, 1)}
	s.Stdout, s.Stderr = &s.out, &s.errs
	if err := s.Start(); err != nil {
		t.Fatal(err)
	}
	go func() { s.ended <- s.Wait() }()
	t.Cleanup(func() { _ = s.Process.Kill() })
	for begin := time.Now(); time.Since(begin) < 30*time.Second; time.Sleep(5 * time.Millisecond) {
		if resp, err := http.Get(s.url + "/readyz"); err == nil {
			resp.Body.Close()
			if resp.StatusCode == http.StatusOK {
				return s
			}
		}
		select {
		case err := <-s.ended:
			t.Fatalf("the server ended: %v\n%s%s", err, &s.out, &s.errs)
		default:
		}
	}
	t.Fatal("the server does not become ready")
	return nil
}

// stops sends SIGTERM and waits for the end.
func (s *runningServer) stops(t *testing.T) {
	t.Helper()
	if err := s.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	select {
	case err := <-s.ended:
		if err != nil {
			t.Errorf("the server ends with %v\n%s", err, &s.errs)
		}
	case <-time.After(10 * time.Second):
		t.Error("the server does not end within 10 s")
	}
}

func TestServe(t *testing.T) {
	dir := t.TempDir()
	begin := time.Now()
	s := starts(t, dir)
	took := time.Since(begin)
	t.Logf("ready after %v", took)
	if took > 10*time.Second { // 2 s on a machine that does nothing else
		t.Errorf("ready after %v", took)
	}
	resp, body := do(t, "POST", s.url+"/graphql", `{"query":"{ raid(id: \"raid:steung-meanchey-2024-11\") { name } }"}`, "Content-Type", jsonType)
	if resp.StatusCode != 200 || !strings.Contains(body, "Steung Meanchey") {
		t.Errorf("%d %s", resp.StatusCode, body)
	}
	if _, body := do(t, "GET", s.url+"/schema.graphql", ""); !strings.Contains(body, "type Query") {
		t.Errorf("the schema is %.100s", body)
	}
	s.stops(t)
	out := s.out.String()
	if !strings.Contains(out, s.url) || !strings.Contains(out, "sample case") {
		t.Errorf("the greeting says\n%s", out)
	}

	// The question of the greeting, as a shell runs it.
	again := starts(t, dir)
	ask := strings.ReplaceAll(out[strings.Index(out, "curl"):], s.url, again.url)
	answer, err := exec.Command("sh", "-c", ask).CombinedOutput()
	again.stops(t)
	if strings.Contains(again.out.String(), "loaded") {
		t.Errorf("it was loaded again:\n%s", &again.out)
	}
	if errors.Is(err, exec.ErrNotFound) || strings.Contains(string(answer), "curl: not found") {
		t.Fatal("there is no curl here: install it")
	}
	if err != nil || !bytes.Contains(answer, []byte(`"high":606`)) {
		t.Errorf("%s\n%v %s", ask, err, answer)
	}
}

func TestServeRefuses(t *testing.T) {
	used, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer used.Close()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "text.db"), []byte(strings.Repeat("this is no database\n", 100)), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "closed.db"), nil, 0); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		args []string
		code int
		want string
	}{
		"a used port":        {[]string{"--listen", used.Addr().String()}, 1, "cannot listen on " + used.Addr().String()},
		"no port":            {[]string{"--listen", "nowhere"}, 1, "cannot listen on nowhere"},
		"no folder":          {[]string{"--listen", "127.0.0.1:0", "-d", "no/such.db"}, 1, "the database no/such.db: "},
		"a folder":           {[]string{"--listen", "127.0.0.1:0", "-d", "."}, 1, "the database .: "},
		"no database":        {[]string{"--listen", "127.0.0.1:0", "-d", "text.db"}, 1, "the database text.db: "},
		"unwritable":         {[]string{"--listen", "127.0.0.1:0", "-d", "/proc/raidgraph.db"}, 1, "the database /proc/raidgraph.db: "},
		"another scheme":     {[]string{"--listen", "127.0.0.1:0", "-d", "mysql://x"}, 1, "mysql:// is not known"},
		"no host":            {[]string{"--listen", "127.0.0.1:0", "-d", "bolt:///x"}, 1, "names no host"},
		"a password in view": {[]string{"--listen", "127.0.0.1:0", "-d", "bolt://neo4j:secret@x:1"}, 1, "must not hold a user or password"},
		"Neo4j away":         {[]string{"--listen", "127.0.0.1:0", "-d", "bolt://127.0.0.1:1", "--neo4j-retry-time", "1ms"}, 3, "the database bolt://127.0.0.1:1: "},
		"an unknown flag":    {[]string{"--nothing"}, 2, "unknown flag --nothing"},
		"an unknown command": {[]string{"nothing"}, 2, "nothing"},
		"a limit of nothing": {[]string{"--max-depth", "0"}, 2, "--max-depth must be more than 0"},
		"no size":            {[]string{"--max-body", "big"}, 2, `--max-body: "big" is no size`},
	} {
		t.Run(name, func(t *testing.T) {
			out, errs := runs(t, command(t, dir, test.args...), test.code)
			if !strings.Contains(errs, test.want) || strings.Count(errs, "\n") != 1 || strings.Contains(errs+out, "secret") {
				t.Errorf("want one line with %q, got\n%s%s", test.want, out, errs)
			}
		})
	}
	if os.Getuid() != 0 { // to whom no file is closed
		if _, errs := runs(t, command(t, dir, "--listen", "127.0.0.1:0", "-d", "closed.db"), 1); strings.Count(errs, "\n") != 1 {
			t.Errorf("%s", errs)
		}
	}
}

// TestDrain: a request that came before the signal is answered behind it.
func TestDrain(t *testing.T) {
	s := starts(t, t.TempDir())
	conn, rest := halfRequest(t, s.url)
	defer conn.Close()
	if err := s.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	for begin := time.Now(); time.Since(begin) < 5*time.Second; time.Sleep(5 * time.Millisecond) {
		c, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
		if err != nil {
			break
		}
		c.Close()
	}
	if _, err := io.WriteString(conn, rest); err != nil {
		t.Fatal(err)
	}
	answer, err := io.ReadAll(conn)
	if err != nil || !strings.HasPrefix(string(answer), "HTTP/1.1 200") || !strings.Contains(string(answer), `{"data":{"__typename":"Query"}}`) {
		t.Errorf("%v %s", err, answer)
	}
	if err := <-s.ended; err != nil {
		t.Errorf("it ends with %v", err)
	}
}

// TestDrainEnds: a request that never comes to an end holds nothing up.
func TestDrainEnds(t *testing.T) {
	s := starts(t, t.TempDir(), "--drain", "200ms")
	conn, _ := halfRequest(t, s.url)
	defer conn.Close()
	begin := time.Now()
	s.stops(t)
	if took := time.Since(begin); took > 5*time.Second {
		t.Errorf("it took %v", took)
	}
}

// halfRequest sends a request but for its end.
func halfRequest(t *testing.T, url string) (conn net.Conn, rest string) {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	body := `{"query":"{ __typename }"}`
	_, err = fmt.Fprintf(conn, "POST /graphql HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", len(body), body[:10])
	if err != nil {
		t.Fatal(err)
	}
	time.Sleep(50 * time.Millisecond) // until the server reads it
	return conn, body[10:]
}
