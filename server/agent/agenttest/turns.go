package agenttest

import (
	"strings"
	"sync"

	"hermes-webui/server/agent"
	"hermes-webui/server/chat"
)

func playsInOrder(s *scene) {
	id := s.start(s.h.Plain)
	s.ends(id, chat.Done)
	if s.l.text(id) == "" {
		s.Error("the turn has no text")
	}
}

func playsTurnAfterTurn(s *scene) {
	for range 3 {
		s.ends(s.start(s.h.Plain), chat.Done)
	}
}

func stops(s *scene) {
	need(s.T, s.h.Long)
	first := s.start(s.h.Long)
	s.l.speaks(s.h.within(), first)
	s.stop()
	s.stop() // once more is no error
	second := s.start(s.h.Plain)
	s.ends(second, chat.Done)
	if steps, _ := s.l.since(0); endOf(steps, first) == chat.Done {
		s.Error("the stopped turn ended as done")
	}
}

// endOf returns how a turn ended; "" if nothing was said.
func endOf(steps []agent.Step, id chat.TurnID) chat.TurnState {
	for _, step := range steps {
		if e, ok := step.Body.(agent.Ended); ok && step.Turn == id {
			return e.State
		}
	}
	return ""
}

func stopsWhileOutBlocks(s *scene) {
	need(s.T, s.h.Long)
	gate := make(chan struct{})
	s.l.hold = func(step agent.Step) error {
		if _, ok := step.Body.(agent.Append); ok {
			<-gate
		}
		return nil
	}
	first := s.start(s.h.Long)
	s.l.speaks(s.h.within(), first)
	s.stop()
	second := s.start(s.h.Plain)
	close(gate)
	s.ends(second, chat.Done)
}

func stopsNothing(s *scene) {
	s.open()
	s.stop()
	s.ends(s.start(s.h.Plain), chat.Done)
	s.stop()
}

func fails(s *scene) {
	need(s.T, s.h.Fail)
	s.ends(s.start(s.h.Fail), chat.Failed)
	s.ends(s.start(s.h.Plain), chat.Done)
}

func dies(s *scene) {
	need(s.T, s.h.Death)
	s.ends(s.start(s.h.Death), chat.Failed)
	s.livesOrRefuses()
}

func isKilled(s *scene) {
	need(s.T, s.h.Long)
	if s.h.Kill == nil {
		s.Skip("there is nothing to kill")
	}
	id := s.start(s.h.Long)
	s.l.speaks(s.h.within(), id)
	s.h.Kill()
	s.ends(id, chat.Failed)
	s.livesOrRefuses()
}

// livesOrRefuses says that a turn after the death of an agent has an end, or
// is refused.
func (s *scene) livesOrRefuses() {
	s.Helper()
	task := s.h.task(s.h.Plain)
	s.l.start(task.Turn)
	if s.conn.Start(s.Context(), task) == nil {
		s.l.ended(s.h.within(), task.Turn)
	}
}

func sendsHugeText(s *scene) {
	need(s.T, s.h.Huge)
	id := s.start(s.h.Huge)
	s.ends(id, chat.Done)
	if n := chat.UTF16Len(s.l.text(id)); n < s.h.HugeLen {
		s.Errorf("%d UTF-16 units came, want %d", n, s.h.HugeLen)
	}
}

func survivesGarbage(s *scene) {
	need(s.T, s.h.Garbage)
	s.l.order.dirty = true
	s.l.ended(s.h.within(), s.start(s.h.Garbage))
	s.livesOrRefuses()
}

func begins(s *scene) {
	need(s.T, s.h.Begins)
	first := s.start(s.h.Begins)
	s.ends(first, chat.Done)
	begun := s.l.wait(s.h.within(), "a turn begun by the agent", func(step agent.Step) bool {
		_, ok := step.Body.(agent.Begun)
		return ok
	})
	if begun.Turn == first {
		s.Fatal("it begins a turn under the id of the one that has ended")
	}
	s.ends(begun.Turn, chat.Done)
	s.ends(s.start(s.h.Plain), chat.Done)
}

// losesNothing plays a turn twice, once with an out that takes its time at
// every step, and compares what came.
func losesNothing(s *scene) {
	quick := s.start(s.h.Plain)
	s.ends(quick, chat.Done)

	slow := newListener(s.T)
	blocked, gate := make(chan struct{}), make(chan struct{})
	var once sync.Once
	slow.hold = func(step agent.Step) error {
		if _, ok := step.Body.(agent.Append); ok {
			once.Do(func() {
				close(blocked)
				<-gate
			})
		}
		return nil
	}
	other := &scene{T: s.T, h: s.h, l: slow, before: s.before}
	id := other.start(s.h.Plain)
	<-blocked
	s.ends(s.start(s.h.Plain), chat.Done) // another session is not held up
	close(gate)
	other.ends(id, chat.Done)
	if got, want := slow.text(id), s.l.text(quick); got != want {
		s.Errorf("the slow reader got %q, the quick one %q", got, want)
	}
	if err := other.soon("Close", other.conn.Close); err != nil {
		s.Errorf("close: %v", err)
	}
}

// fallsSilent returns an error from out in mid-turn; the listener fails when
// another step comes, and leave when a goroutine goes on.
func fallsSilent(s *scene) {
	need(s.T, s.h.Long)
	deaf := make(chan struct{})
	s.l.hold = func(step agent.Step) error {
		if _, ok := step.Body.(agent.Append); !ok {
			return nil
		}
		close(deaf)
		return errDeaf
	}
	s.start(s.h.Long)
	<-deaf
}

func closesInTheMiddle(s *scene) {
	need(s.T, s.h.Long)
	id := s.start(s.h.Long)
	s.l.speaks(s.h.within(), id)
}

func refusesWhenClosed(s *scene) {
	s.open()
	s.leave()
	if err := s.conn.Start(s.Context(), s.h.task(s.h.Plain)); err == nil {
		s.Error("a closed Conn started a turn")
	}
}

func goesOnAfterYes(s *scene) { s.goesOn(s.h.Allow, s.h.Allowed, s.h.Denied) }

func goesOnAfterNo(s *scene) { s.goesOn(s.h.Deny, s.h.Denied, s.h.Allowed) }

func (s *scene) goesOn(a agent.Answer, want, not string) {
	s.Helper()
	need(s.T, s.h.Ask)
	id := s.start(s.h.Ask)
	s.answer(s.l.asked(s.h.within(), id).ID, a)
	s.ends(id, chat.Done)
	text := s.l.text(id)
	if !strings.Contains(text, want) || strings.Contains(text, not) {
		s.Errorf("after the answer came %q; want %q in it and not %q", text, want, not)
	}
}

func takesAnswerAtOnce(s *scene) {
	need(s.T, s.h.Ask)
	s.l.hold = func(step agent.Step) error {
		if b, ok := step.Body.(agent.Asked); ok {
			if err := s.conn.Answer(s.Context(), b.Ask.ID, s.h.Allow); err != nil {
				s.Errorf("answer inside of out: %v", err)
			}
		}
		return nil
	}
	s.ends(s.start(s.h.Ask), chat.Done)
}

func refusesAnswers(s *scene) {
	need(s.T, s.h.Ask)
	id := s.start(s.h.Ask)
	ask := s.l.asked(s.h.within(), id)
	never := chat.AskID(chat.NewID(chat.PrefixAsk))
	if err := s.conn.Answer(s.Context(), never, s.h.Allow); err == nil {
		s.Error("it took an answer to an ask that it never raised")
	}
	s.answer(ask.ID, s.h.Deny)
	s.ends(id, chat.Done)
	if err := s.conn.Answer(s.Context(), ask.ID, s.h.Allow); err == nil {
		s.Error("it took a second answer")
	}
	if strings.Contains(s.l.text(id), s.h.Allowed) {
		s.Error("the answer to another ask counted")
	}
}

func stopsWhileWaiting(s *scene) {
	need(s.T, s.h.Ask)
	id := s.start(s.h.Ask)
	ask := s.l.asked(s.h.within(), id)
	s.stop()
	if err := s.conn.Answer(s.Context(), ask.ID, s.h.Allow); err == nil {
		s.Error("it took an answer after the stop")
	}
	s.ends(s.start(s.h.Plain), chat.Done)
	if strings.Contains(s.l.text(id), s.h.Allowed) {
		s.Error("it did what it asked for, after the stop")
	}
}
