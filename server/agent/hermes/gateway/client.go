package gateway

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strconv"
	"sync"
)

// Options of a Client. All may be left out.
type Options struct {
	Slog *slog.Logger
	// Capabilities asks the agent to send requests to us, as those over a
	// WebSocket do only when asked.
	Capabilities bool
}

// Hello is what an agent says of itself when it is ready.
type Hello struct {
	Protocol int             // 0 = it does not say: before 0.22
	Raw      json.RawMessage // payload of gateway.ready
}

// Client is one live connection to an agent.
type Client struct {
	link    Link
	options Options
	slog    *slog.Logger

	send    chan outgoing
	ready   chan struct{}
	hello   Hello
	closing chan struct{} // closed by Close
	done    chan struct{} // closed when nothing more comes
	once    sync.Once
	wg      sync.WaitGroup

	mu      sync.Mutex
	err     error
	last    int64
	calls   map[string]chan envelope
	feeds   map[string]*Feed
	unheard map[string][]Message
	order   []string // of unheard, the oldest first
}

type outgoing struct {
	frame []byte
	sent  chan error
}

// New starts to read from and write to link until Close or its end.
func New(link Link, o Options) *Client {
	if o.Slog == nil {
		o.Slog = slog.New(slog.DiscardHandler)
	}
	c := &Client{
		link: link, options: o, slog: o.Slog,
		send: make(chan outgoing), ready: make(chan struct{}), closing: make(chan struct{}), done: make(chan struct{}),
		calls: map[string]chan envelope{}, feeds: map[string]*Feed{}, unheard: map[string][]Message{},
	}
	c.wg.Go(c.read)
	c.wg.Go(c.write)
	return c
}

// Done is closed when the agent has gone.
func (c *Client) Done() <-chan struct{} { return c.done }

// Err says why; it wraps ErrGone. nil while the agent is there.
func (c *Client) Err() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.err
}

// Close lets go of the agent and ends the Client's goroutines.
func (c *Client) Close() error {
	c.once.Do(func() { close(c.closing) })
	err := c.link.Close()
	c.wg.Wait()
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, id := range c.order {
		discard(c.unheard[id])
	}
	c.unheard, c.order = map[string][]Message{}, nil
	return err
}

// Ready waits until the agent says that it is ready.
func (c *Client) Ready(ctx context.Context) (Hello, error) {
	select {
	case <-c.ready:
	case <-c.done:
		return Hello{}, c.Err()
	case <-ctx.Done():
		return Hello{}, ctx.Err()
	}
	if c.options.Capabilities {
		err := c.Call(ctx, "client.capabilities", map[string]any{"server_requests": true}, nil)
		if err != nil && !errors.Is(err, ErrUnknownMethod) {
			return Hello{}, err
		}
	}
	return c.hello, nil
}

// Call asks the agent for something and decodes its answer into result (nil:
// not wanted). params are an object; nil = an empty one. The error is an *Error
// where the agent refused, wraps ErrGone where it has gone.
func (c *Client) Call(ctx context.Context, method string, params, result any) error {
	if params == nil {
		params = struct{}{}
	}
	id, answer := c.expect()
	defer c.unexpect(id)
	frame, err := json.Marshal(map[string]any{"jsonrpc": "2.0", "id": json.RawMessage(id), "method": method, "params": params})
	if err != nil {
		return fmt.Errorf("gateway: %s: %w", method, err)
	}
	if err := c.put(ctx, frame); err != nil {
		return fmt.Errorf("gateway: %s: %w", method, err)
	}
	select {
	case e := <-answer:
		return decode(method, e, result)
	case <-c.done:
		select { // its last words may hold the answer
		case e := <-answer:
			return decode(method, e, result)
		default:
			return fmt.Errorf("gateway: %s: %w", method, c.Err())
		}
	case <-ctx.Done():
		return fmt.Errorf("gateway: %s: %w", method, ctx.Err())
	}
}

func decode(method string, e envelope, result any) error {
	if e.Error != nil {
		return fmt.Errorf("%s: %w", method, &Error{e.Error.Code, e.Error.Message})
	}
	if result == nil || len(e.Result) == 0 {
		return nil
	}
	if err := json.Unmarshal(e.Result, result); err != nil {
		return fmt.Errorf("gateway: the answer to %s is not what was expected: %w", method, err)
	}
	return nil
}

func (c *Client) expect() (string, chan envelope) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.last++
	id := strconv.FormatInt(c.last, 10)
	answer := make(chan envelope, 1)
	c.calls[id] = answer
	return id, answer
}

func (c *Client) unexpect(id string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.calls, id)
}

// put hands a frame to the writer, and waits until it is written: a caller may
// give up while the agent does not read.
func (c *Client) put(ctx context.Context, frame []byte) error {
	o := outgoing{frame, make(chan error, 1)}
	select {
	case c.send <- o:
	case <-c.done:
		return c.Err()
	case <-c.closing:
		return ErrGone
	case <-ctx.Done():
		return ctx.Err()
	}
	select {
	case err := <-o.sent:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (c *Client) write() {
	for {
		select {
		case o := <-c.send:
			err := c.link.Send(context.Background(), o.frame)
			if err != nil {
				err = fmt.Errorf("%w: %w", ErrGone, err)
			}
			o.sent <- err
		case <-c.closing:
			return
		case <-c.done:
			return
		}
	}
}

func (c *Client) read() {
	defer close(c.done)
	for {
		f, err := c.link.Recv()
		if err != nil {
			c.mu.Lock()
			c.err = fmt.Errorf("%w: %w", ErrGone, err)
			c.mu.Unlock()
			return
		}
		c.dispatch(f)
	}
}

func (c *Client) dispatch(f Frame) {
	var e envelope
	var p eventParams
	if f.Spilled != "" {
		e, p = headOf(f.Data)
	} else if err := json.Unmarshal(f.Data, &e); err != nil {
		c.slog.Warn("the agent said what is no JSON", "bytes", len(f.Data))
		return
	}
	switch {
	case e.Method == "event":
		if f.Spilled == "" && json.Unmarshal(e.Params, &p) != nil {
			c.slog.Warn("the agent sent an event without a type", "bytes", len(f.Data))
			return
		}
		c.event(p, f.Spilled)
	case e.Method != "" && len(e.ID) > 0:
		c.request(e, f.Spilled)
	case e.Method == "" && len(e.ID) > 0:
		c.answer(e, f.Spilled)
	default:
		discardFile(f.Spilled)
	}
}

func (c *Client) answer(e envelope, spilled string) {
	discardFile(spilled)
	if spilled != "" {
		e.Error = &struct {
			Code    int    `json:"code"`
			Message string `json:"message"`
		}{0, "the answer is too long"}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if to, ok := c.calls[string(e.ID)]; ok {
		delete(c.calls, string(e.ID))
		to <- e
	}
}

func (c *Client) event(p eventParams, spilled string) {
	if p.Type == "gateway.ready" && p.Session == "" {
		c.greet(p.Payload)
		return
	}
	c.deliver(Message{Type: p.Type, Session: p.Session, Payload: p.Payload, Spilled: spilled})
}

// greet notes that the agent is ready; it may say so again.
func (c *Client) greet(payload json.RawMessage) {
	select {
	case <-c.ready:
		return
	default:
	}
	var p struct {
		Protocol struct {
			Version int `json:"version"`
		} `json:"protocol"`
	}
	_ = json.Unmarshal(payload, &p) // where it is of another shape it says nothing
	c.hello = Hello{Protocol: p.Protocol.Version, Raw: payload}
	close(c.ready)
}

func discard(all []Message) {
	for _, m := range all {
		discardFile(m.Spilled)
	}
}

func discardFile(path string) {
	if path != "" {
		_ = os.Remove(path)
	}
}
