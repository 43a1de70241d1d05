//go:build unix

package main

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"syscall"
)

// longestPlace is how long the path of a socket may be: macOS takes 103 bytes.
const longestPlace = 100

// listenControl opens the control socket of a state folder and says where it
// is. Only the owner of the folder's lock may call it: what another process
// left there is removed.
func listenControl(stateDir string, env func(string) string) (place string, ln net.Listener, err error) {
	place, private, err := controlPlace(stateDir, env)
	if err != nil {
		return "", nil, err
	}
	if err := makePrivate(filepath.Dir(place), private); err != nil {
		return "", nil, err
	}
	if err := removeSocket(place); err != nil {
		return "", nil, err
	}
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: place, Net: "unix"})
	if err != nil {
		return "", nil, err
	}
	if err := os.Chmod(place, 0o600); err != nil {
		return "", nil, errors.Join(err, l.Close())
	}
	c := &control{UnixListener: l}
	if private {
		c.folder = filepath.Dir(place)
	}
	return place, c, nil
}

// controlPlace is run/control.sock, or a shorter path where the system could
// not take that one: a folder of our own in that of the login session, else in
// that for temporary files.
func controlPlace(stateDir string, env func(string) string) (place string, private bool, err error) {
	if place = filepath.Join(stateDir, "run", "control.sock"); len(place) <= longestPlace {
		return place, false, nil
	}
	sum := sha256.Sum256([]byte(stateDir))
	name := fmt.Sprintf("hermes-webui-%d-%s", os.Getuid(), hex.EncodeToString(sum[:6]))
	for _, dir := range []string{env("XDG_RUNTIME_DIR"), env("TMPDIR"), "/tmp"} {
		if !filepath.IsAbs(dir) {
			continue
		}
		if info, err := os.Stat(dir); err != nil || !info.IsDir() {
			continue
		}
		if place = filepath.Join(dir, name, "control.sock"); len(place) <= longestPlace {
			return place, true, nil
		}
	}
	return "", false, errors.New("there is no folder with a path that is short enough for a socket")
}

// makePrivate makes the folder of a socket. One outside the state folder has a
// name that others could guess: if it is not ours alone, it is not used.
func makePrivate(dir string, private bool) error {
	if err := os.Mkdir(dir, 0o700); !errors.Is(err, fs.ErrExist) {
		return err
	}
	info, err := os.Lstat(dir)
	if err != nil || !private {
		return err
	}
	st, ok := info.Sys().(*syscall.Stat_t)
	if !info.IsDir() || info.Mode().Perm() != 0o700 || !ok || int(st.Uid) != os.Getuid() {
		return fmt.Errorf("%s is not a folder of this user alone", dir)
	}
	return nil
}

// removeSocket removes what a process that is gone left, and nothing else.
func removeSocket(place string) error {
	info, err := os.Lstat(place)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if info.Mode().Type() != fs.ModeSocket {
		return fmt.Errorf("%s is in the way and is no socket", place)
	}
	return os.Remove(place)
}

// control accepts only connections of this user. The modes of the socket and
// its folder say the same; this holds also where these were changed.
type control struct {
	*net.UnixListener
	folder string // made for the socket alone; "" = it is the state folder's
}

func (c *control) Accept() (net.Conn, error) {
	for {
		conn, err := c.AcceptUnix()
		if err != nil {
			return nil, err
		}
		if sameUser(conn) {
			return conn, nil
		}
		_ = conn.Close()
	}
}

// Close removes the socket too, and the folder if it was made for it.
func (c *control) Close() error {
	err := c.UnixListener.Close()
	if c.folder != "" {
		_ = os.Remove(c.folder) // it is empty, or somebody else has put something there
	}
	return err
}
