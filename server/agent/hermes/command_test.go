package hermes

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hermes-webui/server/agent"
	"hermes-webui/server/chat"
)

const skill = `---
name: haiku
description: Writes a haiku.
---
Write three lines.
`

func TestTheRealAgentsCommands(t *testing.T) {
	r := newReal(t, `quick_commands:
  greet: {type: exec, command: "echo good day"}
  hi: {type: alias, target: /greet}
  loop: {type: alias, target: /loop}`)
	dir := filepath.Join(r.home, "skills", "haiku")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "SKILL.md"), []byte(skill), 0o600); err != nil {
		t.Fatal(err)
	}
	k := r.talk(t)
	k.do("[[plain]]").done(t)
	idle := chat.Session{ID: chat.SessionID(chat.NewID(chat.PrefixSession)), Agent: ID, Workspace: t.TempDir()}

	t.Run("are listed by category", func(t *testing.T) {
		list, err := r.Commands(t.Context(), idle)
		if err != nil {
			t.Fatal(err)
		}
		found := map[string]string{}
		for _, c := range list {
			found[c.Name] = c.Category
		}
		if found["/status"] != "Session" || found["/greet"] != "User commands" || found["/haiku"] != "Skills" || found["/undo"] != "" {
			t.Errorf("listed %v", found)
		}
	})
	t.Run("are completed", func(t *testing.T) {
		list, err := r.Complete(t.Context(), idle, "/goa")
		if err != nil || len(list) != 1 || list[0].Text != "goal" || list[0].From != 1 {
			t.Errorf("completed to %+v, %v", list, err)
		}
	})
	for name, tt := range map[string]struct {
		session *chat.Session
		text    string
		kind    agent.OutcomeKind
		want    string
	}{
		"run what a person set up":                   {&idle, "/greet", agent.Output, "good day"},
		"stand for others":                           {&k.session, "/hi", agent.Output, "good day"},
		"tell of the session that runs":              {&k.session, "/status", agent.Output, "Session"},
		"tell of a session that nobody has open":     {&idle, "/profile", agent.Output, "default"},
		"make a prompt of a skill":                   {&k.session, "/haiku about tea", agent.Submit, "about tea"},
		"make a prompt of a goal, and say something": {&k.session, "/goal find tea", agent.Submit, "find tea"},
	} {
		t.Run(name, func(t *testing.T) {
			out, err := r.Command(t.Context(), *tt.session, tt.text)
			if err != nil || out.Kind != tt.kind || !strings.Contains(out.Text, tt.want) {
				t.Errorf("%+v, %v", out, err)
			}
			if strings.ContainsRune(out.Text, 27) {
				t.Errorf("it has codes of a terminal: %q", out.Text)
			}
		})
	}
	t.Run("are refused in words", func(t *testing.T) {
		for _, text := range []string{"/undo", "/loop", "no slash", "/nothing-of-this-name"} {
			if out, err := r.Command(t.Context(), k.session, text); err == nil && out.Kind != agent.Output {
				t.Errorf("%s gave %+v", text, out)
			} else if err != nil && len(err.Error()) < 20 {
				t.Errorf("%s: %v", text, err)
			}
		}
	})
	t.Run("leave the session as it was", func(t *testing.T) {
		if _, err := r.Command(t.Context(), k.session, "/goal clear"); err != nil {
			t.Fatal(err)
		}
		p := k.do("and now [[plain]]")
		p.done(t)
		if len(p.notices()) > 0 || len(k.session.Stored) != 1 {
			t.Errorf("notices %q, stored as %v", p.notices(), k.session.Stored)
		}
	})
}
