package chat

// Row is where an agent keeps one message of a turn in a database of its own.
type Row struct {
	ID     int64  `json:"id"` // grows with time in one profile
	Role   string `json:"role"`
	Digest string `json:"digest"`         // of what was said; the same for a copy of the message
	Copy   bool   `json:"copy,omitempty"` // the message has an older row: a compression has written it anew
}

// Settled is a turn that was done elsewhere, and where the agent keeps it.
type Settled struct {
	Turn *Turn
	Rows []Row
}

// News is what an agent has of a session that the log has not.
type News struct {
	Kept   []KeptRow // rows of turns that the log has
	Turns  []Settled // turns that it has not, oldest first; they follow the head
	Stored []string  // further ids of the session, the newest last
	// Unfinished: another program is at the last of Turns now.
	Unfinished bool
	// Open says, as a sentence for people, which other program has the session
	// open; "" = none that is known.
	Open string
}

// KeptRow is a Row of a turn that is in the log.
type KeptRow struct {
	Turn TurnID
	Row
}
