// Package mirror shows the sessions that an agent keeps in a database of its
// own, as if they were ours, and tells the desk what happens there to those
// that are.
//
// A session that was never continued here is foreign: its row says again what
// the agent's database says, its transcript is read from there, page by page.
// The log knows nothing of it until a person adds something to it. The database
// is only ever read.
package mirror

import (
	"context"
	"log/slog"
	"reflect"
	"sync"
	"time"

	"hermes-webui/server/chat"
)

// tellMost is how many sessions a change names; more are told as "many".
const tellMost = 50

// Base is the database of one profile. Its methods may be called by many
// goroutines at once.
type Base interface {
	// List returns all sessions that are to be listed, each lineage once.
	List(ctx context.Context) ([]Lineage, error)
	// Page returns the newest turns of a lineage, at most limit, of those that
	// end before row before (0: of all); oldest first. ids are some or all of the
	// lineage's. Ids of turns and parts may be empty.
	Page(ctx context.Context, ids []string, before int64, limit int) (turns []chat.Settled, more bool, err error)
	// After returns what is in a lineage's rows past after.
	After(ctx context.Context, ids []string, after int64) (Fresh, error)
	// Turns makes turns of messages that follow each other.
	Turns(messages []Message) []chat.Settled
	// Open says, as a sentence for people, which other program has a lineage open;
	// "" = none that is known.
	Open(ctx context.Context, ids []string) (string, error)
	// Wait returns when the database may have changed since it was called.
	Wait(ctx context.Context) error
	// Settle returns when nobody has written for a moment: an agent that shortens a
	// session writes its rows one by one, and half of them look like news.
	Settle(ctx context.Context) error
}

// Lineage is one session as the agent has it. It may go through several ids.
type Lineage struct {
	IDs      []string // the root first, the newest last
	Title    string
	Source   string // cli, telegram, …
	Folder   string
	Archived bool
	Messages int // that the agent has in sight: two may be of one moment
	Created  time.Time
	Updated  time.Time
}

// Fresh is what is new in a lineage.
type Fresh struct {
	// Messages, oldest first: those that a compression took out of the agent's
	// sight too, with the copies that it made marked as such.
	Messages []Message
	IDs      []string // of the lineage now, the newest last
	// Rewritten: the row that was the newest is not there any more. So the agent
	// has removed all rows of its newest session and written what it keeps anew,
	// as it does for an edit: the first messages repeat what was said.
	Rewritten bool
}

// Message is a row of a lineage.
type Message struct {
	chat.Row
	At      time.Time
	Text    string // what a person said; "" for other roles
	Begins  bool   // it is a prompt
	Summary bool   // it stands for what a compression took away; nobody said it
	Cut     bool   // a compression has taken away what came before it
	Ends    bool   // it is an answer: nothing of the turn is open after it
	Raw     any    // for Base.Turns
}

// Store keeps the rows of foreign sessions.
type Store interface {
	Session(ctx context.Context, id chat.SessionID) (chat.Session, chat.Seq, error)
	Foreign(ctx context.Context, profile string) ([]chat.Session, error)
	StoredBy(ctx context.Context, profile string) (map[string]chat.SessionID, error)
	Mirror(ctx context.Context, put []chat.Session) ([]chat.SessionID, error)
	Unmirror(ctx context.Context, ids []chat.SessionID) error
}

// Config is what a Mirror works with.
type Config struct {
	Agent string // the agent whose databases are added
	Store Store
	// Changed tells the pages that rows of the list are other ones now.
	Changed func(Change)
	// Ours tells that the agent's side of a session of ours has changed.
	Ours func(chat.SessionID)
	// Pause is the least time between two looks at a database: while a turn runs
	// it changes all the time. 0 = two seconds.
	Pause time.Duration
	Slog  *slog.Logger
}

// Change is what is told after a look: the status document of topic
// "elsewhere".
type Change struct {
	Changed  int64            `json:"changed"`  // grows by one with each
	Sessions []chat.SessionID `json:"sessions"` // whose rows or transcripts are others now
	Many     bool             `json:"many"`     // there are more than these
}

// Mirror reads the databases of an agent's profiles.
type Mirror struct {
	Config
	mu      sync.Mutex
	changes int64
	bases   map[string]Base
	fresh   []*look       // that Run does not watch yet
	added   chan struct{} // rings for these
}

// New returns a Mirror; Run keeps it up to date.
func New(c Config) *Mirror {
	if c.Slog == nil {
		c.Slog = slog.New(slog.DiscardHandler)
	}
	if c.Pause == 0 {
		c.Pause = 2 * time.Second
	}
	return &Mirror{Config: c, bases: map[string]Base{}, added: make(chan struct{}, 1)}
}

// Add brings the database of a profile that has none yet; "" is the default
// profile. Profiles may be made at any time.
func (m *Mirror) Add(profile string, b Base) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.bases[profile] = b
	m.fresh = append(m.fresh, &look{mirror: m, profile: profile, base: b})
	select {
	case m.added <- struct{}{}:
	default: // it rings already
	}
}

// baseOf returns the database of a profile; nil = there is none.
func (m *Mirror) baseOf(profile string) Base {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.bases[profile]
}

// Run looks at all databases, and again whenever one changes, until ctx ends.
func (m *Mirror) Run(ctx context.Context) {
	var all sync.WaitGroup
	defer all.Wait()
	for {
		select {
		case <-m.added:
		case <-ctx.Done():
			return
		}
		m.mu.Lock()
		fresh := m.fresh
		m.fresh = nil
		m.mu.Unlock()
		for _, l := range fresh {
			all.Go(func() { m.watch(ctx, l) })
		}
	}
}

func (m *Mirror) watch(ctx context.Context, l *look) {
	for ctx.Err() == nil {
		if err := l.again(ctx); err != nil && ctx.Err() == nil {
			m.Slog.Warn("an agent's sessions could not be read", "profile", l.profile, "err", err)
		}
		if err := sleep(ctx, m.Pause); err != nil {
			return
		}
		if err := l.base.Wait(ctx); err != nil {
			return
		}
	}
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func (m *Mirror) tell(ids []chat.SessionID) {
	if len(ids) == 0 || m.Changed == nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.changes++
	c := Change{Changed: m.changes, Sessions: ids}
	if len(ids) > tellMost {
		c.Sessions, c.Many = ids[:tellMost], true
	}
	m.Changed(c)
}

// look is what was seen of one profile.
type look struct {
	mirror  *Mirror
	profile string
	base    Base
	seen    map[chat.SessionID]seen // nil before the first look
}

// seen is a session as the agent had it.
type seen struct {
	row      chat.Session
	messages int // -1 = not known
}

// again reads the list and writes down what is new in it.
func (l *look) again(ctx context.Context) error {
	list, err := l.base.List(ctx)
	if err != nil {
		return err
	}
	by, err := l.mirror.Store.StoredBy(ctx, l.profile)
	if err != nil {
		return err
	}
	first := l.seen == nil
	if first {
		if err := l.remember(ctx); err != nil {
			return err
		}
	}
	fresh, gone := l.compare(list, by)
	rows := make([]chat.Session, len(fresh))
	for i, s := range fresh {
		rows[i] = s.row
	}
	written, err := l.mirror.Store.Mirror(ctx, rows)
	if err != nil {
		return err
	}
	if err := l.mirror.Store.Unmirror(ctx, gone); err != nil {
		return err
	}
	for _, s := range fresh {
		l.seen[s.row.ID] = s
	}
	for _, id := range gone {
		delete(l.seen, id)
	}
	l.mirror.tell(append(written, gone...))
	l.tellOurs(ctx, rows, written, first)
	return nil
}

// remember reads what was mirrored before the program was started.
func (l *look) remember(ctx context.Context) error {
	rows, err := l.mirror.Store.Foreign(ctx, l.profile)
	if err != nil {
		return err
	}
	l.seen = map[chat.SessionID]seen{}
	for _, row := range rows {
		row.Foreign, row.EndedSeq, row.ReadSeq = chat.Ours, 0, 0 // as row makes it
		l.seen[row.ID] = seen{row, -1}
	}
	return nil
}

// compare says which rows are to be written and which are gone.
func (l *look) compare(list []Lineage, by map[string]chat.SessionID) (fresh []seen, gone []chat.SessionID) {
	there := make(map[chat.SessionID]bool, len(list))
	for _, s := range list {
		row := l.row(s, by)
		there[row.ID] = true
		was, ok := l.seen[row.ID]
		if !ok || was.messages >= 0 && was.messages != s.Messages || !reflect.DeepEqual(was.row, row) {
			fresh = append(fresh, seen{row, s.Messages})
		}
	}
	for id := range l.seen {
		if !there[id] {
			gone = append(gone, id)
		}
	}
	return fresh, gone
}

// row is a lineage as a session of the list.
func (l *look) row(s Lineage, by map[string]chat.SessionID) chat.Session {
	row := chat.Session{
		ID: chat.ForeignID(l.profile, s.IDs[0]), Source: s.Source, Title: s.Title, Agent: l.mirror.Agent, Workspace: s.Folder,
		Profile: l.profile, Archived: s.Archived, Tags: []string{}, Stored: s.IDs,
		CreatedAt: chat.At(s.Created), UpdatedAt: chat.At(s.Updated),
	}
	if s.Title != "" {
		row.TitleBy = chat.TitleAgent
	}
	for _, id := range s.IDs {
		if owner, ok := by[id]; ok {
			row.ID = owner
		}
	}
	return row
}

// tellOurs tells of changed rows that were not written: those are ours.
// At the first look these are all of them: then only those matter in which
// something was said since our last word.
func (l *look) tellOurs(ctx context.Context, rows []chat.Session, written []chat.SessionID, first bool) {
	if l.mirror.Ours == nil {
		return
	}
	foreign := make(map[chat.SessionID]bool, len(written))
	for _, id := range written {
		foreign[id] = true
	}
	var changed []chat.SessionID
	for _, row := range rows {
		if foreign[row.ID] {
			continue
		}
		if first {
			s, _, err := l.mirror.Store.Session(ctx, row.ID)
			if err != nil || !row.UpdatedAt.After(s.UpdatedAt.Time) {
				continue
			}
		}
		changed = append(changed, row.ID)
	}
	if len(changed) == 0 || l.base.Settle(ctx) != nil {
		return
	}
	for _, id := range changed {
		l.mirror.Ours(id)
	}
}
