package main

import (
	"runtime"
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
