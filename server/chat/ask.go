package chat

// Ask is something that waits for a person. The fields are whole: an ask never
// changes, another text is another ask.
type Ask struct {
	ID       AskID     `json:"id"`
	Session  SessionID `json:"session"`
	Turn     TurnID    `json:"turn"`
	Part     *PartID   `json:"part"` // the tool call that waits
	Kind     AskKind   `json:"kind"`
	Title    string    `json:"title"`
	Why      string    `json:"why"`
	Command  string    `json:"command"`
	Diff     string    `json:"diff,omitempty"`  // unified diff of what would change
	Danger   string    `json:"danger"`          // why it is dangerous; "" = it is not
	Level    int       `json:"level,omitempty"` // how dangerous, 1 to 3; 0 = nobody judged it
	Span     *Stretch  `json:"span,omitempty"`  // what of the command is dangerous
	Choices  []Choice  `json:"choices"`
	Fields   []Field   `json:"fields"`   // of a secret
	Editable bool      `json:"editable"` // the command may be changed
	Digest   string    `json:"digest"`   // of what was shown, see turn.Digest
	RaisedAt Time      `json:"raised_at"`
	Deadline *Time     `json:"deadline"`
	// Ref is how the agent calls it: what its driver answers by after a restart of
	// ours. It is no secret and means nothing to anybody else.
	Ref string `json:"ref,omitempty"`
}

// Stretch is a piece of a text, in characters (code points): From is its first one,
// To the one after its last.
type Stretch struct {
	From int `json:"from"`
	To   int `json:"to"`
}

// AskKind is the sort of an ask.
type AskKind string

const (
	Approval AskKind = "approval"
	Question AskKind = "question"
	Secret   AskKind = "secret"
)

// Choice is one answer. An approval has once, session, always, deny.
type Choice struct {
	ID    string `json:"id"`
	Label string `json:"label"`
	Rule  string `json:"rule"` // what would be stored
}

// Field is one value of a secret.
type Field struct {
	ID     string `json:"id"`
	Label  string `json:"label"`
	Secret bool   `json:"secret"`
}

// How says how an ask ended.
type How string

const (
	Answered    How = "answered"
	Expired     How = "expired"
	WithdrawnBy How = "withdrawn" // the agent no longer wants it
	Lost        How = "lost"      // the process ended
)
