package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/raidgraph/raidgraph/reference"
)

// binary is the program, built once, in the folder that TestMain takes away.
var binary = sync.OnceValues(func() (string, error) {
	file := filepath.Join(binaryDir, "raidgraph")
	out, err := exec.Command("go", "build", "-o", file, ".").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%w: %s", err, out)
	}
	return file, nil
})

var binaryDir string

func TestMain(m *testing.M) {
	if file := os.Getenv(crashVariable); file != "" {
		writeUntilKilled(file)
	}
	var err error
	if binaryDir, err = os.MkdirTemp("", "raidgraph-test-"); err != nil {
		panic(err)
	}
	code := m.Run()
	os.RemoveAll(binaryDir)
	os.Exit(code)
}

// command is the program in a folder of its own, without the variables of whoever runs the tests.
func command(t *testing.T, dir string, args ...string) *exec.Cmd {
	t.Helper()
	file, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	c := exec.Command(file, args...)
	c.Dir = dir
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, "RAIDGRAPH_") && !strings.HasPrefix(v, "NEO4J_") {
			c.Env = append(c.Env, v)
		}
	}
	return c
}

// runs runs a command that must end with the code, and gives its output and errors.
func runs(t *testing.T, c *exec.Cmd, code int) (out, errs string) {
	t.Helper()
	var o, e bytes.Buffer
	c.Stdout, c.Stderr = &o, &e
	err := c.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	if got := c.ProcessState.ExitCode(); got != code {
		t.Fatalf("%v ends with %d, not %d:\n%s%s", c.Args[1:], got, code, &o, &e)
	}
	return o.String(), e.String()
}

func TestImportAndExport(t *testing.T) {
	dir := t.TempDir()
	name, text := reference.Sample()
	if err := os.WriteFile(filepath.Join(dir, name), text, 0o644); err != nil {
		t.Fatal(err)
	}
	out, _ := runs(t, command(t, dir, "import", name), 0)
	if !strings.Contains(out, "the reference data: ") || !regexp.MustCompile(name+`: [1-9]\d* new, 0 changed, 0 as they were`).MatchString(out) {
		t.Errorf("the first import says\n%s", out)
	}
	first, _ := runs(t, command(t, dir, "export"), 0)
	if out, _ := runs(t, command(t, dir, "import", name), 0); !regexp.MustCompile(`^` + name + `: 0 new, 0 changed, [1-9]\d* as they were\n$`).MatchString(out) {
		t.Errorf("the second import says\n%s", out)
	}
	if second, _ := runs(t, command(t, dir, "export"), 0); second != first {
		t.Error("importing twice changed the graph")
	}

	// The export, imported into another database by file and by standard input, exports the same.
	runs(t, command(t, dir, "export", "--output", "a.jsonl"), 0)
	runs(t, command(t, dir, "import", "--database", "b.db", "a.jsonl"), 0)
	piped := command(t, dir, "import", "--database", "c.db", "-")
	piped.Stdin = strings.NewReader(first)
	runs(t, piped, 0)
	for _, database := range []string{"b.db", "c.db"} {
		if other, _ := runs(t, command(t, dir, "export", "-d", database), 0); other != first {
			t.Errorf("the export of %s differs: %d bytes, not %d", database, len(other), len(first))
		}
	}
	if n := strings.Count(first, "\n"); n < 500 {
		t.Errorf("only %d lines", n)
	}
	if out, _ := runs(t, command(t, dir, "rebuild"), 0); out != "0 were missing, 0 differed, 0 should not have been\n" {
		t.Errorf("rebuild found something to do: %s", out)
	}
	if out, _ := runs(t, command(t, dir, "check", name, "a.jsonl"), 0); strings.Count(out, "no problems") != 2 {
		t.Errorf("check says\n%s", out)
	}
	left, err := filepath.Glob(filepath.Join(dir, "a.jsonl.*"))
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
}

func TestImportIsWholeOrNothing(t *testing.T) {
	dir := t.TempDir()
	good := `{"node":"Outlet","id":"outlet:a","name":"A"}` + "\n"
	for name, test := range map[string]struct{ text, want string }{
		"bad.jsonl":      {good + "\n{\"node\":\"Nothing\",\"id\":\"x:y\"}\n", "bad.jsonl:3: "},
		"broken.jsonl":   {good + "{", "broken.jsonl:2: "},
		"dangling.jsonl": {good + `{"relation":"PUBLISHED_BY","from":"source:x","to":"outlet:a"}`, "source:x"},
		"bad.yaml":       {"case: 7\n", "bad.yaml:1:"},
		"bad.txt":        {"", "bad.txt: the name does not say what it is"},
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(test.text), 0o644); err != nil {
			t.Fatal(err)
		}
		if _, errs := runs(t, command(t, dir, "import", "-d", "empty.db", name), 1); !strings.Contains(errs, test.want) {
			t.Errorf("%s: want %q in\n%s", name, test.want, errs)
		}
		if strings.HasPrefix(name, "dangling") {
			continue // which a check of one record does not see
		}
		if _, errs := runs(t, command(t, dir, "check", name), 1); !strings.Contains(errs, test.want) {
			t.Errorf("check %s: want %q in\n%s", name, test.want, errs)
		}
	}
	if out, _ := runs(t, command(t, dir, "export", "-d", "empty.db"), 0); strings.Contains(out, "outlet:a") {
		t.Errorf("something was imported:\n%.300s", out)
	}
	for _, args := range [][]string{{"import", "none.jsonl"}, {"check", "none.yaml"}, {"export", "-d", "none.db"}, {"rebuild", "-d", "none.db"}} {
		if _, errs := runs(t, command(t, dir, args...), 1); strings.Count(errs, "\n") != 1 || !strings.Contains(errs, "none.") {
			t.Errorf("%v: %s", args, errs)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "none.db")); err == nil {
		t.Error("a database was made by reading it")
	}
}

func TestBackupCommand(t *testing.T) {
	dir := t.TempDir()
	name, text := reference.Sample()
	if err := os.WriteFile(filepath.Join(dir, name), text, 0o644); err != nil {
		t.Fatal(err)
	}
	runs(t, command(t, dir, "import", name), 0)
	first, _ := runs(t, command(t, dir, "export"), 0)
	if out, _ := runs(t, command(t, dir, "backup", "copy.db"), 0); out != "copy.db is a copy of raidgraph.db\n" {
		t.Errorf("backup says %s", out)
	}
	if copied, _ := runs(t, command(t, dir, "export", "-d", "copy.db"), 0); copied != first {
		t.Error("the copy exports something else")
	}
	for want, args := range map[string][]string{
		"itself":         {"backup", "raidgraph.db"},
		"none.db":        {"backup", "-d", "none.db", "copy.db"},
		"none/copy.db":   {"backup", filepath.Join("none", "copy.db")},
		"neo4j-admin da": {"backup", "-d", "neo4j://127.0.0.1:1", "copy.db"},
	} {
		if _, errs := runs(t, command(t, dir, args...), 1); strings.Count(errs, "\n") != 1 || !strings.Contains(errs, want) {
			t.Errorf("%v: %s", args, errs)
		}
	}
}

func TestCheckTellsEverything(t *testing.T) {
	dir := t.TempDir()
	_, text := reference.Sample()
	bad := strings.ReplaceAll(string(text), "cite: camboja\n", "cite: cambodia\n")
	if err := os.WriteFile(filepath.Join(dir, "a.yaml"), []byte(bad), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "b.jsonl"), []byte("{}\n{\"node\":1}\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	_, errs := runs(t, command(t, dir, "check", "a.yaml", "b.jsonl"), 1)
	lines := strings.Count(errs, "\n")
	if want := strings.Count(bad, "cite: cambodia\n") + 2; lines != want {
		t.Errorf("%d problems are told, not %d:\n%.2000s", lines, want, errs)
	}
	if !regexp.MustCompile(`a\.yaml:\d+:\d+: .*camboja`).MatchString(errs) || !strings.Contains(errs, "b.jsonl:2: ") {
		t.Errorf("%.2000s", errs)
	}
	if _, err := os.Stat(filepath.Join(dir, "raidgraph.db")); err == nil {
		t.Error("check made a database")
	}
}

func TestPrecedence(t *testing.T) {
	dir := t.TempDir()
	for _, test := range []struct {
		variables []string
		args      []string
		want      string
	}{
		{nil, nil, "raidgraph.db"},
		{[]string{"RAIDGRAPH_DATABASE=variable.db"}, nil, "variable.db"},
		{[]string{"RAIDGRAPH_DATABASE=variable.db"}, []string{"--database", "flag.db"}, "flag.db"},
	} {
		c := command(t, dir, append([]string{"rebuild"}, test.args...)...)
		c.Env = append(c.Env, test.variables...)
		if _, errs := runs(t, c, 1); !strings.Contains(errs, "the database "+test.want+": ") {
			t.Errorf("%v %v: %s", test.variables, test.args, errs)
		}
	}
	c := command(t, dir, "rebuild")
	c.Env = append(c.Env, "RAIDGRAPH_NEO4J_POOL=many")
	if _, errs := runs(t, c, 2); !strings.Contains(errs, "neo4j-pool") {
		t.Errorf("%s", errs)
	}
}

func TestHelp(t *testing.T) {
	dir := t.TempDir()
	if out, _ := runs(t, command(t, dir, "--help"), 0); !strings.Contains(out, "EXIT CODE") || !strings.Contains(out, "RAIDGRAPH_MAX_TIME") {
		t.Errorf("%s", out)
	}
	documented, err := os.ReadFile("../docs/configuration.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"serve", "import", "export", "backup", "check", "rebuild", "schema", "version", "completion"} {
		out, _ := runs(t, command(t, dir, name, "--help"), 0)
		for _, flag := range regexp.MustCompile(`--[a-z][a-z0-9-]+`).FindAllString(out, -1) {
			flag = strings.Replace(strings.TrimPrefix(flag, "--"), "no-sample", "sample", 1)
			variable := "RAIDGRAPH_" + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
			if flag != "help" && !(bytes.Contains(documented, []byte("`--"+flag)) && bytes.Contains(documented, []byte("`"+variable+"`"))) {
				t.Errorf("docs/configuration.md does not tell of --%s and %s", flag, variable)
			}
		}
	}
	if out, _ := runs(t, command(t, dir, "version"), 0); !strings.HasPrefix(out, "raidgraph ") {
		t.Errorf("%s", out)
	}
	if out, _ := runs(t, command(t, dir, "schema"), 0); !strings.Contains(out, "type Query") {
		t.Errorf("%.200s", out)
	}
}

func TestCompletion(t *testing.T) {
	script, _ := runs(t, command(t, t.TempDir(), "completion", "bash"), 0)
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Fatal("there is no bash here: install it")
	}
	for words, want := range map[string]string{
		"raidgraph im":            "import",
		"raidgraph --max-d":       "--max-depth --max-directives",
		"raidgraph export --o":    "--output",
		"raidgraph completion f":  "fish",
		"raidgraph export --max":  "",
		"raidgraph check --datab": "--database",
	} {
		list := strings.Fields(words)
		run := exec.Command(bash, "-c", script+"\nCOMP_WORDS=("+words+"); COMP_CWORD="+strconv.Itoa(len(list)-1)+`; _raidgraph; echo "${COMPREPLY[*]}"`)
		out, err := run.CombinedOutput()
		if err != nil || strings.TrimSpace(string(out)) != want {
			t.Errorf("%s completes to %s%v, want %s", words, out, err, want)
		}
	}
	for _, shell := range []string{"zsh", "fish"} {
		if out, _ := runs(t, command(t, t.TempDir(), "completion", shell), 0); !strings.Contains(out, "max-depth") {
			t.Errorf("%s: %.200s", shell, out)
		}
	}
}
