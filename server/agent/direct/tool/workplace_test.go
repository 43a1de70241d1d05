package tool_test

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hermes-webui/server/agent"
	"hermes-webui/server/agent/direct/tool"
	"hermes-webui/server/chat"
)

const secret = "the secret outside"

// workplace is a workspace with a secret beside it.
type workplace struct {
	t       *testing.T
	dir     string // the workspace
	outside string // the folder that it is in, with secret.txt
	at      tool.Place
}

func newWorkplace(t *testing.T) workplace {
	t.Helper()
	outside := t.TempDir()
	dir := filepath.Join(outside, "work")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(outside, "secret.txt"), []byte(secret), 0o644); err != nil {
		t.Fatal(err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { root.Close() })
	return workplace{t: t, dir: dir, outside: outside, at: tool.Place{Session: "ses_1", Root: root, Workspace: dir}}
}

func (w workplace) write(path, text string) {
	w.t.Helper()
	full := filepath.Join(w.dir, path)
	if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
		w.t.Fatal(err)
	}
	if err := os.WriteFile(full, []byte(text), 0o644); err != nil {
		w.t.Fatal(err)
	}
}

func (w workplace) link(target, path string) {
	w.t.Helper()
	if err := os.Symlink(target, filepath.Join(w.dir, path)); err != nil {
		w.t.Fatal(err)
	}
}

func (w workplace) read(path string) string {
	w.t.Helper()
	b, err := os.ReadFile(filepath.Join(w.dir, path))
	if err != nil {
		w.t.Fatal(err)
	}
	return string(b)
}

// has says that a folder of the workspace holds exactly these names.
func (w workplace) has(path string, want ...string) {
	w.t.Helper()
	entries, err := os.ReadDir(filepath.Join(w.dir, path))
	if err != nil {
		w.t.Fatal(err)
	}
	var got []string
	for _, e := range entries {
		got = append(got, e.Name())
	}
	if strings.Join(got, " ") != strings.Join(want, " ") {
		w.t.Errorf("%s holds %q, want %q", path, got, want)
	}
}

// args are the arguments of a call.
type args = map[string]any

// outcome is what came of a call. err is of Prepare or of Run.
type outcome struct {
	call  tool.Call
	out   string
	facts tool.Facts
	turn  *hearer
	err   error
}

// hearer is a turn that keeps what a call does to it.
type hearer struct {
	bytes.Buffer
	plan   []chat.PlanItem
	asked  []chat.Ask
	answer agent.Answer
	err    error
}

func (h *hearer) SetPlan(items []chat.PlanItem) error { h.plan = items; return h.err }
func (h *hearer) Ask(_ context.Context, a chat.Ask) (agent.Answer, error) {
	h.asked = append(h.asked, a)
	return h.answer, h.err
}

// use prepares a call and runs it as if it were allowed.
func (w workplace) use(tl tool.Tool, a any) outcome {
	w.t.Helper()
	return w.useFor(tl, a, &hearer{})
}

func (w workplace) useFor(tl tool.Tool, a any, h *hearer) outcome {
	w.t.Helper()
	call, err := w.prepare(tl, a)
	if err != nil {
		return outcome{err: err}
	}
	return w.run(call, h)
}

func (w workplace) prepare(tl tool.Tool, a any) (tool.Call, error) {
	w.t.Helper()
	raw, ok := a.(string)
	if !ok {
		b, err := json.Marshal(a)
		if err != nil {
			w.t.Fatal(err)
		}
		raw = string(b)
	}
	return tl.Prepare(w.t.Context(), w.at, json.RawMessage(raw))
}

func (w workplace) run(call tool.Call, h *hearer) outcome {
	w.t.Helper()
	r, err := call.Run(w.t.Context(), h)
	o := outcome{call: call, out: h.String(), turn: h, err: err}
	if r.Page != nil {
		if err := json.Unmarshal(r.Page, &o.facts); err != nil {
			w.t.Fatal(err)
		}
	}
	return o
}

func (o outcome) fine(t *testing.T) outcome {
	t.Helper()
	if o.err != nil {
		t.Fatalf("unexpected error: %v", o.err)
	}
	return o
}

// refused says that a call failed with a sentence that has all the words, and
// that it told nothing.
func (o outcome) refused(t *testing.T, words ...string) {
	t.Helper()
	if o.err == nil {
		t.Fatalf("was not refused, output %q", o.out)
	}
	if o.out != "" {
		t.Errorf("refused, but with output %q", o.out)
	}
	for _, word := range words {
		if !strings.Contains(o.err.Error(), word) {
			t.Errorf("error %q does not say %q", o.err, word)
		}
	}
}
