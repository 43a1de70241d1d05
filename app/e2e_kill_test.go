package main_test

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	_ "modernc.org/sqlite"

	"hermes-webui/app/wholetest"
	"hermes-webui/server/agent/direct/modeltest"
	"hermes-webui/server/chat"
)

// words is a model that speaks for about half a second.
func words() modeltest.Script {
	say := modeltest.Script{Gap: 5 * time.Millisecond}
	for i := range 100 {
		say.Tokens = append(say.Tokens, fmt.Sprintf("%d 👩\u200d👧 ", i))
	}
	return say
}

// viewer is a client that folds what it is shown until its connection breaks.
type viewer struct {
	fold *chat.Fold
	done chan struct{}
	asks chan chat.AskID
	err  error
}

func view(t *testing.T, p *wholetest.Program, s chat.SessionID) *viewer {
	t.Helper()
	v := &viewer{fold: chat.NewFold(p.Snapshot(s)), done: make(chan struct{}), asks: make(chan chat.AskID, 8)}
	st, err := p.Open(t.Context(), []string{string(s)}, fmt.Sprint(v.fold.Seq), "")
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		defer close(v.done)
		defer st.Close()
		for {
			f, err := st.Next()
			if err != nil {
				return // the program is gone
			}
			e, ok, err := f.Event()
			if err == nil && ok {
				err = v.fold.Apply(e)
			}
			if err != nil {
				v.err = err
				return
			}
			if a, ok := e.Body.(chat.AskRaised); ok {
				v.asks <- a.Ask.ID
			}
		}
	}()
	return v
}

// survives wants everything that the viewer was shown in the session as it is
// after a restart: the same turns, and texts that may have grown, never shrunk.
func (v *viewer) survives(t *testing.T, now chat.Snapshot) {
	t.Helper()
	if v.err != nil {
		t.Errorf("the viewer could not follow: %v", v.err)
	}
	for _, shown := range v.fold.Turns {
		i := slices.IndexFunc(now.Turns, func(n *chat.Turn) bool { return n.ID == shown.ID })
		if i < 0 {
			t.Errorf("turn %s was shown and is gone", shown.ID)
			continue
		}
		if now.Turns[i].Prompt.Text != shown.Prompt.Text {
			t.Errorf("turn %s has another prompt", shown.ID)
		}
		if was, is := wholetest.TextOf(shown), wholetest.TextOf(now.Turns[i]); !strings.HasPrefix(is, was) {
			t.Errorf("turn %s: shown were %d bytes, now there are %d", shown.ID, len(was), len(is))
		}
		if len(now.Turns[i].Parts) < len(shown.Parts) {
			t.Errorf("turn %s: %d parts were shown, now there are %d", shown.ID, len(shown.Parts), len(now.Turns[i].Parts))
		}
	}
}

// post sends a prompt and tells later whether it was accepted: a program that
// is killed never answers.
func post(ctx context.Context, p *wholetest.Program, s chat.SessionID, id chat.TurnID) <-chan bool {
	accepted := make(chan bool, 1)
	go func() {
		a, err := p.Try(ctx, "POST", turnsOf(s), promptOf(id))
		accepted <- err == nil && (a.Status == http.StatusAccepted || a.Status == http.StatusOK)
	}()
	return accepted
}

func turnsOf(s chat.SessionID) string { return "/api/sessions/" + string(s) + "/turns" }

func promptOf(id chat.TurnID) map[string]any {
	return map[string]any{"id": id, "text": "tell me about " + string(id)}
}

func newTurn() chat.TurnID { return chat.TurnID(chat.NewID(chat.PrefixTurn)) }

// killedAt starts the program so that it stops for ever at a point, lets do
// bring it there, and kills it.
func killedAt(t *testing.T, o wholetest.Options, point string, do func(*wholetest.Program)) {
	t.Helper()
	mark := filepath.Join(t.TempDir(), "mark")
	o.Tags = "pausepoints"
	o.Env = append(slices.Clone(o.Env), "HERMES_WEBUI_TEST_PAUSE="+point, "HERMES_WEBUI_TEST_PAUSED="+mark)
	p := wholetest.Launch(t, o)
	if do != nil {
		p.Ready()
		do(p)
	}
	deadline := time.Now().Add(20 * time.Second)
	for {
		if _, err := os.Stat(mark); err == nil {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("it never came to %s", point)
		}
		time.Sleep(time.Millisecond) // another process: nothing to wait on
	}
	p.Kill()
}

// sound wants a database without a fault.
func sound(t *testing.T, dir string) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(dir, "webui.db")+"?mode=ro")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var said string
	if err := db.QueryRow("PRAGMA integrity_check").Scan(&said); err != nil || said != "ok" {
		t.Errorf("integrity_check: %q, %v", said, err)
	}
}

// place is where the state of one test lies, for one start after the other.
func place(t *testing.T, model string) wholetest.Options {
	t.Helper()
	first := wholetest.Start(t, wholetest.Options{Tags: "pausepoints", Env: []string{"OPENAI_BASE_URL=" + model}})
	o := wholetest.Options{Tags: "pausepoints", Dir: first.Dir, Addr: first.Addr, Env: []string{"OPENAI_BASE_URL=" + model}}
	if code := first.Stop(); code != 0 {
		t.Fatalf("exit %d: %s", code, first.Log())
	}
	return o
}

// stateOf counts a turn in a session, path and queue, and returns its state.
func stateOf(snap chat.Snapshot, id chat.TurnID) (n int, state chat.TurnState) {
	for _, turns := range [][]*chat.Turn{snap.Turns, snap.Queue.Turns} {
		for _, one := range turns {
			if one.ID == id {
				n, state = n+1, one.State
			}
		}
	}
	return n, state
}

func TestWhatIsKilledAtAnyStepOfATurnLosesNothing(t *testing.T) {
	model := wholetest.Model(t, words())
	for _, c := range []struct {
		point string
		end   chat.TurnState // after the restart; "" = the prompt was never accepted
	}{
		{"accepted-before-commit", ""},
		{"accepted-after-commit", chat.Interrupted},
		{"driver-started", chat.Interrupted},
		{"step-received", chat.Interrupted},
		{"text-before-commit", chat.Interrupted},
		{"text-after-commit", chat.Interrupted},
		{"ended-before-commit", chat.Interrupted},
		{"ended-after-commit", chat.Done},
	} {
		t.Run(c.point, func(t *testing.T) {
			o := place(t, model)
			var s chat.SessionID
			var v *viewer
			var accepted <-chan bool
			id := newTurn()
			killedAt(t, o, c.point, func(p *wholetest.Program) {
				s = p.Session("direct", "openai/scripted")
				v = view(t, p, s)
				accepted = post(t.Context(), p, s, id)
			})
			<-v.done
			p := wholetest.Start(t, o)
			snap := p.Snapshot(s)
			v.survives(t, snap)
			n, state := stateOf(snap, id)
			if state != c.end || (n == 0) != (c.end == "") || n > 1 {
				t.Errorf("the prompt is there %d times, %q; want %q", n, state, c.end)
			}
			if <-accepted && n != 1 {
				t.Errorf("the accepted prompt is there %d times", n)
			}
			goOn(t, p, s, id, c.end)
			p.Stop()
			sound(t, p.Dir)
		})
	}
}

// goOn sends the prompt again, as a client does that got no answer, and then
// continues what broke off.
func goOn(t *testing.T, p *wholetest.Program, s chat.SessionID, id chat.TurnID, state chat.TurnState) {
	t.Helper()
	want := http.StatusOK
	if state == "" {
		want = http.StatusAccepted
	}
	p.Do(want, "POST", turnsOf(s), promptOf(id))
	next := id
	if state == chat.Interrupted {
		next = newTurn()
		p.Do(202, "POST", turnsOf(s), map[string]any{"id": next, "text": "", "continues": id})
	}
	end := p.Ended(s, next)
	if end == nil || end.State != chat.Done || wholetest.TextOf(end) != strings.Join(words().Tokens, "") {
		t.Errorf("going on ended with %+v", end)
	}
	if n, _ := stateOf(p.Snapshot(s), id); n != 1 {
		t.Errorf("in the end the prompt is there %d times", n)
	}
}

func TestWhatIsKilledDuringTheRecoveryRecoversTheNextTime(t *testing.T) {
	model := wholetest.Model(t, words())
	for _, point := range []string{"recovery-before", "recovery-after"} {
		t.Run(point, func(t *testing.T) {
			o := place(t, model)
			var s chat.SessionID
			var v *viewer
			id := newTurn()
			killedAt(t, o, "text-after-commit", func(p *wholetest.Program) {
				s = p.Session("direct", "openai/scripted")
				v = view(t, p, s)
				post(t.Context(), p, s, id)
			})
			<-v.done
			killedAt(t, o, point, nil)
			p := wholetest.Start(t, o)
			snap := p.Snapshot(s)
			v.survives(t, snap)
			if n, state := stateOf(snap, id); n != 1 || state != chat.Interrupted {
				t.Errorf("the prompt is there %d times, %q", n, state)
			}
			goOn(t, p, s, id, chat.Interrupted)
			p.Stop()
			sound(t, p.Dir)
		})
	}
}

// The Demo agent's ask survives: its whole state is in the log.
func TestWhatIsKilledAroundAnAskKeepsTheAskAndTheAnswer(t *testing.T) {
	for _, point := range []string{"ask-raised", "answer-committed"} {
		t.Run(point, func(t *testing.T) {
			o := place(t, "")
			o.Env = nil
			var s chat.SessionID
			var v *viewer
			id := newTurn()
			killedAt(t, o, point, func(p *wholetest.Program) {
				s = p.Session("demo", "")
				v = view(t, p, s)
				post(t.Context(), p, s, id)
				if point == "answer-committed" {
					ask := <-v.asks
					go func() { _, _ = p.Try(t.Context(), "POST", answerTo(ask), map[string]any{"choice": "once"}) }()
				}
			})
			<-v.done
			p := wholetest.Start(t, o)
			snap := p.Snapshot(s)
			v.survives(t, snap)
			if n, state := stateOf(snap, id); n != 1 || state == chat.Done {
				t.Errorf("the prompt is there %d times, %q", n, state)
			}
			for _, ask := range snap.Asks {
				p.Do(200, "POST", answerTo(ask.ID), map[string]any{"choice": "once"})
			}
			if end := p.Ended(s, id); end == nil || !end.State.Ended() || len(snap.Asks) > 0 && end.State != chat.Done {
				t.Errorf("it ended with %+v", end)
			}
			p.Stop()
			sound(t, p.Dir)
		})
	}
}

func answerTo(id chat.AskID) string { return "/api/asks/" + string(id) + "/answer" }

func TestWhatIsKilledAtRandomMomentsLosesNothing(t *testing.T) {
	o := place(t, wholetest.Model(t, words()))
	o.Tags = ""
	p := wholetest.Start(t, o)
	s := p.Session("direct", "openai/scripted")
	for range 12 {
		v := view(t, p, s)
		id := newTurn()
		accepted := post(t.Context(), p, s, id)
		time.Sleep(time.Duration(rand.Int64N(int64(700 * time.Millisecond)))) // the random moment
		p.Kill()
		<-v.done
		p = wholetest.Start(t, o)
		snap := p.Snapshot(s)
		v.survives(t, snap)
		n, state := stateOf(snap, id)
		if was := <-accepted; n > 1 || was && n != 1 {
			t.Errorf("the prompt (accepted: %v) is there %d times", was, n)
		}
		if n == 1 && state != chat.Interrupted && state != chat.Done {
			t.Errorf("the prompt is %s after the restart", state)
		}
	}
	last := p.Send(s, "and on it goes")
	if end := p.Ended(s, last); end == nil || end.State != chat.Done {
		t.Errorf("the next turn ended with %+v", end)
	}
	p.Stop()
	sound(t, p.Dir)
}
