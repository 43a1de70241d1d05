package tool_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"

	"hermes-webui/server/agent"
	"hermes-webui/server/agent/direct/outbound"
	"hermes-webui/server/agent/direct/tool"
	"hermes-webui/server/chat"
)

// listener is a turn that keeps what a call writes.
type listener struct{ bytes.Buffer }

func (*listener) SetPlan([]chat.PlanItem) error { return errors.New("no plan here") }
func (*listener) Ask(context.Context, chat.Ask) (agent.Answer, error) {
	return agent.Answer{}, errors.New("nobody to ask")
}

// fetcher returns the tool on an internet of one server, which has every name
// but inside.example.
func fetcher(t *testing.T, h http.HandlerFunc) tool.Tool {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return tool.FetchURL(outbound.New(outbound.Config{
		Resolve: func(_ context.Context, host string) ([]netip.Addr, error) {
			if host == "inside.example" {
				return []netip.Addr{netip.MustParseAddr("10.0.0.1")}, nil
			}
			return []netip.Addr{netip.MustParseAddr("93.184.216.34")}, nil
		},
		Dial: func(ctx context.Context, network, address string, check outbound.Check) (net.Conn, error) {
			if err := check(address); err != nil {
				return nil, err
			}
			return (&net.Dialer{}).DialContext(ctx, network, s.Listener.Addr().String())
		},
	}))
}

func fetch(t *testing.T, f tool.Tool, url string) (string, tool.Facts, tool.Result, error) {
	t.Helper()
	args, err := json.Marshal(map[string]string{"url": url, "why": "to know"})
	if err != nil {
		t.Fatal(err)
	}
	call, err := f.Prepare(t.Context(), tool.Place{}, args)
	if err != nil {
		t.Fatal(err)
	}
	var out listener
	var facts tool.Facts
	r, err := call.Run(t.Context(), &out)
	if err == nil {
		if err := json.Unmarshal(r.Page, &facts); err != nil {
			t.Fatal(err)
		}
	}
	return out.String(), facts, r, err
}

func answer(kind, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", kind)
		io.WriteString(w, body)
	}
}

func TestFetchAsksForTheHost(t *testing.T) {
	f := fetcher(t, func(http.ResponseWriter, *http.Request) { t.Error("asked before it was allowed") })
	for url, host := range map[string]string{"https://Example.com/a?b=c#d": "example.com", "http://example.com:8080": "example.com:8080"} {
		args, _ := json.Marshal(map[string]string{"url": url, "why": "to know"})
		call, err := f.Prepare(t.Context(), tool.Place{}, args)
		if err != nil {
			t.Fatal(err)
		}
		n := call.Needs
		if n == nil || n.Title != "Fetch from "+host+"?" || n.Why != "to know" || n.Danger != "" || call.Alone || call.Edit != nil {
			t.Fatalf("%s needs %+v", url, n)
		}
		if len(n.Permits) != 1 || n.Permits[0] != (tool.Permit{Kind: tool.Host, Pattern: host}) || !strings.Contains(n.Command, host) || strings.Contains(n.Command, "#") {
			t.Errorf("%s: %+v", url, n)
		}
	}
	args, _ := json.Marshal(map[string]string{"url": "https://example.com/?q=" + strings.Repeat("x", 1000)})
	call, err := f.Prepare(t.Context(), tool.Place{}, args)
	if err != nil || call.Needs.Danger == "" {
		t.Errorf("a long address is not called dangerous: %v", err)
	}
}

func TestFetchRefusesAtOnce(t *testing.T) {
	f := fetcher(t, func(http.ResponseWriter, *http.Request) { t.Error("asked") })
	for _, args := range []string{
		``, `null`, `[]`, `{}`, `{"url":""}`, `{"url":7}`, `{"url":"ftp://example.com/"}`, `{"url":"http://127.0.0.1/"}`, `{"url":"http://[::1]/"}`,
		`{"url":"http://localhost:8787/"}`, `{"url":"http://169.254.169.254/latest"}`, `{"url":"http://2130706433/"}`, `{"url":"https://a:b@example.com/"}`,
	} {
		if _, err := f.Prepare(t.Context(), tool.Place{}, json.RawMessage(args)); err == nil {
			t.Errorf("%s is prepared", args)
		}
	}
}

func TestFetchRefusesWhatResolvesInside(t *testing.T) {
	f := fetcher(t, func(http.ResponseWriter, *http.Request) { t.Error("asked") })
	_, _, _, err := fetch(t, f, "http://inside.example/")
	if _, ok := errors.AsType[*outbound.Refusal](err); !ok {
		t.Errorf("got %v", err)
	}
}

const samplePage = `<!doctype html><html><head><title> A &amp;
 B </title><style>p{}</style><script>var x = "<p>no</p>"</script></head>
<body><nav><a href="/menu">Menu</a><nav>x</nav></nav>
<h1>Top  heading</h1><p>First <b>bold</b>, <i>it</i>. Go to <a href="../doc?a=1&amp;b=2#s">the docs</a>.</p>
<p>Second<br>line <a href="javascript:x()">bad</a> <a href="#here">here</a> <a href="https://x.example/">https://x.example/</a></p>
<ul><li>one</li><li><p>two</p><ol><li>inner<li>more</ol></li></ul>
<pre>func main() {
	x  :=  1
}</pre>
<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr></table>
<div hidden>secret <div>deep</div> words</div><div>after<img alt="a  picture" src=x></div>
<script>alert(1)</script><noscript><p>turn on</p></noscript></body></html>`

const sampleText = `A & B

# Top heading

First bold, it. Go to the docs (http://example.com/doc?a=1&b=2#s).

Second
line bad here https://x.example/

- one
- two
  1. inner
  2. more

func main() {
	x  :=  1
}

a | b
1 | 2

after [image: a picture]`

func TestFetchMakesTextOfHTML(t *testing.T) {
	f := fetcher(t, answer("text/html; charset=utf-8", samplePage))
	got, facts, r, err := fetch(t, f, "http://example.com/sub/page")
	if err != nil || r.Failed {
		t.Fatal(err, r)
	}
	if got != sampleText {
		t.Errorf("got\n%s\nwant\n%s", got, sampleText)
	}
	if facts.Kind != "web" || facts.URL != "http://example.com/sub/page" || *facts.Status != 200 || facts.Type != "text/html" ||
		*facts.Bytes != int64(len(samplePage)) || facts.Title != "A & B" || facts.Note != "" {
		t.Errorf("facts %+v", facts)
	}
}

func TestFetchSurvivesBrokenHTML(t *testing.T) {
	for page, want := range map[string]string{
		"<nav>menu<h1>Seen</h1>text":                 "# Seen\n\ntext",
		"</ul></li></pre></a>x":                      "x",
		"<a href='/a'>un<a href='/b'>closed":         "un (http://example.com/a)closed",
		"<title>T</title>":                           "T",
		"<script>never closed":                       "",
		"a<p>b</p><p>c":                              "a\n\nb\n\nc",
		"<p>x</p>\x1b[31m\x07red":                    "x\n\n[31mred",
		strings.Repeat("<ul><li>", 3) + "x":          "- x",
		"<h2>" + strings.Repeat("<b>", 9) + "y</h2>": "## y",
	} {
		f := fetcher(t, answer("text/html", page))
		got, facts, _, err := fetch(t, f, "http://example.com/")
		if err != nil || got != want && !strings.HasSuffix(got, want) {
			t.Errorf("%q: %q, %v, want %q", page, got, err, want)
		}
		if got == "" && facts.Note == "" {
			t.Errorf("%q: nothing is said", page)
		}
	}
}

func TestFetchKeepsOtherText(t *testing.T) {
	for _, c := range []struct{ kind, body, want string }{
		{"application/json", `{"a": [1,  2]}`, `{"a": [1,  2]}`},
		{"application/problem+json", `{}`, `{}`},
		{"text/plain; charset=iso-8859-1", "caf\xe9 \x80", "café €"},
		{"text/plain", "\xff\xfeh\x00\xe9\x00", "hé"},
		{"", "plain words", "plain words"},
		{"application/octet-stream", "plain words", "plain words"},
		{"text/markdown", "# a\n\n<b>", "# a\n\n<b>"},
		{"text/html; charset=windows-1252", "<p>\x93q\x94", "“q”"},
		{"text/html", "<meta charset='iso-8859-1'><p>\xe9", "é"},
	} {
		got, facts, _, err := fetch(t, fetcher(t, answer(c.kind, c.body)), "http://example.com/")
		if err != nil || got != c.want || facts.Note != "" {
			t.Errorf("%s: %q, %q, %v", c.kind, got, facts.Note, err)
		}
	}
}

func TestFetchNamesWhatIsNoText(t *testing.T) {
	for kind, body := range map[string]string{"image/png": "\x89PNG\r\n\x1a\n1234", "application/pdf": "%PDF-1.7 …", "text/plain": "a\x00b\x01", "": "\x89PNG\r\n\x1a\n1234"} {
		got, facts, r, err := fetch(t, fetcher(t, answer(kind, body)), "http://example.com/")
		if err != nil || got != "" || r.Failed || !strings.Contains(facts.Note, "Only text can be read") || *facts.Bytes != int64(len(body)) {
			t.Errorf("%s: %q, %+v, %v", kind, got, facts, err)
		}
	}
}

func TestFetchCutsLongPages(t *testing.T) {
	got, facts, _, err := fetch(t, fetcher(t, answer("text/plain; charset=utf-8", strings.Repeat("é", 100<<10))), "http://example.com/")
	if err != nil || len(got) > 60<<10 || len(got) < 59<<10 || strings.Trim(got, "é") != "" || !strings.Contains(facts.Note, "first 60 KB") {
		t.Errorf("%d bytes, %q, %v", len(got), facts.Note, err)
	}
}

func TestFetchFailsWithTheServersWords(t *testing.T) {
	f := fetcher(t, func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "no such page", http.StatusNotFound) })
	got, facts, r, err := fetch(t, f, "http://example.com/")
	if err != nil || !r.Failed || !strings.Contains(got, "no such page") || *facts.Status != 404 || !strings.Contains(facts.Note, "404 Not Found") {
		t.Errorf("%q, %+v, %v, %v", got, facts, r.Failed, err)
	}
}

func TestFetchTellsOfAnotherHost(t *testing.T) {
	f := fetcher(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Host != "example.com" {
			t.Errorf("asked %s", r.Host)
		}
		http.Redirect(w, r, "https://www.example.com/x", http.StatusMovedPermanently)
	})
	_, facts, r, err := fetch(t, f, "http://example.com/")
	if err != nil || r.Failed || !strings.Contains(facts.Note, "Redirects to https://www.example.com/x.") {
		t.Errorf("%+v, %v", facts, err)
	}
}
