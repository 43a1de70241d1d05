package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"sync"
	"unicode"
	"unicode/utf8"

	"hermes-webui/app/supervise"
	"hermes-webui/autostart"
	"hermes-webui/server"
	"hermes-webui/server/fault"
)

// loginID names the entry for the login on all systems. It never changes: an
// older entry would not be found again.
const loginID = "io.github.hermes-webui"

// login is the start at login, as page, tray and command line see it.
type login struct {
	config
	by      supervise.Origin
	mu      sync.Mutex
	changed func() // tells the pages
}

// State implements server.Autostart.
func (l *login) State(ctx context.Context) (server.AutostartState, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.state(ctx)
}

func (l *login) state(ctx context.Context) (server.AutostartState, error) {
	st, err := l.entry().State()
	if err != nil {
		return server.AutostartState{}, loginFault(err)
	}
	out := server.AutostartState{State: string(st.Kind), Text: st.Text, Possible: true}
	if err := l.possible(ctx); err != nil {
		out.Possible, out.Why = false, whole(err)
	}
	return out, nil
}

// Set implements server.Autostart.
func (l *login) Set(ctx context.Context, on bool) (server.AutostartState, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if err := l.set(ctx, on); err != nil {
		return server.AutostartState{}, loginFault(err)
	}
	l.changed()
	return l.state(ctx)
}

func (l *login) set(ctx context.Context, on bool) error {
	if !on {
		return l.entry().Disable()
	}
	if err := l.possible(ctx); err != nil {
		return err
	}
	return l.entry().Enable()
}

func loginFault(err error) error {
	return fault.New(fault.Conflict, fault.CodeNoAutostart, whole(err))
}

// whole makes a sentence of an error.
func whole(err error) string {
	first, size := utf8.DecodeRuneInString(err.Error())
	return string(unicode.ToUpper(first)) + err.Error()[size:] + "."
}

// possible says why turning it on would be wrong here; nil = it would not.
func (l *login) possible(ctx context.Context) error {
	if l.by.Certainty == supervise.Certain {
		return fmt.Errorf("%s starts this server already, also before anybody logs in", l.by.Name)
	}
	if !l.Mode.tray() {
		if d := lookForDesktop(ctx, l.Env); !d.there {
			return fmt.Errorf("no desktop is there to log in to: %s", d.why)
		}
	}
	return l.entry().Possible()
}

// refresh corrects an entry of ours that is on and stale. It turns nothing on.
func (l *login) refresh() (bool, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.entry().Refresh(l.owns)
}

// owns reports whether an entry's command serves our state folder. Another's
// is left to it.
func (l *login) owns(command []string) bool {
	return flagIn(command, "--state-dir") == l.stateFlag()
}

// openLogin makes the start at login known to the front. At a desktop start an
// entry that is on and stale is corrected: the program may have moved.
func (p *process) openLogin() {
	c := p.core
	c.login = &login{config: p.config, by: p.by, changed: c.loginChanged}
	if !p.Mode.tray() {
		return
	}
	corrected, err := c.login.refresh()
	switch {
	case err != nil:
		p.log.Warn("the start at login cannot be corrected", "err", err)
	case corrected:
		p.log.Info("corrected the start at login: it named another program or other settings")
	}
}

// entry is the switch of the system. It is made anew each time: what the entry
// should say depends on what it says.
func (l *login) entry() *autostart.Switch {
	c := autostart.Config{
		ID: loginID, Title: "Hermes Web UI", About: "Starts Hermes Web UI in the tray",
		Program: l.program(), Home: l.UserHome, ConfigHome: l.Env("XDG_CONFIG_HOME"),
		Log: filepath.Join(l.StateDir, "logs", "login.log"), Path: l.Env("PATH"),
	}
	now, _ := autostart.New(c).State() // an error comes again from whoever asks next
	c.Args = l.args(now.Command)
	return autostart.New(c)
}

// program is this program where it lies for good. "" = the system does not tell.
func (l *login) program() string {
	if image := l.Env("APPIMAGE"); image != "" && runtime.GOOS == "linux" {
		return image // what runs is a copy that goes with this process
	}
	path, err := os.Executable()
	if err != nil {
		return ""
	}
	return path
}

// args are those at login. The environment of a login knows nothing of ours, so
// what differs from the defaults is said by flags. Where this process was told
// no address, that of an entry for the same state folder stays.
func (l *login) args(now []string) []string {
	args := []string{"--tray"}
	if dir := l.stateFlag(); dir != "" {
		args = append(args, "--state-dir", dir)
	}
	host, port := l.Host, strconv.Itoa(l.Port)
	if !l.Placed {
		host, port = "", ""
		if len(now) > 0 && l.owns(now) {
			host, port = flagIn(now, "--host"), flagIn(now, "--port")
		}
	}
	if host != "" && host != defaultHost && net.ParseIP(host) != nil {
		args = append(args, "--host", host)
	}
	if n, err := strconv.Atoi(port); err == nil && n != defaultPort {
		args = append(args, "--port", port)
	}
	return args
}

// stateFlag is what --state-dir must say at login; "" = nothing.
func (l *login) stateFlag() string {
	bare := func(name string) string {
		if name == "LOCALAPPDATA" {
			return l.Env(name)
		}
		return ""
	}
	if dir, err := stateDir("", bare, l.UserHome); err == nil && dir == l.StateDir {
		return ""
	}
	return l.StateDir
}

// flagIn is the value of a flag in a command that args made; "" = none.
func flagIn(command []string, name string) string {
	for i := 1; i+1 < len(command); i++ {
		if command[i] == name {
			return command[i+1]
		}
	}
	return ""
}
