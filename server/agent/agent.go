// Package agent says how an agent is driven: a Driver opens one Conn per live
// session, a Conn yields Steps. Whatever speaks to a real agent lives in a
// package below this one and is outside of the core: the core knows only these
// words.
package agent

import (
	"context"
	"encoding/json"
	"iter"
	"os"
	"time"

	"hermes-webui/server/chat"
)

// Driver drives one kind of agent.
type Driver interface {
	// Describe says what the agent is and what is missing to use it. It is
	// asked often and must be quick.
	Describe(ctx context.Context) (Info, error)
	// Open makes the agent's side of one session. out takes the steps, in
	// order; it blocks while the log is behind (back-pressure) and returns an
	// error once nobody listens any more: then stop sending.
	Open(ctx context.Context, s chat.Session, out func(Step) error) (Conn, error)
}

// Conn is the agent's side of one session. It lives as long as the session's
// lane. Only Answer, Steer and Stop are called while a turn runs; Start is
// never called while one does.
type Conn interface {
	// Start begins a turn and returns soon; the turn goes on in steps until
	// Ended. After an error there are no steps of that turn.
	Start(ctx context.Context, t Task) error
	// Answer hands over a person's answer to an ask that this Conn raised, or
	// what stands for one when its deadline is over. fault.CodeNoAsk says that
	// the agent does not wait for it any more.
	Answer(ctx context.Context, ask chat.AskID, a Answer) error
	// Steer puts text into the running turn, or fails with ErrCannot.
	Steer(ctx context.Context, text string) error
	// Stop returns when the agent has let go of the turn or was killed. The
	// Ended step may come before or never; the lane does not wait for it.
	Stop(ctx context.Context) error
	Close() error
}

// Optional abilities, found by type assertion and announced in Info.Can.
type (
	// Reattacher is a Driver whose agent may still run a turn after a restart
	// of ours. Reattach is asked once per live turn at start; asks are those of
	// the turn that still wait. It returns nil when the agent neither runs the turn
	// nor has brought it to an end meanwhile. The steps go on where the log of the
	// turn ends.
	Reattacher interface {
		Reattach(ctx context.Context, s chat.Session, t chat.Turn, asks []chat.Ask, out func(Step) error) (Conn, error)
		// Outlives reports whether the turn of a session goes on when this
		// program ends. Nobody waits for the end of one that does.
		Outlives(s chat.SessionID) bool
	}
	// Leaver is a Conn that can let go of a turn without ending it. Leave is called
	// before Close when this program ends.
	Leaver interface{ Leave() }
	// Resumer is a Driver that can go on with a turn that only waits for a
	// person, from what is in our log.
	Resumer interface {
		CanResume(t chat.Turn, asks []chat.Ask) bool
	}
	// Deleter is a Driver that can make its agent forget a session: all that it
	// keeps under Session.Stored. It is asked only when no turn of it runs.
	Deleter interface {
		Delete(ctx context.Context, s chat.Session) error
	}
	// Commander is a Driver whose agent has commands of its own, which people type
	// after a slash. None begins a turn: what is to be a prompt comes back as one.
	Commander interface {
		// Commands lists what makes sense here, by category.
		Commands(ctx context.Context, s chat.Session) ([]Command, error)
		// Complete says how a command that is being typed may go on.
		Complete(ctx context.Context, s chat.Session, text string) ([]Completion, error)
		// Command does what text says: a slash, a name, and the rest.
		Command(ctx context.Context, s chat.Session, text string) (Outcome, error)
	}
	// Compressor is a Conn that can shorten what the model is told of the session
	// so far. Compress is Start for a turn that does this and answers nothing; the
	// prompt's text is what to keep in mind, or "". A driver whose history is ours
	// says in a notice what the model is told from then on, see chat.Notice; one
	// that keeps its own says what it did. A turn that does not end well leaves
	// all as it was.
	Compressor interface {
		Compress(ctx context.Context, t Task) error
	}
)

// Info describes an agent.
type Info struct {
	ID      string    `json:"id"`
	Name    string    `json:"name"` // for people
	Version string    `json:"version"`
	Ready   bool      `json:"ready"`
	Missing string    `json:"missing"` // what is missing, and how to get it
	Demo    bool      `json:"demo"`    // not a real agent; sessions carry a badge
	Can     Abilities `json:"can"`

	Where    string    `json:"where"`    // the program that was found; "" = a part of this one, or not found
	Tried    []Try     `json:"tried"`    // where it was looked for in vain, while it is not ready
	Install  string    `json:"install"`  // the agent's own command to install it, to be copied; "" = there is none
	Profiles []Profile `json:"profiles"` // the default one first; empty: it has none
}

// Try is a place where an agent was looked for, and why it is not usable there:
// a sentence for people.
type Try struct {
	Where string `json:"where"`
	Why   string `json:"why"`
}

// Profile is one of several homes of an agent, each with settings, memory and
// sessions of its own.
type Profile struct {
	Name  string `json:"name"` // "default" is the agent's own home
	About string `json:"about"`
}

// Abilities says what may be asked of an agent.
type Abilities struct {
	Steer    bool    `json:"steer"`
	Rewind   Rewind  `json:"rewind"`
	Reattach bool    `json:"reattach"` // its turns can outlive this program, where that is set: it is a Reattacher
	Resume   bool    `json:"resume"`
	Compress bool    `json:"compress"` // its Conns are Compressors
	Commands bool    `json:"commands"` // it is a Commander
	Delete   bool    `json:"delete"`   // it is a Deleter
	Preset   bool    `json:"preset"`   // a session without a model uses the one that a person set for all
	Models   []Model `json:"models"`
	// Efforts are the levels of reasoning effort, the lowest first, that it takes
	// where it decides on the model; empty: it takes none.
	Efforts []string `json:"efforts"`
}

// Command is a command of an agent.
type Command struct {
	Name     string   `json:"name"` // with its slash
	About    string   `json:"about"`
	Category string   `json:"category"` // for people
	Words    []string `json:"words"`    // that may come next
}

// Completion is one way in which a text may go on: From is the UTF-16 offset from
// which Text replaces the rest.
type Completion struct {
	Text  string `json:"text"`
	About string `json:"about"`
	From  int    `json:"from"`
}

// Outcome is what a command came to.
type Outcome struct {
	Kind   OutcomeKind `json:"kind"`
	Text   string      `json:"text"`
	Notice string      `json:"notice"` // to be said beside it
}

// OutcomeKind says what is to be done with the text of an Outcome.
type OutcomeKind string

const (
	Output  OutcomeKind = "output"  // it is to be shown
	Submit  OutcomeKind = "prompt"  // it is to be sent as a prompt
	Prefill OutcomeKind = "prefill" // it goes where prompts are typed
)

// Rewind says how far an agent can follow a head that moves.
type Rewind string

const (
	RewindTree     Rewind = "tree"     // history is ours: any variant can be chosen
	RewindTruncate Rewind = "truncate" // edit and undo go on from there; no way back
	RewindNone     Rewind = "none"
)

// Model is one model of an agent.
type Model struct {
	ID       string   `json:"id"` // provider/model
	Name     string   `json:"name"`
	Provider string   `json:"provider"`
	Window   int64    `json:"window"`  // tokens; 0 = not known
	Images   Sight    `json:"images"`  // whether it sees pictures
	Efforts  []string `json:"efforts"` // levels of reasoning effort, the lowest first; empty: it has none
	Price    *Price   `json:"price"`   // null = not known
}

// Sight says whether a model sees pictures.
type Sight string

const (
	SightUnknown Sight = ""
	Sees         Sight = "yes"
	Blind        Sight = "no"
)

// Price is what a model costs, in US dollars per million tokens.
type Price struct {
	Input  float64 `json:"input"`
	Cached float64 `json:"cached"` // of input that came from a cache; 0 = as Input
	Output float64 `json:"output"`
}

// Task is one turn to be done.
type Task struct {
	Turn        chat.TurnID
	Prompt      chat.Prompt
	History     iter.Seq[*chat.Turn] // the path to the parent, oldest first
	Continues   *chat.Turn           // the turn that broke off, also last in History
	Root        *os.Root             // the workspace; nil where there is none
	Workspace   string
	Model       string
	Effort      string
	Attachments []Attachment
	Files       func(chat.BlobID) string // path of an attachment's bytes, "" = gone; for those of History
	Resume      *Resume
}

// Attachment is a file with its bytes within reach.
type Attachment struct {
	chat.Attachment
	Path string
}

// Resume is set when a turn that waited for a person goes on after a restart.
type Resume struct {
	Turn   chat.Turn // as it is in the log
	Ask    chat.Ask
	Answer Answer
	Open   []chat.Ask // the turn's other asks that still wait; their answers come by Conn.Answer
}

// Answer is what a person said to an ask.
type Answer struct {
	Choice  string
	Text    string            // own words, or why denied
	Command string            // the edited one; "" = as asked
	Values  map[string]string // of a secret: never stored, never logged
}

// Step is what a Conn yields. A step of a turn that the lane does not know
// begins one (origin agent).
type Step struct {
	Turn chat.TurnID
	Body StepBody
}

// StepBody is what happened, in words that no agent owns. Sealed.
type StepBody interface{ step() }

type (
	// Begun says what made an agent start a turn by itself.
	Begun struct{ Prompt string }
	// Open begins a part. Its text, if it has one, is empty.
	Open struct{ Part chat.Part }
	// Append adds text to a part's stream: at the end (At < 0), or at an
	// absolute UTF-16 offset. Stream is required.
	Append struct {
		Part   chat.PartID
		Stream chat.Stream
		At     int
		Text   string
	}
	// Tool replaces what is known of a tool call.
	Tool struct {
		Part   chat.PartID
		Title  string
		Args   json.RawMessage
		State  chat.ToolState
		Result json.RawMessage
		Error  string
	}
	SetPlan struct {
		Part  chat.PartID
		Items []chat.PlanItem
	}
	SetSubagent struct {
		Part    chat.PartID
		State   chat.ToolState
		Summary string
	}
	Close struct{ Part chat.PartID }
	// Asked raises an ask; Session, Turn, RaisedAt and Digest are set by the lane.
	Asked struct{ Ask chat.Ask }
	// AskGone says that an ask ended without a person.
	AskGone struct {
		Ask chat.AskID
		How chat.How
	}
	Used struct{ Usage chat.Usage }
	// Titled suggests a title for the session. It may come after Ended.
	Titled struct{ Title string }
	// Stored says that the agent keeps the session under this id of its own from
	// now on; Session.Stored remembers it. It is about the session: it may come at
	// any time, with any turn or none.
	Stored struct{ ID string }
	// Status is true now and no history ("waiting for the provider"). Until:
	// the moment of the next try.
	Status struct {
		Text  string
		Until time.Time
	}
	// Ended is the last step of a turn: Done, Stopped or Failed.
	Ended struct {
		State chat.TurnState
		Error *chat.Failure
	}
)

func (Begun) step()       {}
func (Open) step()        {}
func (Append) step()      {}
func (Tool) step()        {}
func (SetPlan) step()     {}
func (SetSubagent) step() {}
func (Close) step()       {}
func (Asked) step()       {}
func (AskGone) step()     {}
func (Used) step()        {}
func (Titled) step()      {}
func (Stored) step()      {}
func (Status) step()      {}
func (Ended) step()       {}
