//go:build unix

package main

import (
	"errors"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// farDir is a state folder whose path no socket could have.
func farDir(t *testing.T) string {
	t.Helper()
	return filepath.Join(t.TempDir(), strings.Repeat("far/", 30), "state")
}

// shortDir is a folder for sockets; those of t.TempDir have the test's name.
func shortDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "s")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

// placeOf returns where the server of a state folder says its socket is.
func placeOf(t *testing.T, dir string) string {
	t.Helper()
	h, err := readHolder(dir)
	if err != nil || h.Control == "" {
		t.Fatalf("%+v, %v", h, err)
	}
	return h.Control
}

// viaControl asks with the owner's rights and a foreign Host and Origin, and
// returns the status.
func viaControl(t *testing.T, dir, method, path string) int {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, controlURL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	foreign(req)
	res, err := controlClient(dir).Do(req)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	return res.StatusCode
}

func foreign(req *http.Request) {
	req.Host = "example.org"
	req.Header.Set("Origin", "https://example.org")
	req.Header.Set("Sec-Fetch-Site", "cross-site")
}

func TestTheControlSocketGivesTheOwnersRights(t *testing.T) {
	runtimeDir := shortDir(t)
	near := startInside(t)
	far := startInsideAt(t, farDir(t), "XDG_RUNTIME_DIR="+runtimeDir)
	for name, in := range map[string]*inside{"near": near, "far": far} {
		t.Run(name, func(t *testing.T) {
			place := placeOf(t, in.dir)
			if len(place) > longestPlace {
				t.Errorf("%d bytes: %s", len(place), place)
			}
			wantMode(t, place, fs.ModeSocket|0o600)
			wantMode(t, filepath.Dir(place), fs.ModeDir|0o700)
			if got := viaControl(t, in.dir, "GET", "/api/sessions"); got != http.StatusOK {
				t.Errorf("a foreign Host at the socket: %d", got)
			}
			if got := viaControl(t, in.dir, "POST", "/api/system/restart"); got != http.StatusAccepted {
				t.Errorf("a foreign Origin at the socket: %d", got)
			}
			in.log.until("front restarted", 1)
			if got := viaControl(t, in.dir, "GET", "/api/sessions"); got != http.StatusOK {
				t.Errorf("after a restart of the front: %d", got)
			}
			req, err := http.NewRequestWithContext(t.Context(), "GET", in.url+"/api/sessions", nil)
			if err != nil {
				t.Fatal(err)
			}
			foreign(req)
			res, err := http.DefaultClient.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			res.Body.Close()
			if res.StatusCode != http.StatusForbidden {
				t.Errorf("a foreign Host at the port: %d", res.StatusCode)
			}
		})
	}
	if place := placeOf(t, far.dir); !strings.HasPrefix(place, runtimeDir+"/") {
		t.Errorf("%s is not in XDG_RUNTIME_DIR", place)
	}
	place := placeOf(t, far.dir)
	far.end(t)
	if _, err := os.Lstat(filepath.Dir(place)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the socket's folder is still there: %v", err)
	}
	if got := viaControl(t, near.dir, "GET", "/api/sessions"); got != http.StatusOK {
		t.Errorf("the end of one hurt the other: %d", got)
	}
	place = placeOf(t, near.dir)
	near.end(t)
	if _, err := os.Lstat(place); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the socket is still there: %v", err)
	}
	if _, err := controlClient(near.dir).Get(controlURL + "/health"); !errors.Is(err, errNoServer) {
		t.Errorf("without a server: %v", err)
	}
}

func wantMode(t *testing.T, path string, want fs.FileMode) {
	t.Helper()
	if info, err := os.Lstat(path); err != nil || info.Mode() != want {
		t.Errorf("%s: %v, %v; want %v", path, info, err, want)
	}
}

func TestTheSocketOfADeadOwnerIsReplaced(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "state")
	if err := makeStateDir(dir); err != nil {
		t.Fatal(err)
	}
	dead, err := net.ListenUnix("unix", &net.UnixAddr{Name: filepath.Join(dir, "run", "control.sock"), Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	dead.SetUnlinkOnClose(false)
	dead.Close()
	in := startInsideAt(t, dir)
	if got := viaControl(t, dir, "GET", "/api/sessions"); got != http.StatusOK {
		t.Errorf("got %d", got)
	}
	in.end(t)
}

func TestWhatIsNoSocketStaysAndTheLoopbackAddressIsUsed(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "state")
	if err := makeStateDir(dir); err != nil {
		t.Fatal(err)
	}
	place := filepath.Join(dir, "run", "control.sock")
	if err := os.WriteFile(place, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	in := startInsideAt(t, dir)
	res, err := controlClient(dir).Get(controlURL + "/api/sessions")
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != http.StatusOK {
		t.Errorf("got %d", res.StatusCode)
	}
	in.end(t)
	if b, err := os.ReadFile(place); err != nil || string(b) != "mine" {
		t.Errorf("%q, %v", b, err)
	}
}

func TestAFolderThatOthersCanEnterHoldsNoSocket(t *testing.T) {
	runtimeDir, dir := shortDir(t), farDir(t)
	env := envOf(map[string]string{"XDG_RUNTIME_DIR": runtimeDir})
	place, _, err := controlPlace(dir, env)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Dir(place), 0o755); err != nil {
		t.Fatal(err)
	}
	if _, _, err := listenControl(dir, env); err == nil {
		t.Error("it was used")
	}
}
