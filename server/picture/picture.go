// Package picture brings pictures of other servers into the page: the program
// asks for them, so that no browser does and no server learns who reads what.
// The address stands in an answer, so it may be an attacker's: what comes is
// believed to be a picture by its bytes alone, and only kinds that hold no
// script are let in.
package picture

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"hermes-webui/server/fault"
)

const (
	// MaxBytes is how large a picture may be.
	MaxBytes = 10 << 20

	within    = 20 * time.Second // for everything, redirects included
	maxMoves  = 4                // to other hosts
	atOnce    = 4                // each holds MaxBytes at most
	maxString = 8 << 10          // of an address, in bytes
)

// Web fetches from the public web and from nothing else: not from this machine,
// not from its network, whatever a name resolves to.
type Web interface {
	// Get follows redirects within a host. ErrAddress and ErrPlace say that it
	// does not ask.
	Get(ctx context.Context, url string) (Answer, error)
}

// Answer is what came. Cut: there was more than MaxBytes.
type Answer struct {
	Status int
	Body   []byte
	Cut    bool
	Moved  string // redirects to this address on another host; "" = it does not
}

// Errors of a Web.
var (
	ErrAddress = errors.New("picture: an address that is not asked for")
	ErrPlace   = errors.New("picture: a place that is not of the public web")
)

// Picture is one that may be shown.
type Picture struct {
	Type string // one of those that browsers show and that hold no script
	Body []byte
}

// Fetcher fetches pictures. It keeps none.
type Fetcher struct {
	web   Web
	slots chan struct{}
}

// New returns a Fetcher.
func New(w Web) *Fetcher { return &Fetcher{web: w, slots: make(chan struct{}, atOnce)} }

// Fetch returns the picture at an address, or says in words for people why not.
func (f *Fetcher) Fetch(ctx context.Context, url string) (Picture, error) {
	if len(url) > maxString {
		return Picture{}, errAddress
	}
	ctx, cancel := context.WithTimeoutCause(ctx, within, errSlow)
	defer cancel()
	select {
	case f.slots <- struct{}{}:
		defer func() { <-f.slots }()
	case <-ctx.Done():
		return Picture{}, context.Cause(ctx)
	}
	for range maxMoves + 1 {
		a, err := f.web.Get(ctx, url)
		switch {
		case err != nil:
			return Picture{}, explain(ctx, err)
		case a.Moved == "":
			return judge(a)
		}
		url = a.Moved
	}
	return Picture{}, problem(fault.NotFound, "The address leads from server to server without end.")
}

func problem(kind fault.Kind, text string) error { return fault.New(kind, fault.CodeNoPicture, text) }

var (
	errSlow    = problem(fault.NotFound, "The picture did not come within 20 seconds. Try again.")
	errAddress = problem(fault.Invalid, "This is no address that a picture is fetched from: it must be one of http or https, without a name and a password in it.")
	errPlace   = problem(fault.Denied, "The picture lies on this machine or in its own network. Nothing is fetched from there on behalf of an answer.")
	errLarge   = fault.New(fault.TooLarge, fault.CodeTooLarge, "The picture is larger than 10 MB.")
	errType    = problem(fault.Unsupported, "What lies there is no picture of a kind that is shown: PNG, JPEG, GIF, WebP or AVIF.")
)

func explain(ctx context.Context, err error) error {
	switch {
	case errors.Is(err, ErrAddress):
		return errAddress
	case errors.Is(err, ErrPlace):
		return errPlace
	case ctx.Err() != nil:
		return context.Cause(ctx)
	default:
		return fault.Wrap(err, fault.NotFound, fault.CodeNoPicture, "The other server could not be reached. Check the network, and try again.")
	}
}

func judge(a Answer) (Picture, error) {
	if a.Status != http.StatusOK {
		return Picture{}, problem(fault.NotFound, fmt.Sprintf("The other server does not give the picture (%d).", a.Status))
	}
	if a.Cut {
		return Picture{}, errLarge
	}
	t := typeOf(a.Body)
	if t == "" {
		return Picture{}, errType
	}
	return Picture{Type: t, Body: a.Body}, nil
}

// typeOf knows a picture by its first bytes; "" = it is none. What the other
// server calls it says nothing. SVG is a document that can hold scripts.
func typeOf(body []byte) string {
	switch t, _, _ := strings.Cut(http.DetectContentType(body), ";"); t {
	case "image/png", "image/jpeg", "image/gif", "image/webp":
		return t
	}
	const box = len("....ftypavif")
	if len(body) >= box && bytes.Equal(body[4:8], []byte("ftyp")) && (string(body[8:box]) == "avif" || string(body[8:box]) == "avis") {
		return "image/avif"
	}
	return ""
}
