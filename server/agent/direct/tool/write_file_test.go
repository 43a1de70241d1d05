package tool_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hermes-webui/server/agent/direct/tool"
)

func TestWriteCreates(t *testing.T) {
	w := newWorkplace(t)
	call, err := w.prepare(tool.WriteFile{}, args{"path": "new/deep/a.txt", "content": "one\ntwo\n"})
	if err != nil {
		t.Fatal(err)
	}
	w.has(".") // nothing is done before it is allowed
	want := tool.Permit{Kind: tool.Write, Workspace: w.dir}
	if !call.Alone || call.Needs == nil || len(call.Needs.Permits) != 1 || call.Needs.Permits[0] != want || call.Needs.Danger != "" {
		t.Fatalf("%+v", call.Needs)
	}
	if d := call.Needs.Diff; d != "--- /dev/null\n+++ b/new/deep/a.txt\n@@ -0,0 +1,2 @@\n+one\n+two\n" {
		t.Errorf("diff %q", d)
	}
	if call.Needs.Title != "Create new/deep/a.txt?" {
		t.Errorf("title %q", call.Needs.Title)
	}
	o := w.run(call, &hearer{}).fine(t)
	if w.read("new/deep/a.txt") != "one\ntwo\n" {
		t.Error("not the content")
	}
	if f := o.facts; f.Kind != "diff" || !f.Created || *f.Added != 2 || *f.Removed != 0 || f.Diff != call.Needs.Diff {
		t.Errorf("facts %+v", f)
	}
	w.has("new/deep", "a.txt") // nothing else is left
}

func TestWriteReplacesAndKeepsTheMode(t *testing.T) {
	w := newWorkplace(t)
	w.write("run.sh", "old\nsame\n")
	if err := os.Chmod(filepath.Join(w.dir, "run.sh"), 0o750); err != nil {
		t.Fatal(err)
	}
	before, _ := os.Stat(filepath.Join(w.dir, "run.sh"))
	o := w.use(tool.WriteFile{}, args{"path": "run.sh", "content": "new\nsame\nmore"}).fine(t)
	if o.call.Needs.Title != "Change run.sh?" || o.facts.Created || *o.facts.Added != 2 || *o.facts.Removed != 1 {
		t.Errorf("%q %+v", o.call.Needs.Title, o.facts)
	}
	if !strings.Contains(o.facts.Diff, "-old\n+new\n same\n+more\n\\ No newline at end of file\n") {
		t.Errorf("diff %q", o.facts.Diff)
	}
	after, _ := os.Stat(filepath.Join(w.dir, "run.sh"))
	if before.Mode() != after.Mode() || w.read("run.sh") != "new\nsame\nmore" {
		t.Errorf("%v, %q", after.Mode(), w.read("run.sh"))
	}
	w.has(".", "run.sh")
}

func TestWriteSaysWhenNothingChanges(t *testing.T) {
	w := newWorkplace(t)
	w.write("a", "x\n")
	o := w.use(tool.WriteFile{}, args{"path": "a", "content": "x\n"}).fine(t)
	if o.call.Needs != nil || !strings.Contains(o.out, "already") {
		t.Errorf("%+v %q", o.call.Needs, o.out)
	}
	// An empty file that is not there is a change.
	if o := w.use(tool.WriteFile{}, args{"path": "empty", "content": ""}).fine(t); o.call.Needs == nil || w.read("empty") != "" {
		t.Errorf("%+v", o)
	}
}

func TestWriteRefusesAFileThatChangedMeanwhile(t *testing.T) {
	w := newWorkplace(t)
	for _, c := range []struct{ before, meanwhile string }{{"", "theirs"}, {"mine", "theirs"}, {"mine", ""}} {
		_ = os.Remove(filepath.Join(w.dir, "a"))
		if c.before != "" {
			w.write("a", c.before)
		}
		call, err := w.prepare(tool.WriteFile{}, args{"path": "a", "content": "new"})
		if err != nil {
			t.Fatal(err)
		}
		if c.meanwhile == "" {
			_ = os.Remove(filepath.Join(w.dir, "a"))
			w.run(call, &hearer{}).refused(t, "changed by somebody else")
			w.has(".")
			continue
		}
		w.write("a", c.meanwhile)
		w.run(call, &hearer{}).refused(t, "changed by somebody else", "read it again")
		if w.read("a") != c.meanwhile {
			t.Error("their change is lost")
		}
		w.has(".", "a")
	}
}

func TestWriteRunsOnceOnly(t *testing.T) {
	w := newWorkplace(t)
	call, _ := w.prepare(tool.WriteFile{}, args{"path": "a", "content": "x"})
	w.run(call, &hearer{}).fine(t)
	w.run(call, &hearer{}).refused(t, "changed")
}

func TestWriteStopped(t *testing.T) {
	w := newWorkplace(t)
	call, _ := w.prepare(tool.WriteFile{}, args{"path": "a", "content": "x"})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := call.Run(ctx, &hearer{}); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	w.has(".")
}

func TestWriteRefuses(t *testing.T) {
	w := newWorkplace(t)
	w.write("dir/a", "x")
	w.write("locked", "x")
	if err := os.Chmod(filepath.Join(w.dir, "locked"), 0o444); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		"dir":                       "is a folder",
		".":                         "is a folder",
		"new/":                      "ends in /",
		"dir/a/b":                   "where a folder is needed",
		"../a":                      "leads out",
		"new/../../a":               "does not exist",
		"locked":                    "write-protected",
		filepath.Join(w.dir, "..x"): "",
		w.outside + "/a":            "outside of the workspace",
	} {
		o := w.use(tool.WriteFile{}, args{"path": path, "content": "y"})
		if want == "" {
			o.fine(t)
			continue
		}
		o.refused(t, want)
	}
	w.use(tool.WriteFile{}, args{"path": "b"}).refused(t, `"content" is missing`)
	w.use(tool.WriteFile{}, args{"content": "b"}).refused(t, `"path" is missing`)
	w.has(".", "..x", "dir", "locked")
}

func TestWriteShowsHugeAndBinaryDiffsInShort(t *testing.T) {
	w := newWorkplace(t)
	var long strings.Builder
	for i := range 5000 {
		fmt.Fprintf(&long, "%d\n", i)
	}
	o := w.use(tool.WriteFile{}, args{"path": "long", "content": long.String()}).fine(t)
	if lines := strings.Count(o.facts.Diff, "\n"); lines != 1001 || *o.facts.Added != 5000 {
		t.Errorf("%d lines, %d added", lines, *o.facts.Added)
	}
	if !strings.HasSuffix(o.facts.Diff, "@@ the rest is not shown: 4003 of 5003 lines of the difference @@\n") {
		t.Errorf("ends %q", o.facts.Diff[len(o.facts.Diff)-100:])
	}
	w.write("bin", "\x00\xff")
	o = w.use(tool.WriteFile{}, args{"path": "bin", "content": "text\n"}).fine(t)
	if !strings.Contains(o.facts.Diff, "no text: 2 bytes are replaced with 5 bytes") {
		t.Errorf("diff %q", o.facts.Diff)
	}
	w.write("huge", strings.Repeat("x", 5<<20))
	o = w.use(tool.WriteFile{}, args{"path": "huge", "content": "text\n"}).fine(t)
	if !strings.Contains(o.facts.Diff, "too large to compare") || w.read("huge") != "text\n" {
		t.Errorf("diff %q", o.facts.Diff)
	}
	o = w.use(tool.WriteFile{}, args{"path": "line", "content": strings.Repeat("x", 100_000)}).fine(t)
	if len(o.facts.Diff) > 50<<10 || !strings.Contains(o.facts.Diff, "the rest is not shown") {
		t.Errorf("%d bytes", len(o.facts.Diff))
	}
	f, err := os.Create(filepath.Join(w.dir, "vast"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := f.Truncate(65 << 20); err != nil {
		t.Fatal(err)
	}
	w.use(tool.WriteFile{}, args{"path": "vast", "content": "x"}).refused(t, "larger than 64.0 MB")
	w.use(tool.EditFile{}, args{"path": "vast", "old": "x", "new": "y"}).refused(t, "larger than 64.0 MB")
	w.use(tool.ReadFile{}, args{"path": "vast"}).refused(t, "65.0 MB")
}

func TestWriteWhereThingsRunByThemselvesIsAlwaysAsked(t *testing.T) {
	w := newWorkplace(t)
	w.write(".git/HEAD", "ref: refs/heads/main\n")
	w.write("src/a", "")
	w.write("bare/HEAD", "ref: refs/heads/main\n")
	w.write("bare/objects/x", "")
	w.write("bare/refs/x", "")
	for _, path := range []string{
		".git/hooks/pre-commit", ".git/config", ".git/HEAD", ".git/new/file", "sub/.git", "sub/.git/config", ".GIT/hooks/x",
		".git./config", ".git /config", "bare/config", "bare/hooks/post-checkout", "x/HEAD", ".husky/pre-commit",
		".envrc", "sub/.ENVRC", ".vscode/tasks.json", "sub/.vscode/settings.json", ".mcp.json", ".claude/settings.json", ".bashrc",
		".config/autostart/x.desktop", ".ssh/authorized_keys", "src/../.git/config",
	} {
		call, err := w.prepare(tool.WriteFile{}, args{"path": path, "content": "x"})
		if err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		if call.Needs == nil || len(call.Needs.Permits) != 0 || call.Needs.Danger == "" {
			t.Errorf("%s: %+v", path, call.Needs)
		}
	}
	for _, path := range []string{
		".gitignore", ".github/workflows/ci.yml", "git/config", "a.git/x", ".vscode/other.json", "tasks.json", "envrc", "Makefile",
		".husky", "config/autostart/x", "HEADER", "refs/x",
	} {
		call, err := w.prepare(tool.WriteFile{}, args{"path": path, "content": "x"})
		if err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		if call.Needs == nil || len(call.Needs.Permits) != 1 || call.Needs.Danger != "" {
			t.Errorf("%s: %+v", path, call.Needs)
		}
	}
	call, err := w.prepare(tool.EditFile{}, args{"path": ".git/HEAD", "old": "main", "new": "x"})
	if err != nil || len(call.Needs.Permits) != 0 || call.Needs.Danger == "" {
		t.Errorf("edit: %v %+v", err, call.Needs)
	}
}

func TestWriteInAWorkspaceInsideOfGitIsAlwaysAsked(t *testing.T) {
	w := newWorkplace(t)
	w.write(".git/hooks/x", "")
	w.write(".claude/worktrees/one/a", "")
	for path, free := range map[string]bool{".git/hooks": false, ".claude/worktrees/one": true} {
		root, err := os.OpenRoot(filepath.Join(w.dir, path))
		if err != nil {
			t.Fatal(err)
		}
		defer root.Close()
		in := w
		in.at = tool.Place{Root: root, Workspace: filepath.Join(w.dir, path)}
		call, err := in.prepare(tool.WriteFile{}, args{"path": "pre-commit", "content": "x"})
		if err != nil || (len(call.Needs.Permits) == 1) != free {
			t.Errorf("%s: %v %+v", path, err, call.Needs)
		}
	}
}

func TestAPathThatNobodyCanReadIsRefused(t *testing.T) {
	for _, path := range []string{"a\u202etxt.exe", "a\nAllowed", "a\tb", "a\u200bb.txt", "a\rb", "a\u00a0b", "a\x1b[2Kb"} {
		w := newWorkplace(t)
		if _, err := w.prepare(tool.WriteFile{}, args{"path": path, "content": "x"}); err == nil || !strings.Contains(err.Error(), "cannot be seen") {
			t.Errorf("%q: %v", path, err)
		}
	}
}
