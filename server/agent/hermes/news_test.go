package hermes

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"hermes-webui/server/agent/direct/modeltest"
	"hermes-webui/server/agent/hermes/gateway/gatewaytest"
	"hermes-webui/server/agent/hermes/hermestest"
	"hermes-webui/server/chat"
)

func TestWhatTheAgentLearnedIsATurnOfItsOwn(t *testing.T) {
	k := newDouble(t, gatewaytest.Options{}).talk(t)
	p := k.do("[[review]]")
	p.done(t)
	if got := p.notices(); len(got) > 0 {
		t.Errorf("the turn that it looked back at says %q", got)
	}
	own := k.begun()
	k.ended(own)
	q := k.played(own)
	q.done(t)
	if got := q.notices(); q.begun != lookedBack || len(got) != 1 || got[0] != "💾 Self-improvement review: Memory updated" {
		t.Errorf("begun for %q, it says %q", q.begun, got)
	}
	k.past = append(k.past, &chat.Turn{ID: own, Origin: chat.FromAgent, Prompt: chat.Prompt{Text: q.begun}, State: chat.Done})
	if next := k.do("[[plain]]"); next.text() != "Plain words in several pieces." || len(next.notices()) > 0 {
		t.Errorf("after it, it said %q, %q", next.text(), next.notices())
	}
}

func TestNoticesOfTheAgentAreSaidOnceUntilTheyAreTakenBack(t *testing.T) {
	k := newDouble(t, gatewaytest.Options{}).talk(t)
	p := k.do("[[credits]]")
	p.done(t)
	want := []string{"⚠ Credits 90% used", "✓ Credit access restored", "⚠ Credits 90% used"}
	if got := p.notices(); !slices.Equal(got, want) {
		t.Errorf("it says %q, want %q", got, want)
	}
	levels := []chat.NoticeLevel{}
	for _, n := range all[*chat.Notice](p) {
		levels = append(levels, n.Level)
	}
	if !slices.Equal(levels, []chat.NoticeLevel{chat.NoticeWarn, chat.NoticeInfo, chat.NoticeWarn}) {
		t.Errorf("levels %q", levels)
	}
	if p.text() != "Still here." {
		t.Errorf("said %q", p.text())
	}
}

// The real agent looks back at each turn and finds that its credits run out.
func TestTheRealAgentTellsItsNews(t *testing.T) {
	r := newRealIn(t, []string{"HERMES_DEV_CREDITS=1", "HERMES_DEV_CREDITS_FIXTURE=sub_90pct"}, "memory: {memory_enabled: true, nudge_interval: 1}")
	r.model.Set("", func(_ string, n int, a modeltest.Asked) modeltest.Script {
		if !strings.HasPrefix(hermestest.Prompt(a), "Review the conversation") || n > 0 {
			return modeltest.Say("Nothing ", "to ", "save.")
		}
		args, _ := json.Marshal(map[string]any{"action": "add", "target": "user", "content": "They like plain words."})
		s := modeltest.Use("memory", string(args))
		s.Calls[0].ID = "call_review"
		return s
	})
	k := r.talk(t)
	p := k.do("[[plain]]")
	p.done(t)
	if got := strings.Join(p.notices(), "\n"); !strings.Contains(got, "Credits") {
		t.Errorf("it says %q", got)
	}
	own := k.begun()
	k.ended(own)
	q := k.played(own)
	if got := q.notices(); q.begun != lookedBack || len(got) != 1 || !strings.Contains(got[0], "Self-improvement review") {
		t.Errorf("begun for %q, it says %q", q.begun, got)
	}
	k.past = append(k.past, &chat.Turn{ID: own, Origin: chat.FromAgent, Prompt: chat.Prompt{Text: q.begun}, State: chat.Done})
	next := k.do("[[count]]")
	if next.text() != "2" || len(next.notices()) > 0 {
		t.Errorf("asked with %s prompts, want 2; it says %q", next.text(), next.notices())
	}
}
