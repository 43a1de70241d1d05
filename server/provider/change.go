package provider

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"hermes-webui/server/fault"
)

// Change is what a person changes of a provider. nil leaves a value as it is,
// "" clears it. Name and kind can only be changed of custom ones.
type Change struct {
	Name    *string
	Kind    *Kind
	BaseURL *string
	Key     *string
}

// properID is what a custom provider may be called; it is part of the ids of
// its models.
var properID = regexp.MustCompile(`^[a-z0-9-]{1,32}$`)

// maxName is how long a name may be, in characters.
const maxName = 60

// newcomer is the provider that a Change adds.
func newcomer(id string, c Change) (known, error) {
	if !properID.MatchString(id) {
		return known{}, invalid("The short name of a provider has 1 to 32 small letters, digits and hyphens.")
	}
	if c.Kind == nil || c.BaseURL == nil || strings.TrimSpace(*c.BaseURL) == "" {
		return known{}, invalid("A new provider needs a protocol and an address.")
	}
	return known{id: id, name: id, other: id, custom: true}, nil
}

// named returns k with the name and the kind of a change.
func (k known) named(c Change) (known, error) {
	if !k.custom {
		if c.Name != nil && *c.Name != k.name && *c.Name != k.other || c.Kind != nil && *c.Kind != k.kind {
			return known{}, invalid("Name and protocol of " + k.name + " cannot be changed. Add a provider of your own for that.")
		}
		return k, nil
	}
	if c.Kind != nil {
		if !c.Kind.known() {
			return known{}, invalid("A provider speaks the protocol openai or anthropic.")
		}
		k.kind = *c.Kind
	}
	if c.Name == nil {
		return k, nil
	}
	name := strings.TrimSpace(*c.Name)
	if name == "" {
		name = k.id
	}
	if utf8.RuneCountInString(name) > maxName || !utf8.ValidString(name) || strings.ContainsFunc(name, unprintable) {
		return known{}, invalid("The name of a provider is one line of at most 60 characters.")
	}
	k.name, k.other = name, name
	return k, nil
}

func unprintable(r rune) bool { return !unicode.IsPrint(r) }

func invalid(text string) error { return fault.New(fault.Invalid, fault.CodeInvalid, text) }
