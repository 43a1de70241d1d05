package agenttest

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"go.uber.org/goleak"

	"hermes-webui/server/agent"
	"hermes-webui/server/chat"
)

// Run runs the whole suite. Every test gets a harness of its own.
func Run(t *testing.T, make func(*testing.T) Harness) {
	tests := []struct {
		name string
		test func(*scene)
	}{
		{"describes itself", describes},
		{"plays a turn in order", playsInOrder},
		{"plays turn after turn", playsTurnAfterTurn},
		{"stops in time and starts again", stops},
		{"stops while out blocks", stopsWhileOutBlocks},
		{"stop without a turn does nothing", stopsNothing},
		{"fails in good order", fails},
		{"dies in the middle and says so", dies},
		{"is killed in the middle and says so", isKilled},
		{"sends a huge text whole", sendsHugeText},
		{"survives garbage", survivesGarbage},
		{"begins a turn by itself", begins},
		{"goes on after yes", goesOnAfterYes},
		{"goes on after no", goesOnAfterNo},
		{"takes an answer before out returns", takesAnswerAtOnce},
		{"refuses answers that it does not wait for", refusesAnswers},
		{"stops while it waits for a person", stopsWhileWaiting},
		{"loses nothing while out is slow", losesNothing},
		{"falls silent when nobody listens", fallsSilent},
		{"closes in the middle of a turn", closesInTheMiddle},
		{"refuses a turn once it is closed", refusesWhenClosed},
		{"takes words only as announced", steers},
		{"shortens only as announced", compresses},
		{"stops while it shortens", stopsCompressing},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			// The harness may leave goroutines for its own Cleanup; what Open and
			// Start begin must be gone.
			h := make(t)
			s := &scene{T: t, h: h, before: goleak.IgnoreCurrent(), l: newListener(t)}
			tt.test(s)
			s.leave()
		})
	}
}

// scene is one test: a listener and one Conn.
type scene struct {
	*testing.T
	h      Harness
	l      *listener
	conn   agent.Conn
	before goleak.Option
}

// open makes the Conn. Set l.hold before.
func (s *scene) open() {
	s.Helper()
	c, err := s.h.Driver.Open(s.Context(), s.h.Session, s.l.out)
	if err != nil {
		s.Fatalf("open: %v", err)
	}
	s.conn = c
}

// start begins a turn and returns its id.
func (s *scene) start(prompt string) chat.TurnID {
	s.Helper()
	if s.conn == nil {
		s.open()
	}
	task := s.h.task(prompt)
	s.l.start(task.Turn)
	if err := s.conn.Start(s.Context(), task); err != nil {
		s.Fatalf("start: %v", err)
	}
	return task.Turn
}

// ends waits for the end of a turn and checks how.
func (s *scene) ends(id chat.TurnID, want chat.TurnState) {
	s.Helper()
	if got := s.l.ended(s.h.within(), id); got.State != want {
		s.Fatalf("the turn ended as %s (%+v), want %s", got.State, got.Error, want)
	}
}

// soon fails when do takes too long.
func (s *scene) soon(what string, do func() error) error {
	s.Helper()
	done := make(chan error, 1)
	go func() { done <- do() }()
	late := time.NewTimer(s.h.soon())
	defer late.Stop()
	select {
	case err := <-done:
		return err
	case <-late.C:
		s.Fatalf("%s did not return within %s", what, s.h.soon())
		return nil
	}
}

func (s *scene) stop() {
	s.Helper()
	if err := s.soon("Stop", func() error { return s.conn.Stop(context.Background()) }); err != nil {
		s.Fatalf("stop: %v", err)
	}
}

// leave closes the Conn and looks for what it left behind.
func (s *scene) leave() {
	s.Helper()
	if s.conn == nil {
		return
	}
	if err := s.soon("Close", s.conn.Close); err != nil {
		s.Errorf("close: %v", err)
	}
	if s.h.Settle != nil {
		s.h.Settle()
	}
	goleak.VerifyNone(s, s.before)
}

func (s *scene) answer(id chat.AskID, a agent.Answer) {
	s.Helper()
	if err := s.conn.Answer(s.Context(), id, a); err != nil {
		s.Fatalf("answer: %v", err)
	}
}

func describes(s *scene) {
	info, err := s.h.Driver.Describe(s.Context())
	switch {
	case err != nil:
		s.Fatal(err)
	case info.ID == "" || info.Name == "":
		s.Errorf("no id or name: %+v", info)
	case !info.Ready && info.Missing == "":
		s.Error("it is not ready and does not say what is missing")
	}
	switch info.Can.Rewind {
	case agent.RewindTree, agent.RewindTruncate, agent.RewindNone:
	default:
		s.Errorf("rewind is %q", info.Can.Rewind)
	}
	_, resumer := s.h.Driver.(agent.Resumer)
	_, reattacher := s.h.Driver.(agent.Reattacher)
	_, commander := s.h.Driver.(agent.Commander)
	if info.Can.Resume != resumer || info.Can.Reattach && !reattacher || info.Can.Commands != commander {
		s.Error("what it announces is not what it implements")
	}
}

func steers(s *scene) {
	need(s.T, s.h.Long)
	info, err := s.h.Driver.Describe(s.Context())
	if err != nil {
		s.Fatal(err)
	}
	id := s.start(s.h.Long)
	s.l.speaks(s.h.within(), id)
	err = s.conn.Steer(s.Context(), "a little to the left")
	if info.Can.Steer && err != nil {
		s.Errorf("steer: %v", err)
	}
	if !info.Can.Steer && !errors.Is(err, agent.ErrCannot) {
		s.Errorf("steer: %v, want ErrCannot", err)
	}
	s.stop()
}

// compressor opens the Conn and returns it as one that shortens; nil where it
// does not, and says so.
func (s *scene) compressor() agent.Compressor {
	s.Helper()
	info, err := s.h.Driver.Describe(s.Context())
	if err != nil {
		s.Fatal(err)
	}
	s.open()
	c, ok := s.conn.(agent.Compressor)
	if ok != info.Can.Compress {
		s.Fatal("what it announces is not what its Conn implements")
	}
	if !ok {
		return nil
	}
	return c
}

// compress begins a turn that shortens.
func (s *scene) compress(c agent.Compressor, prompt string) chat.TurnID {
	s.Helper()
	task := s.h.task(prompt)
	if s.h.Past != nil {
		task.History = slices.Values(s.h.Past)
	}
	s.l.start(task.Turn)
	if err := c.Compress(s.Context(), task); err != nil {
		s.Fatalf("compress: %v", err)
	}
	return task.Turn
}

func compresses(s *scene) {
	c := s.compressor()
	if c == nil {
		return
	}
	id := s.compress(c, "")
	s.ends(id, chat.Done)
	if s.l.text(id) != "" {
		s.Error("it answers in place of shortening")
	}
	if s.l.notices(id) == 0 {
		s.Error("it does not say what it did")
	}
	s.ends(s.start(s.h.Plain), chat.Done)
}

func stopsCompressing(s *scene) {
	need(s.T, s.h.LongFocus)
	c := s.compressor()
	if c == nil {
		return
	}
	s.compress(c, s.h.LongFocus)
	s.stop()
	s.ends(s.start(s.h.Plain), chat.Done)
}
