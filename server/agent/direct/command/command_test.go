//go:build unix

package command_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"hermes-webui/server/agent/direct/command"
)

// ground is a workspace with things in it, beside things that are not.
type ground struct {
	root             *os.Root
	workspace        string // without links
	outside, program string // folders
}

func newGround(t testing.TB) ground {
	t.Helper()
	base, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	g := ground{workspace: filepath.Join(base, "work"), outside: filepath.Join(base, "outside"), program: filepath.Join(base, "bin")}
	for _, d := range []string{"work/dir/deep", "work/-", "outside", "bin", "work/bin", "worked"} {
		must(t, os.MkdirAll(filepath.Join(base, d), 0o755))
	}
	for _, f := range []string{"work/file", "work/dir/inner", "work/a b", "work/-n", "work/é", "work/$x", "outside/secret", "worked/near"} {
		must(t, os.WriteFile(filepath.Join(base, f), []byte("x"), 0o644))
	}
	for _, name := range []string{"ls", "cat", "head", "tail", "wc", "pwd", "file", "stat", "du", "tree", "git", "find", "sed", "env"} {
		must(t, os.WriteFile(filepath.Join(g.program, name), []byte("#!/bin/sh\n"), 0o755))
	}
	for name, to := range map[string]string{
		"link-in": "dir/inner", "link-out": "../outside/secret", "dir-out": "../outside", "abs-out": filepath.Join(base, "outside", "secret"),
		"etc": "/etc", "self": "/proc/self", "zero": "/dev/zero", "loop": "loop", "dangling": "nowhere", "dir-in": "dir/deep",
	} {
		must(t, os.Symlink(to, filepath.Join(g.workspace, name)))
	}
	must(t, syscall.Mkfifo(filepath.Join(g.workspace, "pipe"), 0o600))
	g.root, err = os.OpenRoot(g.workspace)
	must(t, err)
	t.Cleanup(func() { g.root.Close() })
	return g
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (g ground) check(text string) (*command.Plain, bool) {
	return command.Check(g.workspace, g.root, g.program, text)
}

func TestPermittedCommandsRunOnResolvedPaths(t *testing.T) {
	g := newGround(t)
	ws := g.workspace
	for text, want := range map[string][]string{
		"ls":                           {"ls"},
		"pwd":                          {"pwd"},
		"pwd -P":                       {"pwd", "-P"},
		"ls -la":                       {"ls", "-la"},
		"ls dir -l":                    {"ls", "-l", ws + "/dir"},
		"ls -- dir":                    {"ls", ws + "/dir"},
		"ls --sort=size --color=never": {"ls", "--sort=size", "--color=never"},
		"cat file":                     {"cat", ws + "/file"},
		"cat ./file dir/../file":       {"cat", ws + "/file", ws + "/file"},
		"cat link-in":                  {"cat", ws + "/dir/inner"},
		"cat dir-in/../inner":          {"cat", ws + "/dir/inner"}, // as the system reads it, not as text
		"cat 'a b'":                    {"cat", ws + "/a b"},
		`cat a\ b "a b"`:               {"cat", ws + "/a b", ws + "/a b"},
		`cat '$x'`:                     {"cat", ws + "/$x"},
		"cat é":                        {"cat", ws + "/é"},
		"cat -- -n":                    {"cat", ws + "/-n"},
		"cat " + ws + "/file":          {"cat", ws + "/file"},
		"head -5 file":                 {"head", "-5", ws + "/file"},
		"head -n 5 file":               {"head", "-n", "5", ws + "/file"},
		"head -qn5 file":               {"head", "-qn5", ws + "/file"},
		"tail -n +3 file":              {"tail", "-n", "+3", ws + "/file"},
		"tail --lines=20 file":         {"tail", "--lines=20", ws + "/file"},
		"head -c 4K file":              {"head", "-c", "4K", ws + "/file"},
		"wc -lw file":                  {"wc", "-lw", ws + "/file"},
		"file -b file":                 {"file", "-b", ws + "/file"},
		"stat -c %s file":              {"stat", "-c", "%s", ws + "/file"},
		"stat --format='%s %n' file":   {"stat", "--format=%s %n", ws + "/file"},
		"du -sh .":                     {"du", "-sh", ws},
		"du -d1 dir":                   {"du", "-d1", ws + "/dir"},
		"tree -L 2 -I node_modules":    {"tree", "-L", "2", "-I", "node_modules"},
		"tree -aL 2 dir":               {"tree", "-aL", "2", ws + "/dir"},
	} {
		want[0] = filepath.Join(g.program, want[0])
		p, ok := g.check(text)
		if !ok {
			t.Errorf("%q is asked", text)
			continue
		}
		if !slices.Equal(p.Argv, want) {
			t.Errorf("%q runs %q, want %q", text, p.Argv, want)
		}
		if !p.Still() || p.Dir() != ws {
			t.Errorf("%q: nothing changed, and it says so", text)
		}
	}
}

func TestEverythingElseIsAsked(t *testing.T) {
	g := newGround(t)
	for _, text := range []string{
		// Other programs, other ways to name one.
		"git status", "find .", "sed p file", "env", "sh", "rm file", "./bin/ls", "/bin/ls", g.program + "/ls", "bin/ls", "LS", "ls.", "busybox ls",
		"command ls", "exec ls", "builtin pwd", "\\git", "sudo ls", "time ls", "if ls", "''", "'ls file'", "lѕ", "ｌｓ", "cat\u00a0file",
		// Flags that write, follow, wait or read lists; and what might be short for them.
		"tree -o out", "tree -l", "tree -aoL out 2", "tree -R", "tree --fromfile file", "tree --gitignore", "tree --output=x", "tree -L", "tree -L x", "tree -L2",
		"tail -f file", "tail -F file", "tail --follow file", "tail --follow=name file", "tail --fol file", "tail --pid=1 file", "tail -5f file", "tail -nf file",
		"tail -qf file", "tail --retry file", "tail -s 1 file", "tail -n file", "tail -n -- file", "tail --lines 5 file", "tail +5 file",
		"du --files0-from=file", "du -L", "du -D", "du -H", "du -X file", "du --exclude-from=file", "du --dereference", "du -aL .", "wc --files0-from=file", "wc --files0-from=-",
		"file -f file", "file -m file", "file -C", "file -z file", "file -Z file", "file -s file", "file -L file", "file -bf file", "file --files-from=file", "file --magic-file=x",
		"file -p file", "ls -L", "ls -H", "ls -lL", "ls --dereference", "ls --deref", "ls -I x", "ls -w 80", "ls --color", "ls --sort=size=x", "ls --all=1", "ls --hyperlink=always",
		"stat -L file", "stat -f file", "stat --file-system file", "stat -c", "head -n", "head -n x file", "head -n 5x file", "head --lines=5;id file", "head -n '5 6' file",
		"cat --help", "ls ---", "ls -é", "pwd file", "head -n 9999999999999999999 file", "ls --format", "stat --print=%s file",
		// Paths that are not in the workspace, or not files.
		"cat ../outside/secret", "cat dir/../../outside/secret", "cat /etc/passwd", "ls /", "ls ..", "ls ../worked", "cat ../worked/near", "cat " + g.workspace + "ed/near",
		"cat link-out", "cat abs-out", "cat dir-out/secret", "ls dir-out", "ls dir-out/", "ls dir-out/.", "ls etc", "cat etc/passwd", "cat self/environ", "cat /proc/self/environ", "cat /proc/1/environ",
		"head -c 10 zero", "head -c 10 /dev/zero", "cat pipe", "cat loop", "cat dangling", "cat missing", "cat missing/../file", "cat file/../file", "cat ''", "cat -", "cat - file",
		"cat -- -/../../outside/secret", "cat -- -/../../etc/passwd", "cat -- -b", "cat -- --", "cat -- -- file", "cat file ../outside/secret", "ls -l dir dir-out", "cat dir-in/../../../outside/secret",
		"cat //etc/passwd", "cat /dev/stdin", "cat /dev/fd/0", "ls " + g.outside, "cat " + g.workspace + "/../outside/secret", "du -sh ~", "cat file\\", "cat file#", "cat file ;", "cat 'file'\n",
	} {
		if p, ok := g.check(text); ok {
			t.Errorf("%q runs %q without asking", text, p.Argv)
		}
	}
}

func TestProgramsOfTheWorkspaceNeverRunUnasked(t *testing.T) {
	g := newGround(t)
	inside := filepath.Join(g.workspace, "bin")
	must(t, os.WriteFile(filepath.Join(inside, "ls"), []byte("#!/bin/sh\n"), 0o755))
	linked := filepath.Join(g.outside, "linked")
	must(t, os.Symlink(inside, linked))
	single := filepath.Join(g.outside, "single")
	must(t, os.Mkdir(single, 0o755))
	must(t, os.Symlink(filepath.Join(inside, "ls"), filepath.Join(single, "ls")))
	for _, search := range []string{"", ".", "bin", ":" + g.program, ".:" + g.program, "../bin", inside, inside + ":" + g.program, linked, linked + ":" + g.program, single, g.outside} {
		if p, ok := command.Check(g.workspace, g.root, search, "ls"); ok {
			t.Errorf("PATH %q: %q runs without asking", search, p.Argv)
		}
	}
	if _, ok := command.Check(g.workspace, g.root, g.outside+":"+g.program+":"+inside+":.", "ls"); !ok {
		t.Error("what stands behind the program found is of no matter")
	}
}

func TestAFileThatIsNoProgramIsPassedOver(t *testing.T) {
	g := newGround(t)
	must(t, os.WriteFile(filepath.Join(g.outside, "ls"), nil, 0o644))
	must(t, os.Mkdir(filepath.Join(g.outside, "cat"), 0o755))
	for _, name := range []string{"ls", "cat file"} {
		p, ok := command.Check(g.workspace, g.root, g.outside+":"+g.program, name)
		if !ok || !strings.HasPrefix(p.Argv[0], g.program) {
			t.Errorf("%s: not found where it is", name)
		}
	}
}

func TestAPathThatChangedIsNoticed(t *testing.T) {
	for name, change := range map[string]func(t *testing.T, g ground){
		"a folder became a link": func(t *testing.T, g ground) {
			must(t, os.Rename(g.workspace+"/dir", g.workspace+"/old"))
			must(t, os.Symlink(g.outside, g.workspace+"/dir"))
		},
		"a folder became a link to itself": func(t *testing.T, g ground) {
			must(t, os.Rename(g.workspace+"/dir", g.workspace+"/old"))
			must(t, os.Symlink("old", g.workspace+"/dir"))
		},
		"the file became a link": func(t *testing.T, g ground) {
			must(t, os.Remove(g.workspace+"/dir/inner"))
			must(t, os.Symlink(g.outside+"/secret", g.workspace+"/dir/inner"))
		},
		"the file is another": func(t *testing.T, g ground) {
			must(t, os.WriteFile(g.workspace+"/dir/new", nil, 0o644))
			must(t, os.Rename(g.workspace+"/dir/new", g.workspace+"/dir/inner"))
		},
		"the file is gone":                 func(t *testing.T, g ground) { must(t, os.Remove(g.workspace+"/dir/inner")) },
		"the workspace is another":         func(t *testing.T, g ground) { swapWorkspace(t, g, os.MkdirAll(g.workspace+"2/dir", 0o755)) },
		"the workspace is a link outwards": func(t *testing.T, g ground) { swapWorkspace(t, g, os.Symlink(g.outside, g.workspace+"2")) },
	} {
		t.Run(name, func(t *testing.T) {
			g := newGround(t)
			p, ok := g.check("cat dir/inner")
			if !ok {
				t.Fatal("it is asked")
			}
			change(t, g)
			if p.Still() {
				t.Error("not noticed")
			}
		})
	}
}

func swapWorkspace(t *testing.T, g ground, made error) {
	t.Helper()
	must(t, made)
	must(t, os.Rename(g.workspace, g.workspace+"-old"))
	must(t, os.Rename(g.workspace+"2", g.workspace))
	if _, ok := g.check("ls"); ok {
		t.Error("another folder at the workspace's path is taken for it")
	}
}

func TestAWorkspaceBehindALinkWorks(t *testing.T) {
	g := newGround(t)
	link := g.outside + "/link"
	must(t, os.Symlink(g.workspace, link))
	p, ok := command.Check(link, g.root, g.program, "cat "+link+"/file")
	if !ok || p.Argv[1] != g.workspace+"/file" {
		t.Error("asked though it is inside")
	}
	for _, w := range []string{"", ".", "work", g.outside} {
		if _, ok := command.Check(w, g.root, g.program, "ls"); ok {
			t.Errorf("workspace %q is taken", w)
		}
	}
	if _, ok := command.Check(g.workspace, nil, g.program, "ls"); ok {
		t.Error("a workspace that is not open is taken")
	}
}

// FuzzCheck: no path of a permitted command leaves the workspace.
func FuzzCheck(f *testing.F) {
	g := newGround(f)
	for _, s := range []string{"ls -la dir", "cat -- file", "cat dir-in/../inner", "head -n5 file", "tree -L 2 dir", "cat link-out", "ls dir-out/../file", "cat ../work/file"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		p, ok := g.check(text)
		if !ok {
			return
		}
		for i, arg := range p.Argv {
			if i == 0 || !filepath.IsAbs(arg) || slices.Contains([]string{"-c", "-tc", "-P", "-I"}, p.Argv[i-1]) {
				continue // the program, a flag, a flag's format or pattern
			}
			real, err := filepath.EvalSymlinks(arg)
			if err != nil || real != arg || real != g.workspace && !strings.HasPrefix(real, g.workspace+"/") {
				t.Fatalf("%q reaches %q", text, arg)
			}
		}
	})
}
