package tool

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// arguments are what a model wrote for a call, by name. Reading them forgives
// what models do: a number or a switch as a string, null for what is absent, the
// object inside of a string, raw line ends in strings, members nobody asked for.
type arguments map[string]json.RawMessage

// readArguments reads the object that a model wrote; nothing at all is an empty
// one.
func readArguments(raw json.RawMessage) (arguments, error) {
	raw = bytes.TrimSpace(raw)
	if len(raw) == 0 || string(raw) == "null" {
		return arguments{}, nil
	}
	if a, ok := objectOf(raw); ok {
		return a, nil
	}
	if a, ok := objectOf(escapeControls(raw)); ok {
		return a, nil
	}
	var inner string
	if json.Unmarshal(raw, &inner) == nil {
		if a, ok := objectOf([]byte(inner)); ok {
			return a, nil
		}
	}
	return nil, fmt.Errorf("the arguments are not a complete JSON object%s; write the call again with its arguments as one JSON object", why(raw))
}

func objectOf(raw []byte) (arguments, bool) {
	var a arguments
	if err := json.Unmarshal(raw, &a); err != nil || a == nil {
		return nil, false
	}
	return a, true
}

// why says what the JSON reader stumbled over.
func why(raw []byte) string {
	var v map[string]any
	if err := json.Unmarshal(raw, &v); err != nil {
		return " (" + err.Error() + ")"
	}
	return ""
}

// escapeControls writes line ends and other control characters inside of strings
// as JSON wants them.
func escapeControls(raw []byte) []byte {
	var b bytes.Buffer
	inside, escaped := false, false
	for _, c := range raw {
		switch {
		case inside && escaped:
			escaped = false
		case inside && c == '\\':
			escaped = true
		case c == '"':
			inside = !inside
		}
		if inside && c < ' ' {
			fmt.Fprintf(&b, `\u%04x`, c)
			continue
		}
		b.WriteByte(c)
	}
	return b.Bytes()
}

// find returns the first of the names that is there and not null.
func (a arguments) find(names ...string) (json.RawMessage, bool) {
	for _, n := range names {
		if v, ok := a[n]; ok && string(bytes.TrimSpace(v)) != "null" {
			return v, true
		}
	}
	return nil, false
}

// text returns a string, "" and false where it is absent. The first name is the
// one that the model is told, the others are what models write instead.
func (a arguments) text(names ...string) (string, bool, error) {
	v, ok := a.find(names...)
	if !ok {
		return "", false, nil
	}
	var s string
	if json.Unmarshal(v, &s) == nil {
		return s, true, nil
	}
	var n json.Number
	if json.Unmarshal(v, &n) == nil {
		return n.String(), true, nil
	}
	return "", false, fmt.Errorf("%q must be a string", names[0])
}

// need is text that must be there; it may be empty.
func (a arguments) need(names ...string) (string, error) {
	s, ok, err := a.text(names...)
	if err != nil {
		return "", err
	}
	if !ok {
		return "", fmt.Errorf("%q is missing; write the call again with it", names[0])
	}
	return s, nil
}

// whole returns a whole number; absent, "" or null is none.
func (a arguments) whole(none int, names ...string) (int, error) {
	v, ok := a.find(names...)
	if !ok {
		return none, nil
	}
	word := strings.TrimSpace(strings.Trim(string(bytes.TrimSpace(v)), `"`))
	if word == "" {
		return none, nil
	}
	f, err := strconv.ParseFloat(word, 64)
	if err != nil || f != math.Trunc(f) || math.Abs(f) > math.MaxInt32 {
		return 0, fmt.Errorf("%q must be a whole number", names[0])
	}
	return int(f), nil
}

// flag returns a switch; absent is off.
func (a arguments) flag(names ...string) (bool, error) {
	v, ok := a.find(names...)
	if !ok {
		return false, nil
	}
	switch strings.ToLower(strings.Trim(string(bytes.TrimSpace(v)), `"`)) {
	case "true", "1", "yes":
		return true, nil
	case "false", "0", "no", "":
		return false, nil
	default:
		return false, fmt.Errorf("%q must be true or false", names[0])
	}
}

// list returns the items of a list, also of one that was written into a string;
// nil where it is absent. A single object stands for a list of one.
func (a arguments) list(names ...string) ([]json.RawMessage, error) {
	v, ok := a.find(names...)
	if !ok {
		return nil, nil
	}
	var inner string
	if json.Unmarshal(v, &inner) == nil {
		v = []byte(inner)
	}
	var items []json.RawMessage
	if json.Unmarshal(v, &items) == nil {
		return items, nil
	}
	if _, ok := objectOf(v); ok {
		return []json.RawMessage{v}, nil
	}
	return nil, fmt.Errorf("%q must be a list", names[0])
}
