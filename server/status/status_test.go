package status_test

import (
	"slices"
	"testing"

	"hermes-webui/server/chat"
	"hermes-webui/server/status"
)

func lines(docs []status.Doc) (out []string) {
	for _, d := range docs {
		out = append(out, d.Topic+"|"+string(d.Session)+"|"+string(d.Body))
	}
	return out
}

func want(t *testing.T, w *status.Watch, lists ...string) {
	t.Helper()
	if got := lines(w.Changes()); !slices.Equal(got, lists) {
		t.Fatalf("changes are %q, want %q", got, lists)
	}
}

func TestAWatchGetsAllFirstAndThenWhatChanged(t *testing.T) {
	b := status.New()
	b.Set("agents", "", 1)
	b.Set("agents", "", 2)
	b.Set("wait", "ses_a", "x")
	b.Set("wait", "ses_other", "y")
	w := b.Watch([]chat.SessionID{"ses_a"}, func() {})
	want(t, w, `agents||2`, `wait|ses_a|"x"`)
	want(t, w)
	b.Set("wait", "ses_a", "z")
	want(t, w, `wait|ses_a|"z"`)
}

func TestARemovedDocumentIsToldOnceToThoseWhoSawIt(t *testing.T) {
	b := status.New()
	b.Set("wait", "ses_a", "x")
	saw, late := b.Watch([]chat.SessionID{"ses_a"}, func() {}), b.Watch([]chat.SessionID{"ses_a"}, func() {})
	want(t, saw, `wait|ses_a|"x"`)
	b.Set("wait", "ses_a", nil)
	want(t, saw, `wait|ses_a|`)
	want(t, saw)
	want(t, late)
}

func TestOnlyThoseWhoCanSeeAChangeAreWoken(t *testing.T) {
	b := status.New()
	woken := 0
	w := b.Watch([]chat.SessionID{"ses_a"}, func() { woken++ })
	b.Set("wait", "ses_b", 1)
	if woken != 0 {
		t.Fatal("woken by another session")
	}
	b.Set("wait", "ses_a", 1)
	b.Set("agents", "", 1)
	b.Set("wait", "ses_a", nil)
	if woken != 3 {
		t.Fatalf("woken %d times", woken)
	}
	b.Set("wait", "ses_a", nil) // there is nothing to remove
	w.Close()
	b.Set("agents", "", 2)
	if woken != 3 {
		t.Fatal("woken by nothing, or after Close")
	}
}
