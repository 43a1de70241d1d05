package direct

import (
	"bytes"
	"encoding/json"
	"strings"

	"hermes-webui/server/chat"
)

// gathering puts calls together from the pieces of a stream. Servers differ in
// how they tell the pieces of one call from the next: by an index, by an id, by
// a name that comes again, or not at all.
type gathering struct {
	list []*gathered // in the order in which they began
	at   map[int]*gathered
}

// gathered is a call as far as it has come.
type gathered struct {
	part  chat.PartID // "" = not opened yet
	id    string      // the server's; only tells calls apart
	name  string
	named bool // nothing more of the name can come
	args  []byte
	cut   joiner // holds back half a character of args
	extra json.RawMessage
}

func (g *gathering) add(d callDelta) {
	c := g.find(d)
	if c == nil {
		if d.name == "" {
			return // arguments of a call that has no name: nothing can be done with them
		}
		c = &gathered{id: d.id}
		g.list = append(g.list, c)
		if g.at == nil {
			g.at = map[int]*gathered{}
		}
		g.at[d.index] = c
	}
	c.add(d)
}

// find returns the call that a piece belongs to; nil = it begins one.
func (g *gathering) find(d callDelta) *gathered {
	c := g.at[d.index]
	if d.index == noIndex && len(g.list) > 0 {
		c = g.list[len(g.list)-1]
	}
	for _, known := range g.list {
		// An id alone is not trusted: some servers give all calls the same.
		if d.id != "" && known.id == d.id && (d.name == "" || d.index == noIndex) {
			c = known
		}
	}
	if c == nil || d.name == "" || !c.isOtherThan(d) {
		return c
	}
	return nil
}

// isOtherThan reports whether a piece with a name is the beginning of another
// call, although it stands in the place of this one.
func (c *gathered) isOtherThan(d callDelta) bool {
	complete := json.Valid(c.args)
	switch {
	case d.id != "" && c.id != "" && d.id != c.id:
		// Some servers make up a new id for every piece, and repeat the name.
		return complete || len(c.args) == 0 || d.name != c.name
	case len(c.args) == 0:
		return false // its name comes in pieces, or again
	case d.name != c.name:
		return true
	default:
		return complete && strings.TrimSpace(d.args) != "" && d.args != string(c.args)
	}
}

func (c *gathered) add(d callDelta) {
	if c.id == "" {
		c.id = d.id
	}
	if len(d.extra) > 0 {
		c.extra = d.extra
	}
	c.addName(d.name)
	c.named = c.named || d.named || d.args != ""
	if d.args == string(c.args) && json.Valid(c.args) { // the cheap test first: this is done for every piece
		return // the whole call once more, at the end
	}
	c.args = append(c.args, c.cut.put(d.args)...)
}

// maxCallName bounds the name of a call, in bytes. It is shown, kept and sent to
// every page; tools have names of at most 64.
const maxCallName = 256

// addName takes a name whole, in pieces, growing, or again.
func (c *gathered) addName(name string) {
	if len(name)+len(c.name) > 2*maxCallName {
		name = name[:cutAt(name, max(0, maxCallName-len(c.name)))]
		c.name, c.named = c.name+name, true
		return
	}
	switch {
	case name == "" || name == c.name || c.named:
	case strings.HasPrefix(name, c.name):
		c.name = name
	default:
		c.name += name
	}
}

// call returns the call.
func (c *gathered) call() call {
	args := append(bytes.Clone(c.args), repaired(c.cut.held)...)
	return call{id: callID(c.part), name: c.name, args: unwrapped(args), extra: c.extra}
}

// unwrapped returns arguments without what some servers put around them: an
// empty object before the real one, or another string. Those that never came
// are an empty object.
func unwrapped(args []byte) []byte {
	args = bytes.TrimSpace(args)
	if rest, ok := bytes.CutPrefix(args, []byte("{}")); ok && json.Valid(rest) {
		return rest
	}
	var inner string
	if json.Unmarshal(args, &inner) == nil && strings.HasPrefix(inner, "{") && json.Valid([]byte(inner)) {
		return []byte(inner)
	}
	if len(args) == 0 {
		return []byte("{}")
	}
	return args
}
