package main_test

import (
	"context"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"hermes-webui/app/wholetest"
	"hermes-webui/server/agent/hermes/gateway"
	"hermes-webui/server/agent/hermes/hermestest"
	"hermes-webui/server/chat"
)

// terminal is another program that uses the real agent's home: its own process
// of the agent, with one session open.
type terminal struct {
	t      *testing.T
	client *gateway.Client
	feed   *gateway.Feed
	open   string // the runtime id
	stored string
	close  func()
}

func openTerminal(t *testing.T, home, resume string) *terminal {
	t.Helper()
	host := gateway.NewHost(gateway.Spec{
		Python: hermestest.Python(t), Home: home, Dir: t.TempDir(), Env: hermestest.Env(home), Record: t.TempDir(),
	}, nil)
	t.Cleanup(host.Stop)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	client, err := host.Client(ctx)
	if err != nil {
		t.Fatal(err)
	}
	var made struct {
		Session string `json:"session_id"`
		Stored  string `json:"stored_session_id"`
		Key     string `json:"session_key"`
	}
	method, params := "session.create", map[string]any{"cwd": t.TempDir(), "source": "tui", "cols": 100}
	if resume != "" {
		method, params = "session.resume", map[string]any{"session_id": resume, "cols": 100}
	}
	if err := client.Call(ctx, method, params, &made); err != nil {
		t.Fatal(err)
	}
	stored := made.Stored
	if stored == "" {
		stored = made.Key
	}
	return &terminal{t: t, client: client, feed: client.Listen(made.Session), open: made.Session, stored: stored, close: host.Stop}
}

// say does a turn to its end.
func (o *terminal) say(text string) {
	o.t.Helper()
	ctx, cancel := context.WithTimeout(o.t.Context(), time.Minute)
	defer cancel()
	if err := o.client.Call(ctx, "prompt.submit", map[string]any{"session_id": o.open, "text": text}, nil); err != nil {
		o.t.Fatal(err)
	}
	for {
		m, err := o.feed.Next(ctx)
		if err != nil {
			o.t.Fatal(err)
		}
		if m.Type == "message.complete" {
			return
		}
	}
}

// until waits for what comes without an event that could be waited for.
func until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for tick := time.NewTicker(50 * time.Millisecond); !ok(); {
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatalf("%s did not come", what)
		}
	}
}

func listed(p *wholetest.Program, t *testing.T, source string) []chat.Session {
	t.Helper()
	var page chat.Page
	p.Do(200, "GET", "/api/sessions?source="+source, nil).Into(t, &page)
	return page.Items
}

// prompts are what is shown, each with whether it was answered.
func prompts(snap chat.Snapshot) (all []string) {
	for _, turn := range snap.Turns {
		text := turn.Prompt.Text
		if wholetest.TextOf(turn) == "" {
			text += " (not answered)"
		}
		all = append(all, text)
	}
	return all
}

// The real agent is used by two programs in turn: all that was said is here once
// and in order, and goes on where it stands.
func TestASessionOfTheRealAgentGoesOnHere(t *testing.T) {
	model := hermestest.NewModel(t)
	home := hermestest.Home(t, model.URL)
	other := openTerminal(t, home, "")
	other.say("one [[plain]]")
	other.say("two [[plain]]")

	p := wholetest.Start(t, wholetest.Options{
		Env: append(hermestest.Env(home)[2:], "HERMES_HOME="+home, "HERMES_WEBUI_PYTHON="+hermestest.Python(t)),
	})
	until(t, "the session in the list", func() bool { return len(listed(p, t, "tui")) == 1 })
	s := listed(p, t, "tui")[0]
	if s.Foreign != chat.Mirrored || s.Agent != "hermes" || s.Title == "" {
		t.Fatalf("got %+v", s)
	}
	want := []string{"one [[plain]]", "two [[plain]]"}
	if got := prompts(p.Snapshot(s.ID)); !slices.Equal(got, want) {
		t.Fatalf("shown %q", got)
	}
	shown := func(more ...string) {
		t.Helper()
		want = append(want, more...)
		until(t, "what was said", func() bool { return len(p.Snapshot(s.ID).Turns) >= len(want) })
		if got := prompts(p.Snapshot(s.ID)); !slices.Equal(got, want) {
			t.Fatalf("shown %q\nwant  %q", got, want)
		}
	}
	mine := func(text string, more ...any) {
		t.Helper()
		id := chat.TurnID(chat.NewID(chat.PrefixTurn))
		body := map[string]any{"id": id, "text": text}
		for i := 0; i < len(more); i += 2 {
			body[more[i].(string)] = more[i+1]
		}
		p.Do(202, "POST", "/api/sessions/"+string(s.ID)+"/turns", body)
		until(t, "the end of a turn", func() bool {
			turns := p.Snapshot(s.ID).Turns
			last := turns[len(turns)-1]
			if last.ID == id && last.State.Ended() && last.State != chat.Done {
				t.Fatalf("the turn ended as %s: %+v", last.State, last.Error)
			}
			return last.ID == id && last.State == chat.Done
		})
	}
	p.Do(200, "PATCH", "/api/sessions/"+string(s.ID), map[string]any{"pinned": true})
	heldBy(t, home, s.Stored[0], os.Getpid())
	id := chat.NewID(chat.PrefixTurn)
	busy := p.Do(409, "POST", "/api/sessions/"+string(s.ID)+"/turns", map[string]any{"id": id, "text": "three [[plain]]"})
	if !strings.Contains(string(busy.Body), `"busy_elsewhere"`) {
		t.Errorf("got %s", busy.Body)
	}
	mine("three [[plain]]", "anyway", true)
	shown("three [[plain]]")
	heldBy(t, home, "another", os.Getpid())
	var now chat.Session
	if now = p.Snapshot(s.ID).Session; now.Foreign != chat.Ours || !now.Pinned || len(listed(p, t, "")) != 1 {
		t.Fatalf("got %+v among %d", now, len(listed(p, t, "")))
	}

	again := openTerminal(t, home, now.Stored[len(now.Stored)-1])
	again.say("four [[plain]]")
	shown("four [[plain]]")

	mine("five [[plain]]")
	shown("five [[plain]]")
	turns := p.Snapshot(s.ID).Turns
	mine("fünf [[plain]]", "replaces", turns[len(turns)-1].ID)
	want = want[:len(want)-1]
	shown("fünf [[plain]]")
	third := openTerminal(t, home, now.Stored[len(now.Stored)-1])
	third.say("six [[plain]]")
	shown("six [[plain]]")
	mine("seven [[plain]]")
	shown("seven [[plain]]")

	// What is removed here stays there, and gone here.
	p.Do(200, "DELETE", "/api/sessions/"+string(s.ID)+"?purge=1", nil)
	if n := len(listed(p, t, "")); n != 0 {
		t.Errorf("%d sessions are listed", n)
	}
}

// heldBy writes down that a process has a session open, as an agent does.
func heldBy(t *testing.T, home, session string, pid int) {
	t.Helper()
	dir := filepath.Join(home, "runtime")
	raw := fmt.Sprintf(`{"entries":[{"session_id":%q,"surface":"tui","pid":%d}]}`, session, pid)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "active_sessions.json"), []byte(raw), 0o600); err != nil {
		t.Fatal(err)
	}
}

// A profile that is made while a page is open is there without a restart: what is
// said in it elsewhere, and sessions here.
func TestAProfileThatIsMadeMeanwhile(t *testing.T) {
	t.Parallel()
	model := hermestest.NewModel(t)
	home := hermestest.Home(t, model.URL)
	p := wholetest.Start(t, wholetest.Options{Env: []string{"HERMES_HOME=" + home, "HERMES_WEBUI_PYTHON=" + hermestest.Python(t)}})
	page := p.Watch(t.Context(), p.Session("demo", ""))
	defer page.Close()

	late := filepath.Join(home, "profiles", "late")
	hermestest.WriteHome(t, late, model.URL)
	openTerminal(t, late, "").say("said there [[plain]]")
	until(t, "what was said there", func() bool { return len(listed(p, t, "tui")) == 1 })
	there := listed(p, t, "tui")[0]
	if there.Profile != "late" || strings.Join(prompts(p.Snapshot(there.ID)), " ") != "said there [[plain]]" {
		t.Fatalf("got %+v", there)
	}

	id := chat.SessionID(chat.NewID(chat.PrefixSession))
	p.Do(201, "POST", "/api/sessions", map[string]any{"id": id, "agent": "hermes", "profile": "late"})
	if turn := p.Ended(id, p.Send(id, "said here [[plain]]")); turn.State != chat.Done {
		t.Fatalf("it ended as %s: %+v", turn.State, turn.Error)
	}
	until(t, "the agent's name for it", func() bool { return len(p.Snapshot(id).Session.Stored) == 1 })
	if s := p.Snapshot(id).Session; s.Profile != "late" || s.Foreign != chat.Ours {
		t.Errorf("got %+v", s)
	}
}

// The agent's file is as it was, however much of it is read.
func TestReadingLeavesTheAgentsFileAsItIs(t *testing.T) {
	model := hermestest.NewModel(t)
	home := hermestest.Home(t, model.URL)
	work := filepath.Join(home, "profiles", "work")
	hermestest.WriteHome(t, work, model.URL)
	openTerminal(t, home, "").say("one [[plain]]")
	openTerminal(t, work, "").say("for work [[plain]]")
	file := filepath.Join(home, "state.db")
	sum := func() [32]byte {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		return sha256.Sum256(raw)
	}
	before := sum()
	p := wholetest.Start(t, wholetest.Options{Env: []string{"HERMES_HOME=" + home}})
	until(t, "both sessions in the list", func() bool { return len(listed(p, t, "tui")) == 2 })
	by := map[string]string{}
	for _, s := range listed(p, t, "tui") {
		by[s.Profile] = strings.Join(prompts(p.Snapshot(s.ID)), " ")
		p.Do(200, "GET", "/api/sessions/"+string(s.ID)+"/find?q=one", nil)
	}
	if by[""] != "one [[plain]]" || by["work"] != "for work [[plain]]" {
		t.Errorf("shown %q", by)
	}
	p.Stop()
	if sum() != before {
		t.Error("state.db is another one")
	}
}
