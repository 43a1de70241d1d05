package gateway

import (
	"cmp"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

const (
	hidden      = "[hidden]"
	shortSecret = 6 // bytes; shorter values are no secret by their length and would garble the text
)

// tell-tale forms of keys, whatever names them.
var (
	keyForm = regexp.MustCompile(`\b(?:sk|pk|rk|xox[abprs]|gh[pousr]|github_pat|glpat|hf|nvapi|gsk|AKIA|AIza|ya29)[-_.A-Za-z0-9]{8,}` +
		`|\beyJ[-_A-Za-z0-9]{8,}\.[-_.A-Za-z0-9]+`)
	named = regexp.MustCompile(`(?i)((?:api[-_ ]?key|token|secret|password|passwd|credential|authorization|cookie)["']?\s*[:=]\s*["']?(?:bearer |basic )?|\bbearer\s+)[^\s"',;&}\]]+`)
	login = regexp.MustCompile(`([a-z][a-z0-9+.-]*://[^\s/:@]*:)[^\s/@]+@`)
)

// secretName finds variables and settings whose value is a secret.
var secretName = regexp.MustCompile(`(?i)key|token|secret|pass|cred|auth|cookie|bearer|webhook`)

// redactor takes secrets out of lines: known values, and what looks like one.
type redactor struct{ words *strings.Replacer }

// Redact takes what looks like a secret out of a line that people will read.
func Redact(line string) string { return redactor{}.clean(line) }

// redacting knows the secrets of an environment ("NAME=value") and those in the
// .env of a home.
func redacting(env []string, home string) redactor {
	var values []string
	dotenv, _ := os.ReadFile(filepath.Join(home, ".env")) // most homes have none
	for _, entry := range append(slices.Clone(env), strings.Split(string(dotenv), "\n")...) {
		name, value, ok := strings.Cut(strings.TrimPrefix(strings.TrimSpace(entry), "export "), "=")
		value = strings.Trim(strings.TrimSpace(value), `"'`)
		if ok && secretName.MatchString(name) && len(value) >= shortSecret && !filepath.IsAbs(value) {
			values = append(values, value)
		}
	}
	// The longest first: a part must not be replaced within the whole.
	slices.SortFunc(values, func(a, b string) int { return cmp.Or(cmp.Compare(len(b), len(a)), cmp.Compare(a, b)) })
	var pairs []string
	for _, v := range slices.Compact(values) {
		pairs = append(pairs, v, hidden)
	}
	return redactor{strings.NewReplacer(pairs...)}
}

func (r redactor) clean(line string) string {
	if r.words != nil {
		line = r.words.Replace(line)
	}
	line = keyForm.ReplaceAllString(line, hidden)
	line = named.ReplaceAllString(line, "${1}"+hidden)
	return login.ReplaceAllString(line, "${1}"+hidden+"@")
}
