package tray

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// paper is a surface that only remembers.
type paper struct{ items []*scrap }

type scrap struct {
	nothing
	label string
	click func()
	gone  bool
}

func (s *scrap) title(l string) { s.label = l }
func (s *scrap) show(yes bool)  { s.gone = !yes }

func (*paper) icon([]byte)    {}
func (*paper) tooltip(string) {}
func (*paper) separator(item) {}
func (*paper) submenu(item)   {}
func (p *paper) add(_ item, label string, _ bool, click func()) item {
	s := &scrap{label: label, click: click}
	p.items = append(p.items, s)
	return s
}

// choose clicks on the nth entry with this label that is shown.
func (p *paper) choose(t *testing.T, label string, n int) {
	t.Helper()
	for _, s := range p.items {
		if strings.TrimSpace(s.label) == label && !s.gone {
			if n--; n < 0 {
				s.click()
				synctest.Wait()
				return
			}
		}
	}
	t.Fatalf("there is no entry %q", label)
}

// clerk is a host that writes down what is asked of it.
type clerk struct {
	Host
	did []string
}

func (c *clerk) Answer(_ context.Context, a Answer) error {
	c.did = append(c.did, a.Ask)
	return nil
}

func (c *clerk) Open(_ context.Context, path string) error {
	c.did = append(c.did, "open "+path)
	return nil
}

func (c *clerk) Quit(context.Context) error { c.did = append(c.did, "quit"); return nil }

// onPaper calls f with a menu that is drawn there.
func onPaper(t *testing.T, f func(p *paper, c *clerk, show func(State), said *[]string)) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		p, c, said := &paper{}, &clerk{}, &[]string{}
		l := &loop{ctx: ctx, todo: make(chan func()), log: slog.New(slog.DiscardHandler), fault: func(s string) { *said = append(*said, s) }}
		m := &menu{surface: p, loop: l, host: c}
		m.build()
		states := make(chan State)
		go l.run(m, states, func() bool { return true }, make(chan struct{}))
		f(p, c, func(s State) { states <- s; synctest.Wait() }, said)
	})
}

func TestNothingIsAllowedThatMovedUnderThePointer(t *testing.T) {
	onPaper(t, func(p *paper, c *clerk, show func(State), said *[]string) {
		ask := func(id string) Ask { return Ask{ID: id, Title: "Run", Command: "x " + id, Allow: true, Deny: true} }
		show(State{Phase: Ready, Asks: []Ask{ask("a"), ask("b"), ask("c")}})
		time.Sleep(time.Minute)
		show(State{Phase: Ready, Asks: []Ask{ask("b"), ask("c")}}) // b is where a was
		p.choose(t, "Allow once", 0)
		if len(c.did) != 0 || !slices.Equal(*said, []string{errMoved.Error()}) {
			t.Fatalf("answered %q, said %q", c.did, *said)
		}
		time.Sleep(aimed)
		p.choose(t, "Allow once", 0)
		show(State{Phase: Ready, Asks: []Ask{ask("c")}})
		p.choose(t, "Deny", 0) // harms nobody
		if !slices.Equal(c.did, []string{"b", "c"}) {
			t.Errorf("answered %q", c.did)
		}
	})
}

func TestTheQuestionWhetherToQuitIsTakenBack(t *testing.T) {
	onPaper(t, func(p *paper, c *clerk, show func(State), _ *[]string) {
		show(State{Phase: Ready, Turns: []Turn{{ID: "1"}, {ID: "2"}}})
		p.choose(t, quitWords, 0)
		time.Sleep(sureFor)
		synctest.Wait()
		p.choose(t, quitWords, 0)
		p.choose(t, "Really stop? 2 turns still run", 0) // the other half of a double click
		if len(c.did) != 0 {
			t.Fatal("nobody can have read the question")
		}
		time.Sleep(aimed)
		synctest.Wait()
		p.choose(t, "Really stop? 2 turns still run", 0)
		if !slices.Equal(c.did, []string{"quit"}) {
			t.Errorf("did %q", c.did)
		}
	})
}

func TestOfManyThatWaitAFewAreShown(t *testing.T) {
	onPaper(t, func(p *paper, c *clerk, show func(State), _ *[]string) {
		var asks []Ask
		for i := range 1000 {
			asks = append(asks, Ask{ID: fmt.Sprint("ask_", i), Title: fmt.Sprint("Ask ", i), Allow: true, Deny: true})
		}
		began := len(p.items)
		show(State{Phase: Ready, Asks: asks})
		if n := len(p.items) - began; n > mostShown*5 {
			t.Fatalf("%d entries for the panel to fetch with each change", n)
		}
		time.Sleep(aimed)
		p.choose(t, "988 more, in the page", 0)
		p.choose(t, "Allow once", 0)
		show(State{Phase: Ready, Asks: asks[1:]})
		p.choose(t, "987 more, in the page", 0)
		time.Sleep(aimed)
		p.choose(t, "Allow once", mostShown-1) // it has moved up, to the end
		show(State{Phase: Ready, Asks: asks[990:]})
		p.choose(t, "Allow once", 9) // what is left has moved, for the line above is gone
		if want := []string{"open ", "ask_0", "open ", "ask_12"}; !slices.Equal(c.did, want) {
			t.Errorf("did %q, want %q", c.did, want)
		}
		for _, s := range p.items {
			if !s.gone && strings.HasSuffix(s.label, "in the page") {
				t.Errorf("%q, but all are shown", s.label)
			}
		}
	})
}

func TestTheLineSaysWhatNeedsAPersonMost(t *testing.T) {
	bad := []Check{{Name: "Disk", Word: "almost full"}, {Name: "Database", Well: true}}
	for _, c := range []struct {
		state State
		want  string
	}{
		{State{}, "Starting…"},
		{State{Phase: Ready}, "Ready"},
		{State{Phase: Ready, Turns: make([]Turn, 2)}, "2 running"},
		{State{Phase: Ready, Turns: make([]Turn, 2), Asks: make([]Ask, 1)}, "1 needs you"},
		{State{Phase: Ready, Agent: "install one"}, "Agent missing: install one"},
		{State{Phase: Ready, Checks: bad, Turns: make([]Turn, 1)}, "Disk: almost full"},
		{State{Phase: Restarting, Asks: make([]Ask, 1)}, "Restarting…"},
		{State{Phase: NotAnswering, Trouble: "no reply for 20 s"}, "Not answering: no reply for 20 s"},
	} {
		if got := c.state.Line(); got != c.want {
			t.Errorf("%+v is %q, want %q", c.state, got, c.want)
		}
	}
}
