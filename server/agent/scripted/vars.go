package scripted

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

var variable = regexp.MustCompile(`\{\{([a-z]+)\}\}`)

// names of the variables that a script may use.
var varNames = []string{"prompt", "workspace", "entries", "answer", "command", "n"}

// vars are the values of a turn's variables.
type vars map[string]string

func newVars() vars {
	v := vars{}
	for _, name := range varNames {
		v[name] = ""
	}
	return v
}

// checkVars fails for a variable that does not exist.
func checkVars(text string) error {
	known := newVars()
	for _, m := range variable.FindAllStringSubmatch(text, -1) {
		if _, ok := known[m[1]]; !ok {
			return fmt.Errorf("there is no variable %s; there are %s", m[0], strings.Join(varNames, ", "))
		}
	}
	return nil
}

// fill puts the values in. Values are not looked at again: a prompt that
// holds {{…}} stays as it is.
func (v vars) fill(text string) string {
	return variable.ReplaceAllStringFunc(text, func(m string) string { return v[m[2:len(m)-2]] })
}

// fillJSON is fill for JSON, where variables stand inside of strings.
func (v vars) fillJSON(text string) json.RawMessage {
	if text == "" {
		return nil
	}
	return json.RawMessage(variable.ReplaceAllStringFunc(text, func(m string) string {
		b, _ := json.Marshal(v[m[2:len(m)-2]]) // a string always encodes
		return string(b[1 : len(b)-1])
	}))
}

// count sets the number of a repetition; i counts from 0.
func (v vars) count(i int) { v["n"] = strconv.Itoa(i + 1) }
