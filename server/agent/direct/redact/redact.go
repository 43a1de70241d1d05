// Package redact takes values that must not be shown out of texts.
package redact

import (
	"cmp"
	"encoding/json"
	"net/url"
	"slices"
	"strings"
)

// Hidden stands where a value stood.
const Hidden = "[secret]"

// Words are values that are taken out. The zero value takes nothing out.
type Words struct {
	all   []string  // the longest first
	begin [256]bool // what one of them begins with
}

// Of returns Words for values of at least least bytes, in every way in which
// they are commonly written. Shorter ones are no secret by their length ("1",
// "on") and stay, because taking them out would only garble the text.
func Of(values []string, least int) Words {
	var w Words
	for _, v := range values {
		for _, s := range spellings(v) {
			if len(s) >= max(least, 1) {
				w.all = append(w.all, s)
				w.begin[s[0]] = true
			}
		}
	}
	// The longest first: a part must not be replaced within the whole.
	slices.SortFunc(w.all, func(a, b string) int { return cmp.Or(cmp.Compare(len(b), len(a)), cmp.Compare(a, b)) })
	w.all = slices.Compact(w.all)
	return w
}

func spellings(v string) []string {
	all := []string{v, strings.TrimSpace(v), url.QueryEscape(v), url.PathEscape(v)}
	if quoted, err := json.Marshal(v); err == nil {
		all = append(all, string(quoted[1:len(quoted)-1]))
	}
	if _, token, ok := strings.Cut(v, " "); ok { // "Bearer TOKEN"
		all = append(all, strings.TrimSpace(token))
	}
	for line := range strings.Lines(v) { // a key in several lines is written line by line
		all = append(all, strings.TrimSpace(line))
	}
	return all
}

// Long is how many bytes the longest has.
func (w Words) Long() int {
	if len(w.all) == 0 {
		return 0
	}
	return len(w.all[0])
}

// Clean returns text without them.
func (w Words) Clean(text string) string {
	out, _ := w.scan(text, true)
	return out
}

// JSON returns a JSON document without them. A number that looks like one stays.
func (w Words) JSON(doc json.RawMessage) json.RawMessage {
	if clean := json.RawMessage(w.Clean(string(doc))); json.Valid(clean) {
		return clean
	}
	return doc
}

// scan takes them out of text. Where more may come, held is what may be the
// beginning of one.
func (w Words) scan(text string, whole bool) (out, held string) {
	var b strings.Builder
	from := 0
	for i := 0; i < len(text); {
		if !w.begin[text[i]] {
			i++
			continue
		}
		n, half := w.at(text[i:], whole)
		if half {
			return b.String() + text[from:i], text[i:]
		}
		if n == 0 {
			i++
			continue
		}
		b.WriteString(text[from:i])
		b.WriteString(Hidden)
		i += n
		from = i
	}
	if from == 0 {
		return text, ""
	}
	return b.String() + text[from:], ""
}

// at returns the length of the one that text begins with, and whether it may
// become a longer one.
func (w Words) at(text string, whole bool) (n int, half bool) {
	for _, v := range w.all {
		if strings.HasPrefix(text, v) {
			return len(v), false
		}
		if !whole && len(text) < len(v) && strings.HasPrefix(v, text) {
			return 0, true
		}
	}
	return 0, false
}

// Stream takes them out of a text that comes in pieces.
type Stream struct {
	Words Words
	held  string
}

// Put returns what can be told with s.
func (r *Stream) Put(s string) string {
	var out string
	out, r.held = r.Words.scan(r.held+s, false)
	return out
}

// Rest returns what was held back, at the end of the text.
func (r *Stream) Rest() string {
	out := r.Words.Clean(r.held)
	r.held = ""
	return out
}
