package hermes

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"hermes-webui/server/agent"
	"hermes-webui/server/chat"
)

// fit finds where the agent's history has to be cut for the task. Where it holds
// something else than what was said here (an agent that was changed in between),
// it gets a session anew, with the words of ours.
func (c *conn) fit(ctx context.Context, l *line, known []message, past []*chat.Turn, t agent.Task) (*line, int, error) {
	prompts := promptsOf(held(known))
	keep, ok := place(prompts, past)
	switch {
	case ok && keep == len(prompts):
		return l, -1, nil
	case ok:
		return l, keep, nil
	}
	l, err := c.anew(ctx, l, past, t)
	return l, -1, err
}

// anew has the agent hold the session under another id, with the words of ours.
func (c *conn) anew(ctx context.Context, l *line, past []*chat.Turn, t agent.Task) (*line, error) {
	if err := l.client.Call(ctx, "session.close", map[string]any{"session_id": l.id}, nil); err != nil {
		return nil, fmt.Errorf("letting go of a session: %w", err)
	}
	next, err := c.create(ctx, l.host, l.client, past, t)
	if err == nil {
		c.notice(chat.NoticeInfo, "Hermes could not go on from this place in its own history. It began a new one with the words of this session; what tools gave back is not in it.")
	}
	return next, err
}

// held is the part of what an agent tells of a session that it has in mind, of
// which it counts the prompts. Where a compression went on under a new id, it
// tells what the old ones hold before it, too (0.19). The new one begins with the
// same messages as the one before, and a summary.
func held(known []message) []message {
	from := 0
	for i, m := range known {
		if !m.summarises() {
			continue
		}
		for n := (i - from) / 2; n > 0; n-- {
			if slices.EqualFunc(known[from:from+n], known[i-n:i], message.same) {
				from = i - n
				break
			}
		}
	}
	return known[from:]
}

func (m message) same(o message) bool { return m.Role == o.Role && m.words() == o.words() }

// summarises reports whether a message stands for what a compression took away.
func (m message) summarises() bool {
	words := strings.TrimSpace(m.words())
	return strings.HasPrefix(words, "[CONTEXT COMPACTION") || strings.HasPrefix(words, "[CONTEXT SUMMARY]:") || strings.HasPrefix(words, "[PRIOR CONTEXT ")
}

func promptsOf(known []message) []string {
	var all []string
	for _, m := range known {
		if m.Role == "user" {
			all = append(all, m.words())
		}
	}
	return all
}

func (m message) words() string {
	if m.Text != "" || len(m.Content) == 0 {
		return m.Text
	}
	var s string
	if json.Unmarshal(m.Content, &s) == nil {
		return s
	}
	return string(m.Content)
}

// place finds after how many of the agent's prompts a history ends. The agent may
// hold more: prompts of its own, and what is to be cut off. It may hold less after
// it shortened its history: then the newest ones are looked for, from the end.
// false = it does not hold them.
func place(prompts []string, past []*chat.Turn) (int, bool) {
	var mine []string
	own := 0 // turns that the agent began after the last prompt
	for _, t := range past {
		switch {
		case t.Compress:
		case t.Prompt.Text != "" && t.Origin != chat.FromAgent:
			mine, own = append(mine, t.Prompt.Text), 0
		case t.Origin == chat.FromAgent:
			own++
		}
	}
	keep, ok := 0, true
	if len(mine) > 0 {
		if keep, ok = inOrder(prompts, mine); !ok {
			keep, ok = fromEnd(prompts, mine)
		}
	}
	for ; own > 0 && keep < len(prompts) && agentsOwn(prompts[keep]); own-- {
		keep++
	}
	return keep, ok
}

// agentsOwn reports whether the agent wrote a prompt itself, when work in the
// background was done.
func agentsOwn(prompt string) bool {
	return strings.HasPrefix(prompt, "[ASYNC ") || strings.HasPrefix(prompt, "[IMPORTANT: ")
}

// inOrder finds all of mine in prompts, and after how many of them they end.
func inOrder(prompts, mine []string) (int, bool) {
	next := 0
	for i, p := range prompts {
		if sameWords(p, mine[next]) {
			if next++; next == len(mine) {
				return i + 1, true
			}
		}
	}
	return 0, false
}

// fromEnd finds the newest two of mine in prompts.
func fromEnd(prompts, mine []string) (int, bool) {
	for keep := len(prompts); keep > 0; keep-- {
		if sameWords(prompts[keep-1], mine[len(mine)-1]) &&
			(keep < 2 || len(mine) < 2 || sameWords(prompts[keep-2], mine[len(mine)-2])) {
			return keep, true
		}
	}
	return 0, false
}

// sameWords reports whether an agent's prompt holds ours: it adds what files say
// and expands what commands stand for.
func sameWords(theirs, ours string) bool {
	return strings.Contains(strings.TrimSpace(theirs), strings.TrimSpace(ours))
}

// isAside reports whether a turn was only for people: the agent told something of
// itself, or asked.
func isAside(t *chat.Turn) bool {
	return t.Origin == chat.FromAgent && !slices.ContainsFunc(t.Parts, func(p chat.Part) bool { return p.Kind() != chat.KindNotice })
}

// newest is the last turn that the model knows of; "" = there is none.
func newest(past []*chat.Turn) chat.TurnID {
	for _, t := range slices.Backward(past) {
		if !isAside(t) {
			return t.ID
		}
	}
	return ""
}

// seedOf is a history as an agent takes it: words, nothing of tools.
func seedOf(past []*chat.Turn) []map[string]string {
	var seed []map[string]string
	for _, t := range past {
		if t.Compress || isAside(t) {
			continue
		}
		var said []string
		for _, p := range t.Parts {
			if text, ok := p.(*chat.Text); ok && text.Parent == nil {
				said = append(said, text.Text.String())
			}
		}
		if t.Prompt.Text != "" {
			seed = append(seed, map[string]string{"role": "user", "content": t.Prompt.Text})
		}
		if len(said) > 0 {
			seed = append(seed, map[string]string{"role": "assistant", "content": strings.Join(said, "\n\n")})
		}
	}
	return seed
}
