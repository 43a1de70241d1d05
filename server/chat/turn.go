package chat

// Turn is one prompt and everything the agent did about it.
type Turn struct {
	ID        TurnID    `json:"id"`
	Session   SessionID `json:"session"`
	Parent    *TurnID   `json:"parent"`    // for a queued turn: null = the head when it starts
	Replaces  *TurnID   `json:"replaces"`  // an edited prompt or a regenerated answer
	Continues *TurnID   `json:"continues"` // goes on after that turn broke off
	Origin    Origin    `json:"origin"`
	Compress  bool      `json:"compress,omitempty"` // shortens what the model is told; see TurnQueued
	State     TurnState `json:"state"`
	Agent     string    `json:"agent"` // set when it starts
	Model     string    `json:"model"`
	Workspace string    `json:"workspace,omitempty"` // set when it starts, as Effort
	Effort    string    `json:"effort,omitempty"`
	Prompt    Prompt    `json:"prompt"`
	Variants  []TurnID  `json:"variants"` // started turns with the same parent, itself included
	Parts     []Part    `json:"parts"`
	Error     *Failure  `json:"error"`
	Usage     *Usage    `json:"usage"`
	QueuedAt  Time      `json:"queued_at"`
	StartedAt *Time     `json:"started_at"`
	EndedAt   *Time     `json:"ended_at"`

	waits int // open asks, kept by the fold
}

// TurnState is where a turn stands.
type TurnState string

const (
	Queued      TurnState = "queued"
	Running     TurnState = "running"
	Waiting     TurnState = "waiting" // for a person
	Done        TurnState = "done"
	Stopped     TurnState = "stopped"     // by a person
	Failed      TurnState = "failed"      // by the agent
	Interrupted TurnState = "interrupted" // by the end of our process
	Withdrawn   TurnState = "withdrawn"   // taken out of the queue
)

// Live reports whether the agent is at it.
func (s TurnState) Live() bool { return s == Running || s == Waiting }

// Ended reports whether nothing more will happen.
func (s TurnState) Ended() bool { return s != Queued && !s.Live() }

// Origin says who began a turn.
type Origin string

const (
	FromPerson    Origin = "person"
	FromAgent     Origin = "agent"
	FromSchedule  Origin = "schedule"
	FromElsewhere Origin = "elsewhere" // another client of the same agent
)

// Prompt is what a person asked.
type Prompt struct {
	Text        string       `json:"text"`
	Attachments []Attachment `json:"attachments"`
}

// Attachment is a file that a person gave.
type Attachment struct {
	ID   BlobID `json:"id"`
	Name string `json:"name"`
	Type string `json:"type"`
	Size int64  `json:"size"`
}

// Failure is why a turn ended badly, in words for people.
type Failure struct {
	Code    string `json:"code"`
	Text    string `json:"text"`
	RetryAt *Time  `json:"retry_at"` // when the provider said that it may work again
}

// Usage is what a turn has cost so far. Zero = not said.
type Usage struct {
	Input     int64   `json:"input"` // tokens
	Cached    int64   `json:"cached"`
	Output    int64   `json:"output"`
	Reasoning int64   `json:"reasoning"`
	Context   int64   `json:"context"` // tokens in the window now
	Window    int64   `json:"window"`
	Cost      float64 `json:"cost"`            // US dollars
	Model     string  `json:"model,omitempty"` // provider/model that answered
}

// Queue is what waits in a session.
type Queue struct {
	Held  bool    `json:"held"`
	Turns []*Turn `json:"turns"`
}
