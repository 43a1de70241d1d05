package gatewaytest_test

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"flag"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"hermes-webui/server/agent/hermes/gateway/gatewaytest"
	"hermes-webui/server/agent/hermes/hermestest"
)

var update = flag.Bool("update", false, "write the recordings anew")

// recorder talks to the real agent and writes down what is said. What differs
// between machines and says nothing about the protocol is replaced.
type recorder struct {
	t       *testing.T
	in      io.Writer
	out     *bufio.Reader
	serial  int
	session string
	past    []string // sessions of other scenes: their late events
	project string
	hide    *strings.Replacer
	lines   []gatewaytest.Line
}

// call sends a call and reads until its answer and an event of each kind in until
// have come.
func (r *recorder) call(method string, params map[string]any, until ...string) {
	r.t.Helper()
	r.serial++
	frame, _ := json.Marshal(map[string]any{"jsonrpc": "2.0", "id": r.serial, "method": method, "params": params})
	r.keep(true, frame)
	if _, err := r.in.Write(append(frame, '\n')); err != nil {
		r.t.Fatal(err)
	}
	until = append(until, method)
	r.read(func(f spoken) bool {
		kind := f.Params.Type
		if f.ID != nil && *f.ID == r.serial {
			kind = method
			r.session = cmp.Or(f.Result.SessionID, r.session)
		}
		until = slices.DeleteFunc(until, func(s string) bool { return s == kind })
		return len(until) == 0
	})
}

type spoken struct {
	ID     *int
	Result struct {
		SessionID string `json:"session_id"`
	}
	Params struct {
		Type    string
		Session string `json:"session_id"`
		Payload map[string]any
	}
}

func (r *recorder) read(enough func(spoken) bool) {
	r.t.Helper()
	for {
		line, err := r.out.ReadBytes('\n')
		if err != nil {
			r.t.Fatal(err)
		}
		var f spoken
		if err := json.Unmarshal(line, &f); err != nil {
			r.t.Fatalf("%.200s: %v", line, err)
		}
		if f.ID == nil && slices.Contains(r.past, f.Params.Session) {
			continue
		}
		r.keep(false, bytes.TrimSpace(line))
		if enough(f) {
			return
		}
	}
}

// long are members that fill pages and that no client reads.
var long = []string{"system_prompt", "tools", "skills", "banner_logo", "banner_hero", "colors", "branding"}

func (r *recorder) keep(sent bool, line []byte) {
	var v any
	if err := json.Unmarshal([]byte(r.hide.Replace(string(line))), &v); err != nil {
		r.t.Fatal(err)
	}
	shorten(v)
	b, _ := json.Marshal(v)
	r.lines = append(r.lines, gatewaytest.Line{Sent: sent, Frame: b})
}

func shorten(v any) {
	m, ok := v.(map[string]any)
	if !ok {
		return
	}
	for k, member := range m {
		switch member.(type) {
		case string:
			if slices.Contains(long, k) {
				m[k] = "…"
			}
		case map[string]any:
			if slices.Contains(long, k) {
				m[k] = map[string]any{}
			}
			shorten(m[k])
		}
	}
}

// shape is what a recording has of each kind of line: the members of its payload.
func shape(lines []gatewaytest.Line) map[string][]string {
	all := map[string][]string{}
	for _, l := range lines {
		var f spoken
		if json.Unmarshal(l.Frame, &f) != nil || f.Params.Type == "" || slices.Contains(sometimes, f.Params.Type) {
			continue
		}
		keys := append(all[f.Params.Type], slices.Collect(maps.Keys(f.Params.Payload))...)
		slices.Sort(keys)
		all[f.Params.Type] = slices.Compact(keys)
	}
	return all
}

// sometimes are events that depend on how fast the machine is.
var sometimes = []string{"thinking.delta", "session.title", "status.update", "session.info", "tool.generating", "reasoning.available"}

func TestRecordingsAreWhatTheRealAgentSends(t *testing.T) {
	r := start(t)
	begin := slices.Clone(r.lines)
	scenes := map[string]func(){
		"plain": func() { r.prompt("[[plain]]", "message.complete") },
		"think": func() { r.prompt("[[think]]", "message.complete") },
		"tool":  func() { r.prompt("[[tool:echo hi]]", "message.complete") },
		"approval": func() {
			r.prompt("[[tool:rm -rf /tmp/hermes-webui-test-nothing]]", "approval.request")
			r.call("approval.respond", map[string]any{"session_id": r.session, "choice": "once"}, "message.complete")
		},
		"deny": func() {
			r.prompt("[[tool:rm -rf /tmp/hermes-webui-test-nothing]]", "approval.request")
			r.call("approval.respond", map[string]any{"session_id": r.session, "choice": "deny"}, "message.complete")
		},
		"clarify": func() {
			r.prompt("[[clarify]]", "clarify.request")
			r.call("clarify.respond", map[string]any{"request_id": r.last("clarify.request")["request_id"], "answer": "blue"}, "message.complete")
		},
		"todo":   func() { r.prompt("[[todo]]", "message.complete") },
		"failed": func() { r.prompt("[[status:401]]", "message.complete") },
		"interrupted": func() {
			r.prompt("[[long]]", "message.delta")
			r.call("session.interrupt", map[string]any{"session_id": r.session}, "message.complete")
		},
	}
	for _, name := range slices.Sorted(maps.Keys(scenes)) {
		t.Run(name, func(t *testing.T) {
			r.t, r.lines = t, slices.Clone(begin)
			r.call("session.create", map[string]any{"cwd": r.project, "source": "webui", "cols": 100})
			scenes[name]()
			r.call("session.close", map[string]any{"session_id": r.session})
			r.past = append(r.past, r.session)
			if *update {
				save(t, name, r.lines)
			}
			old, err := gatewaytest.Recording(hermestest.Version + "/" + name)
			if err != nil && !*update {
				t.Fatalf("%v; call with -update", err)
			}
			want, got := shape(old), shape(r.lines)
			if !*update && !maps.EqualFunc(want, got, slices.Equal) {
				t.Errorf("the agent sends\n%v, recorded is\n%v", got, want)
			}
		})
	}
}

func (r *recorder) prompt(text, until string) {
	r.t.Helper()
	r.call("prompt.submit", map[string]any{"session_id": r.session, "text": text}, until)
}

// last returns the payload of the newest event of a kind.
func (r *recorder) last(kind string) map[string]any {
	for _, l := range slices.Backward(r.lines) {
		var f spoken
		if json.Unmarshal(l.Frame, &f) == nil && f.Params.Type == kind {
			return f.Params.Payload
		}
	}
	return nil
}

func start(t *testing.T) *recorder {
	t.Helper()
	home := hermestest.Home(t, hermestest.NewModel(t).URL)
	cmd := exec.Command(hermestest.Python(t), "-m", "tui_gateway.entry")
	cmd.Env, cmd.Dir = hermestest.Env(home), home
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = in.Close()
		_, _ = io.Copy(io.Discard, out)
		_ = cmd.Wait()
	})
	project := filepath.Join(filepath.Dir(home), "proj")
	if err := os.Mkdir(project, 0o700); err != nil {
		t.Fatal(err)
	}
	r := &recorder{t: t, in: in, out: bufio.NewReader(out), project: project}
	r.hide = strings.NewReplacer(home, "/home/u/.hermes", filepath.Dir(home), "/home/u", os.TempDir(), "/tmp")
	r.read(func(f spoken) bool { return f.Params.Type == "gateway.ready" })
	return r
}

func save(t *testing.T, name string, lines []gatewaytest.Line) {
	t.Helper()
	var b bytes.Buffer
	for _, l := range lines {
		b.WriteString(map[bool]string{true: "> ", false: "< "}[l.Sent])
		b.Write(l.Frame)
		b.WriteByte('\n')
	}
	if err := os.WriteFile(filepath.Join("testdata", hermestest.Version, name+".jsonl"), b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
}
