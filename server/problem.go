package server

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"maps"
	"math"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"hermes-webui/server/fault"
)

// problem is every error as it is sent (RFC 9457) with a stable code.
type problem struct {
	Type   string         `json:"type"`
	Title  string         `json:"title" doc:"The HTTP status in words."`
	Status int            `json:"status"`
	Detail string         `json:"detail" doc:"What happened and what to do, for people."`
	Code   string         `json:"code" doc:"Stable name of the error."`
	Fields []problemField `json:"errors,omitempty" doc:"What was wrong where, if the request was not understood."`
	more   map[string]any
	retry  time.Duration
}

// problemField never holds the value that was sent: it may be a secret.
type problemField struct {
	Location string `json:"location"`
	Message  string `json:"message"`
}

// The methods by which huma sends an error as it is.

func (p *problem) Error() string               { return p.Detail }
func (p *problem) GetStatus() int              { return p.Status }
func (p *problem) ContentType(_ string) string { return "application/problem+json" }

func (p *problem) GetHeaders() http.Header {
	h := http.Header{}
	p.addHeaders(h)
	return h
}

func (p *problem) addHeaders(h http.Header) {
	h.Set("Cache-Control", "no-store")
	if p.retry > 0 {
		h.Set("Retry-After", strconv.Itoa(int(math.Ceil(p.retry.Seconds()))))
	}
}

// MarshalJSON puts the extra members beside the others, which they cannot hide.
func (p *problem) MarshalJSON() ([]byte, error) {
	all := maps.Clone(p.more)
	if all == nil {
		all = map[string]any{}
	}
	all["type"], all["title"], all["status"], all["detail"], all["code"] = p.Type, p.Title, p.Status, p.Detail, p.Code
	if len(p.Fields) > 0 {
		all["errors"] = p.Fields
	}
	return json.Marshal(all)
}

func newProblem(status int, code fault.Code, detail string) *problem {
	return &problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Detail: detail, Code: string(code)}
}

// problemOf turns any error into what is sent. What is not a fault.Error says
// nothing to people: its text may hold anything.
func problemOf(err error) *problem {
	if p, ok := errors.AsType[*problem](err); ok {
		return p
	}
	e, ok := errors.AsType[*fault.Error](err)
	if !ok {
		return newProblem(http.StatusInternalServerError, fault.CodeInternal,
			"Something went wrong inside the server. Its log says what; trying again may help.")
	}
	p := newProblem(statusOf(e.Kind), e.Code, e.Text)
	p.more, p.retry = e.More, e.Retry
	return p
}

func statusOf(k fault.Kind) int {
	switch k {
	case fault.Internal:
		return http.StatusInternalServerError
	case fault.Invalid:
		return http.StatusUnprocessableEntity
	case fault.Denied:
		return http.StatusForbidden
	case fault.NotFound:
		return http.StatusNotFound
	case fault.Gone:
		return http.StatusGone
	case fault.Conflict:
		return http.StatusConflict
	case fault.TooLarge:
		return http.StatusRequestEntityTooLarge
	case fault.Unsupported:
		return http.StatusUnsupportedMediaType
	case fault.Unavailable:
		return http.StatusServiceUnavailable
	default:
		panic("server: fault of unknown kind")
	}
}

// fail logs what is ours to mend and returns what is sent.
func (s *Server) fail(ctx context.Context, err error) *problem {
	p := problemOf(err)
	if p.Status >= http.StatusInternalServerError && ctx.Err() == nil {
		s.log.ErrorContext(ctx, "request failed", slog.String("code", p.Code), slog.Any("err", err))
	}
	return p
}

// send writes a problem outside of huma.
func (p *problem) send(w http.ResponseWriter) {
	p.addHeaders(w.Header())
	w.Header().Set("Content-Type", p.ContentType(""))
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p) // the client may be gone
}

// ownProblems replaces huma's errors (a request that does not fit its schema)
// by ours.
func ownProblems(_ huma.Context, _ string, v any) (any, error) {
	m, ok := v.(*huma.ErrorModel)
	if !ok {
		return v, nil
	}
	p := newProblem(m.Status, codeOfStatus(m.Status), detailOf(m))
	for _, e := range m.Errors {
		p.Fields = append(p.Fields, problemField{e.Location, e.Message})
	}
	if m.Status >= http.StatusInternalServerError {
		p.Fields = nil // an error of ours, in words that are not for people
	}
	return p, nil
}

func codeOfStatus(status int) fault.Code {
	switch {
	case status == http.StatusRequestEntityTooLarge:
		return fault.CodeTooLarge
	case status == http.StatusUnsupportedMediaType:
		return fault.CodeMediaType
	case status >= http.StatusInternalServerError:
		return fault.CodeInternal
	default:
		return fault.CodeInvalid
	}
}

func detailOf(m *huma.ErrorModel) string {
	switch {
	case m.Status == http.StatusRequestEntityTooLarge:
		return "This is too much for one request. Send less, or send it as a file."
	case m.Status >= http.StatusInternalServerError:
		return "The request could not be read to its end. Send it again."
	case len(m.Errors) > 0:
		return "The server did not understand the request: " + m.Errors[0].Location + ": " + m.Errors[0].Message + "."
	default:
		return "The server did not understand the request: " + m.Detail + "."
	}
}
