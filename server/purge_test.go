package main

import (
	"bytes"
	"os"
	"strings"
	"testing"
)

// TestPurgeCommand: nothing is done without --yes; with it, not a byte of what goes is left in the file.
func TestPurgeCommand(t *testing.T) {
	dir := t.TempDir()
	records := `{"node":"Source","id":"source:s","title":"An article","seen":true}
{"node":"Official","id":"official:unforgettable","name":"Zzyzx Quuxley"}
{"node":"Official","id":"official:other","name":"Another"}
{"node":"Claim","id":"claim:told","property":"name","value":{"type":"Text","text":"Zzyzx Quuxley"}}
{"relation":"SUBJECT","from":"claim:told","to":"official:unforgettable"}
{"relation":"CITES","from":"claim:told","to":"source:s","chain":0,"hop":0,"verb":"SAID"}`
	runs(t, command(t, dir, "import", reader(t, dir, records)), 0)
	runs(t, command(t, dir, "import", reader(t, dir, `{"node":"Official","id":"official:unforgettable","name":"Zzyzx Q. Quuxley"}`)), 0)
	words := func() int {
		n := 0
		for _, file := range []string{"/raidgraph.db", "/raidgraph.db-wal"} {
			text, err := os.ReadFile(dir + file)
			if err != nil && !os.IsNotExist(err) {
				t.Fatal(err)
			}
			for _, word := range []string{"unforgettable", "Quuxley", "quuxley", "zyz"} {
				n += bytes.Count(text, []byte(word))
			}
		}
		return n
	}
	if words() == 0 {
		t.Fatal("the file does not have what was imported")
	}
	if _, errs := runs(t, command(t, dir, "purge", "official:unforgettable"), 2); !strings.Contains(errs, "--reason") {
		t.Errorf("without a reason: %s", errs)
	}
	out, errs := runs(t, command(t, dir, "purge", "--reason", "a court", "official:unforgettable"), 0)
	if out != "official:unforgettable\nclaim:told\n" || !strings.Contains(errs, "these 2 nodes would be purged, and 1 records of their history; nothing was done: add --yes") {
		t.Errorf("%s%s", out, errs)
	}
	if before := words(); before == 0 {
		t.Error("something was done")
	}
	_, errs = runs(t, command(t, dir, "purge", "--reason", "a court", "--by", "counsel", "--yes", "official:unforgettable"), 0)
	if !strings.Contains(errs, "2 nodes were purged, and 1 records of their history, by change 3") {
		t.Error(errs)
	}
	if n := words(); n > 0 {
		t.Errorf("in %d places the file still has what was purged", n)
	}
	out, _ = runs(t, command(t, dir, "export"), 0)
	if !strings.Contains(out, "official:other") || strings.Contains(out, "unforgettable") {
		t.Errorf("export has %s", out)
	}
	if _, errs := runs(t, command(t, dir, "import", reader(t, dir, records)), 1); !strings.Contains(errs, "was purged (a court)") {
		t.Errorf("it comes back: %s", errs)
	}
}
