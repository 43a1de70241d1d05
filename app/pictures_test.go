package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"testing"

	"hermes-webui/server/agent/direct/outbound"
	"hermes-webui/server/fault"
	"hermes-webui/server/picture"
)

// internet is one server on loopback that has public names, and names that are
// tricks.
type internet struct {
	server *httptest.Server
	names  map[string]string
	mu     sync.Mutex
	asked  []string // hosts and paths
}

func newInternet(t *testing.T) *internet {
	t.Helper()
	n := &internet{names: map[string]string{
		"good.example": "93.184.216.34", "other.example": "93.184.216.35", "inside.example": "192.168.1.1", "self.example": "127.0.0.1",
		"cloud.example": "169.254.169.254", "six.example": "::1",
	}}
	n.server = httptest.NewServer(http.HandlerFunc(n.answer))
	t.Cleanup(n.server.Close)
	return n
}

const onePixel = "\x89PNG\r\n\x1a\n and so on"

func (n *internet) answer(w http.ResponseWriter, r *http.Request) {
	n.mu.Lock()
	n.asked = append(n.asked, r.Host+r.URL.Path)
	n.mu.Unlock()
	to := func(url string) { http.Redirect(w, r, url, http.StatusFound) }
	switch r.URL.Path {
	case "/a.png":
		if r.Header.Get("Cookie")+r.Header.Get("Referer")+r.Header.Get("Authorization") != "" || !strings.Contains(r.Header.Get("Accept"), "image/") {
			http.Error(w, "told too much", http.StatusTeapot)
			return
		}
		w.Header().Set("Content-Type", "text/html") // what they call it says nothing
		io.WriteString(w, onePixel)
	case "/moved.png":
		to("http://other.example/a.png")
	case "/to-self":
		to(n.server.URL + "/a.png")
	case "/to-inside":
		to("http://inside.example/a.png")
	case "/to-file":
		to("file:///etc/passwd")
	case "/to-name":
		to("http://user:secret@other.example/a.png")
	case "/huge":
		w.Header().Set("Content-Length", fmt.Sprint(picture.MaxBytes+1))
		io.WriteString(w, onePixel)
		io.WriteString(w, strings.Repeat("x", picture.MaxBytes+1-len(onePixel)))
	case "/endless":
		io.WriteString(w, onePixel)
		for {
			if _, err := io.WriteString(w, strings.Repeat("x", 1<<16)); err != nil {
				return
			}
		}
	case "/svg":
		w.Header().Set("Content-Type", "image/png")
		io.WriteString(w, `<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`)
	case "/html":
		w.Header().Set("Content-Type", "image/png")
		io.WriteString(w, "<!doctype html><script>alert(1)</script>")
	default:
		http.NotFound(w, r)
	}
}

func (n *internet) fetcher() *picture.Fetcher {
	return picture.New(newGallery(outbound.Config{
		Resolve: func(_ context.Context, host string) ([]netip.Addr, error) {
			if n.names[host] == "" {
				return nil, errors.New("no such host")
			}
			return []netip.Addr{netip.MustParseAddr(n.names[host])}, nil
		},
		Dial: func(ctx context.Context, network, address string, check outbound.Check) (net.Conn, error) {
			if err := check(address); err != nil {
				return nil, err
			}
			return (&net.Dialer{}).DialContext(ctx, network, n.server.Listener.Addr().String())
		},
	}))
}

func TestAPictureComesWithoutTellingAnythingOfTheReader(t *testing.T) {
	n := newInternet(t)
	for _, path := range []string{"/a.png", "/moved.png"} {
		p, err := n.fetcher().Fetch(t.Context(), "http://good.example"+path)
		if err != nil || p.Type != "image/png" || string(p.Body) != onePixel {
			t.Errorf("%s: %+v, %v", path, p, err)
		}
	}
}

func TestAnAnswersAddressReachesNothingButThePublicWebAndNothingButPictures(t *testing.T) {
	n := newInternet(t)
	_, port, _ := net.SplitHostPort(n.server.Listener.Addr().String())
	for url, want := range map[string]fault.Kind{
		n.server.URL + "/a.png": fault.Denied, "http://localhost:" + port + "/a.png": fault.Denied, "http://[::1]:" + port + "/a.png": fault.Denied,
		"http://self.example/a.png": fault.Denied, "http://inside.example/a.png": fault.Denied, "http://cloud.example/latest": fault.Denied,
		"http://six.example/a.png": fault.Denied, "http://10.0.0.1/a.png": fault.Denied, "http://router/a.png": fault.Denied,
		"http://good.example/to-self": fault.Denied, "http://good.example/to-inside": fault.Denied,
		"http://good.example/to-file": fault.Invalid, "http://good.example/to-name": fault.Invalid,
		"http://2130706433/a.png": fault.Invalid, "http://0x7f.1/a.png": fault.Invalid, "http://user:secret@good.example/a.png": fault.Invalid,
		"file:///etc/passwd": fault.Invalid, "ftp://good.example/a.png": fault.Invalid, "//good.example/a.png": fault.Invalid, "data:image/png;base64,AA": fault.Invalid,
		"http://good.example:22/a.png": fault.Invalid,
		"http://good.example/huge":     fault.TooLarge, "http://good.example/endless": fault.TooLarge,
		"http://good.example/svg": fault.Unsupported, "http://good.example/html": fault.Unsupported,
		"http://good.example/nothing": fault.NotFound, "http://nobody.example/a.png": fault.NotFound,
	} {
		p, err := n.fetcher().Fetch(t.Context(), url)
		if err == nil || fault.KindOf(err) != want || len(p.Body) > 0 {
			t.Errorf("%s: %v (%d), want kind %d", url, err, fault.KindOf(err), want)
		}
		if err != nil && (strings.Contains(err.Error(), "secret") || strings.Contains(err.Error(), "127.0.0.1")) {
			t.Errorf("%s: the sentence tells too much: %v", url, err)
		}
	}
	for _, at := range n.asked {
		if !strings.HasPrefix(at, "good.example/") && !strings.HasPrefix(at, "other.example/a.png") {
			t.Errorf("asked %s", at)
		}
	}
}

func TestTheRealNetworkRefusesThisMachineForPictures(t *testing.T) {
	n := newInternet(t)
	_, err := pictures().Fetch(t.Context(), n.server.URL+"/a.png")
	if fault.KindOf(err) != fault.Denied || len(n.asked) > 0 {
		t.Errorf("%v, asked %v", err, n.asked)
	}
}
