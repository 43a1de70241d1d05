package chat

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "write the golden files anew")

func ptr[T any](v T) *T { return &v }

// bodies has one of every kind, with every field set.
func bodies() []Body {
	at := At(time.Date(2026, 11, 22, 9, 41, 0, 123e6, time.UTC))
	prompt := Prompt{Text: "Why <b> & \"c\"? 👩‍👩‍👧 é", Attachments: []Attachment{{ID: "att_1", Name: "a.log", Type: "text/plain", Size: 14}}}
	base := func(id PartID) PartBase { return PartBase{ID: id, Parent: ptr(PartID("prt_0"))} }
	return []Body{
		TurnQueued{Parent: ptr(TurnID("trn_0")), Replaces: ptr(TurnID("trn_1")), Continues: ptr(TurnID("trn_2")), Origin: FromPerson, Prompt: prompt, First: true},
		TurnEdited{Prompt: prompt},
		TurnWithdrawn{},
		QueueChanged{Order: []TurnID{"trn_3", "trn_2"}, Held: true},
		TurnStarted{Parent: ptr(TurnID("trn_0")), Variants: []TurnID{"trn_1"}, Agent: "direct", Model: "openai/m"},
		Steered{Part: "prt_1", Text: "shorter"},
		TurnEnded{State: Failed, Error: &Failure{Code: "provider_limit", Text: "Busy.", RetryAt: &at}},
		HeadMoved{Head: ptr(TurnID("trn_0"))},
		PartOpened{&Text{PartBase: base("prt_1")}},
		PartOpened{&Reasoning{PartBase: base("prt_2")}},
		PartOpened{&ToolCall{PartBase: base("prt_3"), Name: "list_dir", Title: "Look", Args: json.RawMessage(`{"path":"."}`), State: ToolRunning}},
		PartOpened{&File{PartBase: base("prt_4"), Name: "a", Path: "b/a", Type: "text/plain", Size: 3, Blob: "att_2"}},
		PartOpened{&Plan{PartBase: base("prt_5"), Items: []PlanItem{{Text: "one", State: PlanActive}}}},
		PartOpened{&Subagent{PartBase: base("prt_6"), Title: "Scout", Task: "look", State: ToolRunning}},
		PartOpened{&Notice{PartBase: base("prt_7"), Level: NoticeWarn, Text: "low"}},
		TextAppended{Part: "prt_1", Stream: Main, At: 3, Text: "x"},
		OutputSkipped{Part: "prt_3", At: 9, Bytes: 1000},
		ToolUpdated{Part: "prt_3", Title: "T", Args: json.RawMessage(`{}`), State: ToolDone, Result: json.RawMessage(`1`), Error: "e"},
		PlanUpdated{Part: "prt_5", Items: []PlanItem{{Text: "one", State: PlanDone}}},
		SubagentUpdated{Part: "prt_6", State: ToolDone, Summary: "s"},
		PartClosed{Part: "prt_1"},
		UsageReported{Usage{Input: 1, Cached: 2, Output: 3, Reasoning: 4, Context: 5, Window: 6, Cost: 0.5}},
		AskRaised{Ask{ID: "ask_1", Session: "ses_1", Turn: "trn_1", Part: ptr(PartID("prt_3")), Kind: Approval, Title: "Run?", Why: "w", Command: "ls", Danger: "d",
			Choices: []Choice{{ID: "once", Label: "Once", Rule: "r"}}, Fields: []Field{{ID: "f", Label: "F", Secret: true}}, Editable: true, Digest: "00", RaisedAt: at, Deadline: &at}},
		AskClosed{Ask: "ask_1", How: Answered, Choice: "once", Text: "t", Command: "ls -l", By: "page"},
		SessionCreated{Title: "t", Agent: "demo", Workspace: "/w", Model: "m", Effort: "high", Profile: "p"},
		SessionChanged{Title: ptr("t"), TitleBy: ptr(TitleAgent), Agent: ptr("a"), Workspace: ptr("w"), Model: ptr("m"), Effort: ptr("e"), Pinned: ptr(true),
			Archived: ptr(true), Project: ptr("p"), Tags: ptr([]string{"x"}), ReadSeq: ptr(Seq(7))},
		SessionForked{From: Ref{"ses_0", "trn_0"}},
		SessionTrashed{}, SessionRestored{}, SessionPurged{},
		TurnQueued{Origin: FromPerson, Prompt: Prompt{Text: "the tests"}, Compress: true},
		PartOpened{&Notice{PartBase: base("prt_8"), Level: NoticeInfo, Text: "Shortened.", Covers: "trn_0", Summary: "They met."}},
		SessionChanged{Profile: ptr("work")},
		SessionFound{Source: "cli", Agent: "hermes", Profile: "p", Title: "t", Workspace: "/w", Model: "m", Stored: []string{"s1", "s2"}, CreatedAt: at, UpdatedAt: at},
		SessionCaughtUp{Head: "trn_3"},
		TurnImported{Turn: &Turn{ID: "trn_1", Session: "ses_1", Parent: ptr(TurnID("trn_0")), Origin: FromElsewhere, State: Done, Agent: "hermes", Prompt: prompt, Variants: []TurnID{},
			Parts:    []Part{&Text{PartBase: base("prt_1"), Text: SpanOf("Because.")}, &ToolCall{PartBase: base("prt_2"), Name: "terminal", Args: json.RawMessage(`{}`), State: ToolDone, Result: json.RawMessage(`{"a":1}`)}},
			QueuedAt: at, StartedAt: &at, EndedAt: &at}, Rows: []Row{{ID: 7, Role: "user", Digest: "d1"}, {ID: 8, Role: "assistant", Digest: "d2"}}},
		TurnStored{Rows: []Row{{ID: 9, Role: "user", Digest: "d3", Copy: true}}},
		SessionStored{ID: "20261123_074500_ab12cd"},
	}
}

func TestKindsAreNamedAfterTheirTypes(t *testing.T) {
	seen := map[string]bool{}
	for _, b := range bodies() {
		kind := KindOf(b)
		if want := snake(reflect.TypeOf(b).Name()); kind != want {
			t.Errorf("%T has kind %q, want %q", b, kind, want)
		}
		seen[kind] = true
		_ = Headline(b) // panics for a body it does not know
	}
	for _, kind := range Kinds() {
		if !seen[kind] {
			t.Errorf("kind %q has no example in this test", kind)
		}
	}
}

// Every body that was ever released must decode for ever: golden lines are only
// added, never changed.
func TestReleasedBodiesDecode(t *testing.T) {
	file := filepath.Join("testdata", "bodies.jsonl")
	var now bytes.Buffer
	for i, b := range bodies() {
		now.Write(Event{Seq: Seq(i + 1), At: At(time.Unix(0, 0)), Session: "ses_1", Turn: "trn_1", Body: b}.Wire())
		now.WriteByte('\n')
	}
	if *update {
		if err := os.WriteFile(file, now.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	golden, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for line := range bytes.Lines(golden) {
		var e Event
		if err := json.Unmarshal(line, &e); err != nil {
			t.Fatalf("%v in %s", err, line)
		}
		if again := e.Wire(); !bytes.Equal(again, bytes.TrimSpace(line)) {
			t.Errorf("decoded and encoded again:\n%s\n%s", again, line)
		}
	}
	if !bytes.Equal(golden, now.Bytes()) {
		t.Error("the examples encode to something else than testdata/bodies.jsonl")
	}
}

func TestUnknownKindIsAnError(t *testing.T) {
	_, err := DecodeBody("mood_changed", []byte("{}"))
	if want := (ErrUnknownKind{}); !errors.As(err, &want) || want.Kind != "mood_changed" {
		t.Fatalf("got %v", err)
	}
	if _, err := DecodeBody("part_opened", []byte(`{"part":{"kind":"mood"}}`)); err == nil {
		t.Fatal("a part of an unknown kind was decoded")
	}
}

func TestListsAreNeverNull(t *testing.T) {
	for _, b := range []Body{TurnQueued{}, TurnEdited{}, QueueChanged{}, TurnStarted{}, PlanUpdated{}, AskRaised{}, PartOpened{&Plan{}}} {
		raw, err := EncodeBody(b)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"attachments", "order", "variants", "items", "choices", "fields"} {
			if bytes.Contains(raw, []byte(`"`+name+`":null`)) {
				t.Errorf("%s: %s is null in %s", KindOf(b), name, raw)
			}
		}
	}
}

func FuzzEventDecoding(f *testing.F) {
	for _, b := range bodies() {
		f.Add(Event{Seq: 1, Session: "s", Body: b}.Wire())
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		var e Event
		if json.Unmarshal(raw, &e) != nil || e.Body == nil {
			return
		}
		if p, ok := e.Body.(PartOpened); ok && p.Part == nil {
			return
		}
		var again Event
		if err := json.Unmarshal(e.Wire(), &again); err != nil {
			t.Fatalf("%v in %s", err, e.Wire())
		}
		if !slices.Equal(e.Wire(), again.Wire()) {
			t.Fatalf("%s\n%s", e.Wire(), again.Wire())
		}
	})
}

func TestIDs(t *testing.T) {
	a, b := NewID(PrefixTurn), NewID(PrefixTurn)
	if a == b || !ValidID(PrefixTurn, a) {
		t.Fatalf("%q %q", a, b)
	}
	for _, bad := range []string{"", "trn_", a[4:], "ses_" + a[4:], a + "0", "trn_8" + a[5:], a[:29] + "U", a[:29] + "/"} {
		if ValidID(PrefixTurn, bad) {
			t.Errorf("%q passes", bad)
		}
	}
}

// snake turns the name of a Go type into a kind.
func snake(name string) string {
	var sb strings.Builder
	for i, r := range name {
		if r >= 'A' && r <= 'Z' {
			if i > 0 {
				sb.WriteByte('_')
			}
			r += 'a' - 'A'
		}
		sb.WriteRune(r)
	}
	return sb.String()
}
