//go:build unix

package tool_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"hermes-webui/server/agent/direct/tool"
)

func TestLinksLeadNowhereOutside(t *testing.T) {
	w := newWorkplace(t)
	w.write("in/a.txt", "inside")
	w.link("in/a.txt", "file")
	w.link("in", "folder")
	w.link("folder/../file", "chain")
	w.link("../secret.txt", "up")
	w.link(filepath.Join(w.outside, "secret.txt"), "absolute")
	w.link("..", "parent")
	w.link("up", "chainout")
	w.link("loop2", "loop1")
	w.link("loop1", "loop2")
	w.link(filepath.Join(w.dir, "in/a.txt"), "absolutein")
	w.link("gone/new.txt", "dangling")
	w.link("../made.txt", "danglingout")
	for _, path := range []string{"file", "folder/a.txt", "chain", "folder/../file"} {
		if o := w.use(tool.ReadFile{}, args{"path": path}).fine(t); o.out != "inside" || o.facts.Path != "in/a.txt" {
			t.Errorf("%s: %q of %s", path, o.out, o.facts.Path)
		}
	}
	for _, path := range []string{
		"up", "absolute", "parent/secret.txt", "chainout", "loop1", "absolutein", "danglingout", "in/../../secret.txt",
		filepath.Join(w.outside, "secret.txt"), w.dir + "/../secret.txt", "/etc/passwd",
	} {
		w.use(tool.ReadFile{}, args{"path": path}).refused(t)
		w.use(tool.WriteFile{}, args{"path": path, "content": "overwritten"}).refused(t)
		w.use(tool.EditFile{}, args{"path": path, "old": "secret", "new": "x"}).refused(t)
		w.use(tool.SearchFiles{}, args{"path": path, "pattern": "."}).refused(t)
		w.use(tool.ListDir{}, args{"path": path}).refused(t)
	}
	w.use(tool.ListDir{}, args{"path": "parent"}).refused(t, "leads out")
	if o := w.use(tool.SearchFiles{}, args{"pattern": "secret"}).fine(t); o.out != "" {
		t.Errorf("search found %q", o.out)
	}
	// A link that leads to another file of the workspace is written through, and stays.
	w.use(tool.WriteFile{}, args{"path": "file", "content": "new"}).fine(t)
	w.use(tool.WriteFile{}, args{"path": "dangling", "content": "made"}).fine(t)
	if w.read("in/a.txt") != "new" || w.read("gone/new.txt") != "made" {
		t.Error("not written where the link leads")
	}
	if target, err := os.Readlink(filepath.Join(w.dir, "file")); err != nil || target != "in/a.txt" {
		t.Errorf("the link became %q, %v", target, err)
	}
	w.untouched()
}

// untouched says that outside of the workspace nothing changed.
func (w workplace) untouched() {
	w.t.Helper()
	w.has("..", "secret.txt", "work")
	if w.read("../secret.txt") != secret {
		w.t.Error("the secret was written")
	}
}

func TestALinkToGitIsGit(t *testing.T) {
	w := newWorkplace(t)
	w.write(".git/hooks/x", "")
	w.link(".git", "innocent")
	w.link("innocent/hooks", "hooks")
	for _, path := range []string{"innocent/hooks/pre-commit", "hooks/pre-commit", "hooks/../config"} {
		call, err := w.prepare(tool.WriteFile{}, args{"path": path, "content": "x"})
		if err != nil || len(call.Needs.Permits) != 0 || !strings.Contains(call.Needs.Title, ".git/") {
			t.Errorf("%s: %v %+v", path, err, call.Needs)
		}
	}
}

// A folder that becomes a link to .git after the person saw where the write goes.
func TestAFolderSwappedForALinkToGitIsNotWritten(t *testing.T) {
	w := newWorkplace(t)
	w.write(".git/hooks/x", "")
	w.write("src/x", "")
	call, err := w.prepare(tool.WriteFile{}, args{"path": "src/pre-commit", "content": "x"})
	if err != nil || len(call.Needs.Permits) != 1 {
		t.Fatalf("%v %+v", err, call.Needs)
	}
	if err := os.RemoveAll(filepath.Join(w.dir, "src")); err != nil {
		t.Fatal(err)
	}
	w.link(".git/hooks", "src")
	w.run(call, &hearer{}).refused(t)
	w.has(".git/hooks", "x")
}

func TestOnlyRegularFilesAreOpened(t *testing.T) {
	w := newWorkplace(t)
	if err := syscall.Mkfifo(filepath.Join(w.dir, "fifo"), 0o600); err != nil {
		t.Fatal(err)
	}
	w.link("fifo", "link")
	fd, err := syscall.Socket(syscall.AF_UNIX, syscall.SOCK_STREAM, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer syscall.Close(fd)
	dir, err := os.MkdirTemp("", "s") // a socket's path is short
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	if err := syscall.Bind(fd, &syscall.SockaddrUnix{Name: filepath.Join(dir, "s")}); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(filepath.Join(dir, "s"), filepath.Join(w.dir, "socket")); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"fifo", "link", "socket"} {
		w.use(tool.ReadFile{}, args{"path": path}).refused(t, "no regular file")
		w.use(tool.WriteFile{}, args{"path": path, "content": "x"}).refused(t, "no regular file")
		w.use(tool.EditFile{}, args{"path": path, "old": "x", "new": "y"}).refused(t, "no regular file")
		w.use(tool.SearchFiles{}, args{"path": path, "pattern": "x"}).refused(t, "no regular file")
		w.use(tool.ListDir{}, args{"path": path}).refused(t, "where a folder is needed")
	}
	if o := w.use(tool.SearchFiles{}, args{"pattern": ""}).fine(t); o.out != "" {
		t.Errorf("%q", o.out)
	}
	if o := w.use(tool.ListDir{}, args{}).fine(t); o.out != "fifo  pipe\nlink -> fifo\nsocket  socket\n" {
		t.Errorf("%q", o.out)
	}
	dev, err := os.OpenRoot("/dev")
	if err != nil {
		t.Fatal(err)
	}
	defer dev.Close()
	w.at = tool.Place{Root: dev, Workspace: "/dev"}
	w.use(tool.ReadFile{}, args{"path": "zero"}).refused(t, "no regular file")
	w.use(tool.ReadFile{}, args{"path": "/dev/tty"}).refused(t, "no regular file")
}

// A hard link is a file of the workspace: it can be read. What is written gets a
// file of its own, so the one outside keeps its content.
func TestHardLinks(t *testing.T) {
	w := newWorkplace(t)
	if err := os.Link(filepath.Join(w.outside, "secret.txt"), filepath.Join(w.dir, "hard")); err != nil {
		t.Fatal(err)
	}
	if o := w.use(tool.ReadFile{}, args{"path": "hard"}).fine(t); o.out != secret {
		t.Errorf("%q", o.out)
	}
	w.use(tool.WriteFile{}, args{"path": "hard", "content": "mine"}).fine(t)
	if w.read("hard") != "mine" {
		t.Error("not written")
	}
	w.untouched()
}

// While somebody swaps a folder, and the file in it, for links to what is
// outside, pipes and back, nothing from there is told and nothing is written.
func TestRacesWithLinks(t *testing.T) {
	w := newWorkplace(t)
	w.write("kept/secret.txt", "harmless")
	w.write("plain.txt", "harmless")
	if err := syscall.Mkfifo(filepath.Join(w.dir, "pipe"), 0o600); err != nil {
		t.Fatal(err)
	}
	w.link("..", "out")
	ctx, cancel := context.WithCancel(t.Context())
	var swaps sync.WaitGroup
	swaps.Go(func() { swap(ctx, w.dir, "dir", "kept", "out", "pipe") })
	swaps.Go(func() { swap(ctx, w.dir, "file.txt", "plain.txt", "out/secret.txt", "pipe") })
	var uses sync.WaitGroup
	var refused, fine atomic.Int64
	for _, c := range []struct {
		tool tool.Tool
		args args
	}{
		{tool.ReadFile{}, args{"path": "dir/secret.txt"}},
		{tool.ReadFile{}, args{"path": "file.txt"}},
		{tool.SearchFiles{}, args{"pattern": "outside|harmless"}},
		{tool.SearchFiles{}, args{"pattern": "outside|harmless", "path": "dir"}},
		{tool.ListDir{}, args{"path": "dir", "depth": 3}},
		{tool.WriteFile{}, args{"path": "dir/secret.txt", "content": "harmless too"}},
		{tool.WriteFile{}, args{"path": "dir/new/made.txt", "content": "harmless"}},
		{tool.EditFile{}, args{"path": "file.txt", "old": "harmless", "new": "harmless, edited"}},
		{tool.EditFile{}, args{"path": "dir/secret.txt", "old": "secret", "new": "stolen"}},
	} {
		uses.Go(func() {
			for range 500 {
				o := w.use(c.tool, c.args)
				if o.err != nil {
					refused.Add(1)
				} else {
					fine.Add(1)
				}
				said := o.out + o.facts.Diff
				if o.call.Needs != nil {
					said += o.call.Needs.Diff
				}
				if o.err != nil {
					said += o.err.Error()
				}
				if strings.Contains(said, secret) || strings.Contains(said, "outside") && o.err == nil {
					t.Errorf("%s %v: %q", c.tool.Spec().Name, c.args, said)
				}
			}
		})
	}
	uses.Wait()
	cancel()
	swaps.Wait()
	if refused.Load() == 0 || fine.Load() == 0 {
		t.Errorf("%d refused, %d fine: this was no race", refused.Load(), fine.Load())
	}
	w.untouched()
}

// swap makes name one thing after the other: a real folder or file that moves
// away and back, and links. What a tool made in its place goes.
func swap(ctx context.Context, dir, name, real, link, pipe string) {
	at := func(n string) string { return filepath.Join(dir, n) }
	for ctx.Err() == nil {
		_ = os.Rename(at(real), at(name))
		_ = os.Rename(at(name), at(real))
		_ = os.RemoveAll(at(name))
		_ = os.Symlink(link, at(name))
		_ = os.RemoveAll(at(name))
		_ = os.Link(at(pipe), at(name))
		_ = os.RemoveAll(at(name))
	}
}
