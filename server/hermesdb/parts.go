package hermesdb

import (
	"encoding/json"
	"strings"
	"unicode/utf8"

	"hermes-webui/server/chat"
)

// assistant adds what the agent thought, said and asked tools for.
func (f *folding) assistant(m Message) {
	f.turn.State = chat.Stopped
	if thoughts := strings.TrimSpace(m.thoughts); thoughts != "" {
		f.add(&chat.Reasoning{PartBase: f.base(), Text: chat.SpanOf(strings.ToValidUTF8(thoughts, "\uFFFD"))})
	}
	if text := m.content.text; text != "" && text != "(empty)" {
		f.add(&chat.Text{PartBase: f.base(), Text: chat.SpanOf(f.shortened(m.content))})
		if len(m.calls) == 0 {
			f.turn.State = chat.Done
		}
	}
	for _, c := range m.calls {
		f.call(c)
	}
}

// shortened is a text that a person reads. Only a huge one is not whole.
func (f *folding) shortened(c content) string {
	if c.missing == 0 {
		return c.text
	}
	return c.text[:c.gap] + "\n\n[…]\n\n" + c.text[c.gap:]
}

// call opens a use of a tool. The list of what to do and the work of subagents are
// parts of their own.
func (f *folding) call(c call) {
	if c.name == "todo" {
		return
	}
	if goals := goalsOf(c); len(goals) > 0 {
		for _, goal := range goals {
			h := &chat.Subagent{PartBase: f.base(), Title: oneLine(goal), Task: goal, State: chat.ToolRunning}
			f.helpers[c.id] = append(f.helpers[c.id], h)
			f.add(h)
		}
		return
	}
	args := jsonOf(c.args)
	t := &chat.ToolCall{PartBase: f.base(), Name: c.name, Title: titleOf(c.name, args), Args: args, State: chat.ToolRunning}
	f.add(t)
	f.calls[c.id] = t
}

// result adds what a tool gave back.
func (f *folding) result(m Message) {
	body, words := steers(m.content.text)
	if len(words) > 0 {
		m.content.text, m.content.gap = body, min(m.content.gap, len(body))
	}
	switch {
	case f.todos(m):
	case f.helpers[m.callID] != nil:
		f.helped(m)
	default:
		f.outcome(m)
	}
	for _, w := range words {
		f.notice(chat.NoticeSteer, w)
	}
}

// outcome closes a use of a tool.
func (f *folding) outcome(m Message) {
	t := f.calls[m.callID]
	delete(f.calls, m.callID)
	if t == nil { // the call is not kept, or it was of no turn that is read
		name := m.tool
		if name == "" {
			name = "tool"
		}
		t = &chat.ToolCall{PartBase: f.base(), Name: name}
		f.add(t)
	}
	when := chat.At(m.At)
	t.ClosedAt = &when
	o := outcomeOf(m.content)
	t.State, t.Result, t.Error = o.state, o.result, o.err
	t.Out = chat.SpanOf(o.out)
	if o.missing > 0 {
		t.Skip = &chat.Skipped{At: chat.UTF16Len(o.out[:o.gap]), Bytes: o.missing}
	}
}

// todos shows the agent's list of what to do, one per turn.
func (f *folding) todos(m Message) bool {
	if m.tool != "todo" && !strings.HasPrefix(m.content.text, `{"todos"`) {
		return false
	}
	var list struct {
		Todos []struct{ Content, Status string }
	}
	if json.Unmarshal([]byte(m.content.text), &list) != nil || list.Todos == nil {
		return m.tool == "todo" && f.calls[m.callID] == nil
	}
	if f.plan == nil {
		f.plan = &chat.Plan{PartBase: f.base()}
		f.add(f.plan)
	}
	f.plan.Items = make([]chat.PlanItem, 0, len(list.Todos))
	for _, t := range list.Todos {
		f.plan.Items = append(f.plan.Items, chat.PlanItem{Text: t.Content, State: planState(t.Status)})
	}
	return true
}

func planState(status string) chat.PlanState {
	switch status {
	case "in_progress":
		return chat.PlanActive
	case "completed":
		return chat.PlanDone
	case "cancelled":
		return chat.PlanCancelled
	default:
		return chat.PlanPending
	}
}

// helped closes the work of subagents.
func (f *folding) helped(m Message) {
	list := f.helpers[m.callID]
	delete(f.helpers, m.callID)
	var answer struct {
		Status, Error string
		Results       []struct {
			Index           *int `json:"task_index"`
			Status, Summary string
			Error           string
		}
	}
	if json.Unmarshal([]byte(m.content.text), &answer) != nil {
		answer.Error = m.content.text
	}
	when := chat.At(m.At)
	for _, h := range list {
		h.State, h.ClosedAt, h.Summary = chat.ToolDone, &when, answer.Error
		if answer.Error != "" {
			h.State = chat.ToolFailed
		} else if answer.Status == "dispatched" {
			h.Summary = "It goes on in the background. What it finds comes in a turn of its own."
		}
	}
	for i, r := range answer.Results {
		if r.Index != nil {
			i = *r.Index
		}
		if i < 0 || i >= len(list) {
			continue
		}
		list[i].Summary = r.Summary
		if r.Status != "" && r.Status != "completed" && r.Status != "complete" && r.Status != "success" {
			list[i].State = chat.ToolFailed
			if r.Summary == "" {
				list[i].Summary = r.Error
			}
		}
	}
}

// goalsOf returns what subagents are asked for.
func goalsOf(c call) []string {
	if c.name != "delegate_task" {
		return nil
	}
	var args struct {
		Goal  string
		Tasks []struct{ Goal string }
	}
	if json.Unmarshal([]byte(c.args), &args) != nil {
		return nil
	}
	var goals []string
	for _, t := range args.Tasks {
		goals = append(goals, t.Goal)
	}
	if len(goals) == 0 && args.Goal != "" {
		goals = []string{args.Goal}
	}
	return goals
}

func oneLine(s string) string {
	s, _, _ = strings.Cut(strings.TrimSpace(s), "\n")
	if utf8.RuneCountInString(s) <= 120 {
		return s
	}
	return string([]rune(s)[:119]) + "…"
}

// noteWords takes a note of the program out of its brackets, without what it says
// to the model.
func noteWords(text string) string {
	text = strings.TrimSuffix(strings.TrimPrefix(strings.TrimPrefix(text, "[System: "), importantMark), "]")
	text, _, _ = strings.Cut(text, " From this point forward")
	text, _, _ = strings.Cut(text, " The tool list for this conversation")
	return text
}
