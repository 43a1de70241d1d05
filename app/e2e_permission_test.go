//go:build unix

package main_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"hermes-webui/app/wholetest"
	"hermes-webui/server/agent/direct/modeltest"
	"hermes-webui/server/chat"
)

// errand is a prompt that the model obeys to the letter: each round is one answer
// of calls, names and arguments in turn.
func errand(rounds ...[]string) string { return "do " + string(must(json.Marshal(rounds))) }

// huge stands for 96 KB in an errand.
const huge = "@huge@"

// obey is the model that does errands.
func obey(r modeltest.Request) modeltest.Script {
	a := r.Asked()
	prompt := ""
	for _, m := range a.Messages {
		if m.Role == "user" && m.Content != "" {
			prompt = m.Content
		}
	}
	var rounds [][]string
	raw, ok := strings.CutPrefix(prompt, "do ")
	if n := a.Rounds(); ok && json.Unmarshal([]byte(raw), &rounds) == nil && n < len(rounds) {
		for i, arg := range rounds[n] {
			rounds[n][i] = strings.ReplaceAll(arg, huge, strings.Repeat("0123456789abcde ", 96<<10/16))
		}
		return modeltest.Use(rounds[n]...)
	}
	return modeltest.Say("over")
}

// obedient is the program with the model that does errands.
func obedient(t *testing.T) *house {
	t.Helper()
	model, err := modeltest.Start(modeltest.Aside(modeltest.Refuse(400, `{}`), obey))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(model.Close)
	h := &house{t: t, model: model, work: t.TempDir()}
	h.o = wholetest.Options{
		Dir: filepath.Join(t.TempDir(), "state"),
		Env: []string{"OPENAI_BASE_URL=" + model.URL, "OPENAI_API_KEY=sk-x", "HERMES_WEBUI_DEFAULT_WORKSPACE=" + h.work},
	}
	h.p = wholetest.Start(t, h.o)
	h.o.Addr = h.p.Addr
	return h
}

// in is h for one subtest.
func (h *house) in(t *testing.T) *house {
	one := *h
	one.t = t
	return &one
}

func shell(command string) []string {
	return []string{"shell", string(must(json.Marshal(map[string]string{"command": command})))}
}

func writing(path, text string) []string {
	return []string{"write_file", string(must(json.Marshal(map[string]string{"path": path, "content": text})))}
}

// sendIn begins a turn in a session.
func (h *house) sendIn(s chat.SessionID, rounds ...[]string) chat.TurnID {
	return h.p.Send(s, errand(rounds...))
}

// next waits until the turn asks, or has ended (nil).
func (h *house) next(s chat.SessionID, turn chat.TurnID) *chat.Ask {
	h.t.Helper()
	w := h.p.Watch(h.t.Context(), s)
	defer w.Close()
	var found *chat.Ask
	w.Until(func(f *chat.Fold) bool {
		if i := slices.IndexFunc(f.Asks, func(a chat.Ask) bool { return a.Turn == turn }); i >= 0 {
			found = &f.Asks[i]
			return true
		}
		return slices.ContainsFunc(f.Turns, func(t *chat.Turn) bool { return t.ID == turn && t.State.Ended() })
	})
	if found == nil {
		return nil
	}
	asks := h.p.Snapshot(s).Asks
	if i := slices.IndexFunc(asks, func(a chat.Ask) bool { return a.ID == found.ID }); i >= 0 {
		return &asks[i]
	}
	h.t.Fatalf("ask %q closed by itself", found.Title)
	return nil
}

// wantAsked sends an errand that a person must be asked about, and says no.
func (h *house) wantAsked(s chat.SessionID, what string, calls ...string) {
	h.t.Helper()
	turn := h.sendIn(s, calls)
	ask := h.next(s, turn)
	if ask == nil {
		h.t.Errorf("%s: nobody was asked: %+v", what, callsOf(h.p.Ended(s, turn))[0])
		return
	}
	h.answer(*ask, "deny")
	h.p.Ended(s, turn)
}

// wantRefusedOrAsked is wantAsked for what may also fail by itself.
func (h *house) wantRefusedOrAsked(s chat.SessionID, what string, calls ...string) {
	h.t.Helper()
	turn := h.sendIn(s, calls)
	if ask := h.next(s, turn); ask != nil {
		h.answer(*ask, "deny")
	}
	if c := callsOf(h.p.Ended(s, turn))[0]; c.State != chat.ToolFailed {
		h.t.Errorf("%s: it was done: %+v", what, c)
	}
}

// wantUnasked sends an errand that a rule allows.
func (h *house) wantUnasked(s chat.SessionID, what string, calls ...string) {
	h.t.Helper()
	turn := h.sendIn(s, calls)
	if ask := h.next(s, turn); ask != nil {
		h.t.Errorf("%s: asked %q in spite of the rule", what, ask.Title)
		h.answer(*ask, "deny")
	}
	h.p.Ended(s, turn)
}

// allow sends an errand and answers its ask with a choice.
func (h *house) allow(s chat.SessionID, choice string, calls ...string) {
	h.t.Helper()
	turn := h.sendIn(s, calls)
	ask := h.next(s, turn)
	if ask == nil {
		h.t.Fatalf("nobody was asked: %+v", callsOf(h.p.Ended(s, turn)))
	}
	h.answer(*ask, choice)
	if c := callsOf(h.p.Ended(s, turn))[0]; c.State != chat.ToolDone {
		h.t.Fatalf("what was allowed ended as %s: %s%s", c.State, c.Error, c.Out)
	}
}

type listedRule struct{ ID, Kind, Pattern, Workspace, Session, Text string }

func (h *house) rules() (items []listedRule) {
	h.t.Helper()
	var list struct{ Items []listedRule }
	h.p.Do(200, "GET", "/api/rules", nil).Into(h.t, &list)
	return list.Items
}

func (h *house) forget() {
	h.t.Helper()
	for _, r := range h.rules() {
		h.p.Do(204, "DELETE", "/api/rules/"+r.ID, nil)
	}
}

func (h *house) there(name string) bool {
	_, err := os.Lstat(filepath.Join(h.work, name))
	return err == nil
}

// try answers an ask with any body and returns the status and what was said.
func (h *house) try(id chat.AskID, body map[string]any) (int, string) {
	h.t.Helper()
	a, err := h.p.Try(h.t.Context(), "POST", "/api/asks/"+string(id)+"/answer", body)
	if err != nil {
		h.t.Fatal(err)
	}
	return a.Status, string(a.Body)
}

func TestAnswersThatMustNotCount(t *testing.T) {
	all := obedient(t)
	t.Run("to what was not shown", func(t *testing.T) {
		h := all.in(t)
		s := h.p.Session("direct", "")
		turn := h.sendIn(s, shell("touch stale"))
		ask := h.next(s, turn)
		if n, said := h.try(ask.ID, map[string]any{"choice": "once", "digest": strings.Repeat("0", 64)}); n != 409 || !strings.Contains(said, "ask_changed") {
			t.Errorf("a stale digest: %d %s", n, said)
		}
		for name, body := range map[string]map[string]any{
			"no choice": {}, "words only": {"text": "yes, always"}, "an unknown choice": {"choice": "allow"}, "another case": {"choice": "Once"},
			"white space": {"choice": " once"}, "edited for the session": {"choice": "session", "command": "touch worse"},
			"edited for always": {"choice": "always", "command": "touch worse"}, "the same for always, with a blank": {"choice": "always", "command": "touch stale "},
		} {
			body["digest"] = ask.Digest
			if n, said := h.try(ask.ID, body); n != 422 {
				t.Errorf("%s: %d %s", name, n, said)
			}
		}
		if open := h.p.Snapshot(s).Asks; len(open) != 1 || h.there("stale") || h.there("worse") || len(h.rules()) != 0 {
			t.Errorf("%d asks are open, rules are %+v", len(open), h.rules())
		}
		h.answer(*ask, "deny")
		h.p.Ended(s, turn)
		for _, choice := range []string{"once", "session", "always"} {
			if n, said := h.try(ask.ID, map[string]any{"choice": choice, "digest": ask.Digest}); n != 409 || !strings.Contains(said, "ask_closed") {
				t.Errorf("%s after deny: %d %s", choice, n, said)
			}
		}
		h.wantAsked(s, "the same call after deny", shell("touch stale")...)
		if h.there("stale") || len(h.rules()) != 0 {
			t.Errorf("it ran, or rules are %+v", h.rules())
		}
	})
	t.Run("from another site", func(t *testing.T) {
		h := all.in(t)
		s := h.p.Session("direct", "")
		turn := h.sendIn(s, shell("touch foreign"))
		ask := h.next(s, turn)
		for name, head := range map[string]map[string]string{
			"another origin": {"Origin": "https://evil.example"}, "another port": {"Origin": "http://127.0.0.1:1"}, "a file": {"Origin": "null"},
			"a site that says so": {"Sec-Fetch-Site": "cross-site"}, "a neighbour": {"Sec-Fetch-Site": "same-site"},
			"a rebound name": {"Host": "evil.example"}, "a name that looks like ours": {"Host": "localhost.evil.example"}, "a bare address": {"Host": "192.168.1.1"},
			"both": {"Host": "evil.example", "Origin": "http://evil.example"},
		} {
			if n := h.knock(ask, "application/json", head); n != http.StatusForbidden {
				t.Errorf("%s: %d, want 403", name, n)
			}
		}
		// What a form can send without asking the server first.
		for _, kind := range []string{"text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""} {
			if n := h.knock(ask, kind, nil); n != http.StatusUnsupportedMediaType {
				t.Errorf("a body of type %q: %d, want 415", kind, n)
			}
		}
		if open := h.p.Snapshot(s).Asks; len(open) != 1 || h.there("foreign") {
			t.Errorf("%d asks are open", len(open))
		}
		h.answer(*ask, "deny")
		h.p.Ended(s, turn)
	})
	t.Run("with what cannot be seen in the command", func(t *testing.T) {
		h := all.in(t)
		s := h.p.Session("direct", "")
		for _, edited := range []string{
			"touch edited\u202e", "touch edited\x00", "touch edited\x1b[2K", "touch edited\r", "touch\u00a0edited", "touch \u200bedited", "touch edited\u2028id", "\ufefftouch edited", " ", "touch edited\U000e0041",
		} {
			turn := h.sendIn(s, shell("touch shown"))
			ask := h.next(s, turn)
			n, _ := h.try(ask.ID, map[string]any{"choice": "once", "command": edited, "digest": ask.Digest})
			if n != 200 {
				h.answer(*ask, "deny")
			}
			if c := callsOf(h.p.Ended(s, turn))[0]; c.State != chat.ToolFailed || h.there("shown") {
				t.Errorf("%q: answered with %d, ended as %s: %s", edited, n, c.State, c.Error)
			}
		}
	})
	t.Run("many at once", func(t *testing.T) {
		h := all.in(t)
		s := h.p.Session("direct", "")
		for i := range 6 {
			turn := h.sendIn(s, shell(fmt.Sprintf("echo x >> raced%d", i)))
			ask := h.next(s, turn)
			choices := []string{"once", "deny", "session"}
			won := make([]string, 24)
			var all sync.WaitGroup
			for k := range won {
				all.Go(func() {
					choice := choices[k%len(choices)]
					if n, _ := h.try(ask.ID, map[string]any{"choice": choice, "digest": ask.Digest}); n == 200 {
						won[k] = choice
					}
				})
			}
			all.Wait()
			won = slices.DeleteFunc(won, func(c string) bool { return c == "" })
			slices.Sort(won)
			won = slices.Compact(won)
			state := callsOf(h.p.Ended(s, turn))[0].State
			ran := strings.Count(h.read(fmt.Sprintf("raced%d", i)), "x\n")
			if len(won) != 1 || ran > 1 || (ran == 1) == (won[0] == "deny") || (state == chat.ToolDone) == (won[0] == "deny") {
				t.Errorf("won %v, it ran %d times, ended as %s", won, ran, state)
			}
			if stored := len(h.rules()); len(won) == 1 && (stored == 1) != (won[0] == "session") {
				t.Errorf("won %v, stored are %d rules", won, stored)
			}
			h.forget()
		}
	})
}

// knock answers an ask with once, as a page from somewhere would.
func (h *house) knock(ask *chat.Ask, kind string, head map[string]string) int {
	h.t.Helper()
	body := fmt.Sprintf(`{"choice":"once","digest":%q}`, ask.Digest)
	r, err := http.NewRequestWithContext(h.t.Context(), "POST", h.p.URL+"/api/asks/"+string(ask.ID)+"/answer", strings.NewReader(body))
	if err != nil {
		h.t.Fatal(err)
	}
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	for k, v := range head {
		if k == "Host" {
			r.Host = v
			continue
		}
		r.Header.Set(k, v)
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		h.t.Fatal(err)
	}
	defer resp.Body.Close()
	_, _ = io.Copy(io.Discard, resp.Body)
	return resp.StatusCode
}

func TestARuleHoldsForWhatItSaysAndNothingElse(t *testing.T) {
	all := obedient(t)
	elsewhere := t.TempDir()
	t.Run("a command", func(t *testing.T) {
		h := all.in(t)
		s := h.p.Session("direct", "")
		h.allow(s, "session", shell("echo a >> log")...)
		h.wantUnasked(s, "the command itself", shell("echo a >> log")...)
		if got := h.read("log"); got != "a\na\n" {
			t.Errorf("the log is %q", got)
		}
		for _, c := range []string{
			"echo a >> log ", " echo a >> log", "echo a >> log\n", "echo  a >> log", "echo a >> log\t", "echo a >> LOG", "Echo a >> log", "echo a >> log;", "echo a >> log; id",
			"echo a >> log\nid", "echo a >> log #", "echo a >> 'log'", "echo a >> log\u200d", "echo а >> log", "(echo a >> log)", "X=1 echo a >> log", "echo a >> log || id", "%", "echo _ >> log",
		} {
			h.wantRefusedOrAsked(s, fmt.Sprintf("%q", c), shell(c)...)
		}
		// Other arguments of the call do not change what the rule is about.
		h.wantAsked(h.p.Session("direct", ""), "another session", shell("echo a >> log")...)
		fork := chat.SessionID(chat.NewID(chat.PrefixSession))
		snap := h.p.Snapshot(s)
		h.p.Do(201, "POST", "/api/sessions/"+string(s)+"/fork", map[string]any{"id": fork, "turn": snap.Turns[0].ID})
		h.wantAsked(fork, "a fork", shell("echo a >> log")...)
		h.p.Do(200, "PATCH", "/api/sessions/"+string(s), map[string]any{"workspace": elsewhere})
		h.wantAsked(s, "another workspace", shell("echo a >> log")...)
		h.p.Do(200, "PATCH", "/api/sessions/"+string(s), map[string]any{"workspace": h.work})
		h.wantUnasked(s, "the first workspace again", shell("echo a >> log")...)
		if got := h.read("log"); got != "a\na\na\n" {
			t.Errorf("the log is %q", got)
		}
		h.forget()
		h.wantAsked(s, "after the rule was removed", shell("echo a >> log")...)
	})
	t.Run("a session that was purged", func(t *testing.T) {
		h := all.in(t)
		s := h.p.Session("direct", "")
		h.allow(s, "session", shell("echo p >> purged")...)
		h.allow(s, "always", shell("echo q >> purged")...)
		turn := h.sendIn(s, shell("echo late >> purged"))
		ask := h.next(s, turn)
		if a, err := h.p.Try(t.Context(), "DELETE", "/api/sessions/"+string(s)+"?purge=1", nil); err != nil || a.Status > 299 {
			t.Fatalf("%d %s %v", a.Status, a.Body, err)
		}
		if n, said := h.try(ask.ID, map[string]any{"choice": "session", "digest": ask.Digest}); n < 400 {
			t.Errorf("an ask of a purged session: %d %s", n, said)
		}
		if r := h.rules(); len(r) != 1 || r[0].Session != "" {
			t.Errorf("rules are %+v", r)
		}
		if got := h.read("purged"); got != "p\nq\n" {
			t.Errorf("ran: %q", got)
		}
		h.forget()
	})
	t.Run("rules that go while a turn waits", func(t *testing.T) {
		h := all.in(t)
		s := h.p.Session("direct", "")
		h.allow(s, "always", shell("echo r >> gone")...)
		turn := h.sendIn(s, append(shell("touch other"), shell("echo r >> gone")...))
		first := h.next(s, turn)
		h.forget()
		h.answer(*first, "deny")
		second := h.next(s, turn)
		if second == nil || second.Command != "echo r >> gone" {
			t.Fatalf("the removed rule still counted: %+v", second)
		}
		h.answer(*second, "deny")
		h.p.Ended(s, turn)
		if got := h.read("gone"); got != "r\n" {
			t.Errorf("ran: %q", got)
		}
	})
	t.Run("a workspace that is changed while a turn waits", func(t *testing.T) {
		h := all.in(t)
		s := h.p.Session("direct", "")
		turn := h.sendIn(s, writing("kept.txt", "here\n"), shell("pwd > where.txt"))
		for range 2 {
			ask := h.next(s, turn)
			h.p.Do(200, "PATCH", "/api/sessions/"+string(s), map[string]any{"workspace": elsewhere})
			h.answer(*ask, "session")
		}
		h.p.Ended(s, turn)
		if h.read("kept.txt") != "here\n" || h.read("where.txt") != h.work+"\n" {
			t.Errorf("kept.txt is %q, where.txt %q", h.read("kept.txt"), h.read("where.txt"))
		}
		if left, err := os.ReadDir(elsewhere); err != nil || len(left) > 0 {
			t.Errorf("elsewhere there is %v, %v", left, err)
		}
		h.wantAsked(s, "writing in the new workspace", writing("kept.txt", "there\n")...)
		h.wantAsked(s, "the command in the new workspace", shell("pwd > where.txt")...)
		h.forget()
	})
	t.Run("a link to the workspace", func(t *testing.T) {
		h := all.in(t)
		base := t.TempDir()
		real, alias, other := filepath.Join(base, "real"), filepath.Join(base, "alias"), filepath.Join(base, "other")
		for _, dir := range []string{real, other} {
			if err := os.Mkdir(dir, 0o700); err != nil {
				t.Fatal(err)
			}
		}
		if err := os.Symlink(real, alias); err != nil {
			t.Fatal(err)
		}
		at := func(dir string) chat.SessionID {
			s := h.p.Session("direct", "")
			h.p.Do(200, "PATCH", "/api/sessions/"+string(s), map[string]any{"workspace": dir})
			return s
		}
		h.allow(at(real), "always", writing("a.txt", "a\n")...)
		h.wantUnasked(at(real), "another session in the folder", writing("b.txt", "b\n")...)
		h.wantAsked(at(alias), "a link to the folder", writing("c.txt", "c\n")...)
		h.wantAsked(at(other), "a folder beside it", writing("c.txt", "c\n")...)
		h.forget()
		for _, wrong := range []string{"/", filepath.Dir(h.p.Dir) + "/home", h.p.Dir, "/proc", "relative", filepath.Join(base, "none"), real + "\n"} {
			a, err := h.p.Try(t.Context(), "PATCH", "/api/sessions/"+string(at(real)), map[string]any{"workspace": wrong})
			if err != nil || a.Status != 422 {
				t.Errorf("workspace %q: %d %s %v", wrong, a.Status, a.Body, err)
			}
		}
	})
}

func TestAllowedWritesDoNotReachWhatRunsByItself(t *testing.T) {
	h := obedient(t)
	for _, dir := range []string{".git/hooks", "sub/.git/hooks", "plain"} {
		if err := os.MkdirAll(filepath.Join(h.work, dir), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	for name, target := range map[string]string{"g": ".git", "hooks": ".git/hooks", "cfg": ".git/config", "far": "sub/../g/hooks"} {
		if err := os.Symlink(target, filepath.Join(h.work, name)); err != nil {
			t.Fatal(err)
		}
	}
	h.write(".git/config", "[core]\n")
	s := h.p.Session("direct", "")
	h.allow(s, "session", writing("plain/a.txt", "a\n")...)
	h.wantUnasked(s, "an ordinary file", writing("plain/b.txt", "b\n")...)
	before := tree(t, h.work)
	for _, path := range []string{
		".git/hooks/pre-commit", ".git/config", ".GIT/hooks/post-checkout", ".git./config", ".git /config", ".git\u200c/config", ".git::$INDEX_ALLOCATION/config", "./.git//hooks/x",
		"plain/../.git/hooks/x", "g/hooks/x", "hooks/x", "cfg", "far/x", "sub/.git/config", "sub/.git/hooks/x", "new/.git", "new/.git/config", "new/HEAD", h.work + "/.git/hooks/x",
		".envrc", ".vscode/tasks.json", ".husky/pre-push", ".bashrc", ".ssh/authorized_keys", ".mcp.json", ".claude/settings.json",
	} {
		h.wantRefusedOrAsked(s, "write "+path, writing(path, "owned\n")...)
	}
	h.wantAsked(s, "edit .git/config", "edit_file", `{"path":".git/config","old":"[core]","new":"[core]\n\tfsmonitor = id"}`)
	if got := tree(t, h.work); got != before {
		t.Errorf("the workspace was\n%s\nand is\n%s", before, got)
	}
}

// TestAFolderThatBecomesARepositoryIsNotWrittenTo swaps a folder with a link to
// .git/hooks while files are written in it that a rule allows.
func TestAFolderThatBecomesARepositoryIsNotWrittenTo(t *testing.T) {
	h := obedient(t)
	outside := t.TempDir()
	for _, dir := range []string{".git/hooks", "x"} {
		if err := os.MkdirAll(filepath.Join(h.work, dir), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	s := h.p.Session("direct", "")
	h.allow(s, "session", writing("x/first", "a\n")...)
	stop, swaps := make(chan struct{}), 0
	var swapping sync.WaitGroup
	swapping.Go(func() {
		x, away := filepath.Join(h.work, "x"), filepath.Join(h.work, "away")
		for i := 0; ; i++ {
			select {
			case <-stop:
				return
			default:
			}
			if os.Rename(x, away) != nil { // a write made the folder anew while it was away
				_ = os.RemoveAll(away)
				continue
			}
			if os.Symlink([]string{".git/hooks", outside}[i%2], x) == nil {
				swaps++
				_ = os.Remove(x)
			}
			_ = os.Rename(away, x)
		}
	})
	done := 0
	for end := time.Now().Add(2 * time.Second); time.Now().Before(end); {
		var calls []string
		for i := range 20 {
			calls = append(calls, writing("x/hook", fmt.Sprintf("%d\n", i))...)
		}
		turn := h.sendIn(s, calls)
		for ask := h.next(s, turn); ask != nil; ask = h.next(s, turn) {
			h.answer(*ask, "deny")
		}
		for _, c := range callsOf(h.p.Ended(s, turn)) {
			if c.State == chat.ToolDone {
				done++
			}
		}
	}
	close(stop)
	swapping.Wait()
	for _, dir := range []string{filepath.Join(h.work, ".git", "hooks"), outside} {
		if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
			t.Errorf("after %d writes there is %v in %s, %v", done, left, dir, err)
		}
	}
	if done == 0 || swaps < 100 {
		t.Errorf("%d writes and %d swaps say nothing", done, swaps)
	}
}

func TestAnAnswerFullOfCallsIsAskedAboutOneByOne(t *testing.T) {
	h := obedient(t)
	t.Run("stopped", func(t *testing.T) {
		h := h.in(t)
		var calls []string
		for i := range 200 {
			calls = append(calls, writing(fmt.Sprintf("many%d.txt", i), "x\n")...)
		}
		s := h.p.Session("direct", "")
		turn := h.sendIn(s, calls)
		ask := h.next(s, turn)
		h.answer(*ask, "once")
		if ask = h.next(s, turn); ask == nil || len(h.p.Snapshot(s).Asks) != 1 {
			t.Fatalf("one answer counted for more than one call: %+v", ask)
		}
		h.p.Do(200, "POST", "/api/turns/"+string(turn)+"/stop", map[string]any{})
		end := h.p.Ended(s, turn)
		left, err := filepath.Glob(filepath.Join(h.work, "many*"))
		if err != nil || len(left) != 1 || end.State != chat.Stopped || len(h.p.Snapshot(s).Asks) != 0 {
			t.Errorf("ended as %s with %v, %v", end.State, left, err)
		}
		if n, said := h.try(ask.ID, map[string]any{"choice": "once", "digest": ask.Digest}); n != 409 {
			t.Errorf("an answer after the stop: %d %s", n, said)
		}
	})
	t.Run("huge", func(t *testing.T) {
		h := h.in(t)
		for name, call := range map[string][]string{
			"a file": writing("huge.txt", huge), "a path": writing(huge, "x"), "a command": shell("touch huge.txt; echo " + huge),
			"an address": {"fetch_url", `{"url":"https://example.org/?` + huge + `"}`}, "no JSON": {"write_file", huge}, "a name": {huge, "{}"},
		} {
			s := h.p.Session("direct", "")
			h.wantRefusedOrAsked(s, name, call...)
			if h.there("huge.txt") {
				t.Errorf("%s: it was done", name)
			}
		}
	})
}
