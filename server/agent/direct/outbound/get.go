// Package outbound fetches pages of the public web for a model. A model does
// what pages and files tell it, so an address that it gives is an attacker's:
// nothing here can reach the machine itself, its network or a cloud's metadata,
// whatever a name resolves to and wherever a page redirects.
package outbound

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"time"
)

const (
	// MaxBody is how much of a page is read, in bytes after decompression.
	MaxBody = 5 << 20

	getLimit     = 30 * time.Second // for everything, redirects included
	maxHops      = 5                // redirects that are followed
	maxHeader    = 256 << 10        // bytes of an answer's header
	defaultAgent = "Mozilla/5.0 (compatible; hermes-webui)"
	accepted     = "text/html,application/xhtml+xml,text/plain,text/markdown,application/json;q=0.9,*/*;q=0.5"
)

var errSlow = fmt.Errorf("the page did not come within %v; try again, or another address", getLimit)

// Config is what a Getter needs. Each field has a default that is right outside
// of tests.
type Config struct {
	// Proxy returns the proxy for a request; nil, or nil returned: none. The
	// target is resolved and checked before; the proxy itself may be anywhere,
	// because a person chose it. It resolves the host by itself once more: what it
	// can reach is its own affair.
	Proxy func(*http.Request) (*url.URL, error)
	// Resolve returns all addresses of a host.
	Resolve func(ctx context.Context, host string) ([]netip.Addr, error)
	// Dial connects to an "ip:port" (a proxy's may be "host:port"), and asks check
	// about the address in the moment before it connects.
	Dial func(ctx context.Context, network, address string, check Check) (net.Conn, error)
	// UserAgent is how we name ourselves, and Accept what we say we want.
	UserAgent, Accept string
	// MaxBody is how much of a page is read, in bytes; 0: MaxBody of the package.
	MaxBody int64
}

// Getter fetches. It keeps nothing between two calls, no cookies and no
// connections, and is safe for concurrent use.
type Getter struct{ config Config }

// New returns a Getter.
func New(c Config) *Getter {
	if c.Proxy == nil {
		c.Proxy = func(*http.Request) (*url.URL, error) { return nil, nil }
	}
	if c.Resolve == nil {
		c.Resolve = lookUp
	}
	if c.Dial == nil {
		c.Dial = dialChecked
	}
	if c.UserAgent == "" {
		c.UserAgent = defaultAgent
	}
	if c.Accept == "" {
		c.Accept = accepted
	}
	if c.MaxBody == 0 {
		c.MaxBody = MaxBody
	}
	return &Getter{c}
}

// Page is an answer.
type Page struct {
	URL    string // that answered, after redirects
	Status int
	Type   string // Content-Type as it was sent; "" = not said
	Body   []byte // at most Config.MaxBody
	Cut    bool   // there was more
	Moved  string // redirects to this URL on another host, which was not asked; "" = it does not
}

// Get fetches t. Redirects within the host are followed, each checked like t.
// An answer with any status is a Page; errors are sentences, a *Refusal where t
// may not be asked for.
func (g *Getter) Get(ctx context.Context, t Target) (Page, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, getLimit, errSlow)
	defer cancel()
	for range maxHops + 1 {
		page, next, err := g.once(ctx, t)
		if err != nil || next == nil {
			return page, explain(ctx, t, err)
		}
		if t = *next; ctx.Err() != nil {
			return Page{}, context.Cause(ctx)
		}
	}
	return Page{}, fmt.Errorf("%s redirects more than %d times; fetch another address", t.Host(), maxHops)
}

// once asks for t alone. next is where it redirects within the host; nil = it
// does not.
func (g *Getter) once(ctx context.Context, t Target) (page Page, next *Target, err error) {
	found, err := g.addresses(ctx, t)
	if err != nil {
		return Page{}, nil, err
	}
	req := g.request(ctx, t)
	proxy, err := g.config.Proxy(req)
	if err != nil {
		return Page{}, nil, errors.New("the proxy that is set for this machine cannot be used; the user has to correct it")
	}
	transport := g.transport(t, found, proxy)
	defer transport.CloseIdleConnections()
	resp, err := transport.RoundTrip(req) // a Client would follow redirects and keep cookies
	if err != nil {
		return Page{}, nil, err
	}
	defer resp.Body.Close()
	page = Page{URL: t.URL(), Status: resp.StatusCode, Type: resp.Header.Get("Content-Type")}
	if page.Moved, next, err = moved(t, resp); err != nil || next != nil || page.Moved != "" {
		return page, next, err
	}
	page.Body, page.Cut, err = read(resp.Body, g.config.MaxBody)
	return page, nil, err
}

func (g *Getter) request(ctx context.Context, t Target) *http.Request {
	u := *t.url
	req := &http.Request{Method: http.MethodGet, URL: &u, Host: u.Host, Header: http.Header{}}
	req.Header.Set("User-Agent", g.config.UserAgent)
	req.Header.Set("Accept", g.config.Accept)
	return req.WithContext(ctx)
}

// transport returns one that can connect to the given addresses of t and to
// nothing else; with a proxy, to the proxy and to nothing else.
func (g *Getter) transport(t Target, found []netip.Addr, proxy *url.URL) *http.Transport {
	tr := &http.Transport{
		DisableKeepAlives:      true,
		MaxResponseHeaderBytes: maxHeader,
		TLSHandshakeTimeout:    10 * time.Second,
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12},
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return g.dialOne(ctx, found, t.port)
		},
	}
	if proxy != nil {
		tr.Proxy = http.ProxyURL(proxy)
		tr.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
			return g.config.Dial(ctx, network, address, anywhere)
		}
	}
	return tr
}

// read takes what fits. Decompression happens under the reader, so a small
// answer that grows without end is cut like any other.
func read(body io.Reader, most int64) (b []byte, cut bool, err error) {
	b, err = io.ReadAll(io.LimitReader(body, most+1))
	if int64(len(b)) > most {
		return b[:most], true, nil
	}
	return b, false, err
}

// explain makes a sentence of an error.
func explain(ctx context.Context, t Target, err error) error {
	if err == nil {
		return nil
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if refusal, ok := errors.AsType[*Refusal](err); ok {
		return refusal
	}
	if wrong, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return fmt.Errorf("%s did not prove that it is %s (%v); fetch another address", t.Host(), t.name, wrong.Err)
	}
	return fmt.Errorf("the page of %s could not be fetched: %w", t.Host(), err)
}
