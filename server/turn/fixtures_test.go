package turn_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"hermes-webui/server/agent"
	"hermes-webui/server/agent/scripted"
	"hermes-webui/server/chat"
	"hermes-webui/server/turn"
)

var update = flag.Bool("update", false, "write the fixtures that are made from scripts anew")

const (
	scripts = "../chat/testdata/turns"
	folds   = "../chat/testdata/folds"
)

// Every script, played through the desk into a real store: folding the log
// gives what the store's projections say. With -update the logs become the
// fixtures of both folds, Go's and TypeScript's.
func TestFoldingAPlayedScriptEqualsTheSnapshot(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(scripts, "*.turn"))
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	player, err := scripted.New(scripted.Options{ID: "player", Name: "Player", Scripts: os.DirFS(scripts), Default: "plain", Play: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".turn")
		t.Run(name, func(t *testing.T) {
			source, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			h := &house{t: t, dir: t.TempDir(), status: make(statuses, 1000), driver: player}
			h.start()
			t.Cleanup(h.end)
			s, _, _, err := h.desk.Create(t.Context(), turn.NewSession{Workspace: t.TempDir()})
			h.ok(err)
			h.s = s.ID
			h.send("/play " + name)
			h.playOut(1 + len(regexp.MustCompile(`(?m)^begin `).FindAll(source, -1)))

			events := h.all()
			f := chat.NewFold(chat.Snapshot{Session: chat.Session{ID: h.s}})
			for _, e := range events {
				h.ok(f.Apply(e))
			}
			snap, err := h.store.Snapshot(t.Context(), h.s, "", 100)
			h.ok(err)
			snap.Draft = f.Draft // no part of the log
			if got, want := asJSON(t, f.Snapshot), asJSON(t, snap); got != want {
				t.Errorf("the fold\n%s\nthe snapshot\n%s", got, want)
			}
			if *update {
				writeFixture(t, "play-"+name, events)
			}
		})
	}
}

// playOut answers every ask with its first choice until so many turns have
// ended.
func (h *house) playOut(turns int) {
	h.t.Helper()
	ended := map[chat.TurnID]bool{}
	asked := map[chat.AskID]bool{}
	h.event(func(e chat.Event) bool {
		switch b := e.Body.(type) {
		case chat.AskRaised:
			if !asked[b.Ask.ID] {
				asked[b.Ask.ID] = true
				_, _, err := h.desk.Answer(h.t.Context(), b.Ask.ID, first(b.Ask))
				h.ok(err)
			}
		case chat.TurnEnded:
			ended[e.Turn] = true
		}
		return len(ended) == turns
	})
}

func first(a chat.Ask) turn.Answer {
	answer := turn.Answer{Answer: agent.Answer{Values: map[string]string{}}, By: "test"}
	if len(a.Choices) > 0 {
		answer.Choice = a.Choices[0].ID
	}
	for _, f := range a.Fields {
		answer.Values[f.ID] = "never stored"
	}
	return answer
}

func asJSON(t *testing.T, v any) string {
	t.Helper()
	raw, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

var ids = regexp.MustCompile(`\b(ses|trn|prt|ask)_[0-9A-HJKMNP-TV-Z]{26}\b`)

// writeFixture writes a log with ids, times and folders that say nothing about
// the run that made it.
func writeFixture(t *testing.T, name string, events []chat.Event) {
	t.Helper()
	names := map[string]string{}
	var lines bytes.Buffer
	f := chat.NewFold(chat.Snapshot{Session: chat.Session{ID: "ses_1"}})
	for i, e := range events {
		e.At = chat.At(time.Date(2026, 11, 22, 9, 41, 0, i*137e6, time.UTC))
		raw, err := chat.Encode(e)
		if err != nil {
			t.Fatal(err)
		}
		line := ids.ReplaceAllFunc(raw.Wire(), func(id []byte) []byte {
			if names[string(id)] == "" {
				names[string(id)] = fmt.Sprintf("%s_%d", id[:3], len(names)+1)
			}
			return []byte(names[string(id)])
		})
		line = bytes.ReplaceAll(line, []byte(os.TempDir()), []byte("/tmp"))
		var clean chat.Event
		if err := json.Unmarshal(line, &clean); err != nil {
			t.Fatal(err)
		}
		lines.Write(append(clean.Wire(), '\n'))
		if err := f.Apply(clean); err != nil {
			t.Fatal(err)
		}
	}
	for suffix, content := range map[string][]byte{
		".events.jsonl": lines.Bytes(),
		".folded.json":  append([]byte(asJSON(t, f.Snapshot)), '\n'),
	} {
		if err := os.WriteFile(filepath.Join(folds, name+suffix), content, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
