package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"runtime"
	"strings"
	"time"

	"github.com/mattn/go-isatty"
)

// verdict says how a finding is to be taken.
type verdict string

const (
	fine verdict = "ok"
	warn verdict = "warn" // it works; a person may want to know
	bad  verdict = "bad"  // it does not work, or others can get at what they must not
)

// finding is one answer of the doctor. It never holds a secret.
type finding struct {
	ID      string  `json:"id"` // stable: server, listener, supervisor, …
	Status  verdict `json:"status"`
	What    string  `json:"what"`              // what is, in a sentence
	Fix     string  `json:"fix,omitempty"`     // what to do, in a sentence
	Command string  `json:"command,omitempty"` // what to type for it, on one line
}

// diagnosis is what `doctor --json` prints. Within a version fields and findings
// are only added.
type diagnosis struct {
	Version   int         `json:"version"` // of this shape: 1
	Well      bool        `json:"well"`    // nothing is bad
	CheckedAt time.Time   `json:"checked_at"`
	Program   programInfo `json:"program"`
	StateDir  string      `json:"state_dir"`
	Address   string      `json:"address"` // where a server was looked for
	Findings  []finding   `json:"findings"`
}

type programInfo struct {
	Version string `json:"version"`
	Commit  string `json:"commit"`
	System  string `json:"system"` // linux/amd64
}

// Times of the doctor. A watchdog gives up after ten seconds.
const (
	gatherWithin = 4 * time.Second
	doctorWithin = 9 * time.Second // for everything, unless --deep was given
	deepWithin   = 5 * time.Minute
)

// seeDoctor is the command doctor. It changes nothing, and works without a
// server and with one that hangs. It fails when something is bad.
func seeDoctor(ctx context.Context, c config, out io.Writer) error {
	limit := doctorWithin
	if c.Deep {
		limit = deepWithin
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	e := newExam(ctx, c)
	d := diagnosis{
		Version: 1, CheckedAt: time.Now().UTC().Truncate(time.Second), StateDir: c.StateDir, Address: e.address,
		Program:  programInfo{Version: version, Commit: commit, System: runtime.GOOS + "/" + runtime.GOARCH},
		Findings: e.examine(ctx),
	}
	wrong := 0
	for _, f := range d.Findings {
		if f.Status == bad {
			wrong++
		}
	}
	d.Well = wrong == 0
	if err := d.print(out, c.JSON); err != nil {
		return err
	}
	if !d.Well {
		return fmt.Errorf("%s wrong, see above", things(wrong))
	}
	return nil
}

func things(n int) string {
	if n == 1 {
		return "one thing is"
	}
	return fmt.Sprintf("%d things are", n)
}

func (d diagnosis) print(out io.Writer, asJSON bool) error {
	if asJSON {
		enc := json.NewEncoder(out)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", "  ")
		return enc.Encode(d)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "Hermes Web UI %s at %s, state in %s\n\n", d.Program.Version, d.Address, d.StateDir)
	for _, f := range d.Findings {
		fmt.Fprintf(&b, "%s  %-11s %s\n", f.Status.mark(out), f.ID, indented(f.What))
		if f.Fix != "" {
			fmt.Fprintf(&b, "%18s%s\n", "", indented(f.Fix))
		}
		if f.Command != "" {
			fmt.Fprintf(&b, "%18s    %s\n", "", f.Command)
		}
	}
	_, err := io.WriteString(out, b.String())
	return err
}

func indented(s string) string { return strings.ReplaceAll(s, "\n", "\n"+strings.Repeat(" ", 18)) }

// mark is the verdict, coloured on a terminal.
func (v verdict) mark(out io.Writer) string {
	text := fmt.Sprintf("%-4s", string(v))
	f, ok := out.(interface{ Fd() uintptr })
	if !ok || !isatty.IsTerminal(f.Fd()) {
		return text
	}
	colour := map[verdict]string{fine: "32", warn: "33", bad: "31"}[v]
	return "\x1b[" + colour + "m" + text + "\x1b[0m"
}
