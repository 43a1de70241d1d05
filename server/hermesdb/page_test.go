package hermesdb

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"hermes-webui/server/chat"
)

func tell(p chat.Part) string {
	switch p := p.(type) {
	case *chat.Text:
		return "text: " + p.Text.String()
	case *chat.Reasoning:
		return "thinks: " + p.Text.String()
	case *chat.ToolCall:
		s := fmt.Sprintf("%s %s: %q %s", p.Name, p.State, p.Title, p.Args)
		if p.Out.Len() > 0 {
			s += " out=" + p.Out.String()
		}
		if p.Result != nil {
			s += " result=" + string(p.Result)
		}
		if p.Error != "" {
			s += " error=" + p.Error
		}
		return s
	case *chat.Plan:
		s := "plan:"
		for _, i := range p.Items {
			s += " " + i.Text + "=" + string(i.State)
		}
		return s
	case *chat.Subagent:
		return fmt.Sprintf("helper %s: %s = %s", p.State, p.Task, p.Summary)
	case *chat.Notice:
		return fmt.Sprintf("notice %s: %s", p.Level, p.Text)
	default:
		return string(p.Kind())
	}
}

func TestATurnIsFoldedFromItsMessages(t *testing.T) {
	w := newWorld(t)
	w.session("s1")
	w.say("s1", "user", "What is here?")
	w.say("s1", "assistant", "Let me look.", "reasoning", "A folder, I guess.", "tool_calls", toolCalls("c1", "terminal", `{"command":"ls"}`))
	w.say("s1", "tool", `{"output":"a\nb","exit_code":0,"error":null}`, "tool_call_id", "c1", "tool_name", "terminal")
	w.use("s1", "c2", "terminal", `{"command":"false"}`, `{"output":"","exit_code":1,"error":"it failed"}`)
	w.use("s1", "c3", "write_file", `{"path":"x.txt","content":"hi"}`, `{"bytes_written":2}`)
	w.use("s1", "c4", "todo", `{"todos":[]}`, `{"todos":[{"id":"1","content":"look","status":"completed"},{"id":"2","content":"write","status":"in_progress"}]}`)
	w.use("s1", "c5", "delegate_task", `{"goal":"count"}`, `{"results":[{"task_index":0,"status":"completed","summary":"two"}]}`)
	w.use("s1", "c6", "web_search", `{"query":"go"}`, "plain words\n\n"+steerOpen+"\nbe quick\n"+steerClose)
	w.say("s1", "assistant", "Two files.", "finish_reason", "stop")
	w.say("s1", "user", "Thanks")
	turns, more := page0(t, w.reader(), "s1", 0, 10)
	equal(t, told(turns), `> What is here? (done)
thinks: A folder, I guess.
text: Let me look.
terminal done: "ls" {"command":"ls"} out=a
b result={"exit_code":0,"kind":"exit","note":""}
terminal failed: "false" {"command":"false"} result={"exit_code":1,"kind":"exit","note":""} error=it failed
write_file done: "x.txt" {"path":"x.txt","content":"hi"} result={"bytes_written":2}
plan: look=done write=active
helper done: count = two
web_search done: "go" {"query":"go"} out=plain words
notice steer: be quick
text: Two files.
> Thanks (stopped)`)
	if more {
		t.Error("there is nothing older")
	}
	first := turns[0].Turn
	if first.Origin != chat.FromElsewhere || len(turns[0].Rows) != 14 || !first.EndedAt.After(first.StartedAt.Time) {
		t.Errorf("turn %+v with %d rows", first, len(turns[0].Rows))
	}
}

func TestPagesGoBackWithoutGapOrRepetition(t *testing.T) {
	w := newWorld(t)
	w.session("s1")
	for i := range 23 {
		w.say("s1", "user", fmt.Sprintf("ask %d", i))
		w.say("s1", "assistant", fmt.Sprintf("answer %d", i))
		if i%3 == 0 {
			w.say("s1", "user", "[System: Your previous response was truncated by the output length limit.]")
			w.say("s1", "assistant", fmt.Sprintf("rest %d", i))
		}
	}
	d := w.reader()
	var all []Settled
	ids := map[string]bool{}
	for before, more := int64(0), true; more; before = all[0].Rows[0].ID {
		var page []Settled
		page, more = page0(t, d, "s1", before, 5)
		again, _ := page0(t, d, "s1", before, 5)
		if len(page) > 5 || page[0].Turn.ID != again[0].Turn.ID || told(page) != told(again) {
			t.Fatalf("page of %d turns, or not the same twice", len(page))
		}
		all = append(page, all...)
	}
	var want strings.Builder
	for i := range 23 {
		fmt.Fprintf(&want, "> ask %d (done)\ntext: answer %d\n", i, i)
		if i%3 == 0 {
			fmt.Fprintf(&want, "text: rest %d\n", i)
		}
	}
	equal(t, told(all)+"\n", want.String())
	for _, s := range all {
		for _, id := range append([]string{string(s.Turn.ID)}, partIDs(s.Turn)...) {
			if ids[id] || !chat.ValidID(id[:4], id) {
				t.Fatalf("id %s twice, or not valid", id)
			}
			ids[id] = true
		}
	}
}

func partIDs(t *chat.Turn) []string {
	var ids []string
	for _, p := range t.Parts {
		ids = append(ids, string(p.Common().ID))
	}
	return ids
}

func TestWhatWasTakenBackIsHidden(t *testing.T) {
	w := newWorld(t)
	w.session("s1")
	w.say("s1", "user", "one")
	w.say("s1", "assistant", "1")
	w.say("s1", "user", "two", "active", 0)
	w.say("s1", "assistant", "2", "active", 0)
	w.say("s1", "user", "three")
	turns, _ := page0(t, w.reader(), "s1", 0, 10)
	equal(t, told(turns), "> one (done)\ntext: 1\n> three (stopped)")
}

func TestHugeResultsAreCutInTheMiddle(t *testing.T) {
	for name, size := range map[string]int{"long": 300 << 10, "huge": 3 << 20} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.session("s1")
			w.say("s1", "user", "go")
			w.use("s1", "c1", "read_file", `{"path":"x"}`, "begin "+strings.Repeat("🙂é", size/6)+" end")
			turns, _ := page0(t, w.reader(), "s1", 0, 10)
			call := turns[0].Turn.Parts[0].(*chat.ToolCall)
			out := call.Out.String()
			if len(out) > keepHead+keepTail || len(out) < keepHead+keepTail-16 || !strings.HasPrefix(out, "begin ") || !strings.HasSuffix(out, " end") {
				t.Fatalf("%d bytes are kept", len(out))
			}
			total := int64(len("begin  end") + size/6*6)
			if call.Skip == nil || call.Skip.Bytes+int64(len(out)) != total || strings.Contains(out, "\uFFFD") {
				t.Fatalf("skipped %+v of %d", call.Skip, total)
			}
			if at, ok := chat.ByteOffset(call.Out.Bytes(), call.Skip.At); !ok || at > keepHead || at < keepHead-4 {
				t.Fatalf("offset %d", at)
			}
		})
	}
}

func TestALongResultIsReadAsTheTextThatIsInIt(t *testing.T) {
	w := newWorld(t)
	w.session("s1")
	w.say("s1", "user", "go")
	text := strings.Repeat("   1|a line of the file\n", 2000) + "2001|"
	result, err := json.Marshal(map[string]any{"content": text, "total_lines": 9000, "truncated": true})
	if err != nil {
		t.Fatal(err)
	}
	w.use("s1", "c1", "read_file", `{"path":"x"}`, string(result))
	turns, _ := page0(t, w.reader(), "s1", 0, 10)
	call := turns[0].Turn.Parts[0].(*chat.ToolCall)
	if call.Out.String() != text || string(call.Result) != `{"lines":2000,"total_lines":9000,"truncated":true}` {
		t.Fatalf("out %.40q, result %.200s", call.Out.String(), call.Result)
	}
}

func TestWordsOfTheProgramAreNoPrompts(t *testing.T) {
	w := newWorld(t)
	w.session("s1")
	w.say("s1", "user", "[System: The active model for this chat has changed to m2 via provider p. From this point forward, use this runtime metadata when answering questions about what model/provider is active.]")
	w.say("s1", "user", `[IMPORTANT: The user has invoked the "plan" skill, indicating they want you to follow its instructions. The full skill content is loaded below.]`+
		"\n\nlong text\n\n"+skillWords+"make it short")
	w.say("s1", "assistant", "Done.")
	w.say("s1", "user", "\x00json:"+`[{"type":"text","text":"What is this?"},{"type":"image_url","image_url":{"url":"data:image/png;base64,AA"}}]`)
	w.say("s1", "assistant", "<memory-context>secret</memory-context>A cat.")
	w.say("s1", "user", taskList+"\n- [>] 2. Leap (in_progress)\n\nIs it done?")
	w.say("s1", "user", taskList+"\n- [>] 2. Leap (in_progress)")
	w.say("s1", "user", "[IMPORTANT: Background process p1 finished]")
	w.say("s1", "assistant", "It is finished.")
	w.say("s1", "user", "Review the conversation above and update the skill library.")
	w.say("s1", "assistant", "Nothing to save.")
	turns, _ := page0(t, w.reader(), "s1", 0, 10)
	equal(t, told(turns), `>  (stopped)
notice info: The active model for this chat has changed to m2 via provider p.
> /plan make it short (done)
text: Done.
> What is this? (done)
notice info: One image was sent along. The agent keeps it; it cannot be shown here.
text: A cat.
> Is it done? (stopped)
> Background process p1 finished (done)
text: It is finished.`)
}

// A compression writes the end anew, with shorter results of tools, whatever the
// size of the messages.
func TestWhatACompressionWroteAnewIsShownOnce(t *testing.T) {
	w := newWorld(t)
	w.session("s1")
	huge := "begin" + strings.Repeat(" long", huge/5) + " end"
	end := func(result string) {
		w.use("s1", "c1", "terminal", `{"command":"ls"}`, result)
		w.say("s1", "tool", "of no call")
		w.say("s1", "assistant", huge)
	}
	w.say("s1", "user", "one")
	w.say("s1", "assistant", "1")
	w.say("s1", "user", "two")
	end(huge)
	w.exec(`UPDATE messages SET active = 0, compacted = 1`)
	w.say("s1", "user", summaryMark+huge)
	w.say("s1", "user", "two")
	end("[shortened]")
	w.say("s1", "user", "three")
	turns, _ := page0(t, w.reader(), "s1", 0, 10)
	if len(turns) != 3 || turns[1].Turn.Prompt.Text != "two" || len(turns[1].Turn.Parts) != 4 || len(turns[1].Rows) != 10 {
		t.Fatalf("%d turns, the second has %d parts in %d rows", len(turns), len(turns[1].Turn.Parts), len(turns[1].Rows))
	}
}
