package direct

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"hermes-webui/server/agent"
	"hermes-webui/server/chat"
)

func toolCall(id, name string, state chat.ToolState, out string) *chat.ToolCall {
	return &chat.ToolCall{PartBase: chat.PartBase{ID: chat.PartID(id)}, Name: name, Args: json.RawMessage(`{}`), State: state, Out: chat.SpanOf(out)}
}

func textPart(s string) chat.Part { return &chat.Text{Text: chat.SpanOf(s)} }

// recited writes messages as "role piece; piece".
func recited(list []message) (out []string) {
	for _, m := range list {
		line := string(m.role)
		for _, p := range m.pieces {
			switch p := p.(type) {
			case words:
				line += " | " + string(p)
			case image:
				line += " | image " + p.mime
			case call:
				line += " | call " + p.name + " " + p.id
			case result:
				line += " | result " + p.id + ": " + p.text
			case thought:
				line += " | thought"
			}
		}
		out = append(out, line)
	}
	return out
}

func TestATurnIsToldInRounds(t *testing.T) {
	turn := &chat.Turn{ID: "trn_1", State: chat.Done, Parts: []chat.Part{
		&chat.Reasoning{Text: chat.SpanOf("hm")}, textPart("I look."),
		toolCall("prt_a", "one", chat.ToolDone, "1"), toolCall("prt_b", "two", chat.ToolStopped, ""),
		&chat.Notice{Level: chat.NoticeInfo, Text: "noise"}, &chat.Notice{Level: chat.NoticeSteer, Text: "hurry"},
		toolCall("prt_c", "three", chat.ToolDone, ""), textPart("Done."),
	}}
	want := []string{
		"assistant | I look. | call one prt_a | call two prt_b", "user | result prt_a: 1 | result prt_b: " + unknownText + " | hurry",
		"assistant | call three prt_c", "user | result prt_c: (no output)", "assistant | Done.",
	}
	if got := recited(roundOf(turn)); !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
	turn = &chat.Turn{State: chat.Waiting, Parts: []chat.Part{toolCall("prt_a", "one", chat.ToolDone, "1"), toolCall("prt_b", "two", chat.ToolWaiting, "")}}
	if got := recited(roundOf(turn)); len(got) != 2 || got[1] != "user | result prt_a: 1" {
		t.Errorf("a call that waits: %q", got)
	}
}

func TestASummaryTakesThePlaceOfWhatItCovers(t *testing.T) {
	turn := func(id chat.TurnID, parts ...chat.Part) *chat.Turn {
		return &chat.Turn{ID: id, State: chat.Done, Prompt: chat.Prompt{Text: "p" + string(id)}, Parts: append(parts, textPart("a"+string(id)))}
	}
	sum := func(covers chat.TurnID, s string) chat.Part { return &chat.Notice{Covers: covers, Summary: s} }
	history := []*chat.Turn{turn("1"), turn("2"), turn("3", sum("1", "old")), turn("4", sum("2", "new"), sum("gone", "never")), turn("5")}
	list := messagesOf(agent.Task{Turn: "6", Prompt: chat.Prompt{Text: "p6"}, History: slices.Values(history)}, agent.SightUnknown)
	want := []string{"user | " + summaryHead + "new\n\np3", "assistant | a3", "user | p4", "assistant | a4", "user | p5", "assistant | a5", "user | p6"}
	if got := recited(list); !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
	if list[0].turn != "3" || list[6].turn != "6" {
		t.Errorf("turns %s and %s", list[0].turn, list[6].turn)
	}
}

func TestResultsAreToldWithTheirGaps(t *testing.T) {
	gap := toolCall("p", "x", chat.ToolDone, "ab👍cd")
	gap.Skip, gap.Result = &chat.Skipped{At: 4, Bytes: 9}, json.RawMessage(`{"kind":"exit","note":"Exit code 1."}`)
	denied := toolCall("p", "x", chat.ToolFailed, "")
	denied.Error = "The user denied this."
	long := toolCall("p", "x", chat.ToolDone, strings.Repeat("é", 50<<10))
	for name, c := range map[string]struct {
		call   *chat.ToolCall
		has    string
		failed bool
	}{
		"gap":    {gap, "ab👍\n… 9 bytes left out …\ncd\nExit code 1.", false},
		"denied": {denied, "The user denied this.", true},
		"long":   {long, "bytes left out", false},
	} {
		text, failed := resultText(c.call)
		if !strings.Contains(text, c.has) || failed != c.failed || len(text) > outputHead+outputTail+100 || strings.Contains(text, "\uFFFD") {
			t.Errorf("%s: %d bytes %.80q, failed %v", name, len(text), text, failed)
		}
	}
}

const png = "\x89PNG\r\n\x1a\n rest"

func TestFilesAreKnownByTheirContent(t *testing.T) {
	for name, c := range map[string]struct {
		content string
		sight   agent.Sight
		told    string
		why     string
	}{
		"picture":       {png, agent.SightUnknown, "image image/png", ""},
		"blind":         {png, agent.Blind, "not sent", "does not see pictures"},
		"text":          {"a ``` b ```` c\n", agent.Blind, "`````\na ``` b ```` c\n`````", ""},
		"long text":     {strings.Repeat("é", maxInline), agent.Sees, "the rest was not sent", "only the first 256 KB"},
		"pdf":           {"%PDF-1.7\n", agent.Sees, "not sent", "PDF"},
		"zero":          {"a\x00b", agent.Sees, "not sent", "neither text nor a picture"},
		"not UTF-8":     {"a\xff\xfeb", agent.Sees, "not sent", "neither text nor a picture"},
		"large picture": {png + strings.Repeat("x", maxImage), agent.Sees, "not sent", "make it smaller"},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "lies.exe")
			if err := os.WriteFile(path, []byte(c.content), 0o600); err != nil {
				t.Fatal(err)
			}
			p, why := attached(chat.Attachment{Name: "lies.exe", Size: int64(len(c.content))}, path, c.sight)
			got := recited([]message{{pieces: p}})[0]
			if !strings.Contains(got, c.told) || !strings.Contains(why, c.why) || (why == "") != (c.why == "") {
				t.Errorf("got %.200q, why %q", got, why)
			}
		})
	}
	if p, why := attached(chat.Attachment{Name: "x"}, "", agent.Sees); why == "" || len(p) != 1 {
		t.Errorf("a file that is gone: %q", why)
	}
}

func TestFilesOfEarlierTurnsGoAlongUntilTheyAreTooMuch(t *testing.T) {
	path := filepath.Join(t.TempDir(), "p.png")
	if err := os.WriteFile(path, []byte(png+strings.Repeat("x", maxImage-len(png))), 0o600); err != nil {
		t.Fatal(err)
	}
	var history []*chat.Turn
	for range 8 {
		history = append(history, &chat.Turn{ID: chat.TurnID(chat.NewID(chat.PrefixTurn)), State: chat.Done,
			Prompt: chat.Prompt{Text: "p", Attachments: []chat.Attachment{{ID: "att_1", Name: "p.png"}}}, Parts: []chat.Part{textPart("a")}})
	}
	task := agent.Task{Turn: "now", Prompt: chat.Prompt{Text: "p"}, History: slices.Values(history), Files: func(chat.BlobID) string { return path }}
	got := recited(messagesOf(task, agent.Sees))
	for i, line := range got {
		if i%2 == 0 && i < 16 && strings.Contains(line, "image image/png") != (i >= 6) {
			t.Errorf("message %d: %.80q", i, line)
		}
	}
}
