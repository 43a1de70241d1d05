package server

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humachi"

	"hermes-webui/server/chat"
	"hermes-webui/server/fault"
)

// maxStreamSessions bounds the sessions whose details one stream carries.
const maxStreamSessions = 200

type streamEventsInput struct {
	Sessions    string `query:"sessions" doc:"Comma-separated: whose details are wanted. Headlines of all sessions always come."`
	After       string `query:"after" pattern:"^[0-9]{0,18}$" doc:"The cursor; absent = from now, 0 = from the beginning."`
	LastEventID string `header:"Last-Event-ID" pattern:"^[0-9]{0,18}$" doc:"Sent by EventSource when it reconnects; beats after."`
	Client      string `query:"client" maxLength:"64" doc:"The client whose presence ends with this stream."`
}

func (s *Server) streamEvents(ctx context.Context, in *streamEventsInput) (*huma.StreamResponse, error) {
	filter, err := filterOf(in.Sessions)
	if err != nil {
		return nil, err
	}
	return &huma.StreamResponse{Body: func(hctx huma.Context) {
		_, w := humachi.Unwrap(hctx)
		st := newStream(s, filter, w)
		if !s.streams.add(st, in.Client) {
			stopping().send(w)
			return
		}
		defer s.streams.remove(st)
		st.begin(in.cursor())
		st.run(ctx)
	}}, nil
}

// cursor returns where the client is; false: it wants what comes from now on.
// Both forms were checked by their pattern.
func (in *streamEventsInput) cursor() (chat.Seq, bool) {
	at := in.LastEventID
	if at == "" {
		at = in.After
	}
	if at == "" {
		return 0, false
	}
	n, err := strconv.ParseInt(at, 10, 64)
	if err != nil {
		return 0, false
	}
	return chat.Seq(n), true
}

func filterOf(sessions string) (chat.Filter, error) {
	var f chat.Filter
	if sessions == "" {
		return f, nil
	}
	for id := range strings.SplitSeq(sessions, ",") {
		if !chat.ValidID(chat.PrefixSession, id) {
			return f, badID(chat.PrefixSession)
		}
		f.Sessions = append(f.Sessions, chat.SessionID(id))
	}
	if len(f.Sessions) > maxStreamSessions {
		return f, fault.New(fault.Invalid, fault.CodeInvalid, "These are too many sessions for one stream. Ask for fewer.")
	}
	return f, nil
}

func stopping() *problem {
	p := newProblem(http.StatusServiceUnavailable, fault.CodeStopping, "The server is going down or restarting. Try again in a second.")
	p.retry = startingRetry
	return p
}

// eventStream documents what no Go type can say: the answer is a stream.
func eventStream(o *huma.Operation) {
	o.Responses = map[string]*huma.Response{
		"200": {
			Description: "Frames `hello`, `ping`, `status`, `reset`, `closing` and one per event, named after its kind.",
			Content: map[string]*huma.MediaType{
				"text/event-stream": {Schema: &huma.Schema{Ref: refPrefix + "Event"}},
			},
		},
		"default": problemResponse(),
	}
}

func problemResponse() *huma.Response {
	return &huma.Response{
		Description: "Error",
		Content:     map[string]*huma.MediaType{"application/problem+json": {Schema: &huma.Schema{Ref: refPrefix + "Problem"}}},
	}
}
