package mcp

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
	sdk "github.com/modelcontextprotocol/go-sdk/mcp"
)

const (
	maxPages  = 200 // of a list of tools
	byeLimit  = 3 * time.Second
	oldGreets = "2025-11-25" // the newest version that greets with initialize
)

// session is a connection to a server.
type session struct {
	client   *sdk.ClientSession
	process  *process // nil: the server is at a URL
	place    *place   // nil: the server is a program
	tail     *tail
	began    time.Time
	changed  chan struct{} // one slot: the list of tools is another
	gone     chan struct{} // closed when nothing more can come
	once     sync.Once
	progress progress
}

// greet connects. The old way of greeting comes first: nearly every server knows
// it, and some break when they are asked anything before.
func (l *link) greet(ctx context.Context) (*session, error) {
	s, err := l.connect(ctx, oldGreets)
	if err == nil || ctx.Err() != nil || !refusedGreeting(err) {
		return s, err
	}
	return l.connect(ctx, "")
}

// refusedGreeting reports whether a server answered, but not to initialize.
func refusedGreeting(err error) bool {
	_, ok := errors.AsType[*jsonrpc.Error](err)
	return ok
}

func (l *link) connect(ctx context.Context, version string) (*session, error) {
	s := &session{
		tail:    &tail{hide: l.hide},
		began:   time.Now(),
		changed: make(chan struct{}, 1),
		gone:    make(chan struct{}),
	}
	transport, err := s.open(l)
	if err != nil {
		return nil, err
	}
	client := sdk.NewClient(&sdk.Implementation{Name: "hermes-webui", Version: l.hub.config.Version}, &sdk.ClientOptions{
		Capabilities:                &sdk.ClientCapabilities{}, // a server can ask nothing of us
		ToolListChangedHandler:      func(context.Context, *sdk.ToolListChangedRequest) { s.noteChange() },
		ProgressNotificationHandler: func(_ context.Context, r *sdk.ProgressNotificationClientRequest) { s.progress.take(r.Params) },
	})
	if err := s.hello(ctx, client, transport, version); err != nil {
		s.end()
		return nil, s.explain(err)
	}
	go func() {
		_ = s.client.Wait() // that it is over is all there is to know
		s.over()
	}()
	return s, nil
}

func (s *session) open(l *link) (sdk.Transport, error) {
	var err error
	switch server := l.server; {
	case len(server.Command) > 0 && server.Command[0] != "" && server.URL != "":
		return nil, errors.New("it has both a command and a URL. Remove one of them")
	case len(server.Command) > 0 && server.Command[0] != "":
		var t *sdk.IOTransport
		if s.process, t, err = launch(server, l.hub.config.Env, l.hub.config.Dir, s.tail); err != nil {
			return nil, err
		}
		return t, nil
	case server.URL != "":
		if s.place, err = server.place(l.hub.config.Proxy); err != nil {
			return nil, err
		}
		return s.place.client(), nil
	default:
		return nil, errors.New("it has neither a command nor a URL. Set one of them")
	}
}

// hello greets, and gives up when the program ends or the time is over, whatever
// the connection waits for.
func (s *session) hello(ctx context.Context, client *sdk.Client, t sdk.Transport, version string) error {
	type answer struct {
		client *sdk.ClientSession
		err    error
	}
	answers := make(chan answer, 1)
	go func() {
		c, err := client.Connect(ctx, t, &sdk.ClientSessionOptions{ProtocolVersion: version})
		answers <- answer{c, err}
	}()
	var exited chan struct{}
	if s.process != nil {
		exited = s.process.exited
	}
	select {
	case a := <-answers:
		s.client = a.client
		return a.err
	case <-exited:
	case <-ctx.Done():
	}
	go func() {
		if late := <-answers; late.client != nil {
			_ = late.client.Close() // nobody waits for it any more
		}
	}()
	if ctx.Err() != nil {
		return errors.New("it did not answer in time")
	}
	return sdk.ErrConnectionClosed
}

// explain makes the end of a sentence out of an error; it begins with "it" or
// with what is wrong.
func (s *session) explain(err error) error {
	if refusedGreeting(err) {
		return err // the caller has to see it
	}
	if s.place != nil {
		return s.place.explain(err)
	}
	if brokeOff(err) {
		s.process.end() // then all that it said is here
		err = errors.New("it ended before it answered")
	}
	if said := s.tail.said(); said != "" {
		return fmt.Errorf("%w. It said:\n%s", err, said)
	}
	return err
}

func (s *session) noteChange() {
	select {
	case s.changed <- struct{}{}:
	default: // it will be looked at anyway
	}
}

// over says that nothing more can come.
func (s *session) over() { s.once.Do(func() { close(s.gone) }) }

// end lets go of the server wholly. Calls that run fail first, since the
// connection would wait for them.
func (s *session) end() {
	s.over()
	if s.process != nil {
		s.process.end()
	}
	if s.client != nil {
		closed := make(chan struct{})
		go func() {
			_ = s.client.Close() // a server that is gone cannot be told so
			close(closed)
		}()
		timer := time.NewTimer(byeLimit)
		defer timer.Stop()
		select {
		case <-closed:
		case <-timer.C:
		}
	}
	if s.place != nil {
		s.place.transport.CloseIdleConnections()
	}
}

// tools asks for the list, page by page.
func (s *session) tools(ctx context.Context) ([]*sdk.Tool, error) {
	ctx, cancel := s.while(ctx)
	defer cancel()
	var all []*sdk.Tool
	params := &sdk.ListToolsParams{}
	for range maxPages {
		page, err := s.client.ListTools(ctx, params)
		if err != nil {
			if rpc, ok := errors.AsType[*jsonrpc.Error](err); ok && rpc.Code == jsonrpc.CodeMethodNotFound {
				return nil, nil // it has resources or prompts, and no tools
			}
			return nil, s.listing(ctx, err)
		}
		all = append(all, page.Tools...)
		if page.NextCursor == "" || page.NextCursor == params.Cursor {
			return all, nil
		}
		params = &sdk.ListToolsParams{Cursor: page.NextCursor}
	}
	return all, nil
}

func (s *session) listing(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return errors.New("it did not list its tools in time")
	}
	return s.explain(err)
}

// while returns a context that also ends with the session.
func (s *session) while(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancelCause(ctx)
	go func() {
		select {
		case <-s.gone:
			cancel(errGone)
		case <-ctx.Done():
		}
	}()
	return ctx, func() { cancel(context.Canceled) }
}

var errGone = errors.New("the MCP server ended")

// brokeOff reports whether a connection ended, in either of the two ways in
// which the SDK says so.
func brokeOff(err error) bool {
	return errors.Is(err, sdk.ErrConnectionClosed) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
}
