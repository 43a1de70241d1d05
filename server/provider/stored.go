package provider

import (
	"encoding/json"
	"maps"
	"slices"

	"hermes-webui/server/fault"
)

// Secrets keeps what must not be read by others; secret.File. The providers are
// one member of it.
type Secrets interface {
	Get(member string) json.RawMessage // nil = there is none
	Put(member string, v any) error
	Problem() error // why nothing can be kept; nil = it can
}

const member = "providers"

// entry is what is kept of a provider, the only place where a key is written.
// Name and kind are those of custom ones.
type entry struct {
	Name    string `json:"name,omitempty"`
	Kind    Kind   `json:"kind,omitempty"`
	BaseURL string `json:"base_url,omitempty"`
	Key     string `json:"key,omitempty"`
}

// shelf is the member in memory. Entries of providers that this program does
// not know are kept as they are.
type shelf struct {
	raw     map[string]json.RawMessage
	entries map[string]entry
}

// load reads the member. What makes no sense is a fault.Error that says so.
func load(s Secrets) (shelf, error) {
	if err := s.Problem(); err != nil {
		return shelf{}, err
	}
	b := s.Get(member)
	if b == nil {
		return shelf{}, nil
	}
	var out shelf
	// Causes are dropped: a JSON error can quote the text around it.
	if json.Unmarshal(b, &out.raw) != nil || json.Unmarshal(b, &out.entries) != nil {
		return shelf{}, fault.New(fault.Unavailable, fault.CodeStoreDamaged,
			"The providers in the file secrets.json in the state directory are damaged and are left as they are. "+
				"Repair the file or move it away, then restart and enter the keys again.")
	}
	return out, nil
}

// with returns a copy with another entry; an empty one is removed.
func (s shelf) with(id string, e entry) (shelf, error) {
	next := shelf{maps.Clone(s.raw), maps.Clone(s.entries)}
	if next.raw == nil {
		next.raw, next.entries = map[string]json.RawMessage{}, map[string]entry{}
	}
	if e == (entry{}) {
		delete(next.raw, id)
		delete(next.entries, id)
		return next, nil
	}
	b, err := json.Marshal(e)
	next.raw[id], next.entries[id] = b, e
	return next, err
}

func (s shelf) setting(id string) setting {
	e := s.entries[id]
	return setting{e.BaseURL, NewKey(e.Key)}
}

// custom returns the providers that people added, by id. An entry without a
// kind is one of a program that offers more than this one.
func (s shelf) custom(taken []known) []known {
	var out []known
	for _, id := range slices.Sorted(maps.Keys(s.entries)) {
		e := s.entries[id]
		offered := slices.ContainsFunc(taken, func(k known) bool { return k.id == id })
		if !offered && e.Kind.known() {
			out = append(out, known{id: id, name: e.Name, kind: e.Kind, other: e.Name, custom: true})
		}
	}
	return out
}
