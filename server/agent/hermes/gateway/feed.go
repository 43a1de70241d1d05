package gateway

import "context"

// Feed gives the messages of one session in order. One goroutine reads it.
type Feed struct {
	client  *Client
	session string
	queue   *queue
}

// Listen begins to listen to a session by its runtime id; "" are the messages of
// the process as a whole. What came before and was not read by another listener
// comes first: a session may speak before its id is known. Of two listeners the
// newer one hears.
func (c *Client) Listen(session string) *Feed {
	c.mu.Lock()
	defer c.mu.Unlock()
	return &Feed{client: c, session: session, queue: c.box.listen(session)}
}

// Next returns the next message. When the link is over it returns what is left
// and then an ErrGone; after Close ErrClosed.
func (f *Feed) Next(ctx context.Context) (Message, error) {
	for {
		m, err := f.take()
		if m != nil || err != nil {
			return deref(m), err
		}
		select {
		case <-f.queue.ring:
		case <-ctx.Done():
			return Message{}, context.Cause(ctx)
		}
	}
}

func deref(m *Message) Message {
	if m == nil {
		return Message{}
	}
	return *m
}

func (f *Feed) take() (*Message, error) {
	f.client.mu.Lock()
	defer f.client.mu.Unlock()
	if len(f.queue.items) == 0 {
		return nil, f.queue.err
	}
	m := f.queue.pop()
	return &m, nil
}

// Close stops listening. What was not read is dropped, and questions among it
// are refused.
func (f *Feed) Close() {
	f.client.mu.Lock()
	left := f.client.box.leave(f.session, f.queue)
	f.client.mu.Unlock()
	f.client.drop(left)
}
