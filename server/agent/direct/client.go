package direct

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"
)

const (
	connectLimit = 10 * time.Second
	quietLimit   = 5 * time.Minute // without a byte, while an answer is awaited or streams
	graceLimit   = 5 * time.Second // for usage and the end mark after the model has finished
)

var errQuiet = errors.New("direct: no byte for too long")

// newClient returns a client whose connections end with their request's
// context. It speaks HTTP/1.1 only: there, stopping an answer closes the
// socket, and a dead connection is never shared with the next request.
func newClient(proxy func(*http.Request) (*url.URL, error)) *http.Client {
	var protocols http.Protocols
	protocols.SetHTTP1(true)
	dialer := net.Dialer{Timeout: connectLimit, KeepAlive: 30 * time.Second}
	return &http.Client{
		Transport: &http.Transport{
			Proxy:               proxy,
			DialContext:         dialer.DialContext,
			TLSHandshakeTimeout: connectLimit,
			IdleConnTimeout:     90 * time.Second,
			MaxIdleConnsPerHost: 4,
			Protocols:           &protocols,
			DisableCompression:  true, // a compressed stream comes in lumps
		},
		// A redirect would carry the key to a host that it was not given for.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// watch ends a request that stays quiet.
type watch struct {
	timer  *time.Timer
	limit  time.Duration
	cancel context.CancelCauseFunc
}

// watched returns a context that is cancelled with errQuiet when fed is not
// called for limit.
func watched(ctx context.Context, limit time.Duration) (context.Context, *watch) {
	ctx, cancel := context.WithCancelCause(ctx)
	return ctx, &watch{time.AfterFunc(limit, func() { cancel(errQuiet) }), limit, cancel}
}

func (w *watch) fed() { w.timer.Reset(w.limit) }

// shorten is for the time after the model has finished.
func (w *watch) shorten(limit time.Duration) {
	w.limit = limit
	w.fed()
}

// stop ends the request, if it still runs, and with it its connection.
func (w *watch) stop() {
	w.timer.Stop()
	w.cancel(context.Canceled)
}

// fedBody tells the watch of every byte that comes.
type fedBody struct {
	io.Reader
	w *watch
}

func (b fedBody) Read(p []byte) (int, error) {
	n, err := b.Reader.Read(p)
	if n > 0 {
		b.w.fed()
	}
	return n, err
}
