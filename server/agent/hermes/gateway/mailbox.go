package gateway

import (
	"maps"
	"slices"
	"time"
)

const (
	unheardSessions = 64      // whose messages are kept until somebody listens
	unheardBytes    = 1 << 20 // of one of these
	// unheardQuestion is how long a question waits for somebody to listen.
	unheardQuestion = 10 * time.Second
)

// mailbox sorts messages by session. The Client's lock guards it.
type mailbox struct {
	queues map[string]*queue
	err    error
	clock  uint64
}

func newMailbox() mailbox { return mailbox{queues: map[string]*queue{}} }

// put keeps a message. Where the session is as far behind as it may be, nothing
// is kept and the channel says when to try again. What had to go to make room is
// returned.
func (b *mailbox) put(m Message) (wait <-chan struct{}, dropped []Message) {
	if b.err != nil {
		return nil, []Message{m}
	}
	q := b.queues[m.Session]
	if q == nil {
		dropped = b.room()
		q = newQueue()
		b.queues[m.Session] = q
	}
	b.clock++
	q.used = b.clock
	if q.heard && q.bytes >= utmost {
		return q.full(), dropped
	}
	q.push(m)
	for !q.heard && q.bytes > unheardBytes && len(q.items) > 1 {
		dropped = append(dropped, q.pop())
	}
	return nil, dropped
}

// room forgets the session that nobody listens to and that was quiet for the
// longest, where there are too many.
func (b *mailbox) room() []Message {
	n, oldest := 0, ""
	for id, q := range b.queues {
		if q.heard {
			continue
		}
		if n++; n == 1 || q.used < b.queues[oldest].used {
			oldest = id
		}
	}
	if n < unheardSessions {
		return nil
	}
	dropped := b.queues[oldest].all()
	delete(b.queues, oldest)
	return dropped
}

// remove takes a question out of a session that nobody listens to.
func (b *mailbox) remove(session string, r *Request) []Message {
	q := b.queues[session]
	if q == nil || q.heard {
		return nil
	}
	for i, it := range q.items {
		if it.Request == r {
			q.items = slices.Delete(q.items, i, i+1)
			q.bytes -= it.size
			q.joined = 0
			return []Message{it.Message}
		}
	}
	return nil
}

// listen returns the queue of a session for a new listener; an older listener's
// ends, without what it has not read.
func (b *mailbox) listen(session string) *queue {
	q := newQueue()
	if old := b.queues[session]; old != nil {
		q.items, q.bytes = old.items, old.bytes
		old.items, old.bytes = nil, 0
		old.end(ErrClosed)
	}
	q.heard = true
	if b.err != nil {
		q.end(b.err)
	}
	b.queues[session] = q
	return q
}

// leave ends q and returns what nobody read.
func (b *mailbox) leave(session string, q *queue) []Message {
	if b.queues[session] == q {
		delete(b.queues, session)
	}
	left := q.all()
	q.end(ErrClosed)
	return left
}

// end lets all listeners read what they have, and then err.
func (b *mailbox) end(err error) {
	b.err = err
	for _, id := range slices.Collect(maps.Keys(b.queues)) {
		b.queues[id].end(err)
	}
}
