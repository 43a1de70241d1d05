package direct

import (
	"encoding/json"
	"strings"

	"hermes-webui/server/chat"
)

// message is one message to a model. Roles alternate and begin with the user's.
type message struct {
	role   role
	pieces []piece
	turn   chat.TurnID // the turn that it comes from; "" = of none
}

type role string

const (
	user      role = "user"
	assistant role = "assistant"
)

// piece is a part of a message. Sealed. The user's messages have words, images
// and results of calls (these first), the assistant's thoughts, words and calls.
type piece interface{ piece() }

type (
	words string
	// image is a picture, in the bytes of its file.
	image struct {
		mime string
		data []byte
	}
	// thought is what a model must be told again of its reasoning while its calls
	// are under way. Its members are the provider's own words.
	thought struct {
		text      string
		signature string          // Anthropic: proof that it is the model's own
		field     string          // OpenAI: the member that it came in
		raw       json.RawMessage // what has to go back as it came; nil = text says it all
	}
	// call is a use of a tool by the model.
	call struct {
		id    string          // see callID
		name  string          //
		args  json.RawMessage // as the model wrote them; may be no JSON at all
		extra json.RawMessage // what has to go back as it came; nil = nothing
	}
	// result is what came of a call, for the model.
	result struct {
		id     string
		name   string
		text   string
		failed bool
	}
)

func (words) piece()   {}
func (image) piece()   {}
func (thought) piece() {}
func (call) piece()    {}
func (result) piece()  {}

// callID is what a call is named to providers: the last nine characters of its
// part's id. Mistral takes no other length; the others take anything.
func callID(p chat.PartID) string {
	const length = 9
	return string(p[max(0, len(p)-length):])
}

// text returns the words of a message.
func (m message) text() string {
	var b strings.Builder
	for _, p := range m.pieces {
		if w, ok := p.(words); ok {
			b.WriteString(string(w))
		}
	}
	return b.String()
}

func say(r role, text string) message { return message{role: r, pieces: []piece{words(text)}} }
