package chat

import "encoding/json"

// Body is what an event says happened. Sealed. Released bodies only ever gain
// fields; a changed meaning is a new kind. Kind names are the snake_case of the
// Go type (see kinds in codec.go).
type Body interface{ body() }

// Turns.
type (
	// TurnQueued: a prompt was accepted. Always the first event of a turn, also
	// when it starts at once.
	TurnQueued struct {
		Parent    *TurnID `json:"parent"` // null: the head when it starts
		Replaces  *TurnID `json:"replaces"`
		Continues *TurnID `json:"continues"`
		Origin    Origin  `json:"origin"`
		Prompt    Prompt  `json:"prompt"`
		First     bool    `json:"first"` // goes before the others in the queue
		// Compress: no prompt, but the wish that the model is told less of what came
		// before. The prompt's text is what to keep in mind meanwhile.
		Compress bool `json:"compress,omitempty"`
	}
	TurnEdited struct {
		Prompt Prompt `json:"prompt"`
	}
	TurnWithdrawn struct{}
	// QueueChanged carries the whole order of what is queued.
	QueueChanged struct {
		Order []TurnID `json:"order"`
		Held  bool     `json:"held"`
	}
	// TurnStarted: the agent begins. The head moves to this turn.
	TurnStarted struct {
		Parent   *TurnID  `json:"parent"`
		Variants []TurnID `json:"variants"` // of the same parent in order of start, this one last
		Agent    string   `json:"agent"`
		Model    string   `json:"model"`
		// What else of the session's settings the turn keeps, whatever is chosen
		// while it runs or waits.
		Workspace string `json:"workspace,omitempty"`
		Effort    string `json:"effort,omitempty"`
	}
	// Steered: the person said something into the running turn. It shows as a
	// Notice part.
	Steered struct {
		Part PartID `json:"part"`
		Text string `json:"text"`
	}
	// TurnEnded closes the turn and whatever of its asks is still open. Open
	// parts are closed by events of their own before it.
	TurnEnded struct {
		State TurnState `json:"state"`
		Error *Failure  `json:"error"`
	}
	HeadMoved struct {
		Head *TurnID `json:"head"`
	}
	// TurnImported is a whole turn that was done elsewhere and has ended; its only
	// event. It is shown once SessionCaughtUp leads to it.
	TurnImported struct {
		Turn *Turn `json:"turn"`
		Rows []Row `json:"rows"`
	}
	// TurnStored: the agent keeps messages of this turn in these rows; more than
	// those that were said before.
	TurnStored struct {
		Rows []Row `json:"rows"`
	}
)

// Parts.
type (
	// PartOpened carries the part as it is at its beginning: the JSON of the
	// part with `kind` beside it.
	PartOpened struct {
		Part Part
	}
	// TextAppended puts Text at offset At (UTF-16 units) of a part's stream.
	TextAppended struct {
		Part   PartID `json:"part"`
		Stream Stream `json:"stream"`
		At     int    `json:"at"`
		Text   string `json:"text"`
	}
	// OutputSkipped is a whole value.
	OutputSkipped struct {
		Part  PartID `json:"part"`
		At    int    `json:"at"`
		Bytes int64  `json:"bytes"`
	}
	// ToolUpdated is a whole value: all of a tool call but its output.
	ToolUpdated struct {
		Part   PartID          `json:"part"`
		Title  string          `json:"title"`
		Args   json.RawMessage `json:"args"`
		State  ToolState       `json:"state"`
		Result json.RawMessage `json:"result"`
		Error  string          `json:"error"`
	}
	// PlanUpdated is a whole value.
	PlanUpdated struct {
		Part  PartID     `json:"part"`
		Items []PlanItem `json:"items"`
	}
	// SubagentUpdated is a whole value.
	SubagentUpdated struct {
		Part    PartID    `json:"part"`
		State   ToolState `json:"state"`
		Summary string    `json:"summary"`
	}
	PartClosed struct {
		Part PartID `json:"part"`
	}
	// UsageReported is a whole value.
	UsageReported struct {
		Usage Usage `json:"usage"`
	}
)

// Asks.
type (
	AskRaised struct {
		Ask Ask `json:"ask"`
	}
	// AskClosed never holds a secret's values.
	AskClosed struct {
		Ask     AskID  `json:"ask"`
		How     How    `json:"how"`
		Choice  string `json:"choice"`
		Text    string `json:"text"`
		Command string `json:"command"` // the edited one
		By      string `json:"by"`
	}
)

// Sessions.
type (
	SessionCreated struct {
		Title     string `json:"title"`
		Agent     string `json:"agent"`
		Workspace string `json:"workspace"`
		Model     string `json:"model"`
		Effort    string `json:"effort"`
		Profile   string `json:"profile"`
	}
	// SessionChanged carries only what changed.
	SessionChanged struct {
		Title     *string   `json:"title,omitempty"`
		TitleBy   *TitleBy  `json:"title_by,omitempty"` // with title
		Agent     *string   `json:"agent,omitempty"`
		Workspace *string   `json:"workspace,omitempty"`
		Model     *string   `json:"model,omitempty"`
		Effort    *string   `json:"effort,omitempty"`
		Profile   *string   `json:"profile,omitempty"`
		Pinned    *bool     `json:"pinned,omitempty"`
		Archived  *bool     `json:"archived,omitempty"`
		Project   *string   `json:"project,omitempty"`
		Tags      *[]string `json:"tags,omitempty"`
		ReadSeq   *Seq      `json:"read_seq,omitempty"`
	}
	// SessionForked follows SessionCreated: the session goes on from a turn of
	// another one.
	SessionForked struct {
		From Ref `json:"from"`
	}
	// SessionFound stands where SessionCreated stands for our own: an agent has
	// this session, and a person here adds something to it. Its transcript is the
	// agent's until SessionCaughtUp.
	SessionFound struct {
		Source    string   `json:"source"`
		Agent     string   `json:"agent"`
		Profile   string   `json:"profile"`
		Title     string   `json:"title"`
		Workspace string   `json:"workspace"`
		Model     string   `json:"model"`
		Stored    []string `json:"stored"`
		CreatedAt Time     `json:"created_at"`
		UpdatedAt Time     `json:"updated_at"`
	}
	// SessionCaughtUp: what was said elsewhere is in the log up to Head, which is
	// the head now. From the first one on the session is ours.
	SessionCaughtUp struct {
		Head TurnID `json:"head"`
	}
	// SessionStored: the agent keeps this session under an id of its own, from
	// here on this one. One that comes again is the current one again.
	SessionStored struct {
		ID string `json:"id"`
	}
	SessionTrashed  struct{}
	SessionRestored struct{}
	// SessionPurged is the tombstone; nothing else of the session is left.
	SessionPurged struct{}
)

func (TurnQueued) body()      {}
func (TurnEdited) body()      {}
func (TurnWithdrawn) body()   {}
func (QueueChanged) body()    {}
func (TurnStarted) body()     {}
func (Steered) body()         {}
func (TurnEnded) body()       {}
func (HeadMoved) body()       {}
func (TurnImported) body()    {}
func (TurnStored) body()      {}
func (PartOpened) body()      {}
func (TextAppended) body()    {}
func (OutputSkipped) body()   {}
func (ToolUpdated) body()     {}
func (PlanUpdated) body()     {}
func (SubagentUpdated) body() {}
func (PartClosed) body()      {}
func (UsageReported) body()   {}
func (AskRaised) body()       {}
func (AskClosed) body()       {}
func (SessionCreated) body()  {}
func (SessionChanged) body()  {}
func (SessionForked) body()   {}
func (SessionFound) body()    {}
func (SessionCaughtUp) body() {}
func (SessionStored) body()   {}
func (SessionTrashed) body()  {}
func (SessionRestored) body() {}
func (SessionPurged) body()   {}

// Headline reports whether every client gets b, whatever it has open.
func Headline(b Body) bool {
	switch b.(type) {
	case TurnQueued, TurnEdited, TurnWithdrawn, QueueChanged, HeadMoved, TurnStarted, TurnEnded, AskRaised, AskClosed,
		SessionCreated, SessionChanged, SessionForked, SessionFound, SessionCaughtUp, SessionStored, SessionTrashed, SessionRestored, SessionPurged:
		return true
	case Steered, TurnImported, TurnStored, PartOpened, TextAppended, OutputSkipped, ToolUpdated, PlanUpdated, SubagentUpdated, PartClosed, UsageReported:
		return false
	default:
		panic("chat: body of unknown type")
	}
}

// Durable reports whether b must survive a power cut once it is committed: a
// person's words and decisions, and the ends of turns.
func Durable(b Body) bool {
	switch b.(type) {
	case TurnQueued, TurnEdited, TurnStarted, AskClosed, TurnEnded:
		return true
	case TurnWithdrawn, QueueChanged, HeadMoved, TurnImported, TurnStored, Steered, PartOpened, TextAppended, OutputSkipped, ToolUpdated, PlanUpdated,
		SubagentUpdated, PartClosed, UsageReported, AskRaised, SessionCreated, SessionChanged, SessionForked, SessionFound, SessionCaughtUp, SessionStored,
		SessionTrashed, SessionRestored, SessionPurged:
		return false
	default:
		panic("chat: body of unknown type")
	}
}
