package gateway

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"
)

// Options of a Client.
type Options struct {
	Slog     *slog.Logger  // nil = none
	Patience time.Duration // for a call whose context has no deadline; 0 = two minutes, as the agent's own client
}

// Client speaks to one agent process. It is safe for concurrent use.
type Client struct {
	link     Link
	slog     *slog.Logger
	patience time.Duration
	out      chan letter
	done     chan struct{}
	ready    chan struct{} // closed with the first gateway.ready
	hello    json.RawMessage

	capable  sync.Mutex // one Ready at a time asks
	asked    bool
	requests bool

	mu    sync.Mutex
	next  uint64
	calls map[uint64]chan incoming
	open  map[string]string // id of a question -> its session
	box   mailbox
	err   error
}

type letter struct {
	frame []byte
	sent  chan<- error
}

// New starts to read and write l, which the Client closes. Close ends it.
func New(l Link, o Options) *Client {
	if o.Slog == nil {
		o.Slog = slog.New(slog.DiscardHandler)
	}
	if o.Patience <= 0 {
		o.Patience = 2 * time.Minute
	}
	c := &Client{
		link: l, slog: o.Slog, patience: o.Patience, out: make(chan letter),
		done: make(chan struct{}), ready: make(chan struct{}),
		calls: map[uint64]chan incoming{}, open: map[string]string{}, box: newMailbox(),
	}
	go c.read()
	go c.write()
	return c
}

// Done is closed when the link is over.
func (c *Client) Done() <-chan struct{} { return c.done }

// Err says why the link is over; it is ErrGone. nil = it is not over.
func (c *Client) Err() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.err
}

// Close ends the link. All calls and feeds end with ErrGone.
func (c *Client) Close() error {
	c.fail(errors.New("it was closed here"))
	return c.link.Close()
}

// Call calls a method and decodes its result into result, which may be nil. The
// agent's refusal is an *Error. Results over Limit are decoded with long strings
// cut.
func (c *Client) Call(ctx context.Context, method string, params, result any) error {
	if _, ok := ctx.Deadline(); !ok {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, c.patience)
		defer cancel()
	}
	if params == nil {
		params = struct{}{}
	}
	id, back := c.register()
	defer c.unregister(id)
	frame, err := json.Marshal(call{Version: version, ID: id, Method: method, Params: params})
	if err != nil {
		return fmt.Errorf("encode %s: %w", method, err)
	}
	if err := c.send(ctx, frame); err != nil {
		return fmt.Errorf("%s: %w", method, err)
	}
	select {
	case f := <-back:
		return decode(method, f, result)
	case <-c.done:
		return c.late(method, back, result)
	case <-ctx.Done():
		return fmt.Errorf("%s: the agent did not answer: %w", method, context.Cause(ctx))
	}
}

// late prefers an answer that came just before the end.
func (c *Client) late(method string, back <-chan incoming, result any) error {
	select {
	case f := <-back:
		return decode(method, f, result)
	default:
		return fmt.Errorf("%s: %w", method, c.Err())
	}
}

func decode(method string, f incoming, result any) error {
	if f.Error != nil {
		return fmt.Errorf("%s: %w", method, f.Error)
	}
	if result == nil || !given(f.Result) {
		return nil
	}
	if err := json.Unmarshal(f.Result, result); err != nil {
		return fmt.Errorf("%s: the answer is not of the expected form: %w", method, err)
	}
	return nil
}

func (c *Client) register() (uint64, <-chan incoming) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.next++
	back := make(chan incoming, 1)
	c.calls[c.next] = back
	return c.next, back
}

func (c *Client) unregister(id uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.calls, id)
}

func (c *Client) forget(id json.RawMessage) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.open, string(id))
}

// send hands a frame to the writer and returns when it is written.
func (c *Client) send(ctx context.Context, frame []byte) error {
	sent := make(chan error, 1)
	select {
	case c.out <- letter{frame, sent}:
	case <-c.done:
		return c.Err()
	case <-ctx.Done():
		return fmt.Errorf("the agent does not take what is sent to it: %w", context.Cause(ctx))
	}
	select {
	case err := <-sent:
		return err
	case <-c.done:
		return c.Err()
	}
}

func (c *Client) write() {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go func() {
		<-c.done
		cancel()
	}()
	for {
		select {
		case l := <-c.out:
			err := c.link.Send(ctx, l.frame)
			if err != nil {
				err = c.fail(fmt.Errorf("write: %w", err))
			}
			l.sent <- err
		case <-c.done:
			return
		}
	}
}

// fail ends everything once; the first cause stays. It returns the error of the
// client.
func (c *Client) fail(cause error) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.err == nil {
		c.err = fmt.Errorf("%w: %w", ErrGone, cause)
		close(c.done)
		c.box.end(c.err)
	}
	return c.err
}
