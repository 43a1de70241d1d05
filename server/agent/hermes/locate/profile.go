package locate

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// Profile is one home of the agent.
type Profile struct{ Name, About, Home string }

// DefaultProfile is the name of the agent's own home.
const DefaultProfile = "default"

var profileName = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]{0,63}$`)

// Root returns the home of the default profile for a HERMES_HOME that may be that
// of another one.
func Root(home string) string {
	if parent := filepath.Dir(home); filepath.Base(parent) == "profiles" {
		return filepath.Dir(parent)
	}
	return home
}

// Profiles lists the profiles in the agent's home, the default one first.
func Profiles(root string) []Profile {
	all := []Profile{{Name: DefaultProfile, Home: root, About: about(root)}}
	entries, err := os.ReadDir(filepath.Join(root, "profiles"))
	if err != nil {
		return all // there are no others
	}
	for _, e := range entries {
		home := filepath.Join(root, "profiles", e.Name())
		if info, err := os.Stat(home); err != nil || !info.IsDir() || !profileName.MatchString(e.Name()) {
			continue
		}
		all = append(all, Profile{Name: e.Name(), Home: home, About: about(home)})
	}
	return all
}

// about is the description in profile.yaml: one line of text.
func about(home string) string {
	b, err := os.ReadFile(filepath.Join(home, "profile.yaml"))
	if err != nil {
		return ""
	}
	for line := range strings.Lines(string(b)) {
		if text, ok := strings.CutPrefix(line, "description:"); ok {
			text = strings.Trim(strings.TrimSpace(text), `"'`)
			return text[:min(len(text), 300)]
		}
	}
	return ""
}
