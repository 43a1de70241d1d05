package direct

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"time"

	"hermes-webui/server/agent"
	"hermes-webui/server/chat"
)

// exchange is one request for an answer.
type exchange struct {
	client   *http.Client
	endpoint Endpoint
	dialect  dialect
	quiet    time.Duration
	take     func(delta) error // gets the answer as it comes
}

// maxRefusal and maxWhole bound what is read of an error and of an answer in
// one piece, in bytes.
const (
	maxRefusal = 64 << 10
	maxWhole   = 32 << 20
)

// errUntaken wraps an error of take: nobody listens any more.
type errUntaken struct{ error }

// ask asks once. Whatever the provider or the way to it did wrong is a
// *refusal.
func (x *exchange) ask(ctx context.Context, q question, plain bool) (finish, error) {
	ctx, w := watched(ctx, x.quiet)
	defer w.stop()
	resp, err := x.send(ctx, q, plain)
	if err != nil {
		return unfinished, unreached(ctx, x.endpoint, err, false, x.quiet)
	}
	defer resp.Body.Close()
	w.fed()
	body := fedBody{resp.Body, w}
	if resp.StatusCode != http.StatusOK {
		return unfinished, x.refusedBy(resp, body)
	}
	r := &reading{exchange: x, watch: w, r: bufio.NewReader(body), closes: closesAtEnd(resp)}
	end, err := r.all()
	return end, x.explain(ctx, err, r.began)
}

// text asks for an answer as text, for our own use: nothing of it is shown. A
// server that is picky is asked once more with less.
func (x *exchange) text(ctx context.Context, q question) (string, *chat.Usage, error) {
	text, usage, err := x.textOnce(ctx, q, false)
	if picky(err) && text == "" {
		text, usage, err = x.textOnce(ctx, q, true)
	}
	return text, usage, err
}

func (x *exchange) textOnce(ctx context.Context, q question, plain bool) (string, *chat.Usage, error) {
	s := newScribe(func(agent.StepBody) error { return nil })
	own := *x
	own.take = s.take
	_, err := own.ask(ctx, q, plain)
	if settled := s.settle(); err == nil {
		err = settled
	}
	return s.message().text(), s.usage, err
}

func (x *exchange) send(ctx context.Context, q question, plain bool) (*http.Response, error) {
	call, body := x.dialect.request(q, plain)
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(body); err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, x.endpoint.at(call), &b)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "text/event-stream, application/json")
	x.endpoint.sign(req.Header)
	return x.client.Do(req)
}

func (x *exchange) refusedBy(resp *http.Response, body io.Reader) *refusal {
	// Whatever could be read of it is good enough.
	raw, _ := io.ReadAll(io.LimitReader(body, maxRefusal))
	return refused(x.endpoint, troubleOf(resp, raw), resp.Header, time.Now())
}

// troubleOf reads a refusal; the status of HTTP counts, not one in the body. A
// web page in place of an error says nothing to people.
func troubleOf(resp *http.Response, raw []byte) trouble {
	t := trouble{}
	if !bytes.HasPrefix(bytes.TrimSpace(raw), []byte("<")) {
		t = troubleIn(raw)
	}
	t.status = resp.StatusCode
	return t
}

// explain turns errors of reading into refusals.
func (x *exchange) explain(ctx context.Context, err error, began bool) error {
	var untaken errUntaken
	var t trouble
	switch {
	case err == nil:
		return nil
	case errors.As(err, &untaken):
		return untaken.error
	case errors.As(err, &t):
		return refused(x.endpoint, t, nil, time.Now())
	case errors.Is(err, errNotJSON):
		return unreadable(x.endpoint, err)
	default:
		return unreached(ctx, x.endpoint, err, began, x.quiet)
	}
}

// closesAtEnd reports whether the end of the body is only known by the closing
// of the connection, which a crash looks like as well.
func closesAtEnd(resp *http.Response) bool {
	return resp.ContentLength < 0 && len(resp.TransferEncoding) == 0
}

// reading is an answer as it comes in.
type reading struct {
	*exchange
	watch  *watch
	r      *bufio.Reader
	closes bool
	began  bool
	end    finish
}

var bom = []byte{0xEF, 0xBB, 0xBF}

func (r *reading) all() (finish, error) {
	if head, _ := r.r.Peek(len(bom)); bytes.Equal(head, bom) {
		_, _ = r.r.Discard(len(bom))
	}
	switch first, err := r.first(); {
	case err != nil:
		return unfinished, err
	case first == '{' || first == '[': // a server that does not stream
		return r.whole()
	case first == '<': // a web page
		return unfinished, errNotJSON
	default:
		return r.stream()
	}
}

// first returns the first byte that is no blank space, without taking it.
func (r *reading) first() (byte, error) {
	for {
		c, err := r.r.ReadByte()
		if err == io.EOF {
			return 0, io.ErrUnexpectedEOF
		}
		if err != nil {
			return 0, err
		}
		if c != ' ' && c != '\t' && c != '\r' && c != '\n' {
			return c, r.r.UnreadByte()
		}
	}
}

func (r *reading) whole() (finish, error) {
	raw, err := io.ReadAll(io.LimitReader(r.r, maxWhole+1))
	if err != nil {
		return unfinished, err
	}
	if len(raw) > maxWhole {
		return unfinished, errHuge
	}
	d, err := r.dialect.whole(raw)
	if err != nil {
		return unfinished, err
	}
	return d.finish, r.give(d)
}

func (r *reading) stream() (finish, error) {
	events := newSSE(r.r, maxEvent)
	for {
		e, err := events.next()
		if err != nil {
			return r.end, r.over(err)
		}
		d, err := r.dialect.decode(e.name, e.data)
		if err != nil {
			return unfinished, err
		}
		if err := r.give(d); err != nil || d.done {
			return r.end, err
		}
	}
}

func (r *reading) give(d delta) error {
	r.began = r.began || d.text != "" || d.reasoning != "" || len(d.calls) > 0
	if err := r.take(d); err != nil {
		return errUntaken{err}
	}
	if d.finish != unfinished {
		r.end = d.finish
		r.watch.shorten(min(r.quiet, graceLimit)) // only usage and the end mark can follow
	}
	return nil
}

// over judges the end of a stream without an end mark. Once the model has said
// that it is finished, however the rest ends costs nothing. Otherwise an orderly
// end is one where the protocol does not promise a mark and HTTP tells an end
// from a crash.
func (r *reading) over(err error) error {
	if r.end != unfinished && !errors.Is(err, errHuge) {
		return nil
	}
	if err != io.EOF {
		return err
	}
	if r.dialect.marksEnd() || r.closes {
		return io.ErrUnexpectedEOF
	}
	return nil
}
