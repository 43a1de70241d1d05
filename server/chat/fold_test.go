package chat

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// story writes events of one session as a log would.
type story struct {
	events []Event
	at     time.Time
}

func (s *story) add(turn TurnID, bodies ...Body) *story {
	for _, b := range bodies {
		s.at = s.at.Add(137 * time.Millisecond)
		e, err := Encode(Event{Seq: Seq(2*len(s.events) + 1), At: At(s.at), Session: "ses_A", Turn: turn, Body: Normal(b)})
		if err != nil {
			panic(err)
		}
		s.events = append(s.events, e)
	}
	return s
}

func tell() *story {
	s := &story{at: time.Date(2026, 11, 22, 9, 41, 0, 0, time.UTC)}
	return s.add("", SessionCreated{Agent: "demo", Workspace: "/work", Model: "openai/m"})
}

func (s *story) begin(turn TurnID, parent *TurnID, text string) *story {
	return s.add(turn, TurnQueued{Parent: parent, Origin: FromPerson, Prompt: Prompt{Text: text}},
		TurnStarted{Parent: parent, Variants: []TurnID{turn}, Agent: "demo", Model: "openai/m"})
}

func (s *story) text(turn TurnID, part PartID, chunks ...string) *story {
	s.add(turn, PartOpened{&Text{PartBase: PartBase{ID: part}}})
	at := 0
	for _, c := range chunks {
		s.add(turn, TextAppended{Part: part, Stream: Main, At: at, Text: c})
		at += UTF16Len(c)
	}
	return s.add(turn, PartClosed{part})
}

// stories are the fixtures that Go and TypeScript share. They have every kind
// of event a page can fold.
func stories() map[string]*story {
	head := ptr(TurnID("trn_1"))
	return map[string]*story{
		"plain": tell().add("", SessionChanged{Title: ptr("Hello"), TitleBy: ptr(TitlePrompt)}).begin("trn_1", nil, "Hello").
			text("trn_1", "prt_1", "Hel", "lo, ", "you.").add("trn_1", UsageReported{Usage{Input: 3, Output: 4, Cost: 0.25}}, TurnEnded{State: Done}),
		"unicode": tell().begin("trn_1", nil, "👩‍👩‍👧 é ع 漢").text("trn_1", "prt_1", "👩", "\u200d👩\u200d", "👧 e", "\u0301 ", "שלום 漢字 <b>&\u2028").add("trn_1", TurnEnded{State: Done}),
		"folded": tell().begin("trn_1", nil, "again").text("trn_1", "prt_1", "abc", "def").
			add("trn_1", TextAppended{Part: "prt_1", Stream: Main, At: 4, Text: "👍X"}, TextAppended{Part: "prt_1", Stream: Main, At: 0, Text: "all anew"}, TurnEnded{State: Done}),
		"tools": tell().begin("trn_1", nil, "list").
			add("trn_1", PartOpened{&ToolCall{PartBase: PartBase{ID: "prt_1"}, Name: "list_dir", State: ToolPending}},
				ToolUpdated{Part: "prt_1", Title: "Look", Args: json.RawMessage(`{"path":"."}`), State: ToolRunning},
				TextAppended{Part: "prt_1", Stream: Out, At: 0, Text: "a\n"}, TextAppended{Part: "prt_1", Stream: Out, At: 2, Text: "b\n"},
				OutputSkipped{Part: "prt_1", At: 2, Bytes: 900}, OutputSkipped{Part: "prt_1", At: 2, Bytes: 1900},
				ToolUpdated{Part: "prt_1", Title: "Look", Args: json.RawMessage(`{"path":"."}`), State: ToolFailed, Result: json.RawMessage(`{"n":2}`), Error: "no such file"},
				PartClosed{"prt_1"}, PartOpened{&File{PartBase: PartBase{ID: "prt_2"}, Name: "a.txt", Path: "a.txt", Type: "text/plain", Size: 3}}, PartClosed{"prt_2"},
				PartOpened{&Reasoning{PartBase: PartBase{ID: "prt_3"}}}, TextAppended{Part: "prt_3", Stream: Main, At: 0, Text: "hm"}, PartClosed{"prt_3"},
				Steered{Part: "prt_4", Text: "shorter, please"},
				TurnEnded{State: Failed, Error: &Failure{Code: "agent_failed", Text: "The agent broke off."}}),
		"plan": tell().begin("trn_1", nil, "plan").
			add("trn_1", PartOpened{&Plan{PartBase: PartBase{ID: "prt_1"}, Items: []PlanItem{{"one", PlanActive}, {"two", PlanPending}}}},
				PlanUpdated{Part: "prt_1", Items: []PlanItem{{"one", PlanDone}, {"two", PlanCancelled}}}, PartClosed{"prt_1"},
				PartOpened{&Subagent{PartBase: PartBase{ID: "prt_2"}, Title: "Scout", Task: "look", State: ToolRunning}},
				PartOpened{&Text{PartBase: PartBase{ID: "prt_3", Parent: ptr(PartID("prt_2"))}}}, TextAppended{Part: "prt_3", Stream: Main, At: 0, Text: "found"}, PartClosed{"prt_3"},
				SubagentUpdated{Part: "prt_2", State: ToolDone, Summary: "one thing"}, PartClosed{"prt_2"},
				PartOpened{&Notice{PartBase: PartBase{ID: "prt_4"}, Level: NoticeWarn, Text: "Context is full."}}, PartClosed{"prt_4"}, TurnEnded{State: Done}),
		"asks": tell().begin("trn_1", nil, "push").
			add("trn_1", AskRaised{Ask{ID: "ask_1", Kind: Approval, Title: "Push?", Command: "git push", Choices: []Choice{{"once", "Once", ""}, {"deny", "Deny", ""}}, Digest: "d1"}},
				AskRaised{Ask{ID: "ask_2", Kind: Question, Title: "Which?", Digest: "d2"}},
				AskClosed{Ask: "ask_1", How: Answered, Choice: "once", By: "page"}, AskClosed{Ask: "ask_2", How: Expired},
				AskRaised{Ask{ID: "ask_3", Kind: Secret, Title: "Password", Fields: []Field{{"p", "Password", true}}, Digest: "d3"}}),
		"asks-lost": tell().begin("trn_1", nil, "push").
			add("trn_1", AskRaised{Ask{ID: "ask_1", Kind: Approval, Title: "Push?", Digest: "d1"}}, TurnEnded{State: Interrupted, Error: &Failure{Code: "interrupted", Text: "Stopped."}}),
		"queue": tell().begin("trn_1", nil, "one").
			add("trn_2", TurnQueued{Origin: FromPerson, Prompt: Prompt{Text: "two"}}).add("trn_3", TurnQueued{Origin: FromPerson, Prompt: Prompt{Text: "three"}}).
			add("trn_4", TurnQueued{Origin: FromPerson, First: true, Prompt: Prompt{Text: "four"}}).
			add("trn_3", TurnEdited{Prompt{Text: "drei"}}).add("trn_2", TurnWithdrawn{}).add("", QueueChanged{Order: []TurnID{"trn_3", "trn_4"}}).
			add("trn_1", TurnEnded{State: Stopped}).add("", QueueChanged{Order: []TurnID{"trn_3", "trn_4"}, Held: true}),
		"compress": tell().begin("trn_1", nil, "one").text("trn_1", "prt_1", "1").add("trn_1", TurnEnded{State: Done}).
			add("trn_2", TurnQueued{Origin: FromPerson, Prompt: Prompt{Text: "the numbers"}, Compress: true}, TurnStarted{Parent: head, Variants: []TurnID{"trn_2"}, Agent: "demo"},
				PartOpened{&Notice{PartBase: PartBase{ID: "prt_2"}, Level: NoticeInfo, Text: "Shortened.", Covers: "trn_1", Summary: "They count."}},
				PartClosed{"prt_2"}, UsageReported{Usage{Input: 9, Output: 2, Context: 5}}, TurnEnded{State: Done}).
			add("trn_3", TurnQueued{Origin: FromPerson, Compress: true}),
		"found": (&story{at: time.Date(2026, 11, 22, 9, 41, 0, 0, time.UTC)}).add("", SessionFound{Source: "cli", Agent: "hermes", Profile: "work", Title: "Fix it", Stored: []string{"s1"}},
			SessionChanged{Pinned: ptr(true)}).
			add("trn_1", TurnImported{Turn: &Turn{Origin: FromElsewhere, State: Done, Prompt: Prompt{Text: "hi"}}}, TurnStored{Rows: []Row{{ID: 1}}}),
		"stored": tell().add("", SessionStored{"s1"}, SessionStored{"s2"}, SessionStored{"s1"}),
		"tree": tell().begin("trn_1", nil, "one").text("trn_1", "prt_1", "1").add("trn_1", TurnEnded{State: Done}).
			begin("trn_2", head, "two").text("trn_2", "prt_2", "2").add("trn_2", TurnEnded{State: Done}).
			add("trn_3", TurnQueued{Parent: head, Replaces: ptr(TurnID("trn_2")), Origin: FromPerson, Prompt: Prompt{Text: "zwei"}},
				TurnStarted{Parent: head, Variants: []TurnID{"trn_2", "trn_3"}, Agent: "demo"}).
			add("trn_3", TurnEnded{State: Done}).add("", HeadMoved{Head: head}, HeadMoved{}, SessionChanged{Pinned: ptr(true), Tags: ptr([]string{"a"}), ReadSeq: ptr(Seq(9))}).
			add("trn_5", TurnQueued{Origin: FromAgent}, TurnStarted{Variants: []TurnID{"trn_1", "trn_5"}, Agent: "demo"}).add("", SessionTrashed{}, SessionRestored{}),
	}
}

func fold(t *testing.T, from Snapshot, events []Event) *Fold {
	t.Helper()
	f := NewFold(from)
	for _, e := range events {
		if err := f.Apply(e); err != nil {
			t.Fatalf("%s at %d: %v", KindOf(e.Body), e.Seq, err)
		}
	}
	return f
}

func TestFoldMatchesTheSharedFixtures(t *testing.T) {
	for name, s := range stories() {
		t.Run(name, func(t *testing.T) {
			var lines bytes.Buffer
			for _, e := range s.events {
				lines.Write(append(e.Wire(), '\n'))
			}
			golden(t, name+".events.jsonl", lines.Bytes())
			got, err := json.MarshalIndent(fold(t, Snapshot{Session: Session{ID: "ses_A"}}, s.events).Snapshot, "", " ")
			if err != nil {
				t.Fatal(err)
			}
			golden(t, name+".folded.json", append(got, '\n'))
		})
	}
}

// The logs of played scripts, which server/turn writes, fold to what lies beside
// them.
func TestFoldMatchesThePlayedScripts(t *testing.T) {
	logs, err := filepath.Glob(filepath.Join("testdata", "folds", "play-*.events.jsonl"))
	if err != nil || len(logs) == 0 {
		t.Fatal(logs, err)
	}
	for _, file := range logs {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var events []Event
		for line := range bytes.Lines(raw) {
			var e Event
			if err := json.Unmarshal(line, &e); err != nil {
				t.Fatal(err)
			}
			events = append(events, e)
		}
		got, err := json.MarshalIndent(fold(t, Snapshot{Session: Session{ID: events[0].Session}}, events).Snapshot, "", " ")
		if err != nil {
			t.Fatal(err)
		}
		golden(t, strings.TrimSuffix(filepath.Base(file), ".events.jsonl")+".folded.json", append(got, '\n'))
	}
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	file := filepath.Join("testdata", "folds", name)
	if *update {
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("differs from %s:\n%s", file, got)
	}
}

// Load a snapshot at any point, tail from there, see events twice: always the
// same end.
func TestFoldFromAnySnapshotEndsTheSame(t *testing.T) {
	for name, s := range stories() {
		whole, err := json.Marshal(fold(t, Snapshot{Session: Session{ID: "ses_A"}}, s.events).Snapshot)
		if err != nil {
			t.Fatal(err)
		}
		for cut := range s.events {
			raw, err := json.Marshal(fold(t, Snapshot{Session: Session{ID: "ses_A"}}, s.events[:cut]).Snapshot)
			if err != nil {
				t.Fatal(err)
			}
			var snap Snapshot
			if err := json.Unmarshal(raw, &snap); err != nil {
				t.Fatal(err)
			}
			got, err := json.Marshal(fold(t, snap, s.events[max(0, cut-5):]).Snapshot)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got, whole) {
				t.Fatalf("%s from snapshot %d:\n%s\n%s", name, cut, got, whole)
			}
		}
	}
}

func TestFoldAsksForASnapshotAfterAGap(t *testing.T) {
	s := stories()["tree"]
	for name, e := range map[string]Event{
		"text past the end": {Seq: 999, Session: "ses_A", Turn: "trn_5", Body: TextAppended{Part: "prt_1", Stream: Main, At: 9, Text: "x"}},
		"unknown turn":      {Seq: 999, Session: "ses_A", Turn: "trn_9", Body: PartClosed{"prt_1"}},
		"unloaded variant":  {Seq: 999, Session: "ses_A", Body: HeadMoved{Head: ptr(TurnID("trn_2"))}},
		"unknown queue":     {Seq: 999, Session: "ses_A", Body: QueueChanged{Order: []TurnID{"trn_9"}}},
	} {
		f := fold(t, Snapshot{Session: Session{ID: "ses_A"}}, s.events)
		if err := f.Apply(e); !errors.Is(err, ErrGap) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestFoldNeverChangesAnEvent(t *testing.T) {
	for _, s := range stories() {
		before := make([]string, len(s.events))
		for i, e := range s.events {
			raw, _ := Encode(e)
			before[i] = string(raw.wire)
		}
		fold(t, Snapshot{Session: Session{ID: "ses_A"}}, s.events)
		fold(t, Snapshot{Session: Session{ID: "ses_A"}}, s.events)
		for i, e := range s.events {
			if raw, _ := Encode(e); string(raw.wire) != before[i] {
				t.Errorf("%s was changed by the fold", before[i])
			}
		}
	}
}

func BenchmarkFoldLongAnswer(b *testing.B) {
	s := tell().begin("trn_1", nil, "long").text("trn_1", "prt_1", strings.Split(strings.Repeat("token|", 30000), "|")...)
	for b.Loop() {
		f := NewFold(Snapshot{Session: Session{ID: "ses_A"}})
		for _, e := range s.events {
			if err := f.Apply(e); err != nil {
				b.Fatal(fmt.Errorf("%d: %w", e.Seq, err))
			}
		}
	}
}
