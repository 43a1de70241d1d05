package mcp

import (
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"
)

// place is a server at a URL. It may be anywhere, also on loopback: a person
// wrote the address.
type place struct {
	url       *url.URL
	headers   map[string]string
	transport *http.Transport
	refused   atomic.Int32 // the last status of 400 or more; 0 = none
}

func (s Server) place(proxy func(*http.Request) (*url.URL, error)) (*place, error) {
	u, err := url.Parse(s.URL)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return nil, errors.New("the URL is not one of http or https. Correct it")
	}
	dialer := &net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}
	return &place{url: u, headers: s.Headers, transport: &http.Transport{
		Proxy:               proxy,
		DialContext:         dialer.DialContext,
		TLSHandshakeTimeout: 10 * time.Second,
		IdleConnTimeout:     90 * time.Second,
	}}, nil
}

func (p *place) client() *sdk.StreamableClientTransport {
	return &sdk.StreamableClientTransport{Endpoint: p.url.String(), MaxEventSize: maxLine, HTTPClient: &http.Client{
		Transport: p,
		// A redirect would carry the headers, and what is called, to a place that
		// the person did not write.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// RoundTrip adds the headers of the person.
func (p *place) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	if r.URL.Scheme == p.url.Scheme && r.URL.Host == p.url.Host {
		for k, v := range p.headers {
			r.Header.Set(k, v)
		}
	}
	resp, err := p.transport.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode >= 300 && r.Method == http.MethodPost {
		p.refused.Store(int32(resp.StatusCode))
	}
	if !strings.HasPrefix(resp.Header.Get("Content-Type"), "text/event-stream") {
		resp.Body = &bounded{resp.Body, maxLine} // events are bounded one by one
	}
	return resp, nil
}

// bounded ends a body that is too long with an error.
type bounded struct {
	io.ReadCloser
	left int64
}

func (b *bounded) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, errLine
	}
	n, err := b.ReadCloser.Read(p[:min(int64(len(p)), b.left)])
	b.left -= int64(n)
	return n, err
}

// explain says why the server could not be spoken to.
func (p *place) explain(err error) error {
	switch status := p.refused.Load(); {
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		return errors.New("it refused the login. Check its headers")
	case status == http.StatusNotFound || status == http.StatusMethodNotAllowed:
		return errors.New("nothing at this URL speaks MCP. Check the URL")
	case status >= 300 && status < 400:
		return errors.New("it redirects to another address. Set that one, if it is right")
	}
	if wrapped, ok := errors.AsType[*url.Error](err); ok {
		return wrapped.Err // without the URL, which may have a key in it
	}
	return err
}
