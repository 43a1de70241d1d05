package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"time"
)

// config is what flags and environment said, checked. Flags beat environment.
type config struct {
	Command   command
	Serve     bool          // --serve or --foreground was given
	Desktop   bool          // --desktop was given
	Tray      bool          // --tray was given
	Mode      decision      // what runs beside the server; decided before it starts
	Link      *trayLink     // to the tray; nil = there is none
	Deep      bool          // health --deep, doctor --deep
	JSON      bool          // doctor --json, autostart status --json
	Word      string        // what the command autostart is to do: on, off or status
	MaxTime   time.Duration // health --max-time; 0 = not said
	Drain     time.Duration
	Log       logConfig
	ReadyFD   int    // descriptor that takes a line when the server is ready; 0 = none
	Host      string // always a loopback address
	Port      int    // 0: any free one
	Placed    bool   // host or port were said, not defaulted
	StateDir  string // absolute
	Workspace string // HERMES_WEBUI_DEFAULT_WORKSPACE; "" = not said
	UserHome  string // the person's home; "" = unknown
	Env       func(string) string
	Environ   environ  // what Env reads; children get some of it
	Args      []string // the command line, the program's name first
}

type command string

const (
	cmdServe   command = "serve"
	cmdHelp    command = "help"
	cmdVersion command = "version"
	cmdHealth  command = "health"
	cmdDoctor  command = "doctor"
	cmdOpen    command = "open"
	cmdLogin   command = "autostart"
)

const (
	defaultHost = "127.0.0.1"
	defaultPort = 8787
)

// given is the command line before it is checked.
type given struct {
	serve, foreground, version, help bool
	desktop, tray                    bool
	deep, json                       bool
	host, port, stateDir, maxTime    once
	drain, readyFD                   once
	log                              logFlags
}

// once is a string flag that may be repeated only with the same value.
type once struct {
	value string
	set   bool
}

func (o *once) String() string { return o.value }

func (o *once) Set(v string) error {
	if o.set && o.value != v {
		return fmt.Errorf("it was given as %q before", o.value)
	}
	o.value, o.set = v, true
	return nil
}

// parse reads the command line and the environment. Its errors are sentences
// and exit with exitUsage.
func parse(args []string, env func(string) string) (config, error) {
	g, words, err := split(args)
	if err != nil {
		return config{}, exitWith(exitUsage, "%w; try --help", err)
	}
	c, err := check(g, words, env)
	if err != nil {
		return config{}, exitWith(exitUsage, "%w", err)
	}
	return c, nil
}

// split parses flags before and after the words.
func split(args []string) (given, []string, error) {
	var g given
	fs := flag.NewFlagSet("hermes-webui", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	fs.BoolVar(&g.serve, "serve", false, "")
	fs.BoolVar(&g.foreground, "foreground", false, "")
	fs.BoolVar(&g.desktop, "desktop", false, "")
	fs.BoolVar(&g.tray, "tray", false, "")
	fs.BoolVar(&g.version, "version", false, "")
	fs.BoolVar(&g.deep, "deep", false, "")
	fs.BoolVar(&g.json, "json", false, "")
	fs.Var(&g.maxTime, "max-time", "")
	fs.Var(&g.host, "host", "")
	fs.Var(&g.port, "port", "")
	fs.Var(&g.stateDir, "state-dir", "")
	fs.Var(&g.drain, "drain", "")
	fs.Var(&g.readyFD, "ready-fd", "")
	g.log.define(fs)
	var words []string
	for {
		if err := fs.Parse(args); errors.Is(err, flag.ErrHelp) {
			g.help = true
			return g, words, nil
		} else if err != nil {
			return g, nil, err
		}
		if fs.NArg() == 0 {
			return g, words, nil
		}
		words, args = append(words, fs.Arg(0)), fs.Args()[1:]
	}
}

func check(g given, words []string, env func(string) string) (config, error) {
	c := config{Serve: g.serve || g.foreground, Desktop: g.desktop, Tray: g.tray, Deep: g.deep, JSON: g.json, Env: env, UserHome: userHome(env)}
	var err error
	if c.Word, words, err = loginWord(words); err != nil {
		return c, err
	}
	if c.Command, err = commandOf(g, words); err != nil {
		return c, err
	}
	if err := oneMode(g, c.Command); err != nil {
		return c, err
	}
	if c.Command == cmdHelp || c.Command == cmdVersion {
		return c, nil
	}
	if c.MaxTime, err = maxTime(g.maxTime); err != nil {
		return c, err
	}
	host, hostFrom := first(g.host, "--host", env, "HERMES_WEBUI_HOST")
	port, portFrom := first(g.port, "--port", env, "HERMES_WEBUI_PORT")
	c.Placed = host != "" || port != ""
	if c.Host, err = loopback(host, hostFrom); err != nil {
		return c, err
	}
	if c.Port, err = portOf(port, portFrom); err != nil {
		return c, err
	}
	if c.Drain, err = drainOf(first(g.drain, "--drain", env, "HERMES_WEBUI_DRAIN")); err != nil {
		return c, err
	}
	if c.Log, err = g.log.check(env); err != nil {
		return c, err
	}
	if c.ReadyFD, err = readyFD(g.readyFD); err != nil {
		return c, err
	}
	if g.stateDir.set && g.stateDir.value == "" {
		return c, errors.New("--state-dir is empty; name a folder or leave it out")
	}
	if c.StateDir, err = stateDir(g.stateDir.value, env, c.UserHome); err != nil {
		return c, err
	}
	c.Workspace = env("HERMES_WEBUI_DEFAULT_WORKSPACE")
	return c, nil
}

// commandOf decides what to do and refuses what contradicts itself.
func commandOf(g given, words []string) (command, error) {
	if g.help {
		return cmdHelp, nil
	}
	if len(words) > 1 {
		return "", fmt.Errorf("one command at a time: %q came after %q", words[1], words[0])
	}
	cmd := cmdServe
	if len(words) == 1 {
		cmd = command(words[0])
	}
	if g.version {
		if len(words) == 1 && cmd != cmdVersion {
			return "", fmt.Errorf("--version and %q contradict each other", words[0])
		}
		cmd = cmdVersion
	}
	switch cmd {
	case cmdServe:
	case cmdHealth, cmdDoctor, cmdOpen, cmdLogin, cmdVersion, cmdHelp:
	default:
		return "", fmt.Errorf("there is no command %q; try --help", words[0])
	}
	return cmd, misplaced(g, cmd)
}

// first returns the flag's value, else the variable's, and the name of whichever.
func first(f once, name string, env func(string) string, key string) (value, from string) {
	if f.set {
		return f.value, name
	}
	return strings.TrimSpace(env(key)), key
}

// loopback refuses any address that another machine can reach: there are no
// logins yet, so whoever reaches the port is the owner.
func loopback(host, from string) (string, error) {
	if host == "" && from == "--host" {
		return "", errors.New("--host is empty; leave it out for 127.0.0.1")
	}
	if host == "" || strings.EqualFold(host, "localhost") {
		return defaultHost, nil // never ask a resolver what localhost is
	}
	bare := strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
	a, err := netip.ParseAddr(bare)
	if err != nil {
		return "", fmt.Errorf("%s=%s is not an IP address or localhost", from, host)
	}
	if !a.IsLoopback() || a.Zone() != "" {
		return "", fmt.Errorf("%s=%s would let other machines in, and there are no logins yet: "+
			"use 127.0.0.1 and reach it from elsewhere with `ssh -L 8787:127.0.0.1:8787`", from, host)
	}
	return a.String(), nil
}

func portOf(port, from string) (int, error) {
	if port == "" && from != "--port" {
		return defaultPort, nil
	}
	n, err := strconv.ParseUint(port, 10, 16)
	if err != nil {
		return 0, fmt.Errorf("%s=%s is not a port; give a number from 0 to 65535", from, port)
	}
	return int(n), nil
}

func readyFD(o once) (int, error) {
	if !o.set {
		return 0, nil
	}
	n, err := strconv.ParseUint(o.value, 10, 16)
	if err != nil || n < 3 {
		return 0, fmt.Errorf("--ready-fd=%s is not a descriptor for this; s6 gives the number in the file notification-fd, 3 or more", o.value)
	}
	return int(n), nil
}

// address is host:port as a dialer takes it.
func (c config) address() string { return net.JoinHostPort(c.Host, strconv.Itoa(c.Port)) }
