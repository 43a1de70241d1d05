package chat

// Row is where an agent keeps one message of a turn in a database of its own.
type Row struct {
	ID     int64  `json:"id"` // grows with time in one profile
	Role   string `json:"role"`
	Digest string `json:"digest"`         // of what was said; the same for a copy of the message
	Copy   bool   `json:"copy,omitempty"` // the message has an older row: the agent has written it anew
}

// Settled is a turn that was done elsewhere, and where the agent keeps it.
type Settled struct {
	Turn *Turn
	Rows []Row
}

// KeptRow is a Row of a turn that is in the log.
type KeptRow struct {
	Turn TurnID
	Row
}
