package chat

import "encoding/json"

// Part is one piece of a turn, in the order in which the agent made it. Sealed.
type Part interface {
	part()
	Common() *PartBase
	Kind() PartKind
	clone() Part
}

// PartKind names the kinds of parts.
type PartKind string

const (
	KindText      PartKind = "text"
	KindReasoning PartKind = "reasoning"
	KindToolCall  PartKind = "tool_call"
	KindFile      PartKind = "file"
	KindPlan      PartKind = "plan"
	KindSubagent  PartKind = "subagent"
	KindNotice    PartKind = "notice"
)

// PartBase is what every part has.
type PartBase struct {
	ID       PartID  `json:"id"`
	Parent   *PartID `json:"parent"`             // the subagent it belongs to
	OpenedAt Time    `json:"opened_at,omitzero"` // set by the fold
	ClosedAt *Time   `json:"closed_at"`
}

func (b *PartBase) Common() *PartBase { return b }

type (
	// Text is prose for the person, in Markdown.
	Text struct {
		PartBase
		Text Span `json:"text"`
	}
	// Reasoning is what the model thought aloud.
	Reasoning struct {
		PartBase
		Text Span `json:"text"`
	}
	// ToolCall is one use of a tool.
	ToolCall struct {
		PartBase
		Name   string          `json:"name"`
		Title  string          `json:"title"` // for people; "" = made from name and args
		Args   json.RawMessage `json:"args"`  // JSON, null until known
		State  ToolState       `json:"state"`
		Out    Span            `json:"out"`
		Skip   *Skipped        `json:"skipped"`
		Result json.RawMessage `json:"result"` // JSON, null until known
		Error  string          `json:"error"`
	}
	// File is something the agent made or showed.
	File struct {
		PartBase
		Name string `json:"name"`
		Path string `json:"path"`
		Type string `json:"type"`
		Size int64  `json:"size"`
		Blob BlobID `json:"blob"`
	}
	// Plan is the agent's list of what to do.
	Plan struct {
		PartBase
		Items []PlanItem `json:"items"`
	}
	// Subagent is work that the agent gave to another.
	Subagent struct {
		PartBase
		Title   string    `json:"title"`
		Task    string    `json:"task"`
		State   ToolState `json:"state"`
		Summary string    `json:"summary"`
	}
	// Notice is something the program or the person says in between.
	Notice struct {
		PartBase
		Level NoticeLevel `json:"level"`
		Text  string      `json:"text"`
		// Covers and Summary: from here on the model is told Summary in place of
		// the turns up to Covers, this one included.
		Covers  TurnID `json:"covers,omitempty"`
		Summary string `json:"summary,omitempty"`
	}
)

func (*Text) part()      {}
func (*Reasoning) part() {}
func (*ToolCall) part()  {}
func (*File) part()      {}
func (*Plan) part()      {}
func (*Subagent) part()  {}
func (*Notice) part()    {}

func (*Text) Kind() PartKind      { return KindText }
func (*Reasoning) Kind() PartKind { return KindReasoning }
func (*ToolCall) Kind() PartKind  { return KindToolCall }
func (*File) Kind() PartKind      { return KindFile }
func (*Plan) Kind() PartKind      { return KindPlan }
func (*Subagent) Kind() PartKind  { return KindSubagent }
func (*Notice) Kind() PartKind    { return KindNotice }

// ToolState is where a tool call or a subagent stands.
type ToolState string

const (
	ToolPending ToolState = "pending" // arguments still arrive
	ToolRunning ToolState = "running"
	ToolWaiting ToolState = "waiting" // for a person
	ToolDone    ToolState = "done"
	ToolFailed  ToolState = "failed"
	ToolStopped ToolState = "stopped"
	ToolUnknown ToolState = "unknown" // the process ended before its outcome was known
)

// Skipped says that Bytes bytes are missing from an output before offset At
// (counted in UTF-16 units of the kept text).
type Skipped struct {
	At    int   `json:"at"`
	Bytes int64 `json:"bytes"`
}

// PlanItem is one line of a plan.
type PlanItem struct {
	Text  string    `json:"text"`
	State PlanState `json:"state"`
}

// PlanState is where a line of a plan stands.
type PlanState string

const (
	PlanPending   PlanState = "pending"
	PlanActive    PlanState = "active"
	PlanDone      PlanState = "done"
	PlanCancelled PlanState = "cancelled"
)

// NoticeLevel says how loud a notice is.
type NoticeLevel string

const (
	NoticeInfo  NoticeLevel = "info"
	NoticeWarn  NoticeLevel = "warn"
	NoticeSteer NoticeLevel = "steer" // the person's words into a running turn
)

// Stream names the texts of a part.
type Stream string

const (
	Main Stream = "text"
	Out  Stream = "out"
)

// A clone shares nothing that grows: an event is read by many folds.
func (p *Text) clone() Part      { q := *p; q.Text = p.Text.clone(); return &q }
func (p *Reasoning) clone() Part { q := *p; q.Text = p.Text.clone(); return &q }
func (p *ToolCall) clone() Part  { q := *p; q.Out = p.Out.clone(); return &q }
func (p *File) clone() Part      { q := *p; return &q }
func (p *Plan) clone() Part      { q := *p; q.Items = list(p.Items); return &q }
func (p *Subagent) clone() Part  { q := *p; return &q }
func (p *Notice) clone() Part    { q := *p; return &q }
