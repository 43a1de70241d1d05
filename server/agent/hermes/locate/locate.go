// Package locate finds the Hermes Agent on this machine: the Python that has it
// installed, and its profiles. It installs nothing and changes nothing.
package locate

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// Env is what of the environment says where the agent may be. Empty fields are
// not set.
type Env struct {
	Python string // HERMES_WEBUI_PYTHON: the interpreter itself
	Dir    string // HERMES_WEBUI_AGENT_DIR: the agent's folder, or its virtual environment
	Home   string // the agent's home, of its default profile
	User   string // the person's home folder
	Path   string // PATH
	Vars   []string
}

// Report is what was found, and what was not.
type Report struct {
	Python  string // "" = the agent was not found
	Where   string // for people: how it was found
	Version string
	Tried   []Try
}

// Try is a place without a usable agent, and why, in a sentence for people.
type Try struct{ Where, Why string }

// checkLimit is how long an interpreter may take to say whether it has the agent.
const checkLimit = 20 * time.Second

// place is where an interpreter may be.
type place struct {
	where  string // for people
	python string // "" = why says that there is none
	why    string
	quiet  bool // not worth a word when there is nothing
}

// Find looks in all places where installers put the agent, the most explicit
// first, and asks each interpreter whether it has it.
func Find(ctx context.Context, e Env) Report {
	var r Report
	seen := map[string]bool{}
	for _, p := range places(e) {
		if p.python == "" {
			if !p.quiet {
				r.Tried = append(r.Tried, Try{p.where, p.why})
			}
			continue
		}
		if seen[p.python] {
			continue
		}
		seen[p.python] = true
		if _, err := os.Stat(p.python); err != nil {
			if !p.quiet {
				r.Tried = append(r.Tried, Try{p.where, fmt.Sprintf("There is no %s.", p.python)})
			}
			continue
		}
		version, why := check(ctx, p.python, e)
		if why == "" {
			r.Python, r.Where, r.Version = p.python, p.where, version
			return r
		}
		if !p.quiet {
			r.Tried = append(r.Tried, Try{p.where, why})
		}
	}
	return r
}

// question asks without importing the agent, which takes seconds.
const question = `import importlib.util as u, importlib.metadata as m, sys
if u.find_spec("tui_gateway") is None: sys.exit("no-agent")
try: print(m.version("hermes-agent"))
except m.PackageNotFoundError: print("")`

// check asks an interpreter for the agent.
func check(ctx context.Context, python string, e Env) (version, why string) {
	ctx, cancel := context.WithTimeout(ctx, checkLimit)
	defer cancel()
	cmd := exec.CommandContext(ctx, python, "-c", question)
	cmd.Env = e.Vars
	cmd.WaitDelay = time.Second
	var out, problem bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &problem
	err := cmd.Run()
	words := strings.TrimSpace(problem.String())
	switch {
	case err == nil:
		return strings.TrimSpace(out.String()), ""
	case ctx.Err() != nil:
		return "", fmt.Sprintf("%s did not answer within %d s.", python, int(checkLimit.Seconds()))
	case words == "no-agent":
		return "", fmt.Sprintf("%s works, but hermes-agent is not installed in it.", python)
	case words != "":
		return "", fmt.Sprintf("%s fails: %s.", python, strings.TrimSuffix(last(words), "."))
	default:
		return "", fmt.Sprintf("%s cannot be run: %v.", python, err)
	}
}

func last(words string) string {
	lines := strings.Split(words, "\n")
	line := strings.TrimSpace(lines[len(lines)-1])
	return line[:min(len(line), 300)]
}

// places lists where to look, the most explicit first.
func places(e Env) []place {
	var all []place
	if e.Python != "" {
		all = append(all, place{where: "HERMES_WEBUI_PYTHON", python: e.Python})
	}
	if e.Dir != "" {
		all = append(all, inFolder("HERMES_WEBUI_AGENT_DIR", e.Dir, false))
	}
	all = append(all, onPath(e.Path))
	if e.Home != "" {
		all = append(all, inFolder("Hermes' own installer", filepath.Join(e.Home, "hermes-agent"), false))
	}
	if e.User != "" {
		share := filepath.Join(e.User, ".local", "share")
		all = append(all,
			command("~/.local/bin", filepath.Join(e.User, ".local", "bin", exe("hermes")), true),
			inFolder("uv tool", filepath.Join(share, "uv", "tools", "hermes-agent"), true),
			inFolder("pipx", filepath.Join(share, "pipx", "venvs", "hermes-agent"), true),
			inFolder("pipx", filepath.Join(e.User, ".local", "pipx", "venvs", "hermes-agent"), true),
			inFolder("~/hermes-agent", filepath.Join(e.User, "hermes-agent"), true),
		)
	}
	for _, dir := range []string{"/usr/local/bin", "/opt/homebrew/bin", "/usr/bin"} {
		all = append(all, command(dir, filepath.Join(dir, exe("hermes")), true))
	}
	for _, dir := range []string{"/usr/local/lib/hermes-agent", "/opt/hermes-agent"} {
		all = append(all, inFolder(dir, dir, true))
	}
	for _, name := range []string{"python3", "python"} {
		if path := lookUp(exe(name), e.Path); path != "" {
			return append(all, place{where: name + " on PATH", python: path})
		}
	}
	return append(all, place{where: "python3 on PATH", why: "There is no Python on PATH."})
}

// inFolder finds the interpreter of a folder that is a virtual environment or
// holds one.
func inFolder(where, dir string, quiet bool) place {
	bin, python := "bin", "python"
	if runtime.GOOS == "windows" {
		bin, python = "Scripts", "python.exe"
	}
	for _, sub := range []string{"", "venv", ".venv", "env"} {
		p := filepath.Join(dir, sub, bin, python)
		if _, err := os.Stat(p); err == nil {
			return place{where: where, python: p, quiet: quiet}
		}
	}
	return place{where: where, why: fmt.Sprintf("There is no Python in %s, nor in venv or .venv of it.", dir), quiet: quiet}
}

// onPath finds the interpreter behind the command that people type.
func onPath(path string) place {
	found := lookUp(exe("hermes"), path)
	if found == "" {
		return place{where: "PATH", why: "There is no command hermes on PATH."}
	}
	return command("hermes on PATH", found, false)
}

// lookUp finds a program on a PATH that is not this process's own.
func lookUp(name, path string) string {
	for _, dir := range filepath.SplitList(path) {
		if dir == "" {
			continue // the working folder is nobody's choice
		}
		p := filepath.Join(dir, name)
		if info, err := os.Stat(p); err == nil && !info.IsDir() && (runtime.GOOS == "windows" || info.Mode()&0o111 != 0) {
			return p
		}
	}
	return ""
}

func exe(name string) string {
	if runtime.GOOS == "windows" {
		return name + ".exe"
	}
	return name
}
