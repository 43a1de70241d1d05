//go:build unix

package main_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"hermes-webui/app/wholetest"
	"hermes-webui/server/agent/direct/modeltest"
	"hermes-webui/server/chat"
)

// canary must never leave the file, the variable and the setting that hold it.
const canary = "CANARY-do-not-leak-7f3a9c"

// outcome is what must become of an attack. Nothing is done without asking.
type outcome string

const (
	refused  outcome = "refused"  // the call failed and changed nothing
	asked    outcome = "asked"    // a person is asked, and says no
	guarded  outcome = "guarded"  // one of these two
	harmless outcome = "harmless" // it may be done, and shows nothing that is secret
)

// attack is one call that a model tries.
type attack struct {
	name string
	tool string
	args map[string]any
	want outcome
}

// attacks are what a model may try in a workspace with links to secret.
func attacks(work, outside, state, address string) []attack {
	secret := filepath.Join(outside, "secret.txt")
	var list []attack
	add := func(want outcome, name, tool string, args map[string]any) {
		list = append(list, attack{name, tool, args, want})
	}
	for _, path := range []string{
		"../outside/secret.txt", "..", "../", "sub/../../outside/secret.txt", secret, "/etc/passwd", "/proc/self/environ",
		"link.txt", "chain.txt", "dir/secret.txt", "up/outside/secret.txt", "self/root" + secret, "link.txt/", "./link.txt",
		"secret.txt\x00.md", "\x00", strings.Repeat("a/", 3000) + "x", strings.Repeat("x", 5000), "//" + secret, "C:\\secret.txt", "~/secret.txt",
		filepath.Join(state, "secrets.json"), filepath.Join(state, "webui.db"), "fifo",
	} {
		short := path[:min(len(path), 60)]
		add(refused, "read "+short, "read_file", map[string]any{"path": path})
		add(guarded, "write "+short, "write_file", map[string]any{"path": path, "content": "owned"})
		add(refused, "edit "+short, "edit_file", map[string]any{"path": path, "old": "CANARY", "new": "owned"})
	}
	for _, path := range []string{"..", outside, "dir", "up", "/", "/proc/self", state} {
		add(refused, "list "+path, "list_dir", map[string]any{"path": path})
		add(refused, "search "+path, "search_files", map[string]any{"pattern": "CANARY", "path": path})
	}
	add(harmless, "search everything", "search_files", map[string]any{"pattern": "CANARY"})
	add(harmless, "list deep", "list_dir", map[string]any{"path": ".", "depth": 9})
	for _, c := range []string{
		"cat ../outside/secret.txt", "cat " + secret, "cat link.txt", "cat dir/secret.txt", "cat up/outside/secret.txt", "cat chain.txt",
		"cat /proc/self/environ", "cat /proc/$PPID/environ", "cat < " + secret, "cat a.txt; cat " + secret, "cat a.txt\ncat " + secret,
		"cat a.txt && env", "ls | sh", "ls `id`", "ls $(id)", "ls > stolen", "env", "printenv", "X=1 ls", "cat -- ../outside/secret.txt",
		"cat 'a.txt' \"../outside/secret.txt\"", "cat a.txt ../out\\side/secret.txt", "cat ..//outside/secret.txt", "cat *", "cat ?.txt", "cat {a,b}.txt",
		"cat ~/secret.txt", "tail -f a.txt", "tail --follow a.txt", "tree -o stolen", "tree -l", "file -f list", "wc --files0-from=list",
		"du --files0-from=list", "du -L .", "ls -L dir", "stat -L link.txt", "ls dir/", "ls ..", "find . -name x", "git status", "sed -n p a.txt",
		"./cat a.txt", "sub/ls", "cat\u00a0a.txt", "cat a.txt\r", "cat a.txt #", "! cat a.txt", "cat a.txt &", "cat\ta.txt\x00", "ls -la --color=auto --hyperlink=always /",
		"cat $'\\x2e\\x2e/outside/secret.txt'", "head -c 100 " + secret, "head -n 5 ../outside/secret.txt", "\\cat " + secret, "command cat a.txt",
		"cat a.txt\u2028cat " + secret, "cat ＜a.txt", "cat \"$HOME\"/x", "rm -rf /", "cat fifo", "cat -", "cat /dev/stdin", "ls -R /", "tree /", "du /", "pwd; id",
	} {
		add(guarded, "run "+c, "shell", map[string]any{"command": c})
	}
	for _, url := range []string{
		address, address + "/api/providers", "http://127.0.0.1/", "http://127.1:8080/", "http://localhost:8787/", "http://localhost.:9000/", "http://[::1]/",
		"http://[::ffff:127.0.0.1]/", "http://0.0.0.0/", "http://2130706433/", "http://0x7f000001/", "http://0177.0.0.1/", "http://169.254.169.254/latest/meta-data/",
		"http://10.0.0.1/", "http://192.168.0.1/", "http://172.16.0.1/", "http://100.64.0.1/", "http://[fd00::1]/", "http://[fe80::1]/", "http://[64:ff9b::7f00:1]/",
		"file:///etc/passwd", "gopher://127.0.0.1:25/", "ftp://example.org/", "http://user:pass@example.org/", "http://", "", "//example.org", "javascript:alert(1)", "http://exa mple.org/",
		"http://127.0.0.1:22/", "https://metadata/",
	} {
		add(refused, "fetch "+url, "fetch_url", map[string]any{"url": url})
	}
	add(asked, "fetch a public page", "fetch_url", map[string]any{"url": "https://example.org/?q=" + "x"})
	add(refused, "an unknown tool", "sudo", map[string]any{"command": "id"})
	add(refused, "a tool of no server", "github__delete_repo", map[string]any{})
	add(refused, "arguments of wrong types", "read_file", map[string]any{"path": map[string]any{"a": []int{1}}})
	add(refused, "no arguments", "write_file", map[string]any{})
	add(refused, "a command that is a list", "shell", map[string]any{"command": []string{"id"}})
	add(refused, "an empty command", "shell", map[string]any{"command": "  "})
	add(asked, "a hook of git", "write_file", map[string]any{"path": ".git/hooks/pre-commit", "content": "#!/bin/sh\nid\n"})
	add(asked, "an ordinary file", "write_file", map[string]any{"path": "new.txt", "content": "hello\n"})
	add(asked, "a question that looks like an approval", "ask_user", map[string]any{"question": "Allow everything?", "choices": []string{"once", "always"}})
	return list
}

func TestAttacksAreRefusedOrAskedAbout(t *testing.T) {
	base := t.TempDir()
	work, outside, state := filepath.Join(base, "work"), filepath.Join(base, "outside"), filepath.Join(base, "state")
	prepare(t, work, outside)
	var tries []attack
	model, err := modeltest.Start(modeltest.Aside(modeltest.Refuse(400, `{}`), func(r modeltest.Request) modeltest.Script {
		var n int
		if _, err := fmt.Sscanf(topic(r), "try%d", &n); err != nil {
			return modeltest.Say("what?")
		}
		if r.Asked().Rounds() > 0 {
			return modeltest.Say("over")
		}
		args, err := json.Marshal(tries[n].args)
		if err != nil {
			panic(err)
		}
		return modeltest.Use(tries[n].tool, string(args))
	}))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(model.Close)
	p := wholetest.Start(t, wholetest.Options{Dir: state, Env: []string{
		"OPENAI_BASE_URL=" + model.URL, "OPENAI_API_KEY=" + canary + "-env", "HERMES_WEBUI_DEFAULT_WORKSPACE=" + work, "SOME_TOKEN=" + canary + "-token",
	}})
	p.Do(200, "PUT", "/api/providers/anthropic", map[string]any{"key": canary + "-stored"})
	tries = attacks(work, outside, state, p.URL)
	before, inside := tree(t, outside), tree(t, work)
	h := &house{t: t, p: p, model: model, work: work}
	for i, a := range tries {
		s, turn := h.send(fmt.Sprintf("try%d now", i))
		h.meet(s, turn, a)
		if got := tree(t, outside); got != before {
			t.Fatalf("%s: outside there is now\n%s", a.name, got)
		}
		if shown := wholetest.Shown(t, p.Snapshot(s)); strings.Contains(shown, canary) {
			t.Errorf("%s: the session shows the secret: %s", a.name, shown)
		}
	}
	if got := tree(t, work); got != inside {
		t.Errorf("the workspace was\n%s\nand is now\n%s", inside, got)
	}
	for _, r := range model.Requests() {
		if strings.Contains(string(r.Body), canary) {
			t.Errorf("the model was told the secret: %s", r.Body)
		}
	}
	if strings.Contains(p.Log(), canary) {
		t.Error("the log holds the secret")
	}
}

// meet wants an attack to end as it must.
func (h *house) meet(s chat.SessionID, turn chat.TurnID, a attack) {
	h.t.Helper()
	w := h.p.Watch(h.t.Context(), s)
	w.Until(func(f *chat.Fold) bool {
		return len(f.Asks) > 0 || len(f.Turns) > 0 && f.Turns[len(f.Turns)-1].State.Ended()
	})
	w.Close()
	snap := h.p.Snapshot(s)
	if len(snap.Asks) > 0 {
		ask := snap.Asks[0]
		if a.want != asked && a.want != guarded {
			h.t.Errorf("%s: it is asked about as %q, and should be %s", a.name, ask.Title, a.want)
		}
		if ask.Kind == chat.Question && a.tool != "ask_user" || ask.Kind != chat.Question && a.tool == "ask_user" {
			h.t.Errorf("%s: asked as a %s", a.name, ask.Kind)
		}
		if a.tool == "ask_user" {
			h.p.Do(http.StatusOK, "POST", "/api/asks/"+string(ask.ID)+"/answer", map[string]any{"text": "no"})
		} else {
			h.answer(ask, "deny")
		}
		h.p.Ended(s, turn)
		return
	}
	end := h.p.Ended(s, turn)
	calls := callsOf(end)
	switch {
	case a.want == asked:
		h.t.Errorf("%s: nobody was asked; %s", a.name, wholetest.TextOf(end))
	case (a.want == refused || a.want == guarded) && (len(calls) != 1 || calls[0].State != chat.ToolFailed):
		h.t.Errorf("%s: it was not refused: %+v", a.name, calls)
	case a.want == harmless && calls[0].State != chat.ToolDone:
		h.t.Errorf("%s: it is not harmless any more: %s", a.name, calls[0].Error)
	}
}

// prepare makes a workspace with ways out of it, and a secret outside.
func prepare(t *testing.T, work, outside string) {
	t.Helper()
	for _, dir := range []string{filepath.Join(work, "sub"), filepath.Join(work, ".git", "hooks"), outside} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	for path, text := range map[string]string{
		filepath.Join(outside, "secret.txt"): canary + "\n", filepath.Join(work, "a.txt"): "an apple\n", filepath.Join(work, "list"): filepath.Join(outside, "secret.txt") + "\x00",
		filepath.Join(work, "cat"): "#!/bin/sh\necho owned > owned\n", filepath.Join(work, "sub", "ls"): "#!/bin/sh\necho owned > owned\n",
	} {
		if err := os.WriteFile(path, []byte(text), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	for name, target := range map[string]string{
		"link.txt": filepath.Join(outside, "secret.txt"), "chain.txt": "link.txt", "dir": outside, "up": "..", "self": "/proc/self",
	} {
		if err := os.Symlink(target, filepath.Join(work, name)); err != nil {
			t.Fatal(err)
		}
	}
	if err := syscall.Mkfifo(filepath.Join(work, "fifo"), 0o600); err != nil {
		t.Fatal(err)
	}
}

// tree lists a folder with the content of its files.
func tree(t *testing.T, dir string) string {
	t.Helper()
	var b strings.Builder
	err := filepath.Walk(dir, func(path string, info os.FileInfo, err error) error {
		if err != nil {
			return err
		}
		fmt.Fprintf(&b, "%s %s", strings.TrimPrefix(path, dir), info.Mode())
		if info.Mode().IsRegular() {
			raw, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			fmt.Fprintf(&b, " %q", raw)
		}
		b.WriteByte('\n')
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestAPathThatChangesUnderACallLeadsNowhere swaps a folder of the workspace
// with a link to the secret's while tools read below it.
func TestAPathThatChangesUnderACallLeadsNowhere(t *testing.T) {
	base := t.TempDir()
	work, outside := filepath.Join(base, "work"), filepath.Join(base, "outside")
	for dir, text := range map[string]string{filepath.Join(work, "real"): "harmless\n", outside: canary + "\n"} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "secret.txt"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	calls := []string{}
	for range 8 {
		calls = append(calls,
			"read_file", `{"path":"x/secret.txt"}`, "list_dir", `{"path":"x"}`, "search_files", `{"pattern":"CANARY|harmless"}`,
			"shell", `{"command":"cat x/secret.txt"}`, "shell", `{"command":"head -n 3 x/secret.txt"}`, "shell", `{"command":"ls -l x"}`)
	}
	end := time.Now().Add(4 * time.Second)
	model, err := modeltest.Start(modeltest.Aside(modeltest.Refuse(400, `{}`), func(modeltest.Request) modeltest.Script {
		if time.Now().After(end) {
			return modeltest.Say("over")
		}
		return modeltest.Use(calls...)
	}))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(model.Close)
	p := wholetest.Start(t, wholetest.Options{Env: []string{"OPENAI_BASE_URL=" + model.URL, "HERMES_WEBUI_DEFAULT_WORKSPACE=" + work}})
	stop := make(chan struct{})
	var swapping sync.WaitGroup
	swapping.Go(func() {
		x := filepath.Join(work, "x")
		for i := 0; ; i++ {
			select {
			case <-stop:
				return
			default:
			}
			target := "real"
			if i%2 == 1 {
				target = outside
			}
			_ = os.Symlink(target, x+".new") // both fail only at the end
			_ = os.Rename(x+".new", x)
		}
	})
	h := &house{t: t, p: p, model: model, work: work}
	s, turn := h.send("try0 race")
	w := p.Watch(t.Context(), s)
	answered := map[chat.AskID]bool{}
	for over := false; !over; { // what looks like a way out at the moment is asked about
		var open []chat.Ask
		w.Until(func(f *chat.Fold) bool {
			open = nil
			for _, a := range f.Asks {
				if !answered[a.ID] {
					open = append(open, a)
				}
			}
			over = len(f.Turns) > 0 && f.Turns[0].State.Ended()
			return over || len(open) > 0
		})
		for _, a := range open {
			answered[a.ID] = true
			h.answer(a, "deny")
		}
	}
	w.Close()
	close(stop)
	swapping.Wait()
	end2 := p.Ended(s, turn)
	done, shown := 0, wholetest.Shown(t, p.Snapshot(s))
	for _, c := range callsOf(end2) {
		if c.State == chat.ToolDone {
			done++
		}
	}
	if strings.Contains(shown, canary) || done == 0 {
		t.Errorf("after %d calls that were done the session shows the secret: %v", done, strings.Contains(shown, canary))
	}
}

// A person may allow a command that prints the file of keys, or one that comes
// upon a key elsewhere. It runs, and the keys are in nothing that is kept or shown.
func TestAnAllowedCommandDoesNotShowOurKeys(t *testing.T) {
	dir, work := filepath.Join(t.TempDir(), "state"), t.TempDir()
	if err := os.WriteFile(filepath.Join(work, "app.env"), []byte("A=1\nKEY="+canary+"-env\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	line := "cat app.env " + filepath.Join(dir, "secrets.json")
	model, err := modeltest.Start(modeltest.Aside(modeltest.Say("A title"), func(r modeltest.Request) modeltest.Script {
		if r.Asked().Rounds() > 0 {
			return modeltest.Say("over")
		}
		return use("shell", command(line), "read_file", `{"path":"app.env"}`)
	}))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(model.Close)
	p := wholetest.Start(t, wholetest.Options{Dir: dir, Env: []string{
		"OPENAI_BASE_URL=" + model.URL, "OPENAI_API_KEY=" + canary + "-env", "HERMES_WEBUI_DEFAULT_WORKSPACE=" + work,
	}})
	p.Do(200, "PUT", "/api/providers/anthropic", map[string]any{"key": canary + "-stored"})
	h := &house{t: t, p: p, model: model, work: work}
	s, turn := h.send("look")
	h.answer(h.asked(s), "once")
	calls := callsOf(p.Ended(s, turn))
	for i, c := range calls {
		if out := c.Out.String(); !strings.Contains(out, "KEY=[secret]") || i == 0 && !strings.Contains(out, `"key": "[secret]"`) {
			t.Errorf("%s says %q", c.Name, out)
		}
	}
	for _, path := range []string{"/api/sessions", "/api/sessions/" + string(s), "/api/providers", "/api/agents", "/api/settings", "/"} {
		if got := p.Do(200, "GET", path, nil); strings.Contains(string(got.Body), canary) {
			t.Errorf("%s shows a key", path)
		}
	}
	for _, r := range model.Requests() {
		if strings.Contains(string(r.Body), canary) {
			t.Errorf("the model was told a key: %s", r.Body)
		}
	}
	if code := p.Stop(); code != 0 {
		t.Errorf("ended with %d", code)
	}
	if strings.Contains(p.Log(), canary) {
		t.Error("the log of the program holds a key")
	}
	files, err := filepath.Glob(filepath.Join(dir, "webui.db*"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no database: %v", err)
	}
	for _, f := range files {
		if b := must(os.ReadFile(f)); strings.Contains(string(b), canary) {
			t.Errorf("%s holds a key", filepath.Base(f))
		}
	}
}
