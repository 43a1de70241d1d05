package main

import (
	"testing"

	"hermes-webui/server/agent/direct/tool"
	"hermes-webui/server/rule"
	"hermes-webui/server/store"
)

func TestWhatIsAllowedIsStoredInItsOwnWords(t *testing.T) {
	s, err := store.Open(t.Context(), t.TempDir(), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	r := rules{rule.NewBook(s)}
	for want, p := range map[string]tool.Permit{
		"run exactly: go test ./... — in /src": {Kind: tool.Command, Pattern: "go test ./...", Workspace: "/src"},
		"write files in /src (not in .git)":    {Kind: tool.Write, Workspace: "/src"},
		"fetch from example.org":               {Kind: tool.Host, Pattern: "example.org"},
		"use read of files":                    {Kind: tool.MCP, Pattern: "files/read"},
	} {
		if got := r.Words("", p); got != want {
			t.Errorf("words are %q, want %q", got, want)
		}
		permits := []tool.Permit{{Kind: tool.Host, Pattern: "elsewhere.example"}, p}
		if ok, err := r.Allowed(t.Context(), "", permits); ok || err != nil {
			t.Fatalf("%s: allowed before it was: %v, %v", want, ok, err)
		}
		if err := r.Allow(t.Context(), "", p); err != nil {
			t.Fatal(err)
		}
		if ok, err := r.Allowed(t.Context(), "", permits); !ok || err != nil {
			t.Fatalf("%s: not allowed: %v, %v", want, ok, err)
		}
	}
	for name, p := range map[string]tool.Permit{
		"unknown": {Kind: "everything", Pattern: "x"}, "a command anywhere": {Kind: tool.Command, Pattern: "ls"},
		"files anywhere": {Kind: tool.Write}, "any host": {Kind: tool.Host}, "any tool": {Kind: tool.MCP, Pattern: "files/"},
	} {
		if r.Words("", p) != "" {
			t.Errorf("%s has words", name)
		}
		if err := r.Allow(t.Context(), "", p); err == nil {
			t.Errorf("%s can be allowed", name)
		}
		if ok, err := r.Allowed(t.Context(), "", []tool.Permit{p}); ok || err == nil {
			t.Errorf("%s: %v, %v", name, ok, err)
		}
	}
}
