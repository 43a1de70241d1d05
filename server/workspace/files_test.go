package workspace_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"testing"
	"time"

	"hermes-webui/server/fault"
	"hermes-webui/server/workspace"
)

func write(t testing.TB, parts ...string) string {
	t.Helper()
	path := filepath.Join(parts[:len(parts)-1]...)
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(parts[len(parts)-1]), 0o600)); err != nil {
		t.Fatal(err)
	}
	return path
}

func find(t *testing.T, p person, path, query string, limit int) workspace.Found {
	t.Helper()
	found, err := p.Files(t.Context(), path, query, limit)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func paths(found workspace.Found) (all []string) {
	for _, f := range found.Items {
		if f.Dir {
			f.Path += "/"
		}
		all = append(all, f.Path)
	}
	return all
}

func TestFilesAreFoundByNameThenByPath(t *testing.T) {
	p := newPerson(t)
	work := folder(t, p.home, "work")
	for _, path := range []string{"cmd/config.go", "myconfig.go", "config/x.txt", "a/c/o/n/f.txt", "README.md", "Ünder/Größe.txt"} {
		write(t, work, path, "")
	}
	for query, want := range map[string][]string{
		"conf":    {"config/", "cmd/config.go", "myconfig.go", "config/x.txt", "a/c/o/n/f.txt"},
		"READ":    {"README.md"},
		"config/": {"config/x.txt"},
		"cmd/go":  {"cmd/config.go"},
		"größe":   {"Ünder/Größe.txt"},
		"ügrö":    {"Ünder/Größe.txt"},
		" ./cmd":  {"cmd/", "cmd/config.go"},
		"nothing": nil,
	} {
		if got := find(t, p, work, query, 30); !slices.Equal(paths(got), want) || got.More || got.Workspace != work {
			t.Errorf("%q: %v, more %v", query, paths(got), got.More)
		}
	}
	if got := find(t, p, work, "conf", 2); !slices.Equal(paths(got), []string{"config/", "cmd/config.go"}) || !got.More {
		t.Errorf("two of five: %v", got)
	}
}

func TestWithoutAQueryTheNewestFilesComeFirst(t *testing.T) {
	p := newPerson(t)
	work := folder(t, p.home, "work")
	now := time.Now()
	for i, name := range []string{"old.txt", "sub/new.txt", "middle.txt"} {
		at := now.Add(-[]time.Duration{3 * time.Hour, time.Hour, 2 * time.Hour}[i])
		if err := os.Chtimes(write(t, work, name, ""), at, at); err != nil {
			t.Fatal(err)
		}
	}
	if got := paths(find(t, p, work, "", 30)); !slices.Equal(got, []string{"sub/new.txt", "middle.txt", "old.txt", "sub/"}) {
		t.Error(got)
	}
}

func TestWhatIsNoMatterOfAPromptIsNotFound(t *testing.T) {
	p := newPerson(t)
	work := folder(t, p.home, "work")
	for _, path := range []string{
		"kept.txt", ".env", ".git/config", "sub/.git/HEAD", "node_modules/a/index.js", "build/out.txt", "deep/build/x",
		"run.log", "keep.log", "sub/own.txt", "sub/again.log", "deep/x.tmp", "sub/x.tmp",
	} {
		write(t, work, path, "")
	}
	write(t, work, ".gitignore", "/build\n*.log\n!keep.log\nsub/*.tmp\n")
	write(t, work, "sub", ".gitignore", "own.txt\n!again.log\n")
	got := paths(find(t, p, work, "", 100))
	slices.Sort(got)
	want := []string{
		".env", ".gitignore", "deep/", "deep/build/", "deep/build/x", "deep/x.tmp", "keep.log", "kept.txt",
		"sub/", "sub/.gitignore", "sub/again.log",
	}
	if !slices.Equal(got, want) {
		t.Errorf("%v", got)
	}
}

func TestNoLinkIsFollowedOut(t *testing.T) {
	p := newPerson(t)
	work, out := folder(t, p.home, "work"), folder(t, p.home, "private")
	write(t, out, "secret.txt", "")
	write(t, work, "inside", "file.txt", "")
	link(t, out, filepath.Join(work, "out"))
	link(t, filepath.Join(out, "secret.txt"), filepath.Join(work, "secret"))
	link(t, filepath.Join("..", "private", "secret.txt"), filepath.Join(work, "up"))
	link(t, "inside", filepath.Join(work, "in"))
	link(t, "nowhere", filepath.Join(work, "lost"))
	link(t, ".", filepath.Join(work, "loop"))
	got := paths(find(t, p, work, "", 100))
	slices.Sort(got)
	if !slices.Equal(got, []string{"in/", "inside/", "inside/file.txt", "loop/"}) {
		t.Error(got)
	}
}

func TestNamesThatNoPromptCanHoldAreLeftOut(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("other systems take no such names")
	}
	p := newPerson(t)
	work := folder(t, p.home, "work")
	for _, name := range []string{"a\nb", "\xff.txt", "a\u202etxt.exe", "two words.txt"} {
		write(t, work, name, "")
	}
	if got := paths(find(t, p, work, "", 100)); !slices.Equal(got, []string{"two words.txt"}) {
		t.Errorf("%q", got)
	}
}

func TestAFolderThatCannotBeReadIsPassedOver(t *testing.T) {
	p := newPerson(t)
	work := folder(t, p.home, "work")
	closed := folder(t, work, "closed")
	write(t, closed, "x.txt", "")
	write(t, work, "open", "y.txt", "")
	if err := os.Chmod(closed, 0); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.Chmod(closed, 0o700) })
	got := find(t, p, work, ".txt", 100)
	if !slices.Contains(paths(got), "open/y.txt") || got.More {
		t.Error(got)
	}
}

func TestWorkspacesThatCannotBeListed(t *testing.T) {
	p := newPerson(t)
	if got := find(t, p, "", "x", 30); len(got.Items) != 0 || got.More || got.Workspace != "" {
		t.Errorf("no workspace: %v", got)
	}
	for path, want := range map[string]fault.Kind{
		filepath.Join(p.home, "none"): fault.NotFound,
		p.home:                        fault.Invalid,
		"relative":                    fault.Invalid,
	} {
		if _, err := p.Files(t.Context(), path, "", 30); fault.KindOf(err) != want {
			t.Errorf("%s: %v", path, err)
		}
	}
}

func TestWhoGoesAwayIsAnsweredAtOnce(t *testing.T) {
	p := newPerson(t)
	work := folder(t, p.home, "work")
	write(t, work, "a.txt", "")
	gone, stop := context.WithCancel(t.Context())
	stop()
	for range 50 {
		if _, err := p.Files(gone, work, "", 30); err != nil && !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
	}
	if got := find(t, p, work, "a", 30); len(got.Items) != 1 || got.More {
		t.Errorf("after them: %v", got)
	}
}

func big(tb testing.TB, n int) string {
	tb.Helper()
	top := filepath.Join(tb.TempDir(), "work")
	for i := range n / 100 {
		dir := filepath.Join(top, fmt.Sprintf("group%d", i/10), fmt.Sprintf("package%d", i))
		for j := range 100 {
			write(tb, dir, fmt.Sprintf("file%d.go", j), "")
		}
	}
	write(tb, top, ".gitignore", "*.log\n/build\nnode_modules/\n**/gen/*.pb.go\n[Tt]humbs.db\n")
	return top
}

// The file is the last of 50,000: a walk that is not cached, with the ranking.
func BenchmarkFilesOf50000(b *testing.B) {
	top := big(b, 50_000)
	for b.Loop() {
		p := workspace.New(workspace.Config{StateDir: b.TempDir()})
		found, err := p.Files(b.Context(), top, "p499/file99", 30)
		if err != nil || len(found.Items) == 0 {
			b.Fatal(err, found)
		}
	}
}

// The next letter, while the walk is still known.
func BenchmarkNextLetterIn50000(b *testing.B) {
	top := big(b, 49_000)
	p := workspace.New(workspace.Config{StateDir: b.TempDir()})
	for b.Loop() {
		if _, err := p.Files(b.Context(), top, "p48file9", 30); err != nil {
			b.Fatal(err)
		}
	}
}
