// Package tool holds what the built-in agent can do besides talking: each tool
// in a file of its own, with its schema and its text for the model. A tool
// never asks for permission itself: it says what it needs, the turn gets it.
package tool

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"

	"hermes-webui/server/agent"
	"hermes-webui/server/chat"
)

// Tool is one thing that a model may use. It is shared by all sessions and safe
// for concurrent use.
type Tool interface {
	Spec() Spec
	// Prepare reads the arguments and says what would be done; it changes
	// nothing. Its error is told to the model: a sentence that says what is wrong
	// and what to do instead.
	Prepare(ctx context.Context, at Place, args json.RawMessage) (Call, error)
}

// Spec is what a model is told of a tool.
type Spec struct {
	Name   string          // [a-z0-9_], at most 64
	About  string          // when and how to use it
	Schema json.RawMessage // JSON schema of the arguments, an object
}

// Place is where a call happens.
type Place struct {
	Session   chat.SessionID
	Root      *os.Root // the workspace; nil where there is none
	Workspace string   // its absolute path; "" where there is none
}

// ErrNoWorkspace is what tools that need a workspace say without one.
var ErrNoWorkspace = errors.New("this session has no workspace folder that can be opened; ask the user to choose one")

// Call is a use of a tool: its arguments are checked, nothing is done yet.
type Call struct {
	Title string // for people, one line; "" = the page makes one of name and arguments
	// Needs is the permission that it takes; nil: it may be done without asking.
	Needs *Permission
	// Alone: it changes something, so no other call of the answer runs beside it.
	Alone bool
	// Run does it. Its error is told to the model and shown to the person.
	Run func(ctx context.Context, t Turn) (Result, error)
	// Edit returns the call with another command; nil: the command cannot be
	// changed.
	Edit func(command string) (Call, error)
}

// Permission is what a person is asked before a call runs.
type Permission struct {
	Title   string        // a question: "Run this command?"
	Why     string        // the model's own reason; "" = none
	Command string        // exactly what would be done; "" = nothing to show
	Diff    string        // unified diff of what would change; "" = none
	Danger  string        // why it is dangerous, for people; "" = not more than others
	Level   int           // how dangerous, 1 to 3; 0 = nobody judged it
	Span    *chat.Stretch // what of Command is dangerous; nil = not known
	// Permits: any one of them, allowed before, makes asking needless. The first
	// is what "this session" and "always" would store; empty: only once.
	Permits []Permit
}

// Permit is something that can be allowed for longer than once.
type Permit struct {
	Kind      PermitKind
	Pattern   string // exact: the command, the host, server/tool; "" for Write
	Workspace string // where it holds; "" = everywhere
}

// PermitKind is the sort of a Permit.
type PermitKind string

const (
	Command PermitKind = "command" // runs exactly this command in this workspace
	Write   PermitKind = "write"   // writes files in this workspace
	Host    PermitKind = "host"    // fetches from this host
	MCP     PermitKind = "mcp"     // uses this tool of this MCP server
)

// Turn is what a running call may do to its turn. Writes are its output: shown
// to the person while it runs and told to the model afterwards; they may be cut
// anywhere, also inside of a character.
type Turn interface {
	io.Writer
	// SetPlan shows the agent's plan, all of it.
	SetPlan(items []chat.PlanItem) error
	// Ask asks the person a question and waits for the answer. Only Title, Why,
	// Choices and Deadline of the ask are used.
	Ask(ctx context.Context, a chat.Ask) (agent.Answer, error)
}

// Result is what came of a call.
type Result struct {
	// Page is a small JSON object with facts for the page, by Kind: see the
	// constructors in result.go. nil: nothing but the output.
	Page json.RawMessage
	// Failed: it was done and ended badly (a command's exit code). The output
	// says how.
	Failed bool
}
