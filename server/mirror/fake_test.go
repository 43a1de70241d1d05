package mirror_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"hermes-webui/server/chat"
	"hermes-webui/server/mirror"
)

// memory stands for an agent's database: rows that are never changed but for
// their marks, as the real agent keeps them.
type memory struct {
	mu       sync.Mutex
	rows     []memoryRow
	lineages []*mirror.Lineage
	last     int64     // id
	clock    time.Time // no two rows are of one moment
	open     string
	changed  chan struct{}
	err      error
	onPage   func()
}

type memoryRow struct {
	mirror.Message
	session, content  string
	active, compacted bool
	copyOf            int64
}

func newMemory() *memory { return &memory{changed: make(chan struct{}, 1)} }

// begin makes a session of the agent's.
func (m *memory) begin(id, source, title string) string {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.lineages = append(m.lineages, &mirror.Lineage{IDs: []string{id}, Source: source, Title: title, Folder: "/w", Created: time.Now(), Updated: time.Now()})
	return id
}

func (m *memory) lineage(id string) *mirror.Lineage {
	for _, l := range m.lineages {
		if slices.Contains(l.IDs, id) {
			return l
		}
	}
	panic("no session " + id)
}

func (m *memory) tip(id string) string { l := m.lineage(id); return l.IDs[len(l.IDs)-1] }

// write adds a row and returns its id.
func (m *memory) write(id, role, content string) int64 {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.add(id, role, content, 0)
}

func (m *memory) add(id, role, content string, copyOf int64) int64 {
	r := memoryRow{content: content, active: true, copyOf: copyOf}
	m.last++
	r.Row = chat.Row{ID: m.last, Role: role, Digest: fmt.Sprintf("%s|%s", role, content), Copy: copyOf > 0}
	r.session, r.Begins, r.Raw = m.tip(id), role == "user", content
	r.Ends = role == "assistant"
	if role == "user" {
		r.Text = content
	}
	m.clock = m.clock.Add(time.Millisecond)
	if now := time.Now(); now.After(m.clock) {
		m.clock = now
	}
	r.At = m.clock
	m.rows = append(m.rows, r)
	m.lineage(id).Updated = m.clock
	m.lineage(id).Messages++
	select {
	case m.changed <- struct{}{}:
	default:
	}
	return r.ID
}

// exchange is a turn that another program of the agent does.
func (m *memory) exchange(id, prompt string) {
	m.write(id, "user", prompt)
	m.write(id, "assistant", "re: "+prompt)
}

// visible are the rows that the model sees.
func (m *memory) visible(id string) []*memoryRow {
	var out []*memoryRow
	for i := range m.rows {
		if r := &m.rows[i]; r.session == m.tip(id) && r.active {
			out = append(out, r)
		}
	}
	return out
}

// undo takes back all from the n-th visible prompt on.
func (m *memory) undo(id string, prompts int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, r := range m.visible(id) {
		if r.Begins && !r.Summary {
			prompts--
		}
		if prompts < 0 {
			r.active = false
		}
	}
}

// truncate is undo as the agent does it for an edit: it removes all rows of its
// session, and writes those anew that stay.
func (m *memory) truncate(id string, prompts int) {
	m.undo(id, prompts)
	m.mu.Lock()
	defer m.mu.Unlock()
	var stay []memoryRow
	for _, r := range m.visible(id) {
		stay = append(stay, *r)
	}
	tip := m.tip(id)
	m.rows = slices.DeleteFunc(m.rows, func(r memoryRow) bool { return r.session == tip })
	for _, r := range stay {
		m.add(id, r.Role, r.content, 0)
		n := &m.rows[len(m.rows)-1]
		n.Summary = r.Summary
	}
}

// prompts counts those that the model sees.
func (m *memory) prompts(id string) (n int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, r := range m.visible(id) {
		if r.Begins && !r.Summary {
			n++
		}
	}
	return n
}

// compress puts a summary for all but the last keep rows, which it writes anew;
// with a next id in a session that follows.
func (m *memory) compress(id string, keep int, next string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	old := m.visible(id)
	var kept []memoryRow
	for i, r := range old {
		if i >= len(old)-keep {
			kept = append(kept, *r)
		}
		if next == "" {
			r.active, r.compacted = false, true
		}
	}
	if next != "" {
		l := m.lineage(id)
		l.IDs = append(l.IDs, next)
	}
	m.add(id, "user", "SUMMARY", 0)
	s := &m.rows[len(m.rows)-1]
	s.Summary, s.Begins = true, true
	for _, r := range kept {
		m.add(id, r.Role, r.content, r.ID)
	}
}

func (m *memory) List(context.Context) ([]mirror.Lineage, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	out := []mirror.Lineage{}
	for _, l := range m.lineages {
		c := *l
		c.IDs = slices.Clone(l.IDs)
		out = append(out, c)
	}
	return out, m.err
}

func (m *memory) Page(_ context.Context, ids []string, before int64, limit int) ([]chat.Settled, bool, error) {
	if m.onPage != nil {
		m.onPage()
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.err != nil {
		return nil, false, m.err
	}
	var all []mirror.Message
	for _, r := range m.rows {
		if m.has(ids, r.session) && (r.active || r.compacted) && !r.Summary && r.copyOf == 0 && (before == 0 || r.ID < before) {
			all = append(all, r.Message)
		}
	}
	turns := m.Turns(all)
	cut := max(0, len(turns)-limit)
	return turns[cut:], cut > 0, nil
}

func (m *memory) has(ids []string, session string) bool {
	l := m.lineage(session)
	return slices.ContainsFunc(ids, func(id string) bool { return slices.Contains(l.IDs, id) })
}

func (m *memory) After(_ context.Context, ids []string, after int64) (mirror.Fresh, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	f := mirror.Fresh{IDs: slices.Clone(m.lineage(ids[0]).IDs), Rewritten: after > 0}
	for _, r := range m.rows {
		if !m.has(ids, r.session) {
			continue
		}
		f.Rewritten = f.Rewritten && r.ID != after
		if r.ID > after && (r.active || r.compacted) {
			f.Messages = append(f.Messages, r.Message)
		}
	}
	return f, m.err
}

func (m *memory) Turns(messages []mirror.Message) []chat.Settled {
	var turns []chat.Settled
	for _, msg := range messages {
		if msg.Begins || len(turns) == 0 {
			at := chat.At(msg.At)
			turns = append(turns, chat.Settled{Turn: &chat.Turn{State: chat.Stopped, QueuedAt: at, StartedAt: &at, EndedAt: &at, Parts: []chat.Part{}, Prompt: chat.Prompt{Text: msg.Text}}})
		}
		t := &turns[len(turns)-1]
		t.Rows = append(t.Rows, msg.Row)
		if !msg.Begins {
			at := chat.At(msg.At)
			t.Turn.State, t.Turn.EndedAt = chat.Done, &at
			t.Turn.Parts = append(t.Turn.Parts, &chat.Text{PartBase: chat.PartBase{OpenedAt: at, ClosedAt: &at}, Text: chat.SpanOf(msg.Raw.(string))})
		}
	}
	return turns
}

func (m *memory) Open(context.Context, []string) (string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.open, nil
}

func (m *memory) setOpen(by string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.open = by
}

func (m *memory) Settle(context.Context) error { return nil }

func (m *memory) Wait(ctx context.Context) error {
	select {
	case <-m.changed:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
