package outbound_test

import (
	"errors"
	"net/netip"
	"net/url"
	"strings"
	"testing"

	"hermes-webui/server/agent/direct/outbound"
)

func TestUsualAddressesAreRead(t *testing.T) {
	for raw, want := range map[string]struct{ url, host string }{
		"https://example.com":                  {"https://example.com/", "example.com"},
		" http://Example.COM:80/A?q=1#top ":    {"http://example.com/A?q=1", "example.com"},
		"HTTPS://example.com.:443/":            {"https://example.com/", "example.com"},
		"https://example.com:8443/x":           {"https://example.com:8443/x", "example.com:8443"},
		"http://example.com:443/":              {"http://example.com:443/", "example.com:443"},
		"http://1.1.1.1/":                      {"http://1.1.1.1/", "1.1.1.1"},
		"http://[2606:4700:4700:0::1111]:8080": {"http://[2606:4700:4700::1111]:8080/", "[2606:4700:4700::1111]:8080"},
		"http://[::ffff:1.1.1.1]/":             {"http://1.1.1.1/", "1.1.1.1"},
		"https://xn--bcher-kva.example/%2f":    {"https://xn--bcher-kva.example/%2f", "xn--bcher-kva.example"},
		"https://a_b.example.com":              {"https://a_b.example.com/", "a_b.example.com"},
	} {
		got, err := outbound.Parse(raw)
		if err != nil {
			t.Errorf("%s: %v", raw, err)
			continue
		}
		if got.URL() != want.url || got.Host() != want.host {
			t.Errorf("%s: is %s at %s, want %s at %s", raw, got.URL(), got.Host(), want.url, want.host)
		}
	}
}

func TestOddAddressesAreRefused(t *testing.T) {
	for _, raw := range []string{
		"", "example.com", "//example.com/", "ftp://example.com/", "file:///etc/passwd", "javascript:alert(1)", "gopher://example.com/",
		"http:example.com", "http://", "http:///x", "http://./", "https://user@example.com/", "https://user:pass@example.com/",
		"http://localhost/", "http://LOCALHOST./", "http://a.localhost/", "http://intranet/", "http://localhost:8787/",
		"http://127.0.0.1/", "http://127.0.0.1:8787/", "http://127.1/", "http://2130706433/", "http://0x7f000001/", "http://0x7f.1/",
		"http://0177.0.0.1/", "http://127.0.0.1./", "http://127.0.0.01/", "http://0/", "http://1.1/", "http://08.8.8.8/", "http://256.1.1.1/",
		"http://1.1.1.0x1/", "http://a.b.0x/", "http://10.0.0.1/", "http://169.254.169.254/latest/meta-data/", "http://[::1]/", "http://[::]/",
		"http://[::ffff:127.0.0.1]/", "http://[::ffff:7f00:1]/", "http://[::127.0.0.1]/", "http://[64:ff9b::7f00:1]/", "http://[fe80::1%25eth0]/",
		"http://[2606:4700:4700::1111%25eth0]/", "http://[fd00::1]/", "http://exämple.com/", "http://127。0。0。1/", "http://１２７.0.0.1/",
		"http://①②⑦.0.0.1/", "http://%6c%6fcalhost/", "http://example.com%00.org/", "http://exa mple.com/", "http://example..com/", "http://example.com../",
		"http://example.com:0/", "http://example.com:22/", "http://example.com:25/", "http://example.com:65536/", "http://example.com:6667/",
		"http://example.com:-1/", "http://example.com\\@127.0.0.1/", "http://example.com\r\nHost: x/", "http://" + strings.Repeat("a", 64) + ".com/",
		"http://example.com/" + strings.Repeat("a", 9000),
	} {
		got, err := outbound.Parse(raw)
		if err == nil {
			t.Errorf("%.80q is read as %s", raw, got.URL())
			continue
		}
		if _, ok := errors.AsType[*outbound.Refusal](err); !ok || !strings.HasSuffix(err.Error(), ".") {
			t.Errorf("%.80q: no sentence: %v", raw, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"http://example.com/", "http://127.1", "http://[::1%25a]:80/", "https://a@b:1/", "http://0x7f.0.0.1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		target, err := outbound.Parse(raw)
		if err != nil {
			return
		}
		u, err := url.Parse(target.URL())
		if err != nil {
			t.Fatalf("%q became %q: %v", raw, target.URL(), err)
		}
		if u.User != nil || u.Host != target.Host() || u.Scheme != "http" && u.Scheme != "https" {
			t.Fatalf("%q became %q", raw, target.URL())
		}
		if a, err := netip.ParseAddr(u.Hostname()); err == nil && !outbound.Public(a) {
			t.Fatalf("%q is at %s", raw, a)
		}
		again, err := outbound.Parse(target.URL())
		if err != nil || again.URL() != target.URL() {
			t.Fatalf("%q became %q, then %q, %v", raw, target.URL(), again.URL(), err)
		}
	})
}
