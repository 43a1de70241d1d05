package store

import (
	"context"
	"database/sql"
	"sync"

	"hermes-webui/server/chat"
)

// job is one thing to be done in the writer's transaction: an append, or run.
type job struct {
	session chat.SessionID
	guard   chat.Guard
	events  []chat.Event
	run     func(context.Context, db) error // a draft or a slice of long work
	change  *tailChange                     // what run does to events that the tail may hold; filled by it
	pulse   bool                            // run is the writer's own; nothing was written

	seq    chat.Seq
	err    error
	buried bool // it put its session among the purged ones
	done   chan struct{}
}

// committed is what the background loops want to know of a commit.
type committed struct{ ended, purged bool }

func (c *committed) add(e chat.Event) {
	switch e.Body.(type) {
	case chat.TurnEnded:
		c.ended = true
	case chat.SessionPurged:
		c.purged = true
	}
}

func (j *job) durable() bool {
	for _, e := range j.events {
		if chat.Durable(e.Body) {
			return true
		}
	}
	return false
}

func (j *job) tombstone() bool {
	if len(j.events) != 1 {
		return false
	}
	_, ok := j.events[0].Body.(chat.SessionPurged)
	return ok
}

// maxBatch bounds a group commit, so that its transaction stays short.
const maxBatch = 64

// writer is the one goroutine that changes the database. Appends that wait are
// committed together; slices of long work come one at a time between them.
type writer struct {
	q      *prepared
	jobs   chan *job // not buffered: a job is either still its caller's, or will be done
	slices chan *job
	stop   chan struct{}
	ended  chan struct{}

	tail *tail
	bell chat.Bell
	// publishing is held from before a commit until its events are in the tail.
	publishing *sync.Mutex

	seq   chat.Seq // the last one given
	full  bool     // PRAGMA synchronous is FULL
	kinds map[string]bool
	// purged sessions take nothing more, not even a late text of a lane.
	purged map[chat.SessionID]bool
	failed bool            // the last transaction that wrote something
	wrote  func(committed) // tells the background loops
}

// do hands a job over and waits for it. Once the writer has it, its outcome is
// what counts, whatever becomes of ctx.
func (w *writer) do(ctx context.Context, to chan *job, j *job) error {
	j.done = make(chan struct{})
	if err := ctx.Err(); err != nil {
		return context.Cause(ctx)
	}
	select {
	case to <- j:
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-w.stop:
		return errStopping
	}
	<-j.done
	return j.err
}

func (w *writer) loop() {
	defer close(w.ended)
	for {
		select {
		case <-w.stop:
			return
		case j := <-w.jobs:
			pause("writer")
			w.commit(w.gather(j))
		case j := <-w.slices:
			w.commit([]*job{j})
			continue
		}
		select { // long work goes on also when appends never pause
		case j := <-w.slices:
			w.commit([]*job{j})
		default:
		}
	}
}

// gather takes the jobs that wait already.
func (w *writer) gather(first *job) []*job {
	batch := []*job{first}
	for len(batch) < maxBatch {
		select {
		case j := <-w.jobs:
			batch = append(batch, j)
		default:
			return batch
		}
	}
	return batch
}

// commit does a batch in one transaction. A job that fails takes back only what
// is its own; when the transaction fails, all of them fail.
func (w *writer) commit(batch []*job) {
	defer func() {
		for _, j := range batch {
			close(j.done)
		}
	}()
	before := w.seq
	err := w.begin(batch)
	if err == nil {
		err = w.runAll(batch)
	}
	if err == nil {
		err = w.publish(batch)
	}
	if err == nil {
		w.failed = w.failed && onlyPulses(batch)
		return
	}
	w.failed = true
	// SQLite may have rolled back by itself; then this one has nothing to do.
	_, _ = w.q.conn.ExecContext(context.Background(), `ROLLBACK`)
	w.seq = before
	for _, j := range batch {
		if j.err == nil {
			if j.buried {
				delete(w.purged, j.session)
			}
			j.err = explain("save", err)
		}
	}
}

func (w *writer) begin(batch []*job) error {
	full := false
	for _, j := range batch {
		full = full || j.durable()
	}
	ctx := context.Background()
	if full != w.full { // cannot be changed inside a transaction
		level := `PRAGMA synchronous = NORMAL`
		if full {
			level = `PRAGMA synchronous = FULL`
		}
		if _, err := w.q.conn.ExecContext(ctx, level); err != nil {
			return err
		}
		w.full = full
	}
	_, err := w.q.ExecContext(ctx, `BEGIN IMMEDIATE`)
	return err
}

// runAll gives each job a savepoint. Its error is of the transaction as a whole.
func (w *writer) runAll(batch []*job) error {
	ctx := context.Background() // a commit is never cut in the middle
	now := chat.Now()
	for _, j := range batch {
		if _, err := w.q.ExecContext(ctx, `SAVEPOINT job`); err != nil {
			return err
		}
		before := w.seq
		if j.err = w.runOne(ctx, j, now); j.err != nil {
			j.err = explain("save", j.err)
			w.seq = before
			if _, err := w.q.ExecContext(ctx, `ROLLBACK TO job`); err != nil {
				return err
			}
		}
		if _, err := w.q.ExecContext(ctx, `RELEASE job`); err != nil {
			return err
		}
		j.seq = w.seq
	}
	return nil
}

func (w *writer) runOne(ctx context.Context, j *job, now chat.Time) error {
	if j.run != nil {
		return j.run(ctx, w.q)
	}
	if j.guard != nil {
		if err := j.guard(view{ctx, w.q}); err != nil {
			return err
		}
	}
	if len(j.events) > 0 && w.purged[j.session] {
		return purged
	}
	p := projection{ctx: ctx, q: w.q}
	for i := range j.events {
		e, err := w.insert(ctx, j.events[i], now)
		if err != nil {
			return err
		}
		j.events[i] = e
		if err := p.apply(e); err != nil {
			return err
		}
	}
	if err := p.flush(); err != nil {
		return err
	}
	if j.tombstone() {
		w.purged[j.session], j.buried = true, true
	}
	return nil
}

// insert gives an event its seq and time and writes it.
func (w *writer) insert(ctx context.Context, e chat.Event, now chat.Time) (chat.Event, error) {
	w.seq++
	e.Seq, e.At, e.Body = w.seq, now, chat.Normal(e.Body)
	body, err := chat.EncodeBody(e.Body)
	if err != nil {
		return e, err
	}
	kind := chat.KindOf(e.Body)
	if !w.kinds[kind] {
		if _, err := w.q.ExecContext(ctx, `INSERT INTO kinds (kind) VALUES (?) ON CONFLICT DO NOTHING`, kind); err != nil {
			return e, err
		}
	}
	_, err = w.q.ExecContext(ctx, `INSERT INTO events (seq, at, session, turn, kind, headline, body) VALUES (?, ?, ?, ?, ?, ?, ?)`,
		int64(e.Seq), now.UnixMilli(), string(e.Session), string(e.Turn), kind, chat.Headline(e.Body), string(body))
	return chat.WithBody(e, body), err
}

// publish commits, extends the tail, and only then rings.
func (w *writer) publish(batch []*job) error {
	var events []chat.Event
	var change tailChange
	for _, j := range batch {
		if j.err != nil {
			continue
		}
		events = append(events, j.events...)
		if j.change != nil {
			change = *j.change // a slice is alone in its batch
		}
	}
	if err := w.commitAndShow(events, change); err != nil {
		return err
	}
	var what committed
	for _, e := range events {
		w.kinds[chat.KindOf(e.Body)] = true
		what.add(e)
	}
	for _, j := range batch {
		if j.err == nil {
			w.ring(j)
		}
	}
	if !onlyPulses(batch) {
		w.wrote(what)
	}
	return nil
}

func (w *writer) commitAndShow(events []chat.Event, change tailChange) error {
	w.publishing.Lock()
	defer w.publishing.Unlock()
	if change.empty() {
		if _, err := w.q.ExecContext(context.Background(), `COMMIT`); err != nil {
			return err
		}
		w.tail.extend(events)
		return nil
	}
	// A reader must not take half of its events from before a rewrite and half
	// from after it: nobody reads the tail between the commit and its change.
	return w.tail.rewrite(change, func() error {
		_, err := w.q.ExecContext(context.Background(), `COMMIT`)
		return err
	})
}

// ring pulls each rope with the newest seq that it can show. Pulled further, a
// reader of headlines would look again and again for something it never gets.
func (w *writer) ring(j *job) {
	var last, headline chat.Seq
	for _, e := range j.events {
		last = e.Seq
		if chat.Headline(e.Body) {
			headline = e.Seq
		}
	}
	if headline > 0 {
		w.bell.Ring(headline, j.session, true)
	}
	if last > headline {
		w.bell.Ring(last, j.session, false)
	}
}

// newWriter reads where the log ends.
func newWriter(ctx context.Context, c *sql.Conn) (*writer, error) {
	w := &writer{
		q: newPrepared(c), jobs: make(chan *job), slices: make(chan *job),
		stop: make(chan struct{}), ended: make(chan struct{}), kinds: map[string]bool{},
		purged: map[chat.SessionID]bool{},
	}
	// The epochs hold the floor: seqs are not used again, whatever was removed.
	err := c.QueryRowContext(ctx, `SELECT max(coalesce((SELECT max(seq) FROM events), 0),
		coalesce((SELECT max(first_seq) - 1 FROM epochs), 0))`).Scan(&w.seq)
	if err != nil {
		return nil, explain("read the end of the log", err)
	}
	gone, err := column[chat.SessionID](ctx, c, `SELECT session FROM purged`)
	if err != nil {
		return nil, explain("read the tombstones", err)
	}
	for _, id := range gone {
		w.purged[id] = true
	}
	return w, nil
}
