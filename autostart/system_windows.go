package autostart

import (
	"errors"
	"os"

	"golang.org/x/sys/windows"
	win "golang.org/x/sys/windows/registry"
)

const (
	runPath      = `Software\Microsoft\Windows\CurrentVersion\Run`
	approvedPath = `Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run`
)

func system(c Config) place { return runKey{c, currentUser{}} }

// currentUser is HKEY_CURRENT_USER.
type currentUser struct{}

func (currentUser) run(name string) (string, error) {
	var line string
	err := within(runPath, win.QUERY_VALUE, func(k win.Key) (err error) {
		line, _, err = k.GetStringValue(name)
		return err
	})
	return line, err
}

func (currentUser) setRun(name, line string) error {
	k, _, err := win.CreateKey(win.CURRENT_USER, runPath, win.SET_VALUE)
	if err != nil {
		return err
	}
	return errors.Join(k.SetStringValue(name, line), k.Close())
}

func (currentUser) removeRun(name string) error { return removeValue(runPath, name) }

func (currentUser) approved(name string) ([]byte, error) {
	var note []byte
	err := within(approvedPath, win.QUERY_VALUE, func(k win.Key) (err error) {
		note, _, err = k.GetBinaryValue(name)
		return err
	})
	return note, err
}

func (currentUser) removeApproved(name string) error { return removeValue(approvedPath, name) }

func (currentUser) split(line string) []string {
	args, _ := windows.DecomposeCommandLine(line) // nil: it is stale
	return args
}

func removeValue(path, name string) error {
	return within(path, win.SET_VALUE, func(k win.Key) error { return k.DeleteValue(name) })
}

// within opens a key. One that is not there, or has no such value, is no error.
func within(path string, access uint32, do func(win.Key) error) error {
	k, err := win.OpenKey(win.CURRENT_USER, path, access)
	if err == nil {
		err = errors.Join(do(k), k.Close())
	}
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return err
}
