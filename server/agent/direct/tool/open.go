package tool

import (
	"errors"
	"io/fs"
	"os"
)

// enter opens a folder by its name in another one. It follows no link, not even
// one that takes the folder's place at that moment.
func enter(dir *os.Root, name string) (*os.Root, error) {
	before, err := dir.Lstat(name)
	if err != nil {
		return nil, err
	}
	if !before.IsDir() {
		return nil, errNoDir
	}
	// With "/." behind it the name is opened as a folder or not at all. The bare
	// name would be opened whatever it is, and a FIFO there blocks for ever.
	sub, err := dir.OpenRoot(name + "/.")
	if err != nil {
		return nil, err
	}
	after, err := sub.Lstat(".")
	if err != nil || !os.SameFile(before, after) {
		_ = sub.Close()
		return nil, errors.Join(errMoved, err)
	}
	return sub, nil
}

// descend opens the folder that names lead to, following no links. The caller
// closes it.
func descend(root *os.Root, names []string) (*os.Root, error) {
	dir, err := root.OpenRoot(".")
	for _, name := range names {
		if err != nil {
			return nil, err
		}
		var sub *os.Root
		sub, err = enter(dir, name)
		_ = dir.Close()
		dir = sub
	}
	return dir, err
}

// openRegular opens a regular file for reading, and nothing else: no link, and
// neither FIFO nor device, whatever takes the file's place meanwhile. A hard link
// is a file like any other; nobody can tell which of its names came first.
func openRegular(dir *os.Root, name string) (*os.File, fs.FileInfo, error) {
	before, err := dir.Lstat(name)
	if err != nil {
		return nil, nil, err
	}
	if err := regular(before); err != nil {
		return nil, nil, err
	}
	f, err := dir.OpenFile(name, os.O_RDONLY|nonblock, 0)
	if err != nil {
		return nil, nil, err
	}
	after, err := f.Stat()
	if err != nil || !os.SameFile(before, after) || !after.Mode().IsRegular() {
		_ = f.Close()
		return nil, nil, errors.Join(errMoved, err)
	}
	return f, after, nil
}

func regular(info fs.FileInfo) error {
	switch {
	case info.IsDir():
		return errFolder
	case !info.Mode().IsRegular():
		return errSort
	default:
		return nil
	}
}

// openSpot opens the regular file at a spot for reading.
func openSpot(root *os.Root, s spot) (*os.File, fs.FileInfo, error) {
	if s.info == nil {
		return nil, nil, fs.ErrNotExist
	}
	if err := regular(s.info); err != nil {
		return nil, nil, err
	}
	folders, name := s.last()
	dir, err := descend(root, folders)
	if err != nil {
		return nil, nil, err
	}
	defer dir.Close()
	return openRegular(dir, name)
}
