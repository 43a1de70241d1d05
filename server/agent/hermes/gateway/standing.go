package gateway

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"sync"

	"hermes-webui/server/agent/direct/child"
)

// standing is what is known of an agent that serves on its own, kept in a file:
// the next start of ours finds it by that.
type standing struct {
	Home  string   `json:"home"`
	Argv  []string `json:"argv"`
	PID   int      `json:"pid"`
	Start string   `json:"start"` // see child.StartOf
	Port  int      `json:"port"`  // 0 = not known yet
	Token string   `json:"token"`
}

// folderOf is the folder of the agent of one home.
func folderOf(s Spec) string {
	sum := sha256.Sum256([]byte(s.Home))
	return filepath.Join(s.Serve, hex.EncodeToString(sum[:8]))
}

const (
	standingFile = "server" // no .json: those are child's records
	wordsFile    = "log"
)

func (s standing) write(dir string) error {
	b, err := json.Marshal(s)
	if err != nil {
		return err
	}
	file := filepath.Join(dir, standingFile)
	if err := os.WriteFile(file+".half", b, 0o600); err != nil {
		return err
	}
	return os.Rename(file+".half", file)
}

// alive reports whether the process is there, and no other one that got its
// number.
func (s standing) alive() bool { return s.PID > 1 && s.Start != "" && child.StartOf(s.PID) == s.Start }

// found returns the agent that serves for s already; false = none does.
func found(s Spec, dir string) (standing, bool) {
	known, ok := read(dir)
	return known, ok && known.Home == s.Home && slices.Equal(known.Argv, s.Argv)
}

// read returns the agent that serves from a folder.
func read(dir string) (standing, bool) {
	b, err := os.ReadFile(filepath.Join(dir, standingFile))
	if err != nil {
		return standing{}, false
	}
	var known standing
	err = json.Unmarshal(b, &known)
	return known, err == nil && known.alive()
}

// Stands reports whether an agent serves for s already.
func (s Spec) Stands() bool {
	if s.Serve == "" {
		return false
	}
	s = s.filled()
	_, ok := found(s, folderOf(s))
	return ok
}

// Stands reports whether the agent serves, without a look whether it answers.
func (h *Host) Stands() bool { return h.spec.Stands() }

// allStanding are the agents that serve, of all homes, by their folders.
func allStanding(dir string) map[string]standing {
	all := map[string]standing{}
	entries, _ := os.ReadDir(dir) // none has served yet
	for _, e := range entries {
		folder := filepath.Join(dir, e.Name())
		if known, ok := read(folder); ok {
			all[folder] = known
		}
	}
	return all
}

// IsStanding reports whether a process is an agent that serves. dir is that of
// Spec.Serve.
func IsStanding(dir string, pid int) bool {
	for _, s := range allStanding(dir) {
		if s.PID == pid {
			return true
		}
	}
	return false
}

// EndStanding ends the agents that serve on their own, but for those of the homes
// in stay, and returns when nothing of them is left. No Host may keep them.
func EndStanding(dir string, stay []string) {
	var ends sync.WaitGroup
	for folder, s := range allStanding(dir) {
		if !slices.Contains(stay, s.Home) {
			v := &server{standing: s, dir: folder}
			ends.Go(v.end)
		}
	}
	ends.Wait()
}

var readyLine = regexp.MustCompile(`(?m)^HERMES_(?:BACKEND|DASHBOARD)_READY port=([0-9]+)\s*$`)

// portOf reads the port that the agent said it serves at; 0 = not yet.
func portOf(dir string) int {
	b, _ := os.ReadFile(filepath.Join(dir, wordsFile)) // it is there once the agent was started
	m := readyLine.FindSubmatch(b)
	if m == nil {
		return 0
	}
	port, _ := strconv.Atoi(string(m[1])) // only digits
	return port
}

// lastOf gives the end of what the agent wrote to words.
func lastOf(dir string, words *ring) {
	b, _ := os.ReadFile(filepath.Join(dir, wordsFile))
	b = b[max(0, len(b)-64<<10):]
	for line := range bytes.Lines(b) {
		if !readyLine.Match(line) {
			_, _ = words.Write(line) // never fails
		}
	}
}
