package server

import (
	"encoding/json"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"hermes-webui/server/chat"
)

// Frames of the event stream that are not events of the log.
type (
	// helloFrame comes first. From epochs and log the client sees whether its
	// cursor is of this log; kinds tells an older page that the server is newer.
	helloFrame struct {
		Version string     `json:"version"`
		Kinds   []string   `json:"kinds"`
		Log     string     `json:"log"`
		Epoch   string     `json:"epoch"`
		Epochs  []epochRow `json:"epochs" doc:"[id, first seq] of the last starts, oldest first"`
		Seq     chat.Seq   `json:"seq"`
	}
	// pingFrame comes every 10 s. It is data, with an id: EventSource hides
	// comments, and the cursor moves also when nothing is for this client.
	pingFrame struct {
		Seq chat.Seq `json:"seq"`
	}
	// statusFrame is what is true now; a null doc says that it is no more.
	statusFrame struct {
		Topic   string          `json:"topic"`
		Session *chat.SessionID `json:"session,omitempty"`
		Doc     json.RawMessage `json:"doc"`
	}
	resetFrame struct {
		Reason string `json:"reason"`
	}
	closingFrame struct {
		RetryMS int64 `json:"retry_ms"`
	}
)

// epochRow is [id, first_seq].
type epochRow [2]any

// Schema describes the pair.
func (epochRow) Schema(huma.Registry) *huma.Schema {
	two := 2
	return &huma.Schema{
		Type: huma.TypeArray, MinItems: &two, MaxItems: &two,
		Items: &huma.Schema{AnyOf: []*huma.Schema{{Type: huma.TypeString}, {Type: huma.TypeInteger}}},
	}
}

// appendEvent adds an event of the log, whose JSON was made when it was
// committed.
func appendEvent(b []byte, e chat.Event) []byte {
	b = append(b, "id: "...)
	b = strconv.AppendInt(b, int64(e.Seq), 10)
	b = append(b, "\nevent: "...)
	b = append(b, chat.KindOf(e.Body)...)
	b = append(b, "\ndata: "...)
	b = append(b, e.Wire()...)
	return append(b, "\n\n"...)
}

// appendFrame adds a frame without an id.
func appendFrame(b []byte, kind string, doc any) []byte {
	data, err := json.Marshal(doc)
	if err != nil {
		panic(err) // our own plain structs
	}
	b = append(b, "event: "...)
	b = append(b, kind...)
	b = append(b, "\ndata: "...)
	b = append(b, data...)
	return append(b, "\n\n"...)
}

// appendPing adds a ping, which carries the cursor.
func appendPing(b []byte, cursor chat.Seq) []byte {
	b = append(b, "id: "...)
	b = strconv.AppendInt(b, int64(cursor), 10)
	b = append(b, '\n')
	return appendFrame(b, "ping", pingFrame{cursor})
}
