package mcpserver_test

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hermes-webui/server/fault"
	"hermes-webui/server/mcpserver"
	"hermes-webui/server/secret"
)

const hidden = "very-secret-1234"

func open(t *testing.T, dir string) *mcpserver.Book {
	t.Helper()
	f, err := secret.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return mcpserver.Open(f)
}

func put(t *testing.T, b *mcpserver.Book, name string, c mcpserver.Change) mcpserver.Server {
	t.Helper()
	s, err := b.Put(name, c)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func text(s string) *string { return &s }

// curious asks the Book back, as a hub does.
type curious struct{ b *mcpserver.Book }

func (c curious) Status(string) mcpserver.Status {
	c.b.Configs()
	return mcpserver.Status{State: mcpserver.Ready}
}
func (c curious) Check(_ context.Context, name string) mcpserver.Status { return c.Status(name) }

func TestAServerSurvivesARestartWithItsValues(t *testing.T) {
	dir := t.TempDir()
	b := open(t, dir)
	b.Use(curious{b})
	told := 0
	b.OnChange(func() { told++; b.Configs() })
	put(t, b, "files", mcpserver.Change{Command: []string{"npx", "files"}, Env: map[string]*string{"TOKEN": text(hidden), "PLAIN": text("1")}})
	shown := put(t, b, "files", mcpserver.Change{Env: map[string]*string{"TOKEN": nil}}) // keeps one, removes the other
	put(t, b, "web", mcpserver.Change{URL: text("https://mcp.example/mcp"), Headers: map[string]*string{"Authorization": text(hidden)}})
	if told != 3 || shown.State != mcpserver.Ready || strings.Join(shown.Env, " ") != "TOKEN" {
		t.Fatalf("told %d times, shown is %+v", told, shown)
	}
	raw, err := json.Marshal(b.List())
	if err != nil || strings.Contains(string(raw), hidden) {
		t.Fatalf("a value is shown: %s, %v", raw, err)
	}
	all := open(t, dir).Configs()
	if len(all) != 2 || all[0].Name != "files" || all[0].Env["TOKEN"] != hidden || len(all[0].Env) != 1 || !all[0].Enabled ||
		all[1].Headers["Authorization"] != hidden {
		t.Fatalf("after a restart: %d servers", len(all))
	}
}

func TestAValueIsNotSentToAnotherHost(t *testing.T) {
	b := open(t, t.TempDir())
	keep := map[string]*string{"Authorization": nil}
	put(t, b, "web", mcpserver.Change{URL: text("https://mcp.example/mcp"), Headers: map[string]*string{"Authorization": text(hidden)}})
	put(t, b, "web", mcpserver.Change{URL: text("https://MCP.example/other"), Headers: keep}) // the same host
	for name, c := range map[string]mcpserver.Change{
		"kept by not naming": {URL: text("https://evil.example/mcp")},
		"kept by null":       {URL: text("https://evil.example/mcp"), Headers: keep},
		"no longer hidden":   {URL: text("http://mcp.example/mcp"), Headers: keep},
	} {
		if _, err := b.Put("web", c); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	if got := b.Configs()[0].URL; got != "https://MCP.example/other" {
		t.Fatalf("the address is %s", got)
	}
	put(t, b, "web", mcpserver.Change{URL: text("https://other.example/mcp"), Headers: map[string]*string{"Authorization": text("new")}})
}

func TestWhatIsNoServerIsRefused(t *testing.T) {
	b := open(t, t.TempDir())
	argv := []string{"x"}
	for name, c := range map[string]struct {
		id string
		mcpserver.Change
	}{
		"no name":         {"", mcpserver.Change{Command: argv}},
		"capitals":        {"Files", mcpserver.Change{Command: argv}},
		"a long name":     {strings.Repeat("a", 25), mcpserver.Change{Command: argv}},
		"nothing at all":  {"a", mcpserver.Change{}},
		"an empty word":   {"a", mcpserver.Change{Command: []string{" "}}},
		"both":            {"a", mcpserver.Change{Command: argv, URL: text("https://x/")}},
		"a file":          {"a", mcpserver.Change{URL: text("file:///etc/passwd")}},
		"a password":      {"a", mcpserver.Change{URL: text("https://me:" + hidden + "@x/")}},
		"a bad variable":  {"a", mcpserver.Change{Command: argv, Env: map[string]*string{"A=B": text("1")}}},
		"a bad header":    {"a", mcpserver.Change{URL: text("https://x/"), Headers: map[string]*string{"A:": text("1")}}},
		"a header's line": {"a", mcpserver.Change{URL: text("https://x/"), Headers: map[string]*string{"A": text("1\r\nB: 2")}}},
		"nothing to keep": {"a", mcpserver.Change{Command: argv, Env: map[string]*string{"A": nil}}},
	} {
		_, err := b.Put(c.id, c.Change)
		if fault.KindOf(err) != fault.Invalid || strings.Contains(err.Error(), hidden) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if all := b.List(); len(all) != 0 {
		t.Fatalf("kept are %+v", all)
	}
}

func TestADamagedFileIsLeftAsItIs(t *testing.T) {
	for name, content := range map[string]string{
		"the file":   "no JSON " + hidden,
		"our member": `{"version":1,"mcp":["` + hidden + `"]}`,
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, secret.FileName)
			if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
				t.Fatal(err)
			}
			b := open(t, dir)
			if err := b.Problem(); err == nil || strings.Contains(err.Error(), hidden) {
				t.Fatalf("problem is %v", err)
			}
			if _, err := b.Put("a", mcpserver.Change{Command: []string{"x"}}); fault.CodeOf(err) != fault.CodeStoreDamaged {
				t.Fatalf("put: %v", err)
			}
			if got, _ := os.ReadFile(path); string(got) != content {
				t.Fatalf("the file is now %s", got)
			}
		})
	}
}

func TestANameThatStandsForAnotherProgramIsTold(t *testing.T) {
	b := open(t, t.TempDir())
	var told []string
	var refusal error
	b.OnOther(func(name string) error { told = append(told, name); return refusal })
	put(t, b, "files", mcpserver.Change{Command: []string{"npx", "files"}})
	on := false
	put(t, b, "files", mcpserver.Change{Env: map[string]*string{"A": text("1")}, Enabled: &on})
	if len(told) != 0 {
		t.Fatalf("told of %q, though it is the same program", told)
	}
	put(t, b, "files", mcpserver.Change{Command: []string{"npx", "others"}})
	refusal = fault.New(fault.Internal, fault.CodeInternal, "no")
	if _, err := b.Put("files", mcpserver.Change{URL: text("https://mcp.example/mcp"), Command: []string{}}); err == nil {
		t.Error("it changed, though the rules of the old one are still there")
	}
	if err := b.Delete("files"); err == nil || b.List()[0].Command[1] != "others" {
		t.Errorf("%v, left is %+v", err, b.List())
	}
	refusal = nil
	if err := b.Delete("files"); err != nil || strings.Join(told, " ") != "files files files files" {
		t.Errorf("%v, told of %q", err, told)
	}
}
