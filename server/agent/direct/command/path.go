package command

import (
	"os"
	"path/filepath"
	"strings"
)

// seen is a file or folder as it was when it was checked.
type seen struct {
	path string // absolute, without links
	info os.FileInfo
}

// folder is the workspace.
type folder struct {
	seen
	root *os.Root
}

// enter resolves the workspace's path. It fails where that no longer leads to
// the folder that root holds open.
func enter(workspace string, root *os.Root) (folder, bool) {
	if !filepath.IsAbs(workspace) {
		return folder{}, false
	}
	path, err := filepath.EvalSymlinks(workspace)
	if err != nil {
		return folder{}, false
	}
	info, err := root.Stat(".")
	if err != nil {
		return folder{}, false
	}
	f := folder{seen{path, info}, root}
	return f, f.still()
}

// look resolves one path of a command. Only what is there, is a regular file or
// a folder, and lies inside of the workspace by two independent ways of getting
// to it is found.
func (f folder) look(word string) (seen, bool) {
	// "-" is standard input to most programs, "" is nothing to any.
	if word == "" || word == "-" {
		return seen{}, false
	}
	if !filepath.IsAbs(word) {
		word = f.path + string(filepath.Separator) + word // not Join: it would take "link/.." away
	}
	path, err := filepath.EvalSymlinks(word)
	if err != nil || !within(f.path, path) {
		return seen{}, false
	}
	rel, err := filepath.Rel(f.path, path)
	if err != nil {
		return seen{}, false
	}
	info, err := f.root.Lstat(rel)
	if err != nil || !info.Mode().IsRegular() && !info.IsDir() {
		return seen{}, false
	}
	s := seen{path, info}
	return s, s.still()
}

// still reports whether the path has no link in it and leads to the same file.
func (s seen) still() bool {
	path, err := filepath.EvalSymlinks(s.path)
	if err != nil || path != s.path {
		return false
	}
	info, err := os.Lstat(path)
	return err == nil && info.Mode().Type() == s.info.Mode().Type() && os.SameFile(info, s.info)
}

// within reports whether a clean, absolute path is dir or lies below it.
func within(dir, path string) bool {
	if path == dir {
		return true
	}
	if !strings.HasSuffix(dir, string(filepath.Separator)) {
		dir += string(filepath.Separator)
	}
	return strings.HasPrefix(path, dir)
}
