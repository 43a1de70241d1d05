package gateway

import (
	"context"
	"errors"
	"fmt"
)

// Limit is the size in bytes above which a frame is spilled.
const Limit = 8 << 20

// Link carries whole frames of JSON both ways. Send may be called while Recv
// waits; neither is called twice at once. Close lets both return.
type Link interface {
	Send(ctx context.Context, frame []byte) error
	// Recv returns the next frame. Its data is valid until the next Recv.
	Recv() (Frame, error)
	Close() error
}

// Frame is one JSON value.
type Frame struct {
	Data []byte
	// Spilled is the file that holds the whole frame where it was over Limit, ""
	// elsewhere. Data then holds the same JSON with long strings cut and, where
	// that is not enough, the end of it missing. Whoever takes the frame removes
	// the file.
	Spilled string
}

var (
	// ErrGone says that the link to the agent is over; what ended it is wrapped
	// beside it.
	ErrGone = errors.New("the agent has gone")
	// ErrUnknownMethod says that this release of the agent does not have a method.
	ErrUnknownMethod = errors.New("the agent does not know the method")
	// ErrClosed says that a Feed was closed, or that another one listens to its
	// session.
	ErrClosed = errors.New("nobody listens to this session any more")
)

// Codes of errors that callers tell apart. The others are in the agent's words.
const (
	CodeUnknownMethod = -32601
	CodeInvalidParams = -32602
	CodeNoSession     = 4001 // the runtime session is not known any more
	CodeBadParams     = 4000
	CodeNoStored      = 4007 // the stored session is not there
	CodeBusy          = 4009 // session busy, or no such pending request
	CodeGoneTarget    = 4018 // what to truncate at is not there; or no command of that kind
)

// Error is the agent's refusal of a call.
type Error struct {
	Code    int    `json:"code"`
	Message string `json:"message"`
}

func (e *Error) Error() string { return fmt.Sprintf("the agent refused (%d): %s", e.Code, e.Message) }

// Is lets the refusal of an unknown method be ErrUnknownMethod.
func (e *Error) Is(target error) bool {
	return target == ErrUnknownMethod && e.Code == CodeUnknownMethod
}
