package tool

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// maxLinks is how many links one path may lead through.
const maxLinks = 40

var (
	errOutside = errors.New("leads out of the workspace")
	errMoved   = errors.New("changed while it was being opened")
	errSort    = errors.New("is no regular file")
	errFolder  = errors.New("is a folder")
	errNoDir   = errors.New("is no folder")
)

// spot is where a path really leads inside of a workspace: the names from its
// root down, with all links followed.
type spot struct {
	names []string    // empty: the workspace itself
	info  fs.FileInfo // nil: nothing is there
}

// path returns the spot as people and models write it.
func (s spot) path() string {
	if len(s.names) == 0 {
		return "."
	}
	return strings.Join(s.names, "/")
}

// last splits a spot that is not the workspace itself.
func (s spot) last() (folders []string, name string) {
	n := len(s.names) - 1
	return s.names[:n], s.names[n]
}

// locate finds out where a path that a model wrote leads. It is relative to the
// workspace, or absolute and below it. That it stays inside is what the Root
// guarantees, not this: whatever was found is opened through the Root.
func locate(at Place, path string) (spot, error) {
	if at.Root == nil {
		return spot{}, ErrNoWorkspace
	}
	rel, err := relative(at.Workspace, path)
	if err != nil {
		return spot{}, err
	}
	s, err := follow(at.Root, strings.Split(filepath.ToSlash(rel), "/"))
	if err != nil {
		return spot{}, told(err, path)
	}
	return s, nil
}

// unreadable reports whether r can make a path look like another one.
func unreadable(r rune) bool { return r == '\n' || r == '\t' || hidden(r) }

// relative turns a path into one that is relative to the workspace.
func relative(workspace, path string) (string, error) {
	switch {
	case path == "":
		return "", errors.New(`the path is empty; give one relative to the workspace, "." is the workspace itself`)
	case strings.ContainsRune(path, 0):
		return "", errors.New("the path has a NUL character; write it without")
	case strings.ContainsFunc(path, unreadable): // the person is asked about this path
		return "", errors.New("the path has a character that cannot be seen; file tools reach only names that a person can read, use shell for others")
	case !filepath.IsAbs(path):
		return path, nil
	}
	rel, err := filepath.Rel(workspace, path)
	if workspace == "" || err != nil || !filepath.IsLocal(rel) {
		return "", fmt.Errorf("%s is outside of the workspace %s; file tools reach only what is below it, use a path relative to it", path, workspace)
	}
	return rel, nil
}

// follow walks down from the root and follows links by itself, because what may
// be written is judged by where a path leads, not by how it is written.
func follow(root *os.Root, todo []string) (spot, error) {
	s, err := here(root)
	if err != nil {
		return spot{}, err
	}
	for links := 0; len(todo) > 0; {
		name := todo[0]
		todo = todo[1:]
		if name == "" || name == "." {
			continue
		}
		if s.info == nil && name == ".." {
			return spot{}, fs.ErrNotExist
		}
		if s.info != nil && !s.info.IsDir() {
			return spot{}, errNoDir
		}
		if name == ".." {
			if s, err = above(root, s); err != nil {
				return spot{}, err
			}
			continue
		}
		next, err := below(root, s, name)
		if err != nil {
			return spot{}, err
		}
		if next.info == nil || next.info.Mode()&fs.ModeSymlink == 0 {
			s = next
			continue
		}
		if links++; links > maxLinks {
			return spot{}, errors.New("goes through too many links")
		}
		target, err := root.Readlink(filepath.Join(next.names...))
		if err != nil {
			return spot{}, err
		}
		if filepath.IsAbs(target) || filepath.VolumeName(target) != "" || strings.HasPrefix(filepath.ToSlash(target), "/") {
			return spot{}, errOutside
		}
		todo = append(strings.Split(filepath.ToSlash(target), "/"), todo...)
	}
	return s, nil
}

func here(root *os.Root) (spot, error) {
	info, err := root.Lstat(".")
	return spot{info: info}, err
}

func above(root *os.Root, s spot) (spot, error) {
	if len(s.names) == 0 {
		return spot{}, errOutside
	}
	names := s.names[:len(s.names)-1]
	if len(names) == 0 {
		return here(root)
	}
	info, err := root.Lstat(filepath.Join(names...))
	return spot{names: names, info: info}, err
}

// below is s and one name more; below nothing is nothing.
func below(root *os.Root, s spot, name string) (spot, error) {
	next := spot{names: append(slices.Clip(s.names), name)}
	if s.info == nil {
		return next, nil
	}
	info, err := root.Lstat(filepath.Join(next.names...))
	if errors.Is(err, fs.ErrNotExist) {
		return next, nil
	}
	next.info = info
	return next, err
}

// told puts an error into a sentence for the model.
func told(err error, path string) error {
	switch {
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err
	case errors.Is(err, errOutside):
		return fmt.Errorf("%s leads out of the workspace (through a link or ..); file tools reach only what is inside of it", path)
	case errors.Is(err, errMoved):
		return fmt.Errorf("%s changed while it was being opened; try again", path)
	case errors.Is(err, errSort):
		return fmt.Errorf("%s is no regular file (a pipe, socket, device or the like) and cannot be read or written here", path)
	case errors.Is(err, errTooLarge):
		return fmt.Errorf("%s is larger than %s and cannot be changed with file tools", path, bytesInWords(maxWhole))
	case errors.Is(err, errFolder):
		return fmt.Errorf("%s is a folder; use list_dir to see what is in it", path)
	case errors.Is(err, errNoDir):
		return fmt.Errorf("%s is, or goes through, a file where a folder is needed; use list_dir to see what is there", path)
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%s does not exist in the workspace; use list_dir or search_files to find the right path", path)
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("the system does not allow access to %s; tell the user if it is needed", path)
	}
	if p, ok := errors.AsType[*fs.PathError](err); ok {
		err = p.Err // its path is a piece of the one that the model knows
	}
	return fmt.Errorf("%s cannot be used: %w", path, err)
}
