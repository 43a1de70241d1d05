package gateway

import (
	"bytes"
	"encoding/json"
)

const (
	crowded  = 256 << 10 // bytes from which on adjacent pieces of text are joined
	utmost   = 64 << 20  // bytes from which on the whole link waits for this listener
	overhead = 160       // bytes that a message costs besides its payload
)

// queue holds the messages of one session in order.
type queue struct {
	items  []item
	bytes  int
	joined int  // items before this one cannot be joined with their successor
	heard  bool // somebody listens
	used   uint64
	err    error         // after the last item
	ring   chan struct{} // rung when there is something to read
	space  chan struct{} // closed when a full queue was read from; nil = nobody waits
}

// item is a message; of joined pieces text grows and the payload is made when it
// is read.
type item struct {
	Message
	size int
	text []byte
}

func newQueue() *queue { return &queue{ring: make(chan struct{}, 1)} }

func (q *queue) push(m Message) {
	it := item{Message: m, size: len(m.Payload) + overhead}
	q.bytes += it.size
	q.items = append(q.items, it)
	if q.bytes > crowded {
		q.join()
	}
	q.wake()
}

// join makes one of each run of adjacent pieces of text. Nothing is lost but how
// they were cut.
func (q *queue) join() {
	last := max(q.joined, 0)
	if last >= len(q.items) {
		return
	}
	for _, next := range q.items[last+1:] {
		if q.items[last].take(&next) {
			q.bytes -= overhead
			continue
		}
		last++
		q.items[last] = next
	}
	clear(q.items[last+1:])
	q.items, q.joined = q.items[:last+1], last
}

// take adds next to it, where both are pieces of the same text.
func (it *item) take(next *item) bool {
	if it.Type != next.Type || it.Spilled != "" || next.Spilled != "" {
		return false
	}
	more, ok := next.piece()
	if !ok {
		return false
	}
	own, ok := it.piece()
	if !ok {
		return false
	}
	it.text, it.Payload = append(own, more...), nil
	it.size += next.size - overhead
	return true
}

// piece returns the text of a message that is nothing but a piece of text.
func (it *item) piece() ([]byte, bool) {
	if it.text != nil {
		return it.text, true
	}
	if it.Type != "message.delta" && it.Type != "reasoning.delta" {
		return nil, false
	}
	var p struct {
		Text     *string `json:"text"`
		Rendered any     `json:"rendered"` // for terminals; goes when pieces are joined
	}
	d := json.NewDecoder(bytes.NewReader(it.Payload))
	d.DisallowUnknownFields()
	if d.Decode(&p) != nil || p.Text == nil {
		return nil, false
	}
	return append(make([]byte, 0, 2*len(*p.Text)), *p.Text...), true
}

// pop returns the oldest message; there must be one.
func (q *queue) pop() Message {
	it := q.items[0]
	q.items[0] = item{}
	q.items = q.items[1:]
	if len(q.items) == 0 {
		q.items = nil
	}
	q.joined = max(q.joined-1, 0)
	q.bytes -= it.size
	if it.text != nil {
		it.Payload, _ = json.Marshal(map[string]string{"text": string(it.text)})
	}
	if q.space != nil && q.bytes < utmost {
		close(q.space)
		q.space = nil
	}
	return it.Message
}

// all returns what is left and forgets it.
func (q *queue) all() []Message {
	var left []Message
	for len(q.items) > 0 {
		left = append(left, q.pop())
	}
	return left
}

// full returns a channel that is closed when there is space again.
func (q *queue) full() <-chan struct{} {
	if q.space == nil {
		q.space = make(chan struct{})
	}
	return q.space
}

func (q *queue) end(err error) {
	if q.err == nil {
		q.err = err
	}
	if q.space != nil {
		close(q.space)
		q.space = nil
	}
	q.wake()
}

func (q *queue) wake() {
	select {
	case q.ring <- struct{}{}:
	default:
	}
}
