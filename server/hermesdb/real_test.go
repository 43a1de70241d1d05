package hermesdb_test

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hermes-webui/server/agent/hermes/gateway"
	"hermes-webui/server/agent/hermes/hermestest"
	"hermes-webui/server/chat"
	"hermes-webui/server/hermesdb"
)

// terminal is the real agent with one session open.
type terminal struct {
	t      *testing.T
	client *gateway.Client
	feed   *gateway.Feed
	open   string // the id of the open session
}

func (o *terminal) call(method string, params map[string]any, answer any) {
	o.t.Helper()
	ctx, cancel := context.WithTimeout(o.t.Context(), time.Minute)
	defer cancel()
	if o.open != "" {
		params["session_id"] = o.open
	}
	if err := o.client.Call(ctx, method, params, answer); err != nil {
		o.t.Fatalf("%s: %v", method, err)
	}
}

// say does a turn to its end: the agent is free for the next one.
func (o *terminal) say(text string, cut ...int) {
	o.t.Helper()
	params := map[string]any{"text": text}
	if len(cut) > 0 {
		params["truncate_before_user_ordinal"] = cut[0]
	}
	o.call("prompt.submit", params, nil)
	ctx, cancel := context.WithTimeout(o.t.Context(), time.Minute)
	defer cancel()
	for over := false; ; {
		m, err := o.feed.Next(ctx)
		if err != nil {
			o.t.Fatalf("%s: %v", text, err)
		}
		var info struct{ Running *bool }
		over = over || m.Type == "message.complete"
		if over && m.Type == "session.info" && json.Unmarshal(m.Payload, &info) == nil && info.Running != nil && !*info.Running {
			return
		}
	}
}

// What the real agent writes is read as it was said: parts of all kinds, each
// message once, whatever it compresses and how, and what was taken back is gone.
func TestTheRealAgentsDatabase(t *testing.T) {
	for name, c := range map[string]struct {
		inPlace string
		ids     int // of the lineage after two compressions
	}{"in place": {"true", 1}, "rotating": {"false", 3}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			home := hermestest.Home(t, hermestest.NewModel(t).URL, "compression: {protect_first_n: 2, protect_last_n: 2, target_ratio: 0.01, in_place: "+c.inPlace+"}")
			host := gateway.NewHost(gateway.Spec{Python: hermestest.Python(t), Home: home, Dir: t.TempDir(), Env: hermestest.Env(home), Record: t.TempDir()}, nil)
			t.Cleanup(host.Stop)
			client, err := host.Client(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			o := &terminal{t: t, client: client}
			var made struct {
				Session string `json:"session_id"`
			}
			o.call("session.create", map[string]any{"cwd": t.TempDir(), "source": "cli", "cols": 100}, &made)
			o.open, o.feed = made.Session, client.Listen(made.Session)
			d := hermesdb.Open(filepath.Join(home, "state.db"), "")
			t.Cleanup(func() { _ = d.Close() })

			o.say("one [[think]]")
			o.say("two [[tool:echo hi]]")
			o.say("three [[write:x.txt]]")
			o.say("four [[todo]]")
			want := []string{
				"one [[think]]: reasoning=A thought first. text=The answer.",
				`two [[tool:echo hi]]: terminal=hi text=The tool is done.`,
				"three [[write:x.txt]]: write_file= text=The file is written.",
				"four [[todo]]: plan=Look text=That is the plan.",
			}
			wantTurns(t, d, want)
			o.say("four, but [[plain]]", 3)
			want[3] = "four, but [[plain]]: text=Plain words in several pieces."
			wantTurns(t, d, want)
			for i := range 2 {
				for n := range 4 {
					words := fmt.Sprintf("%d.%d [[echo:yes%s]]", i, n, strings.Repeat(" and on", 1000))
					o.say(words)
					want = append(want, words+": text=yes"+strings.Repeat(" and on", 1000))
				}
				var answer struct{ Status string }
				o.call("session.compress", map[string]any{}, &answer)
				if answer.Status != "compressed" {
					t.Fatalf("status %q", answer.Status)
				}
				wantTurns(t, d, want)
			}
			o.say("last [[plain]]")
			want = append(want, "last [[plain]]: text=Plain words in several pieces.")
			if ids := wantTurns(t, d, want); len(ids) != c.ids {
				t.Errorf("the lineage is %v", ids)
			}
		})
	}
}

func wantTurns(t *testing.T, d *hermesdb.DB, want []string) (ids []string) {
	t.Helper()
	all, err := d.List(t.Context())
	if err != nil || len(all) != 1 {
		t.Fatalf("list %+v, %v", all, err)
	}
	turns, more, err := d.Page(t.Context(), all[0].IDs, 0, 100)
	if err != nil || more {
		t.Fatalf("more %v, %v", more, err)
	}
	var got []string
	for _, s := range turns {
		got = append(got, s.Turn.Prompt.Text+":"+parts(s.Turn))
		if s.Turn.State != chat.Done {
			t.Errorf("turn %q is %s", s.Turn.Prompt.Text, s.Turn.State)
		}
	}
	if g, w := strings.Join(got, "\n"), strings.Join(want, "\n"); g != w {
		t.Fatalf("%v\ngot\n%s\nwant\n%s", all[0].IDs, short(g), short(w))
	}
	return all[0].IDs
}

func short(s string) string { return strings.ReplaceAll(s, " and on", "") }

func parts(turn *chat.Turn) string {
	var b strings.Builder
	for _, p := range turn.Parts {
		switch p := p.(type) {
		case *chat.Text:
			b.WriteString(" text=" + p.Text.String())
		case *chat.Reasoning:
			b.WriteString(" reasoning=" + p.Text.String())
		case *chat.ToolCall:
			b.WriteString(" " + p.Name + "=" + strings.TrimSpace(p.Out.String()))
		case *chat.Plan:
			b.WriteString(" plan=" + p.Items[0].Text)
		}
	}
	return b.String()
}
