package rule_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"hermes-webui/server/chat"
	"hermes-webui/server/fault"
	"hermes-webui/server/rule"
)

func TestWhatCanBeARule(t *testing.T) {
	long := strings.Repeat("x", 64<<10)
	for name, c := range map[string]struct {
		p    rule.Permit
		text string // "" = it can be none
	}{
		"a command":                 {rule.Permit{Kind: rule.Command, Pattern: "go test", Workspace: "/w"}, "run exactly: go test — in /w"},
		"a long command":            {rule.Permit{Kind: rule.Command, Pattern: long, Workspace: "/w"}, "run exactly: " + long + " — in /w"},
		"several lines":             {rule.Permit{Kind: rule.Command, Pattern: "a\nb", Workspace: "/w"}, "run exactly: a\nb — in /w"},
		"a command everywhere":      {rule.Permit{Kind: rule.Command, Pattern: "go test"}, ""},
		"any command":               {rule.Permit{Kind: rule.Command, Workspace: "/w"}, ""},
		"too long a command":        {rule.Permit{Kind: rule.Command, Pattern: long + "x", Workspace: "/w"}, ""},
		"too long a folder":         {rule.Permit{Kind: rule.Write, Workspace: "/" + long}, ""},
		"writing":                   {rule.Permit{Kind: rule.Write, Workspace: "/w"}, "write files in /w (not in .git)"},
		"writing everywhere":        {rule.Permit{Kind: rule.Write}, ""},
		"writing what nobody shows": {rule.Permit{Kind: rule.Write, Pattern: "a", Workspace: "/w"}, ""},
		"a host":                    {rule.Permit{Kind: rule.Host, Pattern: "a.example"}, "fetch from a.example"},
		"a host in a folder":        {rule.Permit{Kind: rule.Host, Pattern: "a.example", Workspace: "/w"}, "fetch from a.example, in /w"},
		"any host":                  {rule.Permit{Kind: rule.Host}, ""},
		"a tool":                    {rule.Permit{Kind: rule.MCP, Pattern: "files/look"}, "use look of files"},
		"a tool with a slash":       {rule.Permit{Kind: rule.MCP, Pattern: "files/a/b"}, "use a/b of files"},
		"a tool in a folder":        {rule.Permit{Kind: rule.MCP, Pattern: "files/look", Workspace: "/w"}, "use look of files, in /w"},
		"every tool of a server":    {rule.Permit{Kind: rule.MCP, Pattern: "files/"}, ""},
		"a server":                  {rule.Permit{Kind: rule.MCP, Pattern: "files"}, ""},
		"a tool of nobody":          {rule.Permit{Kind: rule.MCP, Pattern: "/look"}, ""},
		"no kind":                   {rule.Permit{Pattern: "go test", Workspace: "/w"}, ""},
		"a kind of a newer program": {rule.Permit{Kind: "everything", Pattern: "x", Workspace: "/w"}, ""},
	} {
		kept := &shelf{}
		err := rule.NewBook(kept).Allow(t.Context(), "", c.p)
		if c.text == "" {
			if err == nil || len(kept.rules) != 0 {
				t.Errorf("%s was taken", name)
			}
			continue
		}
		if text, errText := c.p.Text(); err != nil || errText != nil || text != c.text {
			t.Errorf("%s: %q, %v, %v", name, text, errText, err)
		}
	}
}

func TestAnUnknownKindIsAnErrorEverywhere(t *testing.T) {
	p := rule.Permit{Kind: "everything", Pattern: "x", Workspace: "/w"}
	if text, err := p.Text(); text != "" || fault.KindOf(err) != fault.Internal {
		t.Errorf("%q, %v", text, err)
	}
	good := rule.Permit{Kind: rule.Host, Pattern: "a.example"}
	b := rule.NewBook(&shelf{rules: []rule.Rule{{Permit: good}, {Permit: p}}})
	// One that is known does not carry one that is not.
	if ok, err := b.Allowed(t.Context(), "", []rule.Permit{good, p}); ok || err == nil {
		t.Errorf("%v, %v", ok, err)
	}
}

func TestAChangeOfRulesIsTold(t *testing.T) {
	kept := &shelf{}
	b := rule.NewBook(kept)
	told := 0
	b.OnChange(func() { told++ })
	p := rule.Permit{Kind: rule.Host, Pattern: "a.example"}
	if err := b.Allow(t.Context(), "ses_1", p); err != nil || told != 1 {
		t.Fatalf("told %d times, %v", told, err)
	}
	r := kept.rules[0]
	if !strings.HasPrefix(r.ID, rule.Prefix) || r.Session != "ses_1" || r.CreatedAt.IsZero() {
		t.Errorf("kept %+v", r)
	}
	if err := b.Remove(t.Context(), r.ID); err != nil || told != 2 {
		t.Fatalf("told %d times, %v", told, err)
	}
	kept.err = errors.New("the disk is full")
	for name, err := range map[string]error{"added": b.Allow(t.Context(), "", p), "removed": b.Remove(t.Context(), r.ID)} {
		if !errors.Is(err, kept.err) {
			t.Errorf("%s: %v", name, err)
		}
	}
	kept.err = nil
	if err := b.Remove(t.Context(), r.ID); fault.CodeOf(err) != fault.CodeNoRule || told != 2 {
		t.Errorf("told %d times, %v", told, err)
	}
}

// shelf keeps rules in memory.
type shelf struct {
	rules []rule.Rule
	err   error
}

func (s *shelf) AddRule(_ context.Context, r rule.Rule) error {
	if s.err == nil {
		s.rules = append(s.rules, r)
	}
	return s.err
}

func (s *shelf) HasRule(_ context.Context, id chat.SessionID, p rule.Permit) (bool, error) {
	for _, r := range s.rules {
		if r.Permit == p && (r.Session == "" || r.Session == id) {
			return true, s.err
		}
	}
	return false, s.err
}

func (s *shelf) Rules(context.Context) ([]rule.Rule, error) { return slices.Clone(s.rules), s.err }

func (s *shelf) RemoveRule(_ context.Context, id string) (bool, error) {
	for i, r := range s.rules {
		if s.err == nil && r.ID == id {
			s.rules = append(s.rules[:i], s.rules[i+1:]...)
			return true, nil
		}
	}
	return false, s.err
}

func TestAServerThatBecomesAnotherLosesItsRules(t *testing.T) {
	kept := &shelf{}
	b := rule.NewBook(kept)
	told := 0
	b.OnChange(func() { told++ })
	for _, p := range []rule.Permit{
		{Kind: rule.MCP, Pattern: "files/look"}, {Kind: rule.MCP, Pattern: "files/a/b"}, {Kind: rule.MCP, Pattern: "filesystem/look"},
		{Kind: rule.Host, Pattern: "files/look"}, {Kind: rule.Command, Pattern: "files/look", Workspace: "/w"},
	} {
		if err := b.Allow(t.Context(), "", p); err != nil {
			t.Fatal(err)
		}
	}
	told = 0
	if err := b.ForgetServer(t.Context(), "files"); err != nil || len(kept.rules) != 3 || told != 1 {
		t.Errorf("%v, told %d times, left are %+v", err, told, kept.rules)
	}
	if err := b.ForgetServer(t.Context(), "files"); err != nil || told != 1 {
		t.Errorf("%v, told %d times of nothing", err, told)
	}
}
