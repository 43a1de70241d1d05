package gateway

import (
	"context"
	"encoding/json"
	"strings"
	"sync"
)

// Message is an event of a session, or a request that the agent makes.
type Message struct {
	Type    string          // of the event, or the request's method
	Session string          // runtime id; "" = of the whole process
	Payload json.RawMessage // JSON; null where there is none
	// Spilled is a file with the whole frame, Payload is null then. Whoever takes
	// the message removes it.
	Spilled string
	Request *Request // a request that waits for Reply or Refuse
}

// unheard is how many messages of a session are kept that nobody listens to yet,
// and how many such sessions.
const unheard, unheardSessions = 1000, 64

// feedLimit is how many bytes of one session may wait before the agent has to.
const feedLimit = 64 << 20

// Feed is what the agent says of one session, in order.
type Feed struct {
	client  *Client
	session string
	mu      sync.Mutex
	queue   []queued
	bytes   int
	more    chan struct{} // has an element when there may be something new
	room    chan struct{} // the same for room
	closed  bool
}

type queued struct {
	Message
	text *strings.Builder // of joined deltas; nil = as in Payload
}

func newFeed(c *Client, session string) *Feed {
	return &Feed{client: c, session: session, more: make(chan struct{}, 1), room: make(chan struct{}, 1)}
}

// Next waits for the next message. It fails with ErrGone once the agent has gone
// and all that it said was taken.
func (f *Feed) Next(ctx context.Context) (Message, error) {
	for {
		if m, ok := f.take(); ok {
			return m, nil
		}
		select {
		case <-f.more:
		case <-ctx.Done():
			return Message{}, ctx.Err()
		case <-f.client.done:
			if m, ok := f.take(); ok {
				return m, nil
			}
			return Message{}, f.client.Err()
		}
	}
}

// Close ends the feed. What comes for its session later is kept for the next one.
func (f *Feed) Close() {
	f.client.forget(f)
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, q := range f.queue {
		discardFile(q.Spilled)
	}
	f.closed, f.queue, f.bytes = true, nil, 0
	signal(f.room)
}

func (f *Feed) take() (Message, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.queue) == 0 {
		return Message{}, false
	}
	q := f.queue[0]
	f.queue[0] = queued{}
	f.queue = f.queue[1:]
	if q.text != nil {
		q.Payload, _ = json.Marshal(map[string]string{"text": q.text.String()})
	}
	f.bytes -= len(q.Payload)
	if len(f.queue) == 0 {
		f.bytes = 0 // joined text is not counted to the byte
	}
	signal(f.room)
	return q.Message, true
}

// put adds a message; it waits while too much waits already.
func (f *Feed) put(m Message) {
	for !f.tryPut(m) {
		select {
		case <-f.room:
		case <-f.client.closing:
			return
		}
	}
}

func (f *Feed) tryPut(m Message) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed {
		return true
	}
	if f.bytes > feedLimit {
		return false
	}
	f.bytes += len(m.Payload)
	if !f.join(m) {
		f.queue = append(f.queue, queued{Message: m})
	}
	signal(f.more)
	return true
}

// join adds a delta to one that still waits: a slow reader gets fewer and longer
// ones.
func (f *Feed) join(m Message) bool {
	if m.Type != "message.delta" && m.Type != "reasoning.delta" || len(f.queue) == 0 || m.Spilled != "" {
		return false
	}
	last := &f.queue[len(f.queue)-1]
	if last.Type != m.Type || last.Spilled != "" {
		return false
	}
	if last.text == nil {
		text, ok := deltaText(last.Payload)
		if !ok {
			return false
		}
		last.text = &strings.Builder{}
		last.text.WriteString(text)
	}
	text, ok := deltaText(m.Payload)
	if ok {
		last.text.WriteString(text)
	}
	return ok
}

func deltaText(payload json.RawMessage) (string, bool) {
	var p struct {
		Text *string `json:"text"`
	}
	if json.Unmarshal(payload, &p) != nil || p.Text == nil {
		return "", false
	}
	return *p.Text, true
}

func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}
