package main

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"path"
	"slices"
	"strings"
	"testing"
)

// row says which packages of ours a package may import, and why no others.
// A pattern ends in /* for the packages of a folder; the first row that fits a
// package counts.
type row struct {
	pkg    string
	may    []string
	reason string
}

const everything = "*"

var table = []row{
	{"app", []string{everything}, "it puts everything together"},
	{"app/supervise", nil, "it knows processes and nothing of the program"},
	{"app/machine", nil, "it asks the system and knows nothing of the program"},
	{"app/wholetest", []string{"server/chat", "server/agent/direct/modeltest"}, "it is a client of another process"},
	{"build", nil, "the runner must work when the product does not compile"},
	{"tray", nil, "it is a client of the server like the browser"},
	{"tray/traytest", []string{"tray"}, "it stands for a panel and a program, and speaks the words of the tray"},
	{"tray/traytest/puppet", []string{"tray"}, "it moves the tray and nothing else"},
	{"autostart", nil, "it knows the desktop and nothing else"},
	{"frontend", nil, "it holds files"},
	{"server/fault", nil, "everybody imports it"},
	{"server/chat", []string{"server/fault"}, "the nouns know nobody"},
	{"server/agent", []string{"server/chat", "server/fault"}, "an interface knows no implementation"},
	{"server/agent/agenttest", []string{"server/agent", "server/chat", "server/fault"}, "the contract is the same for all drivers"},
	{"server/agent/direct/modeltest", nil, "it stands for a server that is not ours"},
	{"server/agent/direct", []string{"server/agent", "server/agent/direct/*", "server/chat", "server/fault"}, "drivers do not see each other, nor what runs them"},
	{"server/agent/direct/tool", []string{"server/agent", "server/agent/direct/*", "server/chat", "server/fault", "server/ignore"}, "it knows no more than the driver; what is ignored in a workspace is the same for a person and an agent"},
	{"server/agent/direct/*", []string{"server/agent", "server/agent/direct/*", "server/chat", "server/fault"}, "the parts of a driver know no more than the driver"},
	{"server/agent/hermes", []string{"server/agent", "server/agent/hermes/*", "server/chat", "server/fault"}, "drivers do not see each other, nor what runs them"},
	{"server/agent/hermes/hermestest", []string{"server/agent/direct/modeltest"}, "it runs another program beside a model server for tests"},
	{"server/agent/hermes/gateway", []string{"server/agent/direct/child"}, "it speaks a protocol and knows no meaning, and leaves no process behind"},
	{"server/agent/hermes/gateway/gatewaytest", nil, "it stands for a program that is not ours"},
	{"server/agent/hermes/locate", nil, "it looks for a program and knows nothing of it"},
	{"server/agent/*", []string{"server/agent", "server/chat", "server/fault"}, "drivers do not see each other, nor what runs them"},
	{"server/turn", []string{"server/agent", "server/chat", "server/fault"}, "the core knows only the words of agents"},
	{"server/follow", []string{"server/chat", "server/fault"}, "a follower reads the log and nothing else"},
	{"server/store", []string{"server/chat", "server/fault", "server/rule", "server/setting"}, "SQL implements the interfaces of chat, and of those who keep something besides the log"},
	{"server/hermesdb", []string{"server/chat", "server/fault"}, "it reads another program's database"},
	{"server/mirror", []string{"server/chat", "server/fault"}, "it knows an agent's sessions only through an interface"},
	{"server/transfer", []string{"server/chat", "server/fault"}, "it reads and writes what chat defines"},
	{"server/ignore", nil, "drivers and the domain read the same files with it"},
	{"server/workspace", []string{"server/fault", "server/ignore"}, "it judges folders and lists what is in them"},
	{"server/*", []string{"server/chat", "server/fault"}, "packages of the domain do not see each other"},
	{"server", []string{"server/agent", "server/chat", "server/fault", "server/*"}, "HTTP cannot see SQL, nor how an agent is driven"},
}

// hidden is what package server may not import though it lies below it.
var hidden = []string{"server/store", "server/hermesdb", "server/agent/*"}

// only names the packages that alone may import a library.
var only = map[string][]string{
	"fyne.io/systray":                  {"tray"},
	"github.com/emersion/go-autostart": {"autostart"},
	"modernc.org/sqlite":               {"server/store", "server/hermesdb"},
	"github.com/go-chi/chi":            {"server"},
	"github.com/danielgtaylor/huma":    {"server"},
	"github.com/gofrs/flock":           {"app"},
	"github.com/modelcontextprotocol":  {"server/agent/direct/mcp"},
}

type listed struct {
	ImportPath, ForTest                string
	Imports, TestImports, XTestImports []string
	Module                             *struct{ Path string }
}

const module = "hermes-webui/"

func TestPackagesImportOnlyWhatTheTableAllows(t *testing.T) {
	for _, p := range packages(t) {
		name := strings.TrimPrefix(p.ImportPath, module)
		r, ok := rowFor(name)
		if !ok {
			t.Errorf("%s: not in the import table; add a row with its reason", name)
			continue
		}
		for _, imp := range p.Imports {
			dep, ours := strings.CutPrefix(imp, module)
			if ours && !r.allows(name, dep) {
				t.Errorf("%s imports %s, but %s", name, dep, r.reason)
			}
		}
	}
}

func TestLibrariesStayWhereTheyBelong(t *testing.T) {
	for _, p := range packages(t) {
		name := strings.TrimPrefix(p.ImportPath, module)
		for _, imp := range p.Imports {
			for lib, owners := range only {
				if within(imp, lib) && !slices.Contains(owners, name) {
					t.Errorf("%s imports %s, which belongs to %s alone", name, imp, strings.Join(owners, " and "))
				}
			}
		}
	}
}

func TestTheRunnerNeedsOnlyTheStandardLibrary(t *testing.T) {
	for _, p := range packages(t) {
		if p.ImportPath != module+"build" {
			continue
		}
		for _, imp := range append(p.Imports, p.TestImports...) {
			if first, _, _ := strings.Cut(imp, "/"); strings.Contains(first, ".") {
				t.Errorf("build imports %s", imp)
			}
		}
	}
}

func (r row) allows(name, dep string) bool {
	if name == "server" && matchAny(hidden, dep) {
		return false
	}
	return matchAny(r.may, dep)
}

func rowFor(name string) (row, bool) {
	for _, r := range table {
		if matches(r.pkg, name) {
			return r, true
		}
	}
	return row{}, false
}

func matchAny(patterns []string, name string) bool {
	for _, p := range patterns {
		if p == everything || matches(p, name) {
			return true
		}
	}
	return false
}

// matches lets * stand for one element of a path.
func matches(pattern, name string) bool {
	ok, err := path.Match(pattern, name)
	return err == nil && ok
}

func within(imp, lib string) bool { return imp == lib || strings.HasPrefix(imp, lib+"/") }

// packages lists all packages of the module.
func packages(t *testing.T) []listed {
	t.Helper()
	cmd := exec.Command("go", "list", "-e", "-json=ImportPath,Imports,TestImports", "./...")
	cmd.Dir = ".."
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var all []listed
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p listed
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(p.ImportPath, module) {
			all = append(all, p)
		}
	}
	if len(all) < 5 {
		t.Fatalf("go list found only %d packages", len(all))
	}
	return all
}
