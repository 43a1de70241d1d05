package mcp

import (
	"maps"
	"net/url"
	"slices"
)

// Server is a server as a person set it up: a program (Command), or a place that
// speaks streamable HTTP (URL).
type Server struct {
	Name    string
	Command []string          // program and arguments
	Env     map[string]string // further environment of the program; values are secret
	URL     string
	Headers map[string]string // of each request; values are secret
	Enabled bool
}

func (s Server) equal(o Server) bool {
	return s.Name == o.Name && s.URL == o.URL && s.Enabled == o.Enabled && slices.Equal(s.Command, o.Command) &&
		maps.Equal(s.Env, o.Env) && maps.Equal(s.Headers, o.Headers)
}

// clone shares nothing with s, whose owner may go on to change it.
func (s Server) clone() Server {
	s.Command, s.Env, s.Headers = slices.Clone(s.Command), maps.Clone(s.Env), maps.Clone(s.Headers)
	return s
}

// secrets returns what must not be shown of s.
func (s Server) secrets() []string {
	out := slices.AppendSeq(slices.Collect(maps.Values(s.Env)), maps.Values(s.Headers))
	u, err := url.Parse(s.URL)
	if err != nil {
		return append(out, s.URL)
	}
	if word, ok := u.User.Password(); ok {
		out = append(out, word)
	}
	for _, values := range u.Query() {
		out = append(out, values...)
	}
	return out
}
