// Package store keeps the log and its projections in one SQLite file.
//
// One goroutine writes, with its own connection: what waits is committed
// together, then shown in the tail in memory, then the bell is rung, then the
// callers get their answers. Readers have connections of their own and never
// wait for the writer. Three loops run beside it: checkpoints, folding of what
// ended turns left (folding.go), and the removal of purged sessions (purge.go).
// Nothing else ever rewrites or removes an event.
//
// Never open webui.db by other means while a Store has it open: closing any
// other file handle of it would drop SQLite's locks.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"hermes-webui/server/chat"
)

// Options of a Store. Zero values are the defaults.
type Options struct {
	Slog      *slog.Logger
	FoldAfter time.Duration // how long a turn must have ended before it is folded; a minute
	TrashFor  time.Duration // how long a session stays in the trash; 30 days
}

func (o Options) withDefaults() Options {
	if o.Slog == nil {
		o.Slog = slog.New(slog.DiscardHandler)
	}
	if o.FoldAfter == 0 {
		o.FoldAfter = time.Minute
	}
	if o.TrashFor == 0 {
		o.TrashFor = 30 * 24 * time.Hour
	}
	return o
}

// Store is an open log. It implements chat.Log, chat.Reader and chat.Drafts.
type Store struct {
	opts  Options
	path  string
	epoch chat.Epoch
	base  chat.Seq // newest seq at start

	writeDB *sql.DB // one connection, the writer's
	readers *sql.DB
	checkDB *sql.DB // one connection, for checkpoints

	writer     *writer
	tail       *tail
	bell       chat.Bell
	publishing sync.Mutex

	stop      context.CancelFunc // of the loops
	loops     sync.WaitGroup
	ended     chan struct{} // has a value when a turn ended since the folder looked
	gone      chan struct{} // the same for purged sessions and the purger
	written   chan struct{} // the same for commits and the checkpoints
	closeOnce sync.Once
	closeErr  error
}

var (
	_ chat.Log    = (*Store)(nil)
	_ chat.Reader = (*Store)(nil)
	_ chat.Drafts = (*Store)(nil)
)

// Open opens or makes dir/webui.db, brings its schema forward and starts an
// epoch. A file of a newer program is fault.CodeStoreNewer, a damaged one
// fault.CodeStoreDamaged; neither is changed. ctx bounds only the opening.
func Open(ctx context.Context, dir string, opts Options) (*Store, error) {
	s := &Store{
		opts: opts.withDefaults(), path: filepath.Join(dir, "webui.db"), tail: &tail{}, bell: chat.NewBell(),
		ended: make(chan struct{}, 1), gone: make(chan struct{}, 1),
		written: make(chan struct{}, 1),
	}
	if err := makeFile(dir, s.path); err != nil {
		return nil, err
	}
	if err := s.open(ctx); err != nil {
		return nil, errors.Join(err, s.closeDBs())
	}
	s.start()
	return s, nil
}

// makeFile makes the file with its rights before SQLite does: the files beside
// it get the same ones.
func makeFile(dir, path string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("make the state directory: %w", err)
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return fmt.Errorf("make the database: %w", err)
	}
	return f.Close()
}

func (s *Store) open(ctx context.Context) error {
	var err error
	if s.writeDB, err = openPool(s.path, writerDSN, 1); err != nil {
		return err
	}
	conn, err := s.writeDB.Conn(ctx)
	if err != nil {
		return explain("open the database", err)
	}
	if err := prepareFile(ctx, conn, s.opts.Slog); err != nil {
		return errors.Join(err, conn.Close())
	}
	if s.writer, err = newWriter(ctx, conn); err != nil {
		return errors.Join(err, conn.Close())
	}
	if s.epoch, err = beginEpoch(ctx, conn, s.writer.seq); err != nil {
		return err
	}
	s.base = s.writer.seq
	if err := loadTail(ctx, conn, s.tail, s.base); err != nil {
		return err
	}
	if s.readers, err = openPool(s.path, readerDSN, 4); err != nil {
		return err
	}
	s.checkDB, err = openPool(s.path, checkpointDSN, 1)
	return err
}

// prepareFile checks a file that was not closed cleanly, and brings the schema
// forward.
func prepareFile(ctx context.Context, c *sql.Conn, log *slog.Logger) error {
	steps, err := migrations()
	if err != nil {
		return err
	}
	clean, err := wasClosed(ctx, c)
	if err != nil {
		return err
	}
	if !clean {
		log.Info("the database was not closed, checking it")
		if err := check(ctx, c, `PRAGMA quick_check`); err != nil {
			return err
		}
	}
	if err := migrate(ctx, c, steps); err != nil {
		return err
	}
	return checkKinds(ctx, c)
}

func (s *Store) start() {
	s.writer.tail, s.writer.bell, s.writer.publishing = s.tail, s.bell, &s.publishing
	s.writer.wrote = s.wrote
	go s.writer.loop()
	ctx, stop := context.WithCancel(context.Background())
	s.stop = stop
	s.loops.Go(func() { s.checkpoints(ctx) })
	s.loops.Go(func() { s.folding(ctx) })
	s.loops.Go(func() { s.purging(ctx) })
}

// wrote is called by the writer after each commit and must not block.
func (s *Store) wrote(what committed) {
	poke(s.written)
	if what.ended {
		poke(s.ended)
	}
	if what.purged {
		poke(s.gone)
	}
}

func poke(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default: // it is set already
	}
}

// Bell wakes readers when the log grows.
func (s *Store) Bell() chat.Bell { return s.bell }

// Epoch returns this start of the program on the log.
func (s *Store) Epoch() chat.Epoch { return s.epoch }

// Check reads the whole file and returns fault.CodeStoreDamaged when something
// in it is wrong. It takes as long as the file is large.
func (s *Store) Check(ctx context.Context) error {
	return s.read(ctx, "check the database", func(q db) error { return check(ctx, q, `PRAGMA integrity_check`) })
}

// Size is what the database takes on the disk, in bytes.
type Size struct{ Database, WAL int64 }

// Size looks at the files.
func (s *Store) Size() (Size, error) {
	file, err := os.Stat(s.path)
	if err != nil {
		return Size{}, fmt.Errorf("size of the database: %w", err)
	}
	size := Size{Database: file.Size()}
	if wal, err := os.Stat(s.path + "-wal"); err == nil { // absent: nothing was written yet
		size.WAL = wal.Size()
	}
	return size, nil
}

// Close ends the loops and the writer after what it has begun, writes
// everything into the one file and closes it. Appends that still wait, and
// later ones, fail with fault.CodeStopping. It may be called more than once.
func (s *Store) Close() error {
	s.closeOnce.Do(func() { s.closeErr = s.close() })
	return s.closeErr
}

func (s *Store) close() error {
	s.stop()
	close(s.writer.stop)
	<-s.writer.ended
	s.loops.Wait()
	err := s.readers.Close() // first: a reader would keep the checkpoint from its end
	err = errors.Join(err, markClosed(context.Background(), s.writer.q.conn))
	_, busy := s.checkDB.ExecContext(context.Background(), `PRAGMA wal_checkpoint(TRUNCATE)`)
	s.writer.q.close()
	return errors.Join(err, busy, s.writer.q.conn.Close(), s.closeDBs())
}

func (s *Store) closeDBs() error {
	var err error
	for _, pool := range []*sql.DB{s.readers, s.checkDB, s.writeDB} {
		if pool != nil {
			err = errors.Join(err, pool.Close())
		}
	}
	return err
}
