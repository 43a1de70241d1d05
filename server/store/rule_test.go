package store_test

import (
	"testing"

	"hermes-webui/server/chat"
	"hermes-webui/server/fault"
	"hermes-webui/server/rule"
	"hermes-webui/server/store"
)

func allowed(t *testing.T, b *rule.Book, s chat.SessionID, p rule.Permit) bool {
	t.Helper()
	ok, err := b.Allowed(t.Context(), s, []rule.Permit{p})
	if err != nil {
		t.Fatal(err)
	}
	return ok
}

func allow(t *testing.T, b *rule.Book, s chat.SessionID, p rule.Permit) {
	t.Helper()
	if err := b.Allow(t.Context(), s, p); err != nil {
		t.Fatal(err)
	}
}

func TestARuleAllowsExactlyWhatItSays(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, store.Options{})
	b := rule.NewBook(s)
	one, two := session(t, s), session(t, s)
	test := rule.Permit{Kind: rule.Command, Pattern: "go test ./...", Workspace: "/src"}
	allow(t, b, one, test)
	allow(t, b, one, test) // once more is the same
	host := rule.Permit{Kind: rule.Host, Pattern: "example.org"}
	allow(t, b, "", host)
	if !allowed(t, b, one, test) || !allowed(t, b, one, host) || !allowed(t, b, two, host) {
		t.Fatal("what was allowed is not")
	}
	for name, p := range map[string]rule.Permit{
		"another command":   {Kind: rule.Command, Pattern: "go test ./... -exec evil", Workspace: "/src"},
		"a part of it":      {Kind: rule.Command, Pattern: "go test", Workspace: "/src"},
		"another spelling":  {Kind: rule.Command, Pattern: "GO TEST ./...", Workspace: "/src"},
		"another folder":    {Kind: rule.Command, Pattern: "go test ./...", Workspace: "/src/x"},
		"another kind":      {Kind: rule.MCP, Pattern: "go/test", Workspace: "/src"},
		"a wildcard":        {Kind: rule.Host, Pattern: "%"},
		"a host below":      {Kind: rule.Host, Pattern: "www.example.org"},
		"files of a folder": {Kind: rule.Write, Workspace: "/src"},
	} {
		if allowed(t, b, one, p) {
			t.Errorf("%s is allowed", name)
		}
	}
	if allowed(t, b, two, test) {
		t.Error("another session is allowed it too")
	}
	all, err := b.List(t.Context())
	if err != nil || len(all) != 2 {
		t.Fatalf("rules are %v, %v", all, err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	b = rule.NewBook(open(t, dir, store.Options{}))
	if !allowed(t, b, one, test) || !allowed(t, b, two, host) {
		t.Fatal("a rule did not survive a restart")
	}
	for _, r := range all {
		if err := b.Remove(t.Context(), r.ID); err != nil {
			t.Fatal(err)
		}
	}
	if allowed(t, b, one, test) || allowed(t, b, two, host) {
		t.Fatal("a removed rule still allows")
	}
	if err := b.Remove(t.Context(), all[0].ID); fault.CodeOf(err) != fault.CodeNoRule {
		t.Fatalf("removed twice: %v", err)
	}
}

func TestRulesOfASessionGoWithIt(t *testing.T) {
	s := open(t, t.TempDir(), store.Options{})
	b := rule.NewBook(s)
	gone, stays := session(t, s), session(t, s)
	p := rule.Permit{Kind: rule.Write, Workspace: "/src"}
	allow(t, b, gone, p)
	allow(t, b, stays, p)
	put(t, s, gone, "", chat.SessionTrashed{})
	purge(t, s, gone)
	if allowed(t, b, gone, p) || !allowed(t, b, stays, p) {
		t.Fatal("the wrong rules went")
	}
	if err := b.Allow(t.Context(), gone, p); fault.KindOf(err) != fault.Gone {
		t.Fatalf("a rule of a purged session: %v", err)
	}
	if err := b.Allow(t.Context(), "ses_none", p); fault.KindOf(err) != fault.NotFound {
		t.Fatalf("a rule of no session: %v", err)
	}
}
