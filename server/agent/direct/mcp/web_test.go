package mcp_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"

	"hermes-webui/server/agent/direct/mcp"
)

// placed serves h to those who know the secret.
func placed(t *testing.T, h http.Handler) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer "+secret {
			http.Error(w, "who are you, "+r.Header.Get("Authorization"), http.StatusUnauthorized)
			return
		}
		h.ServeHTTP(w, r)
	}))
	t.Cleanup(func() {
		s.CloseClientConnections()
		s.Close()
	})
	return s
}

func at(url string) mcp.Server {
	return mcp.Server{Name: "web", URL: url, Headers: map[string]string{"Authorization": "Bearer " + secret}, Enabled: true}
}

func TestToolsOfAServerAtAURL(t *testing.T) {
	for name, options := range map[string]*sdk.StreamableHTTPOptions{"sessions": {}, "stateless": {Stateless: true}, "plain JSON": {JSONResponse: true}} {
		good := goodServer("")
		s := placed(t, sdk.NewStreamableHTTPHandler(func(*http.Request) *sdk.Server { return good }, options))
		b := newBench(t, mcp.Limits{}, at(s.URL))
		out := newOutput()
		facts, failed, err := call(t.Context(), t, b.tools()["web__echo"], `{"text":"hi"}`, out)
		if err != nil || failed || out.String() != `{"text":"hi"}` || facts.Server != "web" {
			t.Errorf("%s: %q, %+v, %v, %v", name, out.String(), facts, failed, err)
		}
		b.hub.Close()
	}
}

func TestAListThatChangesAtAURL(t *testing.T) {
	good := goodServer("")
	s := placed(t, sdk.NewStreamableHTTPHandler(func(*http.Request) *sdk.Server { return good }, nil))
	b := newBench(t, mcp.Limits{}, at(s.URL))
	if _, _, err := call(t.Context(), t, b.tools()["web__grow"], "{}", newOutput()); err != nil {
		t.Fatal(err)
	}
	b.until(func(s mcp.State) bool {
		for _, x := range s.Tools {
			if x.Name == "grown" {
				return true
			}
		}
		return false
	})
}

func TestPlacesThatDoNotWork(t *testing.T) {
	var leaked atomic.Bool
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { leaked.Store(true) }))
	defer other.Close()
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()
	for want, h := range map[string]http.HandlerFunc{
		"redirects to another address": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, other.URL, http.StatusTemporaryRedirect)
		},
		"speaks MCP":             http.NotFound,
		"could not be connected": func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "hello, "+secret) },
		"did not answer in time": func(_ http.ResponseWriter, r *http.Request) { io.Copy(io.Discard, r.Body); <-r.Context().Done() },
	} {
		limits := mcp.Limits{}
		if strings.Contains(want, "in time") {
			limits.Connect = 300 * time.Millisecond
		}
		_, problems := newBench(t, limits, at(placed(t, h).URL+"/?key="+secret)).hub.Tools(t.Context())
		if len(problems) != 1 || !strings.Contains(problems[0].Text, want) || strings.Contains(problems[0].Text, secret) {
			t.Errorf("%s: %+v", want, problems)
		}
	}
	if leaked.Load() {
		t.Error("a redirect was followed")
	}
	wrong := at(placed(t, http.NotFoundHandler()).URL)
	wrong.Headers = map[string]string{"Authorization": "wrong-password"}
	for want, s := range map[string]mcp.Server{"refused the login": wrong, "could not be connected": at(closed.URL + "/?key=" + secret)} {
		_, problems := newBench(t, mcp.Limits{}, s).hub.Tools(t.Context())
		if len(problems) != 1 || !strings.Contains(problems[0].Text, want) || strings.Contains(problems[0].Text, secret) || strings.Contains(problems[0].Text, "wrong-password") {
			t.Errorf("%s: %+v", want, problems)
		}
	}
}
