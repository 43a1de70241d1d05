package server

import (
	"context"
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"

	"hermes-webui/server/chat"
	"hermes-webui/server/status"
)

const (
	pingEvery   = 10 * time.Second
	flushWithin = 20 * time.Second // a reader that takes nothing for so long is gone
	batchEvents = 256
	chunkBytes  = 64 << 10 // written under one deadline: 3 KB/s is enough
	retryMS     = "retry: 500\n\n"
)

// stream sends one client what its filter lets through. It is one goroutine
// that holds nothing but a cursor: while nothing happens it sleeps on the ropes
// it can see, and a slow reader lags behind without holding anybody up.
type stream struct {
	core   *running
	log    *slog.Logger
	filter chat.Filter
	out    http.ResponseWriter
	flush  *http.ResponseController
	status *status.Watch

	cursor  chat.Seq
	pingAt  time.Time
	buf     []byte
	version string

	ended   bool // closing was put into the buffer
	closing atomic.Pointer[closingFrame]
	stirred atomic.Bool                        // the status board changed
	poke    atomic.Pointer[context.CancelFunc] // ends the wait for the bell
}

func newStream(s *Server, f chat.Filter, w http.ResponseWriter) *stream {
	st := &stream{
		core: s.core(), log: s.log, filter: f, out: w,
		flush: http.NewResponseController(w), version: s.cfg.Version.Version,
	}
	st.stirred.Store(true)
	return st
}

// begin makes the first frames. They leave with the first flush.
func (st *stream) begin(after chat.Seq, given bool) {
	newest := st.core.Log.Newest()
	st.cursor = newest
	past := given && after > newest
	if given && !past {
		st.cursor = after
	}
	st.buf = append(st.buf, retryMS...)
	st.buf = appendFrame(st.buf, "hello", st.hello(newest))
	if past {
		st.buf = appendFrame(st.buf, "reset", resetFrame{"The server's log ends before the cursor of this page."})
	}
	st.ping() // gives a client without a cursor one, before anything can be missed
}

func (st *stream) hello(newest chat.Seq) helloFrame {
	h := helloFrame{Version: st.version, Kinds: chat.Kinds(), Log: st.core.info.Log, Epochs: []epochRow{}, Seq: newest}
	for _, e := range st.core.info.Epochs {
		h.Epochs = append(h.Epochs, epochRow{e.ID, e.FirstSeq})
		h.Epoch = e.ID
	}
	return h
}

// run sends until the client goes, does not take what it gets, or the server
// closes its streams.
func (st *stream) run(ctx context.Context) {
	h := st.out.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no") // nginx
	st.status = st.core.Status.Watch(st.filter.Sessions, st.stir)
	defer st.status.Close()
	for st.round(ctx) {
	}
}

// round sends what there is, then waits for more. It returns false at the end.
func (st *stream) round(ctx context.Context) bool {
	// The wait is armed before looking, so that whoever changes something
	// meanwhile ends it.
	wait, cancel := context.WithDeadline(ctx, st.pingAt)
	defer cancel()
	st.poke.Store(&cancel)

	more, err := st.collect(ctx)
	if err == nil {
		err = st.send()
	}
	if err != nil {
		if ctx.Err() == nil {
			st.log.DebugContext(ctx, "event stream ended", slog.Any("err", err))
		}
		return false
	}
	if st.ended || ctx.Err() != nil {
		return false
	}
	if !more {
		_ = st.core.Bell.Wait(wait, st.cursor, st.filter) // why it ended shows in the next round
	}
	return true
}

// collect puts all that is due into the buffer. More says that the log holds
// more than fits into one batch.
func (st *stream) collect(ctx context.Context) (more bool, err error) {
	if c := st.closing.Load(); c != nil {
		st.buf = appendFrame(st.buf, "closing", *c)
		st.ended = true
		return false, nil
	}
	if st.stirred.Swap(false) {
		st.statusChanges()
	}
	if more, err = st.events(ctx); err != nil {
		return false, err
	}
	if !time.Now().Before(st.pingAt) {
		st.ping()
	}
	return more, nil
}

func (st *stream) events(ctx context.Context) (more bool, err error) {
	newest := st.core.Log.Newest() // before reading: all up to here is then seen
	if newest <= st.cursor {
		return false, nil
	}
	events, err := st.core.Log.After(ctx, st.cursor, st.filter, batchEvents)
	if err != nil {
		return false, err
	}
	for _, e := range events {
		st.buf = appendEvent(st.buf, e)
		st.cursor = e.Seq
	}
	if len(events) == batchEvents {
		return true, nil
	}
	st.cursor = max(st.cursor, newest) // what was not for this client is passed for good
	return false, nil
}

func (st *stream) statusChanges() {
	for _, d := range st.status.Changes() {
		f := statusFrame{Topic: d.Topic, Doc: d.Body}
		if d.Session != "" {
			f.Session = &d.Session
		}
		if f.Doc == nil {
			f.Doc = []byte("null")
		}
		st.buf = appendFrame(st.buf, "status", f)
	}
}

func (st *stream) ping() {
	st.buf = appendPing(st.buf, st.cursor)
	st.pingAt = time.Now().Add(pingEvery)
}

// send writes the buffer in pieces, each under its own deadline, and flushes
// once.
func (st *stream) send() error {
	if len(st.buf) == 0 {
		return nil
	}
	for rest := st.buf; len(rest) > 0; {
		n := min(len(rest), chunkBytes)
		_ = st.flush.SetWriteDeadline(time.Now().Add(flushWithin))
		if _, err := st.out.Write(rest[:n]); err != nil {
			return err
		}
		rest = rest[n:]
	}
	if st.buf = st.buf[:0]; cap(st.buf) > 4*chunkBytes {
		st.buf = nil // one long answer must not be kept by every stream
	}
	return st.flush.Flush()
}

// stir says that the status board changed. It is called by the board.
func (st *stream) stir() {
	st.stirred.Store(true)
	st.wake()
}

// close makes the stream say goodbye and end.
func (st *stream) close(retry time.Duration) {
	st.closing.Store(&closingFrame{retry.Milliseconds()})
	st.wake()
}

func (st *stream) wake() {
	if cancel := st.poke.Load(); cancel != nil {
		(*cancel)()
	}
}
