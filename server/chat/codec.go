package chat

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strconv"
)

// decoders holds every kind of event. A kind is the snake_case of its Go type.
var decoders = map[string]func([]byte) (Body, error){
	"turn_queued":       decode[TurnQueued],
	"turn_edited":       decode[TurnEdited],
	"turn_withdrawn":    decode[TurnWithdrawn],
	"queue_changed":     decode[QueueChanged],
	"turn_started":      decode[TurnStarted],
	"steered":           decode[Steered],
	"turn_ended":        decode[TurnEnded],
	"head_moved":        decode[HeadMoved],
	"turn_imported":     decode[TurnImported],
	"turn_stored":       decode[TurnStored],
	"part_opened":       decode[PartOpened],
	"text_appended":     decode[TextAppended],
	"output_skipped":    decode[OutputSkipped],
	"tool_updated":      decode[ToolUpdated],
	"plan_updated":      decode[PlanUpdated],
	"subagent_updated":  decode[SubagentUpdated],
	"part_closed":       decode[PartClosed],
	"usage_reported":    decode[UsageReported],
	"ask_raised":        decode[AskRaised],
	"ask_closed":        decode[AskClosed],
	"session_created":   decode[SessionCreated],
	"session_changed":   decode[SessionChanged],
	"session_forked":    decode[SessionForked],
	"session_found":     decode[SessionFound],
	"session_caught_up": decode[SessionCaughtUp],
	"session_stored":    decode[SessionStored],
	"session_trashed":   decode[SessionTrashed],
	"session_restored":  decode[SessionRestored],
	"session_purged":    decode[SessionPurged],
}

func decode[B Body](b []byte) (Body, error) {
	var v B
	err := json.Unmarshal(b, &v)
	return v, err
}

// Kinds returns every kind of event this program knows, sorted.
func Kinds() []string {
	all := make([]string, 0, len(decoders))
	for k := range decoders {
		all = append(all, k)
	}
	slices.Sort(all)
	return all
}

// kindNames maps a body's type to its kind; it is filled once and then only read.
var kindNames = func() map[reflect.Type]string {
	names := map[reflect.Type]string{}
	for kind, dec := range decoders {
		b, _ := dec([]byte("{}")) // only the type matters
		names[reflect.TypeOf(b)] = kind
	}
	return names
}()

// KindOf returns the kind of a body.
func KindOf(b Body) string {
	kind, ok := kindNames[reflect.TypeOf(b)]
	if !ok {
		panic(fmt.Sprintf("chat: body %T has no kind", b))
	}
	return kind
}

// ErrUnknownKind says that a newer program wrote this event.
type ErrUnknownKind struct{ Kind string }

func (e ErrUnknownKind) Error() string { return "chat: unknown event kind " + strconv.Quote(e.Kind) }

// DecodeBody reads a body as EncodeBody wrote it. A kind that is not known is
// an ErrUnknownKind.
func DecodeBody(kind string, b []byte) (Body, error) {
	dec, ok := decoders[kind]
	if !ok {
		return nil, ErrUnknownKind{kind}
	}
	body, err := dec(b)
	if err != nil {
		return nil, fmt.Errorf("chat: body of %s: %w", kind, err)
	}
	return body, nil
}

// EncodeBody returns the JSON of a body: the same bytes on disk and on the wire.
func EncodeBody(b Body) ([]byte, error) { return marshal(Normal(b)) }

// Normal returns b with empty lists where a list is nil, so that readers never
// meet null for a list.
func Normal(b Body) Body {
	switch v := b.(type) {
	case TurnQueued:
		v.Prompt.Attachments = list(v.Prompt.Attachments)
		return v
	case TurnEdited:
		v.Prompt.Attachments = list(v.Prompt.Attachments)
		return v
	case QueueChanged:
		v.Order = list(v.Order)
		return v
	case TurnStarted:
		v.Variants = list(v.Variants)
		return v
	case TurnImported:
		v.Rows = list(v.Rows)
		return v
	case TurnStored:
		v.Rows = list(v.Rows)
		return v
	case SessionFound:
		v.Stored = list(v.Stored)
		return v
	case PlanUpdated:
		v.Items = list(v.Items)
		return v
	case AskRaised:
		v.Ask.Choices, v.Ask.Fields = list(v.Ask.Choices), list(v.Ask.Fields)
		return v
	case PartOpened:
		if p, ok := v.Part.(*Plan); ok && p.Items == nil {
			q := *p
			q.Items = []PlanItem{}
			return PartOpened{&q}
		}
	}
	return b
}

func list[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}

// Encode returns e with its wire form made, for events that many will read.
func Encode(e Event) (Event, error) {
	body, err := EncodeBody(e.Body)
	if err != nil {
		return e, fmt.Errorf("chat: encode %s: %w", KindOf(e.Body), err)
	}
	return WithBody(e, body), nil
}

// WithBody is Encode for a body whose JSON is at hand.
func WithBody(e Event, body []byte) Event {
	w := make([]byte, 0, len(body)+160)
	w = append(w, `{"seq":`...)
	w = strconv.AppendInt(w, int64(e.Seq), 10)
	w = append(w, `,"at":"`...)
	w = e.At.UTC().AppendFormat(w, timeLayout)
	w = append(w, `","session":"`...)
	w = append(w, e.Session...)
	if e.Turn == "" {
		w = append(w, `","turn":null`...)
	} else {
		w = append(w, `","turn":"`...)
		w = append(append(w, e.Turn...), '"')
	}
	w = append(w, `,"kind":"`...)
	w = append(w, KindOf(e.Body)...)
	w = append(w, `","body":`...)
	w = append(append(w, body...), '}')
	e.wire = w
	return e
}

// Wire returns the JSON of the whole event. It is made at most once for events
// that come from a Log; do not change it.
func (e Event) Wire() []byte {
	if e.wire != nil {
		return e.wire
	}
	encoded, err := Encode(e)
	if err != nil {
		panic(err) // bodies are our own plain structs
	}
	return encoded.wire
}

// MarshalJSON returns the wire form.
func (e Event) MarshalJSON() ([]byte, error) { return e.Wire(), nil }

// UnmarshalJSON reads the wire form.
func (e *Event) UnmarshalJSON(b []byte) error {
	var w struct {
		Seq     Seq             `json:"seq"`
		At      Time            `json:"at"`
		Session SessionID       `json:"session"`
		Turn    *TurnID         `json:"turn"`
		Kind    string          `json:"kind"`
		Body    json.RawMessage `json:"body"`
	}
	if err := json.Unmarshal(b, &w); err != nil {
		return err
	}
	body, err := DecodeBody(w.Kind, w.Body)
	if err != nil {
		return err
	}
	*e = Event{Seq: w.Seq, At: w.At, Session: w.Session, Body: body}
	if w.Turn != nil {
		e.Turn = *w.Turn
	}
	return nil
}
