package chat

import "time"

// Session is one conversation. It is a projection of the log; the JSON form is
// what lists and pages get.
type Session struct {
	ID        SessionID `json:"id"`
	Foreign   Foreign   `json:"foreign"`  // whose transcript it is
	Source    string    `json:"source"`   // what began it elsewhere: cli, telegram, …; "" = it began here
	Title     string    `json:"title"`    // "" until the first prompt
	TitleBy   TitleBy   `json:"title_by"` // a person's title is never replaced
	Agent     string    `json:"agent"`
	Workspace string    `json:"workspace"`
	Model     string    `json:"model"` // provider/model; "" = the default
	Effort    string    `json:"effort"`
	Profile   string    `json:"profile"`
	Pinned    bool      `json:"pinned"`
	Archived  bool      `json:"archived"`
	Project   string    `json:"project"`
	Tags      []string  `json:"tags"`
	Stored    []string  `json:"stored"`  // the agent's own ids of this session, newest last
	Head      *TurnID   `json:"head"`    // newest turn of the path that is shown
	ForkOf    *Ref      `json:"fork_of"` // where a fork began
	Live      *TurnID   `json:"live"`    // the running or waiting turn
	State     TurnState `json:"state"`   // of Live, else of the turn that ended last, else ""
	Queued    int       `json:"queued"`
	Held      bool      `json:"held"`      // the queue waits for "Continue"
	Asks      int       `json:"asks"`      // open asks
	EndedSeq  Seq       `json:"ended_seq"` // of the newest TurnEnded; unread when > ReadSeq
	ReadSeq   Seq       `json:"read_seq"`
	CreatedAt Time      `json:"created_at"`
	UpdatedAt Time      `json:"updated_at"` // of the newest headline that is not only settings
	TrashedAt *Time     `json:"trashed_at"`
}

// Foreign says whether a session's transcript is still read from the agent that
// keeps it.
type Foreign string

const (
	Ours     Foreign = ""
	Mirrored Foreign = "mirrored" // foreign, and nothing of it is in the log
	Kept     Foreign = "kept"     // foreign; what a person added here is in the log
)

// TitleBy says who gave a session its title.
type TitleBy string

const (
	TitleNone   TitleBy = ""
	TitlePrompt TitleBy = "prompt" // first words of the first prompt
	TitleAgent  TitleBy = "agent"
	TitlePerson TitleBy = "person"
)

// Ref names a turn of a session.
type Ref struct {
	Session SessionID `json:"session"`
	Turn    TurnID    `json:"turn"`
}

// Draft is what a person has typed and not sent. It is not an event: one row
// per session. Rev grows with every save.
type Draft struct {
	Text        string       `json:"text"`
	Attachments []BlobID     `json:"attachments"`
	Files       []Attachment `json:"files,omitzero"` // what the attachments are; added to answers, never kept
	Rev         int64        `json:"rev"`
}

// Time is a time.Time in RFC 3339 with milliseconds and UTC, the only form that
// leaves the program.
type Time struct{ time.Time }

const timeLayout = "2006-01-02T15:04:05.000Z"

// Now returns the current time cut to milliseconds.
func Now() Time { return At(time.Now()) }

// At cuts t to what the wire and the disk keep.
func At(t time.Time) Time { return Time{t.UTC().Truncate(time.Millisecond)} }

// Milli returns the time for unix milliseconds.
func Milli(ms int64) Time { return Time{time.UnixMilli(ms).UTC()} }

func (t Time) MarshalJSON() ([]byte, error) {
	return []byte(`"` + t.UTC().Format(timeLayout) + `"`), nil
}

func (t *Time) UnmarshalJSON(b []byte) error {
	p, err := time.Parse(`"`+time.RFC3339Nano+`"`, string(b))
	if err != nil {
		return err
	}
	*t = At(p)
	return nil
}
