package chat

import "context"

// Event is one thing that happened.
type Event struct {
	Seq     Seq
	At      Time
	Session SessionID
	Turn    TurnID // "" for events of the session itself
	Body    Body
	wire    []byte
}

// Log is the truth. Append commits the events and their projections in one
// transaction, rings the bell and only then returns. Guard is checked inside
// the transaction; its error is returned and nothing is written. The Seq is
// that of the last event. An empty list of bodies checks the guard and returns
// the newest seq.
type Log interface {
	Append(ctx context.Context, s SessionID, t TurnID, guard Guard, bodies ...Body) (Seq, error)
	// Commit is Append for events of several turns of one session. Seq and At
	// of the given events are set by the log.
	Commit(ctx context.Context, s SessionID, guard Guard, events ...Event) (Seq, error)
	// After returns at most limit events past after that f lets through, in
	// order. Their Wire form is already encoded.
	After(ctx context.Context, after Seq, f Filter, limit int) ([]Event, error)
	// Newest returns the newest committed seq.
	Newest() Seq
}

// Guard looks at what is true inside the transaction. nil lets all through.
type Guard func(View) error

// View reads projections inside the writing transaction. What is absent is a
// fault.NotFound; a purged session is fault.Gone.
type View interface {
	Session(SessionID) (Session, error)
	Turn(TurnID) (TurnRow, error)
	// Shown is Turn, and finds a turn of a purged session too if a fork still
	// shows it.
	Shown(TurnID) (TurnRow, error)
	Ask(AskID) (AskRow, error)
	// Queue returns the ids of the queued turns of a session in order.
	Queue(SessionID) ([]TurnID, error)
	// Started returns the started turns of a session with this parent, in order
	// of start: the variants.
	Started(s SessionID, parent *TurnID) ([]TurnID, error)
}

// TurnRow is a turn without its parts.
type TurnRow struct {
	Turn
	Seq Seq // of its newest headline
}

// AskRow is an ask and, once closed, how it ended.
type AskRow struct {
	Ask
	Closed *AskClosed // nil while it waits
	Seq    Seq        // of AskClosed, else of AskRaised
}

// Filter says what a reader may see: headlines of all sessions (always) and all
// details of these.
type Filter struct {
	Sessions []SessionID
}

// Match reports whether f lets e through.
func (f Filter) Match(e Event) bool {
	for _, s := range f.Sessions {
		if s == e.Session {
			return true
		}
	}
	return Headline(e.Body)
}

// Bell wakes readers when the log grows. It carries no data, so it can lose
// none.
type Bell interface {
	// Ring says that events up to seq of a session are committed.
	Ring(seq Seq, s SessionID, headline bool)
	// Wait returns when something past after may be there for f, or with the
	// context's cause.
	Wait(ctx context.Context, after Seq, f Filter) error
}

// Reader reads projections and transcripts. Everything it returns says which
// seq it covers, read in one transaction.
type Reader interface {
	Sessions(ctx context.Context, q Query) (Page, error)
	Session(ctx context.Context, id SessionID) (Session, Seq, error)
	// Snapshot returns the newest limit turns of the path to the head, or those
	// before a turn.
	Snapshot(ctx context.Context, id SessionID, before TurnID, limit int) (Snapshot, error)
	// History returns the turns of the path that ends in turn, oldest first,
	// with their parts, following forks into other sessions.
	History(ctx context.Context, turn TurnID) ([]*Turn, error)
	// Path returns the turns of the path to the head, oldest first, without
	// parts and variants.
	Path(ctx context.Context, id SessionID) ([]*Turn, Seq, error)
	// Walk gives f the turns of the path to the head, newest first, with what
	// can be read in them: prompt and parts, without variants, usage and asks.
	// It reads them in slices and ends when f returns false.
	Walk(ctx context.Context, id SessionID, f func(*Turn) bool) (Seq, error)
	Turn(ctx context.Context, id TurnID) (TurnRow, error)
	// Shown is Turn, and finds what is left of purged sessions too: the turns
	// that a fork still shows. It is for those who came to id by such a fork.
	Shown(ctx context.Context, id TurnID) (TurnRow, error)
	Ask(ctx context.Context, id AskID) (AskRow, error)
	Asks(ctx context.Context) ([]Ask, Seq, error)
	Queue(ctx context.Context, id SessionID) ([]TurnID, error)
	Started(ctx context.Context, s SessionID, parent *TurnID) ([]TurnID, error)
	// Live returns the turns that run or wait, of all sessions.
	Live(ctx context.Context) ([]TurnRow, error)
	// Epochs returns the log's id and its newest starts, oldest first.
	Epochs(ctx context.Context) (LogInfo, error)
}

// Drafts keeps what was typed and not sent.
type Drafts interface {
	// PutDraft saves d if d.Rev is the stored rev, and returns it with its new
	// rev. A stale one is fault.Conflict (draft_stale) with the other `draft`.
	PutDraft(ctx context.Context, id SessionID, d Draft) (Draft, error)
}

// Query asks for a page of the list of sessions: newest first, pinned apart.
type Query struct {
	Text     string // in the title
	Project  string
	Tag      string
	Source   string // what began it; SourceHere = this program
	Archived bool
	Trashed  bool
	Limit    int
	Cursor   string // from Page.Next
}

// SourceHere asks for sessions that began here.
const SourceHere = "here"

// Page is a page of the list.
type Page struct {
	Items []Session `json:"items"`
	Next  *string   `json:"next"`
	Seq   Seq       `json:"seq"`
}

// Snapshot is a session as of Seq: load it, then tail from Seq.
type Snapshot struct {
	Seq     Seq     `json:"seq"`
	Session Session `json:"session"`
	Turns   []*Turn `json:"turns"` // path to the head, oldest first
	Queue   Queue   `json:"queue"`
	Asks    []Ask   `json:"asks"` // open ones, oldest first
	Draft   Draft   `json:"draft"`
	Before  *TurnID `json:"before"` // ask for older turns with it; null at the root
}

// LogInfo names a log and its last starts.
type LogInfo struct {
	Log    string  `json:"log"`
	Epochs []Epoch `json:"epochs"` // at most 50
}

// Epoch is one start of the program on a log.
type Epoch struct {
	ID       string
	FirstSeq Seq
}
