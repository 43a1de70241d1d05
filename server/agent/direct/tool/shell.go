package tool

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"hermes-webui/server/agent/direct/child"
	"hermes-webui/server/agent/direct/command"
)

const (
	shellSeconds    = 120  // that a command may take if neither the model nor a person says otherwise
	maxShellSeconds = 3600 // that it may ask for
	maxCommand      = 64 << 10
)

// ShellConfig is what the shell tool needs.
type ShellConfig struct {
	Run  *child.Runner
	Env  []string // of the commands, see child.Environment
	Path string   // PATH, where the programs of commands that need no permission are looked up
	// Seconds is what a command may take if the model says nothing; nil or 0: two minutes.
	Seconds func() int
}

// shell runs commands. Those that only look at files of the workspace run as
// they are, without a shell; all others are asked first.
type shell struct {
	run  *child.Runner
	env  []string
	path string
	most func() int // seconds that a command may take if the model says nothing
}

// NewShell returns the tool "shell".
func NewShell(c ShellConfig) Tool {
	return &shell{c.Run, c.Env, c.Path, func() int {
		if c.Seconds == nil {
			return shellSeconds
		}
		return cmp.Or(c.Seconds(), shellSeconds)
	}}
}

func (s *shell) Spec() Spec {
	return Spec{
		Name: "shell",
		About: "Runs a command in the workspace folder with " + shellName + " and returns what it prints and its exit code. " +
			"The user is asked first, unless it is one plain ls, cat, head, tail, wc, pwd, file, stat, du or tree within the workspace " +
			"(no pipes, wildcards or variables). Prefer read_file, list_dir, search_files and edit_file where they do. " +
			"Every call starts anew in the workspace folder: cd and variables do not last. " +
			"There is no terminal and no input: use flags that answer questions (-y) and never start an editor or a pager. " +
			"Processes that still run when the command ends are ended, so nothing can be left in the background; " +
			"run what should go on within one command. Long output is cut in the middle: filter it.",
		Schema: fmt.Appendf(nil, `{
			"type": "object",
			"properties": {
				"command": {"type": "string", "description": "The command, exactly as it is to run."},
				"why": {"type": "string", "description": "In a few words, what it is for. The user reads this when asked for permission."},
				"timeout_seconds": {"type": "integer", "minimum": 1, "maximum": 3600, "description": "After how long it is ended; %d if left out."}
			},
			"required": ["command"],
			"additionalProperties": false
		}`, s.most()),
	}
}

// order is what a model wants run.
type order struct {
	command, why string
	limit        time.Duration
}

func (s *shell) Prepare(_ context.Context, at Place, args json.RawMessage) (Call, error) {
	if at.Root == nil || at.Workspace == "" {
		return Call{}, ErrNoWorkspace
	}
	o, err := s.readOrder(args)
	if err != nil {
		return Call{}, err
	}
	return s.prepare(at, o)
}

func (s *shell) readOrder(raw json.RawMessage) (order, error) {
	a, err := readArguments(raw)
	if err != nil {
		return order{}, err
	}
	text, err := a.need("command", "cmd")
	if err != nil {
		return order{}, err
	}
	why, _, err := a.text("why", "description", "reason")
	if err != nil {
		return order{}, err
	}
	seconds, err := a.whole(s.most(), "timeout_seconds", "timeout")
	if err != nil {
		return order{}, err
	}
	if seconds < 1 || seconds > maxShellSeconds {
		return order{}, fmt.Errorf("\"timeout_seconds\" must be from 1 to %d", maxShellSeconds)
	}
	return order{text, why, time.Duration(seconds) * time.Second}, nil
}

func (s *shell) prepare(at Place, o order) (Call, error) {
	if err := showable(o.command); err != nil {
		return Call{}, err
	}
	edit := func(text string) (Call, error) {
		o := o
		o.command = text
		return s.prepare(at, o)
	}
	if _, ok := command.Check(at.Workspace, at.Root, s.path, o.command); ok {
		run := func(ctx context.Context, t Turn) (Result, error) { return s.look(ctx, t, at, o) }
		return Call{Run: run, Edit: edit}, nil
	}
	danger := dangerOf(o.command)
	needs := &Permission{
		Title:   "Run this command?",
		Why:     o.why,
		Command: o.command,
		Danger:  danger.why,
		Level:   danger.level,
		Span:    danger.span(o.command),
		Permits: []Permit{{Kind: Command, Pattern: o.command, Workspace: at.Workspace}},
	}
	run := func(ctx context.Context, t Turn) (Result, error) { return s.obey(ctx, t, at, o) }
	return Call{Needs: needs, Alone: true, Run: run, Edit: edit}, nil
}

var (
	errFolderMoved = errors.New("the workspace folder was moved or replaced; ask the user to choose it again")
	// errLookedElsewhere stops the output of a command that ran without asking.
	errLookedElsewhere = errors.New("a file or folder of this command was moved or replaced meanwhile; look again at what is there and call it again")
)

// look runs a command that needs no permission. It is checked anew: what was
// true when it was prepared may be long ago. Its output is handed on only while
// its paths stay what they are.
func (s *shell) look(ctx context.Context, t Turn, at Place, o order) (Result, error) {
	plain, ok := command.Check(at.Workspace, at.Root, s.path, o.command)
	if !ok {
		return Result{}, errLookedElsewhere
	}
	return s.finish(ctx, o, child.Command{
		Argv: plain.Argv, Dir: plain.Dir(), Env: s.env, Out: &guarded{plain, t}, Timeout: o.limit,
	})
}

// guarded is an output that stops when the command's paths changed.
type guarded struct {
	plain *command.Plain
	to    io.Writer
}

func (g *guarded) Write(b []byte) (int, error) {
	if !g.plain.Still() {
		return 0, errLookedElsewhere
	}
	return g.to.Write(b)
}

// obey runs a command that was allowed.
func (s *shell) obey(ctx context.Context, t Turn, at Place, o order) (Result, error) {
	if !there(at) {
		return Result{}, errFolderMoved
	}
	argv, err := shellArgv(s.env, o.command)
	if err != nil {
		return Result{}, err
	}
	return s.finish(ctx, o, child.Command{Argv: argv, Dir: at.Workspace, Env: s.env, Out: t, Timeout: o.limit})
}

// there reports whether the workspace's path still leads to the folder that the
// session has open.
func there(at Place) bool {
	now, err := os.Stat(at.Workspace)
	if err != nil {
		return false
	}
	then, err := at.Root.Stat(".")
	return err == nil && os.SameFile(now, then)
}

func (s *shell) finish(ctx context.Context, o order, c child.Command) (Result, error) {
	end, err := s.run.Run(ctx, c)
	switch {
	case err == nil:
	case ctx.Err() != nil:
		return Result{}, context.Cause(ctx)
	case errors.Is(err, errLookedElsewhere):
		return Result{}, errLookedElsewhere
	default:
		return Result{}, fmt.Errorf("the command could not be run: %w", err)
	}
	facts := Facts{Kind: "exit", ExitCode: &end.Code, TimedOut: end.TimedOut, Note: noteOf(end, o.limit)}
	r := facts.Result()
	r.Failed = end.TimedOut || end.Code != 0
	return r, nil
}

// noteOf tells what the output does not.
func noteOf(end child.End, limit time.Duration) string {
	note := ""
	switch {
	case end.TimedOut:
		note = fmt.Sprintf("It was ended because it ran longer than %d seconds.", int(limit/time.Second))
	case end.Signal != "":
		note = fmt.Sprintf("It was ended by a signal: %s.", end.Signal)
	}
	if end.Left > 0 {
		note = sentence(note, "What it had left running in the background was ended with it.")
	}
	if end.Stuck > 0 {
		note = sentence(note, "A process that it started could not be ended and still runs.")
	}
	return note
}

func sentence(before, next string) string {
	if before == "" {
		return next
	}
	return before + " " + next
}
