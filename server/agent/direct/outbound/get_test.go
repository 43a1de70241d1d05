package outbound_test

import (
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"hermes-webui/server/agent/direct/outbound"
)

// web stands for the internet: names with public addresses, behind which are
// servers on loopback.
type web struct {
	mu     sync.Mutex
	names  map[string][]string // host to addresses
	places map[string]string   // public ip:port to where it listens
	dialed []string
}

func newWeb() *web { return &web{names: map[string][]string{}, places: map[string]string{}} }

func (w *web) serve(t *testing.T, name, address string, h http.HandlerFunc) {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	ip, _, err := net.SplitHostPort(address)
	if err != nil {
		t.Fatal(err)
	}
	w.names[name] = append(w.names[name], ip)
	w.places[address] = s.Listener.Addr().String()
}

func (w *web) resolve(_ context.Context, host string) ([]netip.Addr, error) {
	var out []netip.Addr
	for _, a := range w.names[host] {
		out = append(out, netip.MustParseAddr(a))
	}
	if out == nil {
		return nil, errors.New("no such host")
	}
	return out, nil
}

func (w *web) dial(ctx context.Context, network, address string, check outbound.Check) (net.Conn, error) {
	w.mu.Lock()
	w.dialed = append(w.dialed, address)
	w.mu.Unlock()
	if err := check(address); err != nil {
		return nil, err
	}
	if there := w.places[address]; there != "" {
		address = there
	} else if a, err := netip.ParseAddrPort(address); err == nil && outbound.Public(a.Addr()) {
		return nil, fmt.Errorf("nobody listens at %s", address) // tests never leave the machine
	}
	return (&net.Dialer{}).DialContext(ctx, network, address)
}

func (w *web) config() outbound.Config { return outbound.Config{Resolve: w.resolve, Dial: w.dial} }

func get(t *testing.T, c outbound.Config, raw string) (outbound.Page, error) {
	t.Helper()
	target, err := outbound.Parse(raw)
	if err != nil {
		return outbound.Page{}, err
	}
	return outbound.New(c).Get(t.Context(), target)
}

func refused(t *testing.T, err error) {
	t.Helper()
	if _, ok := errors.AsType[*outbound.Refusal](err); !ok {
		t.Errorf("not refused: %v", err)
	}
}

func TestAPageComesWithWhatWasSaidOfIt(t *testing.T) {
	w := newWeb()
	w.serve(t, "example.com", "93.184.216.34:80", func(rw http.ResponseWriter, r *http.Request) {
		if r.Host != "example.com" || r.Header.Get("Cookie") != "" || r.Header.Get("Referer") != "" || r.Header.Get("User-Agent") != "tester" {
			t.Errorf("asked %s with %v", r.Host, r.Header)
		}
		http.SetCookie(rw, &http.Cookie{Name: "a", Value: "b"})
		rw.Header().Set("Content-Type", "text/plain")
		rw.WriteHeader(http.StatusNotFound)
		io.WriteString(rw, "nothing here")
	})
	c := w.config()
	c.UserAgent = "tester"
	for range 2 { // the second comes without the cookie
		p, err := get(t, c, "http://example.com/x#y")
		if err != nil {
			t.Fatal(err)
		}
		if p.Status != 404 || p.Type != "text/plain" || string(p.Body) != "nothing here" || p.Cut || p.Moved != "" || p.URL != "http://example.com/x" {
			t.Errorf("got %+v", p)
		}
	}
}

func TestTheRealNetworkRefusesThisMachine(t *testing.T) {
	var asked atomic.Int32
	s := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked.Add(1) }))
	defer s.Close()
	_, port, _ := net.SplitHostPort(s.Listener.Addr().String())
	for name, addrs := range map[string][]string{
		"loopback.example":  {"127.0.0.1"},
		"six.example":       {"::1"},
		"mapped.example":    {"::ffff:127.0.0.1"},
		"nat64.example":     {"64:ff9b::7f00:1"},
		"metadata.example":  {"169.254.169.254"},
		"zone.example":      {"fe80::1%lo"},
		"mixed.example":     {"93.184.216.34", "127.0.0.1"},
		"mixed-six.example": {"2606:2800:220:1::1", "fd00::1"},
	} {
		c := outbound.Config{Resolve: func(context.Context, string) ([]netip.Addr, error) {
			var out []netip.Addr
			for _, a := range addrs {
				out = append(out, netip.MustParseAddr(a))
			}
			return out, nil
		}}
		_, err := get(t, c, "http://"+name+":"+port+"/")
		refused(t, err)
	}
	_, err := get(t, outbound.Config{}, s.URL)
	refused(t, err)
	if asked.Load() != 0 {
		t.Error("the server was reached")
	}
}

func TestANameThatChangesIsNotResolvedTwice(t *testing.T) {
	w := newWeb()
	w.serve(t, "rebind.example", "93.184.216.34:80", func(rw http.ResponseWriter, _ *http.Request) { io.WriteString(rw, "first") })
	c, calls := w.config(), 0
	c.Resolve = func(context.Context, string) ([]netip.Addr, error) {
		if calls++; calls > 1 {
			return []netip.Addr{netip.MustParseAddr("127.0.0.1")}, nil
		}
		return []netip.Addr{netip.MustParseAddr("93.184.216.34")}, nil
	}
	p, err := get(t, c, "http://rebind.example/")
	if err != nil || string(p.Body) != "first" || calls != 1 {
		t.Fatalf("got %q, %v after %d look-ups", p.Body, err, calls)
	}
	_, err = get(t, c, "http://rebind.example/")
	refused(t, err)
	if len(w.dialed) != 1 {
		t.Errorf("dialled %v", w.dialed)
	}
}

func TestTheCheckBeforeConnectingHolds(t *testing.T) {
	w := newWeb()
	c := w.config()
	c.Dial = func(_ context.Context, _, address string, check outbound.Check) (net.Conn, error) {
		if err := check(address); err != nil {
			t.Errorf("%s: %v", address, err)
		}
		for _, bad := range []string{"127.0.0.1:80", "[::1]:80", "10.0.0.1:80", "localhost:80", ""} {
			if check(bad) == nil {
				t.Errorf("%q may be dialled", bad)
			}
		}
		return nil, check("127.0.0.1:80")
	}
	w.names["example.com"] = []string{"93.184.216.34"}
	_, err := get(t, c, "http://example.com/")
	refused(t, err)
}

func TestTheNextAddressIsTried(t *testing.T) {
	w := newWeb()
	w.names["example.com"] = []string{"1.1.1.1"} // nobody listens
	w.serve(t, "example.com", "93.184.216.34:80", func(rw http.ResponseWriter, _ *http.Request) { io.WriteString(rw, "here") })
	p, err := get(t, w.config(), "http://example.com/")
	if err != nil || string(p.Body) != "here" {
		t.Errorf("got %q, %v", p.Body, err)
	}
}

func TestRedirects(t *testing.T) {
	w := newWeb()
	w.serve(t, "example.com", "93.184.216.34:80", func(rw http.ResponseWriter, r *http.Request) {
		to := map[string]string{
			"/near": "/end?q=1", "/full": "http://EXAMPLE.com:80/end", "/far": "http://other.example/x", "/port": "http://example.com:8080/",
			"/in": "http://127.0.0.1:1/", "/meta": "http://169.254.169.254/", "/file": "file:///etc/passwd", "/user": "http://a:b@example.com/end",
			"/odd": "http://2130706433/", "/loop": "/loop", "/bad": "http://[", "/down": "http://example.com/end",
		}[r.URL.Path]
		if to == "" {
			io.WriteString(rw, "end of "+r.URL.RequestURI())
			return
		}
		if r.Header.Get("Referer") != "" {
			t.Error("a referer was sent")
		}
		rw.Header().Set("Location", to)
		rw.WriteHeader(http.StatusFound)
	})
	w.serve(t, "other.example", "1.1.1.1:80", func(http.ResponseWriter, *http.Request) { t.Error("another host was asked") })
	for path, want := range map[string]string{"/near": "end of /end?q=1", "/full": "end of /end"} {
		p, err := get(t, w.config(), "http://example.com"+path)
		if err != nil || string(p.Body) != want || !strings.HasPrefix(p.URL, "http://example.com/end") {
			t.Errorf("%s: %+v, %v", path, p, err)
		}
	}
	for path, want := range map[string]string{"/far": "http://other.example/x", "/port": "http://example.com:8080/"} {
		p, err := get(t, w.config(), "http://example.com"+path)
		if err != nil || p.Moved != want || p.Status != 302 || len(p.Body) != 0 {
			t.Errorf("%s: %+v, %v", path, p, err)
		}
	}
	for _, path := range []string{"/in", "/meta", "/file", "/user", "/odd", "/bad"} {
		_, err := get(t, w.config(), "http://example.com"+path)
		refused(t, err)
	}
	if _, err := get(t, w.config(), "http://example.com/loop"); err == nil || !strings.Contains(err.Error(), "more than 5 times") {
		t.Errorf("a loop: %v", err)
	}
}

func TestARedirectToItselfIsCheckedAnew(t *testing.T) {
	w := newWeb()
	w.serve(t, "example.com", "93.184.216.34:80", func(rw http.ResponseWriter, r *http.Request) {
		w.names["example.com"] = []string{"127.0.0.1"}
		http.Redirect(rw, r, "/next", http.StatusFound)
	})
	_, err := get(t, w.config(), "http://example.com/")
	refused(t, err)
}

func TestAProxyIsUsedOnlyForPublicTargets(t *testing.T) {
	var asked []string
	proxy := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.URL.String())
		io.WriteString(rw, "by proxy")
	}))
	defer proxy.Close()
	at, _ := url.Parse(proxy.URL)
	w := newWeb()
	w.names["example.com"] = []string{"93.184.216.34"}
	w.names["inside.example"] = []string{"10.0.0.1"}
	c := w.config()
	c.Proxy = http.ProxyURL(at)
	p, err := get(t, c, "http://example.com/a")
	if err != nil || string(p.Body) != "by proxy" {
		t.Fatalf("got %q, %v", p.Body, err)
	}
	_, err = get(t, c, "http://inside.example/")
	refused(t, err)
	_, err = get(t, c, "http://127.0.0.1/")
	refused(t, err)
	if len(asked) != 1 || asked[0] != "http://example.com/a" {
		t.Errorf("the proxy was asked for %v", asked)
	}
}

func TestABodyIsCutAfterDecompression(t *testing.T) {
	w := newWeb()
	w.serve(t, "bomb.example", "93.184.216.34:80", func(rw http.ResponseWriter, r *http.Request) {
		rw.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(rw)
		block := make([]byte, 1<<20)
		for range 64 {
			if _, err := z.Write(block); err != nil {
				return
			}
		}
		z.Close()
	})
	p, err := get(t, w.config(), "http://bomb.example/")
	if err != nil || len(p.Body) != outbound.MaxBody || !p.Cut {
		t.Errorf("got %d bytes, cut %v, %v", len(p.Body), p.Cut, err)
	}
}

func TestAnEndedContextEndsTheFetch(t *testing.T) {
	w := newWeb()
	ctx, cancel := context.WithCancelCause(t.Context())
	left := make(chan struct{})
	w.serve(t, "slow.example", "93.184.216.34:80", func(_ http.ResponseWriter, r *http.Request) {
		cancel(errors.New("enough"))
		<-r.Context().Done()
		close(left)
	})
	target, err := outbound.Parse("http://slow.example/")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := outbound.New(w.config()).Get(ctx, target); err == nil || err.Error() != "enough" {
		t.Errorf("got %v", err)
	}
	<-left
}
