package chat

import (
	"encoding/json"
	"fmt"
)

// Parts carry their kind beside their fields.

func (p *Text) MarshalJSON() ([]byte, error) {
	type plain Text
	return withKind(p.Kind(), (*plain)(p))
}

func (p *Reasoning) MarshalJSON() ([]byte, error) {
	type plain Reasoning
	return withKind(p.Kind(), (*plain)(p))
}

func (p *ToolCall) MarshalJSON() ([]byte, error) {
	type plain ToolCall
	return withKind(p.Kind(), (*plain)(p))
}

func (p *File) MarshalJSON() ([]byte, error) {
	type plain File
	return withKind(p.Kind(), (*plain)(p))
}

func (p *Plan) MarshalJSON() ([]byte, error) {
	type plain Plan
	return withKind(p.Kind(), (*plain)(p))
}

func (p *Subagent) MarshalJSON() ([]byte, error) {
	type plain Subagent
	return withKind(p.Kind(), (*plain)(p))
}

func (p *Notice) MarshalJSON() ([]byte, error) {
	type plain Notice
	return withKind(p.Kind(), (*plain)(p))
}

func withKind(kind PartKind, plain any) ([]byte, error) {
	b, err := marshal(plain)
	if err != nil {
		return nil, err
	}
	out := make([]byte, 0, len(b)+24)
	out = append(out, `{"kind":"`...)
	out = append(out, kind...)
	out = append(out, `",`...)
	return append(out, b[1:]...), nil
}

// NewPart returns an empty part of a kind, or an error for a kind that is not
// known.
func NewPart(kind PartKind) (Part, error) {
	switch kind {
	case KindText:
		return &Text{}, nil
	case KindReasoning:
		return &Reasoning{}, nil
	case KindToolCall:
		return &ToolCall{}, nil
	case KindFile:
		return &File{}, nil
	case KindPlan:
		return &Plan{}, nil
	case KindSubagent:
		return &Subagent{}, nil
	case KindNotice:
		return &Notice{}, nil
	default:
		return nil, fmt.Errorf("chat: unknown part kind %q", kind)
	}
}

// DecodePart reads a part as MarshalJSON wrote it.
func DecodePart(b []byte) (Part, error) {
	var k struct {
		Kind PartKind `json:"kind"`
	}
	if err := json.Unmarshal(b, &k); err != nil {
		return nil, err
	}
	p, err := NewPart(k.Kind)
	if err != nil {
		return nil, err
	}
	return p, json.Unmarshal(b, p)
}

func (b PartOpened) MarshalJSON() ([]byte, error) {
	return marshal(struct {
		Part Part `json:"part"`
	}{b.Part})
}

func (b *PartOpened) UnmarshalJSON(raw []byte) error {
	var w struct {
		Part json.RawMessage `json:"part"`
	}
	if err := json.Unmarshal(raw, &w); err != nil || w.Part == nil {
		return err
	}
	var err error
	b.Part, err = DecodePart(w.Part)
	return err
}

// UnmarshalJSON reads a turn with its parts.
func (t *Turn) UnmarshalJSON(raw []byte) error {
	type plain Turn
	w := struct {
		*plain
		Parts []json.RawMessage `json:"parts"`
	}{plain: (*plain)(t)}
	if err := json.Unmarshal(raw, &w); err != nil {
		return err
	}
	t.Parts = make([]Part, len(w.Parts))
	for i, p := range w.Parts {
		var err error
		if t.Parts[i], err = DecodePart(p); err != nil {
			return err
		}
	}
	return nil
}
