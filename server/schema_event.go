package server

import (
	"reflect"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"hermes-webui/server/chat"
)

// parts and bodies are unions: one schema per kind, told apart by `kind`.

// partUnion stands for chat.Part.
type partUnion struct{}

var partTypes = []chat.Part{
	&chat.Text{}, &chat.Reasoning{}, &chat.ToolCall{}, &chat.File{}, &chat.Plan{}, &chat.Subagent{}, &chat.Notice{},
}

// Schema refers to the union, which it makes at its first use.
func (partUnion) Schema(r huma.Registry) *huma.Schema {
	const name = "Part"
	if _, ok := r.Map()[name]; ok {
		return &huma.Schema{Ref: refPrefix + name}
	}
	u := newUnion()
	r.Map()[name] = u
	for _, p := range partTypes {
		ref := r.Schema(reflect.TypeOf(p), true, "")
		s := r.SchemaFromRef(ref.Ref)
		s.Properties["kind"] = constant(string(p.Kind()))
		s.Required = append(s.Required, "kind")
		addVariant(u, string(p.Kind()), ref.Ref)
	}
	return &huma.Schema{Ref: refPrefix + name}
}

// partOpened is chat.PartOpened as it is on the wire.
type partOpened struct {
	Part chat.Part `json:"part"`
}

// registerFrames describes what the event stream sends.
func registerFrames(r huma.Registry) {
	u := newUnion()
	for _, kind := range chat.Kinds() {
		name := camel(kind) + "Event"
		r.Map()[name] = eventSchema(r, kind)
		addVariant(u, kind, refPrefix+name)
	}
	r.Map()["Event"] = u
	for _, frame := range []any{helloFrame{}, pingFrame{}, statusFrame{}, resetFrame{}, closingFrame{}} {
		r.Schema(reflect.TypeOf(frame), true, "")
	}
}

func eventSchema(r huma.Registry, kind string) *huma.Schema {
	body, err := chat.DecodeBody(kind, []byte("{}"))
	if err != nil {
		panic(err) // a kind of our own
	}
	return &huma.Schema{
		Type: huma.TypeObject,
		Properties: map[string]*huma.Schema{
			"seq":     {Type: huma.TypeInteger, Format: "int64"},
			"at":      {Type: huma.TypeString, Format: "date-time"},
			"session": {Type: huma.TypeString},
			"turn":    {Type: huma.TypeString, Nullable: true},
			"kind":    constant(kind),
			"body":    r.Schema(reflect.TypeOf(body), true, ""),
		},
		Required: []string{"seq", "at", "session", "turn", "kind", "body"},
	}
}

func newUnion() *huma.Schema {
	return &huma.Schema{Discriminator: &huma.Discriminator{PropertyName: "kind", Mapping: map[string]string{}}}
}

func addVariant(u *huma.Schema, kind, ref string) {
	u.OneOf = append(u.OneOf, &huma.Schema{Ref: ref})
	u.Discriminator.Mapping[kind] = ref
}

func constant(v string) *huma.Schema { return &huma.Schema{Type: huma.TypeString, Enum: []any{v}} }

// camel turns a kind back into the name of its Go type.
func camel(kind string) string {
	var sb strings.Builder
	for word := range strings.SplitSeq(kind, "_") {
		sb.WriteString(strings.ToUpper(word[:1]) + word[1:])
	}
	return sb.String()
}
