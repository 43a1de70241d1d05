package mcp

import (
	"cmp"
	"encoding/json"
	"net/url"
	"slices"
	"strings"
)

const hidden = "[secret]"

// redactor takes secrets out of texts. Values that are no secret by their length
// ("1", "on") stay, because taking them out would only garble the text.
type redactor struct {
	words *strings.Replacer
	long  int // bytes of the longest
}

// redacting returns a redactor for values of at least least bytes.
func redacting(values []string, least int) redactor {
	var all []string
	add := func(v string) {
		if len(v) >= least {
			all = append(all, v)
		}
	}
	for _, v := range values {
		add(v)
		add(strings.TrimSpace(v))
		add(url.QueryEscape(v))
		add(url.PathEscape(v))
		if quoted, err := json.Marshal(v); err == nil {
			add(string(quoted[1 : len(quoted)-1]))
		}
		if _, token, ok := strings.Cut(v, " "); ok { // "Bearer TOKEN"
			add(strings.TrimSpace(token))
		}
		for line := range strings.Lines(v) { // a key in several lines is written line by line
			add(strings.TrimSpace(line))
		}
	}
	// The longest first: a part must not be replaced within the whole.
	slices.SortFunc(all, func(a, b string) int { return cmp.Or(cmp.Compare(len(b), len(a)), cmp.Compare(a, b)) })
	all = slices.Compact(all)
	r := redactor{}
	pairs := make([]string, 0, 2*len(all))
	for _, v := range all {
		pairs = append(pairs, v, hidden)
		r.long = max(r.long, len(v))
	}
	r.words = strings.NewReplacer(pairs...)
	return r
}

func (r redactor) clean(text string) string { return r.words.Replace(text) }
