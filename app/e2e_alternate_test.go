package main_test

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"hermes-webui/app/wholetest"
	"hermes-webui/server/agent/hermes/hermestest"
	"hermes-webui/server/chat"
)

// alternation is one session that our program and the real agent's own programs
// continue in turn, on one home.
type alternation struct {
	t     *testing.T
	model *hermestest.Model
	home  string
	p     *wholetest.Program
	id    chat.SessionID
	open  *wholetest.Watcher // a page that has it open all the time
	want  []string           // each turn: its prompt and what came of it
	tells bool               // it is fine that the driver tells something of the agent
}

// filler makes turns long enough that a compression has something to take.
var filler = strings.Repeat(" and on", 600)

// prompt has the model say its own words back, or use a tool.
func prompt(name string) string {
	if strings.HasPrefix(name, "tool") {
		return name + " [[tool:echo " + name + "]]"
	}
	return fmt.Sprintf("%s [[echo:re %s%s]]", name, name, filler)
}

func result(name string) string {
	if strings.HasPrefix(name, "tool") {
		return name + ": terminal=" + name + " text=The tool is done."
	}
	return name + ": text=re " + name
}

// cli does a turn with the agent's command, in a process of its own, and returns
// the id that it says the session has now.
func (a *alternation) cli(name string) string {
	a.t.Helper()
	args := []string{"chat", "--quiet", "--query", prompt(name)}
	if a.id != "" {
		stored := a.p.Snapshot(a.id).Session.Stored
		args = append(args, "--resume", stored[len(stored)-1])
	}
	cmd := exec.CommandContext(a.t.Context(), filepath.Join(filepath.Dir(hermestest.Python(a.t)), "hermes"), args...)
	cmd.Env, cmd.Dir = hermestest.Env(a.home), a.t.TempDir()
	out, err := cmd.CombinedOutput()
	said := regexp.MustCompile(`session_id: (\S+)`).FindSubmatch(out)
	if err != nil || said == nil {
		a.t.Fatalf("%s: %v\n%s", name, err, short(string(out)))
	}
	a.want = append(a.want, result(name))
	return string(said[1])
}

// there is a turn elsewhere that shows here without anybody's doing.
func (a *alternation) there(name string) {
	a.t.Helper()
	a.cli(name)
	a.check(name + " elsewhere")
}

// here is a turn of ours; more are further fields of the request.
func (a *alternation) here(name string, more map[string]any) chat.TurnID {
	a.t.Helper()
	id := chat.TurnID(chat.NewID(chat.PrefixTurn))
	body := map[string]any{"id": id, "text": prompt(name)}
	for k, v := range more {
		body[k] = v
	}
	a.p.Do(202, "POST", "/api/sessions/"+string(a.id)+"/turns", body)
	a.ended(id)
	a.want = append(a.want, result(name))
	a.check(name + " here")
	return id
}

func (a *alternation) ended(id chat.TurnID) {
	a.t.Helper()
	until(a.t, "the end of a turn", func() bool {
		turns := a.p.Snapshot(a.id).Turns
		last := turns[len(turns)-1]
		if last.ID == id && last.State.Ended() && last.State != chat.Done {
			a.t.Fatalf("the turn ended as %s: %+v", last.State, last.Error)
		}
		return last.ID == id && last.State == chat.Done
	})
}

// compressHere shortens what the agent has in mind, as a turn of ours.
func (a *alternation) compressHere(what string) {
	a.t.Helper()
	id := chat.TurnID(chat.NewID(chat.PrefixTurn))
	a.p.Do(202, "POST", "/api/sessions/"+string(a.id)+"/turns", map[string]any{"id": id, "text": "", "compress": true})
	a.ended(id)
	a.want = append(a.want, "compress")
	a.check(what)
}

// compressThere does it in another program.
func (a *alternation) compressThere(what string) {
	a.t.Helper()
	stored := a.p.Snapshot(a.id).Session.Stored
	other := openTerminal(a.t, a.home, stored[len(stored)-1])
	var answer struct{ Status string }
	if err := other.client.Call(a.t.Context(), "session.compress", map[string]any{"session_id": other.open}, &answer); err != nil || answer.Status != "compressed" {
		a.t.Fatalf("%s: %q, %v", what, answer.Status, err)
	}
	other.close()
	a.check(what)
}

// configure says how the agent's processes from now on compress.
func (a *alternation) configure(inPlace bool) {
	hermestest.WriteHome(a.t, a.home, a.model.URL,
		fmt.Sprintf("compression: {protect_first_n: 1, protect_last_n: 2, target_ratio: 0.01, in_place: %v}", inPlace))
}

// check waits until what is wanted is shown, and that it is shown the same in
// all places: each message once, in order.
func (a *alternation) check(when string) {
	a.t.Helper()
	until(a.t, when, func() bool { return len(a.p.Snapshot(a.id).Turns) >= len(a.want) })
	snap := a.p.Snapshot(a.id)
	a.same(when+", in the snapshot", saidIn(snap.Turns))
	for i := 1; i < len(snap.Turns); i++ {
		if up := snap.Turns[i].Parent; up == nil || *up != snap.Turns[i-1].ID {
			a.t.Errorf("%s: turn %d does not follow the one before", when, i)
		}
	}
	var outline struct{ Items []struct{ Turn chat.TurnID } }
	a.p.Do(200, "GET", "/api/sessions/"+string(a.id)+"/outline", nil).Into(a.t, &outline)
	for i, item := range outline.Items {
		if len(outline.Items) != len(snap.Turns) || item.Turn != snap.Turns[i].ID {
			a.t.Fatalf("%s: the outline has %+v", when, outline.Items)
		}
	}
	if a.open == nil {
		return
	}
	for !a.open.Came(func(f *chat.Fold) bool { return f.Seq >= snap.Seq }) {
		a.open.Close()
		a.open = a.p.Watch(a.t.Context(), a.id)
	}
	a.open.See(func(f *chat.Fold) { a.same(when+", in a page that is open", saidIn(f.Turns)) })
}

func (a *alternation) same(when string, got []string) {
	a.t.Helper()
	if a.tells {
		for i := range got {
			got[i] = strings.ReplaceAll(got[i], " *chat.Notice", "")
		}
	}
	if !slices.Equal(got, a.want) {
		a.t.Fatalf("%s\ngot\n  %s\nwant\n  %s", when, strings.Join(got, "\n  "), strings.Join(a.want, "\n  "))
	}
}

func short(s string) string { return strings.ReplaceAll(s, filler, "") }

func saidIn(turns []*chat.Turn) (all []string) {
	for _, t := range turns {
		line, _, _ := strings.Cut(t.Prompt.Text, " [[")
		if t.Compress {
			all = append(all, "compress")
			continue
		}
		line += ":"
		for _, p := range t.Parts {
			switch p := p.(type) {
			case *chat.Text:
				line += " text=" + short(p.Text.String())
			case *chat.ToolCall:
				line += " " + p.Name + "=" + strings.TrimSpace(p.Out.String())
			default:
				line += fmt.Sprintf(" %T", p)
			}
		}
		all = append(all, line)
	}
	return all
}

// undo takes back the newest turn here.
func (a *alternation) undo() {
	a.t.Helper()
	turns := a.p.Snapshot(a.id).Turns
	a.p.Do(200, "POST", "/api/sessions/"+string(a.id)+"/head", map[string]any{"turn": turns[len(turns)-2].ID})
	a.want = a.want[:len(a.want)-1]
	a.check("after an undo")
}

// edit says the newest turn in other words.
func (a *alternation) edit(name string) {
	a.t.Helper()
	turns := a.p.Snapshot(a.id).Turns
	a.want = a.want[:len(a.want)-1]
	a.here(name, map[string]any{"replaces": turns[len(turns)-1].ID})
}

// start begins our program, or begins it anew on what it has kept.
func (a *alternation) start(dir string) {
	a.p = wholetest.Start(a.t, wholetest.Options{
		Dir: dir,
		Env: append(hermestest.Env(a.home)[2:], "HERMES_HOME="+a.home, "HERMES_WEBUI_PYTHON="+hermestest.Python(a.t)),
	})
}

// Both sides speak in turn, with all that changes what was said: each message is
// shown once and in order.
func TestOursAndTheRealAgentsOwnTurnsInTurn(t *testing.T) {
	for name, inPlace := range map[string]bool{"in place": true, "rotating": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			begun(t, inPlace).alternate()
		})
	}
}

// begun is a session with one turn of the agent's own, and our program that shows it.
func begun(t *testing.T, inPlace bool) *alternation {
	model := hermestest.NewModel(t)
	a := &alternation{t: t, model: model, home: hermestest.Home(t, model.URL)}
	a.configure(inPlace)
	first := a.cli("one")
	a.start("")
	until(t, "the session in the list", func() bool { return len(listed(a.p, t, "cli")) == 1 })
	a.id = listed(a.p, t, "cli")[0].ID
	a.check("foreign")
	if s := a.p.Snapshot(a.id).Session; s.Foreign != chat.Mirrored || !slices.Equal(s.Stored, []string{first}) {
		t.Fatalf("got %+v", s)
	}
	return a
}

func (a *alternation) alternate() {
	t := a.t
	a.there("tool-two")
	a.open = a.p.Watch(t.Context(), a.id)
	defer func() { a.open.Close() }()

	a.here("three", nil) // adopts
	a.there("four")
	a.here("tool-five", nil)
	a.there("six")

	a.edit("another six")
	a.there("seven")
	a.here("eight", nil)
	a.undo()
	a.here("nine", nil)
	a.there("ten")
	a.undo()
	a.there("eleven") // the agent has not heard of the undo

	a.compressThere("shortened elsewhere")
	a.there("twelve")
	a.here("thirteen", nil)
	a.compressHere("shortened here")
	a.there("fourteen")
	a.here("tool-fifteen", nil)
	a.edit("sixteen")
	a.there("seventeen")

	a.configure(false)
	a.compressThere("a new id from elsewhere")
	a.there("eighteen")
	a.here("nineteen", nil)
	a.undo()
	a.here("twenty", nil)
	a.there("tool-last")

	a.p.Stop()
	a.open.Close()
	a.start(a.p.Dir)
	a.open = a.p.Watch(t.Context(), a.id)
	a.check("after a start")
	a.here("the end", nil)
	if all := listed(a.p, t, ""); len(all) != 1 {
		t.Errorf("%d sessions are listed", len(all))
	}
}
