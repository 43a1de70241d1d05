package direct

import (
	"encoding/json"
	"strings"
)

// memory keeps what a model has to be told again of its thoughts while its
// calls are under way.
type memory struct{ list []*recalled }

type recalled struct {
	thought
	text    joiner
	details []map[string]any // of reasoning_details, as far as they came
}

// detailsField is the member in which some servers want their own list back.
const detailsField = "reasoning_details"

// add puts a piece behind what came before. A thought that is signed is
// complete, and raw members of Anthropic are each complete.
func (m *memory) add(t thought) {
	last := m.last(t.field)
	switch {
	case t.field == detailsField:
		if last == nil {
			last = m.begin(thought{field: t.field})
		}
		last.details = mergeDetails(last.details, t.raw)
	case t.raw != nil:
		m.begin(t)
	default:
		if last == nil || last.raw != nil || last.signature != "" {
			last = m.begin(thought{field: t.field})
		}
		last.thought.text += last.text.put(t.text)
		last.signature += t.signature
	}
}

func (m *memory) begin(t thought) *recalled {
	r := &recalled{thought: t}
	m.list = append(m.list, r)
	return r
}

// last returns the newest thought of a field; nil = none.
func (m *memory) last(field string) *recalled {
	for i := len(m.list) - 1; i >= 0; i-- {
		if m.list[i].field == field {
			return m.list[i]
		}
	}
	return nil
}

func (m *memory) thoughts() []thought {
	var out []thought
	for _, r := range m.list {
		if r.field == detailsField {
			r.raw = writtenDetails(r.details)
		}
		if r.field != detailsField || r.raw != nil {
			out = append(out, r.thought)
		}
	}
	return out
}

// mergeDetails puts the pieces of OpenRouter's reasoning_details together:
// those of one index and type are one detail, whose texts grow. What cannot be
// read is left out.
func mergeDetails(list []map[string]any, more json.RawMessage) []map[string]any {
	var add []map[string]any
	if json.Unmarshal(more, &add) != nil {
		return list
	}
	for _, d := range add {
		if n := len(list); n > 0 && sameDetail(list[n-1], d) {
			growDetail(list[n-1], d)
			continue
		}
		list = append(list, d)
	}
	return list
}

// writtenDetails returns details as they go back; nil = there are none.
func writtenDetails(list []map[string]any) json.RawMessage {
	if len(list) == 0 {
		return nil
	}
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if e.Encode(list) != nil {
		return nil
	}
	return json.RawMessage(strings.TrimSpace(b.String()))
}

// sameDetail reports whether b goes on with a. Only a number and a name count:
// whatever else stands there could not be compared.
func sameDetail(a, b map[string]any) bool {
	at, ok := a["index"].(float64)
	next, numbered := b["index"].(float64)
	kind, named := a["type"].(string)
	other, _ := b["type"].(string)
	return ok && numbered && named && at == next && kind == other
}

func growDetail(d, more map[string]any) {
	for k, v := range more {
		piece, isText := v.(string)
		before, had := d[k].(string)
		switch {
		case v == nil:
		case isText && had && (k == "text" || k == "summary" || k == "data"):
			d[k] = before + piece
		default:
			d[k] = v
		}
	}
}
