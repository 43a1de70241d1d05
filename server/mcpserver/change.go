package mcpserver

import (
	"net/url"
	"regexp"
	"strings"

	"hermes-webui/server/fault"
)

// Limits of one server.
const (
	maxServers   = 50
	maxArguments = 200
	maxValues    = 100
	maxValue     = 16 << 10 // bytes
)

var (
	// nameForm is short and without "__": the tools of a server are called
	// server__tool, and that has 64 characters.
	nameForm   = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,22}[a-z0-9])?$`)
	varForm    = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]{0,127}$`)
	headerForm = regexp.MustCompile("^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,128}$")
)

func checkName(name string) error {
	if !nameForm.MatchString(name) {
		return invalid("The name of an MCP server has at most 24 small letters, digits and dashes.")
	}
	return nil
}

// with is what is stored after a change.
func (s stored) with(c Change) (stored, error) {
	next := s
	if c.Command != nil {
		next.Command = c.Command
	}
	if c.URL != nil {
		next.URL = strings.TrimSpace(*c.URL)
	}
	if c.Enabled != nil {
		next.Off = !*c.Enabled
	}
	var err error
	if next.Env, err = merged(s.Env, c.Env, varForm.MatchString); err != nil {
		return s, err
	}
	if next.Headers, err = merged(s.Headers, c.Headers, headerForm.MatchString); err != nil {
		return s, err
	}
	if err := next.check(); err != nil {
		return s, err
	}
	// A value must never be sent to a host that it was not given for.
	if c.URL != nil && origin(s.URL) != origin(next.URL) && keepsOne(s.Headers, c.Headers) {
		return s, invalid("The address is another one, so the values of the headers must be entered again.")
	}
	return next, nil
}

// keepsOne reports whether a change keeps a stored value.
func keepsOne(old map[string]string, change map[string]*string) bool {
	if change == nil {
		return len(old) > 0
	}
	for name, value := range change {
		if _, stored := old[name]; stored && value == nil {
			return true
		}
	}
	return false
}

func merged(old map[string]string, change map[string]*string, named func(string) bool) (map[string]string, error) {
	if change == nil {
		return old, nil
	}
	if len(change) > maxValues {
		return nil, invalid("These are too many values for one MCP server.")
	}
	next := make(map[string]string, len(change))
	for name, value := range change {
		switch stored, ok := old[name]; {
		case !named(name):
			return nil, invalid("A name of a variable or a header holds a character that such names do not have.")
		case value == nil && !ok:
			return nil, invalid("There is no stored value of " + name + " to keep. Enter one.")
		case value == nil:
			next[name] = stored
		case len(*value) > maxValue || strings.ContainsAny(*value, "\x00\r\n"):
			return nil, invalid("The value of " + name + " is too long or holds a line break. Copy it again.")
		default:
			next[name] = *value
		}
	}
	return next, nil
}

func (s stored) check() error {
	switch {
	case len(s.Command) > 0 && s.URL != "":
		return invalid("An MCP server has a command or an address, not both.")
	case len(s.Command) > 0:
		return checkCommand(s.Command)
	case s.URL != "":
		return checkURL(s.URL)
	default:
		return invalid("An MCP server needs a command that starts it, or its address.")
	}
}

func checkCommand(argv []string) error {
	if len(argv) > maxArguments || strings.TrimSpace(argv[0]) == "" {
		return invalid("The command of an MCP server begins with a program and has at most 200 arguments.")
	}
	for _, a := range argv {
		if len(a) > maxValue || strings.ContainsRune(a, 0) {
			return invalid("An argument of the command is too long or holds a character that arguments do not have.")
		}
	}
	return nil
}

// checkURL does not repeat the address in its error: it may hold a password.
func checkURL(address string) error {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || u.Opaque != "" || len(address) > 2048 {
		return invalid("The address of an MCP server must look like https://host/mcp.")
	}
	if u.User != nil {
		return invalid("The address must not hold a user name or password. Enter it as a header.")
	}
	return nil
}

func origin(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Scheme + "://" + strings.ToLower(u.Host)
}

func invalid(text string) error { return fault.New(fault.Invalid, fault.CodeInvalid, text) }
