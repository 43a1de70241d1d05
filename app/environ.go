package main

import (
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
)

// environ is the environment as os.Environ has it. It is handed in, so that two
// servers in one process can have different ones.
type environ []string

// get returns a variable; "" = it is not set. The first of a name counts, as for
// the system.
func (e environ) get(name string) string {
	for _, pair := range e {
		key, value, ok := cutPair(pair)
		if ok && (key == name || runtime.GOOS == "windows" && strings.EqualFold(key, name)) {
			return value
		}
	}
	return ""
}

// cutPair splits NAME=value. Windows has names that begin with =.
func cutPair(pair string) (name, value string, ok bool) {
	if pair == "" {
		return "", "", false
	}
	name, value, ok = strings.Cut(pair[1:], "=")
	return pair[:1] + name, value, ok
}

// fromSupervisor begin the variables with which a supervisor means this process
// alone. A child that inherits them speaks in our name, or takes itself for a
// service.
var fromSupervisor = []string{
	"NOTIFY_SOCKET=", "LISTEN_", "WATCHDOG_", "INVOCATION_ID=", "JOURNAL_STREAM=", "SYSTEMD_EXEC_PID=",
}

// ofSupervisor reports whether NAME=value is one of these.
func ofSupervisor(pair string) bool {
	return slices.ContainsFunc(fromSupervisor, func(start string) bool { return strings.HasPrefix(pair, start) })
}

// look finds a program as a shell would: by an absolute path, or by PATH of
// this environment. Relative folders of PATH do not count.
func (e environ) look(name string) (path string, ok bool) {
	if name == "" {
		return "", false
	}
	if filepath.IsAbs(name) {
		return name, executable(name)
	}
	if name != filepath.Base(name) {
		return "", false
	}
	for _, dir := range filepath.SplitList(e.get("PATH")) {
		if path := filepath.Join(dir, name); filepath.IsAbs(path) && executable(path) {
			return path, true
		}
	}
	return "", false
}

func executable(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular() && info.Mode()&0o111 != 0
}
