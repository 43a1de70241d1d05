package tool

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode"
)

// autorun is a file, or a folder with files, whose content some program runs
// without being asked. A permission to write in the workspace does not reach it:
// each write is asked for.
type autorun struct {
	path string // of lower-case names; a trailing / means all that is below
	why  string
}

// autoruns is short on purpose: what a person has to start by hand (a Makefile, a
// script, a test) is not on it.
var autoruns = []autorun{
	{".git", "Git runs hooks and programs that are named in here."},
	{".git/", "Git runs hooks and programs that are named in here."},
	{".husky/", "Git runs the files in this folder as hooks."},
	{".githooks/", "Git runs the files in this folder as hooks."},
	{".envrc", "direnv runs this file when a shell enters the folder."},
	{".vscode/tasks.json", "The editor can run tasks when the folder is opened."},
	{".vscode/settings.json", "The editor starts programs that are named in here."},
	{".mcp.json", "Other agents start the programs that are named in here."},
	{".cursor/", "Another agent starts the programs that are named in here."},
	{".claude/", "Another agent runs hooks that are named in here."},
	// Where the workspace is, or has in it, somebody's home folder:
	{".ssh/", "It decides who may log in to this machine."},
	{".profile", "The shell runs this file when it starts."},
	{".bashrc", "The shell runs this file when it starts."},
	{".bash_profile", "The shell runs this file when it starts."},
	{".bash_login", "The shell runs this file when it starts."},
	{".zshrc", "The shell runs this file when it starts."},
	{".zshenv", "The shell runs this file when it starts."},
	{".zprofile", "The shell runs this file when it starts."},
	{".config/fish/", "The shell runs files in this folder when it starts."},
	{".config/autostart/", "The desktop starts what is in this folder."},
	{".config/systemd/", "The system starts what is in this folder."},
}

const (
	whyRepository = "It is in a Git repository's own folder; Git runs hooks and programs that are named there."
	whyHead       = "A file of this name can turn a folder into a Git repository, whose settings name programs that Git runs."
)

// danger says why a write to a spot could make something run by itself; "" = it
// could not.
func danger(at Place, s spot) string {
	above := elements(filepath.ToSlash(at.Workspace))
	names := append(above, s.names...)
	for i, n := range names {
		names[i] = plain(n)
	}
	for _, a := range autoruns {
		if a.covers(names, len(above)) {
			return a.why
		}
	}
	if names[len(names)-1] == "head" {
		return whyHead
	}
	if inRepository(at.Root, s) {
		return whyRepository
	}
	return ""
}

// covers reports whether names lead to what a says. The first above of them are
// the workspace's own: whoever chose a workspace below such a folder (agents keep
// work trees there) did it knowingly, but nobody works in a .git.
func (a autorun) covers(names []string, above int) bool {
	want, folder := strings.CutSuffix(a.path, "/")
	parts := elements(want)
	if want == ".git" {
		above = 0
	}
	for i := range names {
		end := i + len(parts)
		if end <= above || end > len(names) || (end == len(names)) == folder {
			continue
		}
		if slices.Equal(names[i:end], parts) {
			return true
		}
	}
	return false
}

func elements(path string) []string {
	return strings.FieldsFunc(path, func(r rune) bool { return r == '/' })
}

// plain returns a name as the most forgiving file system takes it: without case,
// without signs that cannot be seen (HFS+), without dots and spaces at the end
// and what follows a colon (NTFS).
func plain(name string) string {
	name, _, _ = strings.Cut(name, ":")
	name = strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, name)
	return strings.ToLower(strings.TrimRight(name, ". "))
}

// inRepository reports whether a spot is below a folder that Git takes for a
// repository's own: one beside which .git is another name for it (8.3 names), or
// one that looks as Git wants it, whatever its name (bare, --separate-git-dir).
func inRepository(root *os.Root, s spot) bool {
	for i := range s.names {
		dir := filepath.Join(s.names[:i]...)
		if looksLikeRepository(root, dir) {
			return true
		}
		git, err := root.Lstat(filepath.Join(dir, ".git"))
		if err != nil {
			continue
		}
		next, err := root.Lstat(filepath.Join(dir, s.names[i]))
		if err == nil && os.SameFile(git, next) {
			return true
		}
	}
	return false
}

func looksLikeRepository(root *os.Root, dir string) bool {
	for _, name := range []string{"HEAD", "objects", "refs"} {
		if _, err := root.Lstat(filepath.Join(dir, name)); err != nil {
			return false
		}
	}
	return true
}
