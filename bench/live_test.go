package main

import (
	"net/http"
	"testing"
)

// TestAudience: a message is heard by all before the next is sent, and a time is told for each but the first.
func TestAudience(t *testing.T) {
	mux := http.NewServeMux()
	mux.Handle("/live", &liveFloor{})
	p := listen(t, mux)
	a, err := connect(t.Context(), "ws://"+p.address+"/live", 20)
	if err != nil {
		t.Fatal(err)
	}
	defer a.close()
	sends := 0
	heard, sent, err := a.times(3, func() error {
		sends++
		if len(a.heard) > 0 {
			t.Errorf("%d messages were heard that nobody waited for", len(a.heard))
		}
		_, err := posted("http://"+p.address+"/live", nil)
		return err
	})
	if err != nil || sends != 4 || len(heard) != 3 || len(sent) != 3 {
		t.Errorf("%d messages were heard in %v and sent in %v, %v", sends, heard, sent, err)
	}
	for i := range heard {
		if heard[i] < sent[i] || sent[i] <= 0 {
			t.Errorf("a message was heard after %v ms, and sent after %v", heard[i], sent[i])
		}
	}
	a.close()
	if _, _, err := a.times(1, func() error { return nil }); err == nil {
		t.Error("nobody is there, and a message is heard")
	}
}
