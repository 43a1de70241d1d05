package tool

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// put gives the file at a spot a new content, all at once: written beside it,
// flushed, then renamed over it. It does so only if the file is as it was. Other
// hard links of the file keep the old content. Missing folders are made.
//
// Between the last look and the renaming is a moment in which another program's
// change would be lost; no system that we run on can close it.
func put(root *os.Root, s spot, was content, text string) error {
	folders, name := s.last()
	dir, err := makeFolders(root, folders)
	if err != nil {
		return err
	}
	defer dir.Close()
	if err := unchanged(dir, name, was); err != nil {
		return err
	}
	temp := ".hermes-" + rand.Text() + ".tmp"
	if err := writeNew(dir, temp, was, text); err != nil {
		_ = dir.Remove(temp)
		return err
	}
	err = unchanged(dir, name, was)
	if err == nil {
		err = dir.Rename(temp, name)
	}
	if err != nil {
		_ = dir.Remove(temp)
		return err
	}
	flush(dir)
	return nil
}

// errChanged says that a file is not what it was when the call was prepared.
var errChanged = errors.New("was changed by somebody else since this change was prepared; nothing was written, read it again first")

func unchanged(dir *os.Root, name string, was content) error {
	now := content{}
	f, info, err := openRegular(dir, name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return err
	default:
		defer f.Close()
		if now, err = readContent(f, info); err != nil {
			return err
		}
	}
	if !now.same(was) {
		return errChanged
	}
	return nil
}

// makeFolders opens the folder that names lead to and makes what is missing. It
// follows no links.
func makeFolders(root *os.Root, names []string) (*os.Root, error) {
	dir, err := root.OpenRoot(".")
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		if err := dir.Mkdir(name, 0o777); err != nil && !errors.Is(err, fs.ErrExist) { // less what the umask takes
			_ = dir.Close()
			return nil, err
		}
		sub, err := enter(dir, name)
		_ = dir.Close()
		if err != nil {
			return nil, err
		}
		dir = sub
	}
	return dir, nil
}

// writeNew writes a file that must not be there yet. One that replaces another
// has never more permissions than that.
func writeNew(dir *os.Root, name string, was content, text string) error {
	mode := fs.FileMode(0o666) // less what the umask takes
	if was.there {
		mode = 0o600
	}
	f, err := dir.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return err
	}
	if was.there {
		err = f.Chmod(was.mode)
	}
	if err == nil {
		_, err = f.WriteString(text)
	}
	if err == nil {
		err = f.Sync()
	}
	if err := errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("write: %w", err)
	}
	return nil
}

// flush makes that the new name survives a power cut, where the system can.
func flush(dir *os.Root) {
	f, err := dir.Open(".")
	if err != nil {
		return
	}
	defer f.Close()
	_ = f.Sync() // Windows cannot sync a folder, nor needs it
}
