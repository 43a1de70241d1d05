package server_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"testing/fstest"

	"hermes-webui/server"
	"hermes-webui/server/agent"
	"hermes-webui/server/blob"
	"hermes-webui/server/chat"
	"hermes-webui/server/health"
	"hermes-webui/server/mcpserver"
	"hermes-webui/server/picture"
	"hermes-webui/server/provider"
	"hermes-webui/server/rule"
	"hermes-webui/server/secret"
	"hermes-webui/server/setting"
	"hermes-webui/server/status"
	"hermes-webui/server/store"
	"hermes-webui/server/turn"
	"hermes-webui/server/workspace"
)

// fixture is a whole server on a real store, with an agent that does what its
// prompts say.
type fixture struct {
	*server.Server
	t         *testing.T
	url       string
	store     *store.Store
	desk      *turn.Desk
	status    *status.Board
	health    *health.Board
	checks    *health.Checks
	agent     *puppet
	rules     *rule.Book
	login     loginItem
	home      string // of the person
	state     string
	restarts  atomic.Int32
	quits     atomic.Int32
	opens     atomic.Int32
	noBrowser error
}

var builtPage = fstest.MapFS{
	"index.html":            {Data: []byte(`<!doctype html><html><head></head><body><script src="/assets/app-1a2b.js"></script></body></html>`)},
	"sw.js":                 {Data: []byte(`worker`)},
	"manifest.webmanifest":  {Data: []byte(`{"id": "/", "scope": "/", "icons": [{"src": "/icons/a.png"}], "name": "/"}`)},
	"favicon.svg":           {Data: []byte(`<svg xmlns="http://www.w3.org/2000/svg"/>`)},
	"assets/app-1a2b.js":    {Data: []byte(`plain`)},
	"assets/app-1a2b.js.br": {Data: []byte(`brotli`)},
	"assets/app-1a2b.js.gz": {Data: []byte(`gzipped`)},
}

func start(t *testing.T) *fixture {
	t.Helper()
	f := bind(t, "")
	f.open(t.TempDir())
	return f
}

// bind is a server that is not ready yet.
func bind(t *testing.T, base string) *fixture {
	t.Helper()
	f := &fixture{t: t, status: status.New(), health: health.New(), checks: &health.Checks{}, agent: newPuppet(), home: t.TempDir()}
	s, err := server.New(server.Config{
		Version: server.Version{Version: "1.2.3"}, BasePath: base, Pages: builtPage, Health: f.health, Checks: f.checks, Slog: quiet(),
		Open:     func() error { f.opens.Add(1); return f.noBrowser },
		Place:    func() server.Place { return server.Place{State: "/state", Logs: "/state/logs", Desktop: true} },
		OpenLogs: func() error { return f.noBrowser },
		Restart:  func() { f.restarts.Add(1) }, Quit: func() { f.quits.Add(1) },
	})
	must(t, err)
	f.Server = s
	web := httptest.NewUnstartedServer(nil)
	web.Config = server.NewHTTPServer(s.Handler(), f.health, quiet())
	web.Start()
	t.Cleanup(func() {
		web.CloseClientConnections()
		web.Close()
	})
	f.url = web.URL
	return f
}

func (f *fixture) open(dir string) {
	t := f.t
	st, err := store.Open(t.Context(), dir, store.Options{})
	must(t, err)
	t.Cleanup(func() { _ = st.Close() })
	blobs, err := blob.Open(filepath.Join(dir, "blobs"))
	must(t, err)
	secrets, err := secret.Open(dir)
	must(t, err)
	book := provider.Open(secrets, provider.Env{})
	desk, err := turn.Open(t.Context(), turn.Config{
		Log: st, Reader: st, Agents: f.agent, Status: f.status, Files: blobs.Path, Slog: quiet(), Run: "test",
	})
	must(t, err)
	t.Cleanup(func() { _ = desk.Close(context.Background()) })
	places := workspace.New(workspace.Config{Home: f.home, StateDir: dir, Recent: st})
	settings, err := setting.Open(t.Context(), st, func() []string { return []string{"puppet"} }, places.Check)
	must(t, err)
	servers := mcpserver.Open(secrets)
	servers.Use(plugs{})
	f.checks.Put(
		health.Sessions(st, st.Count), health.Projects(), health.Store(st, func() (int64, error) { size, err := st.Size(); return size.Database, err }), health.Writer(st.Pulse), health.Descriptors(), health.Goroutines(),
		health.StateDB(func(context.Context) (int, error) { return 0, nil }),
		health.Agents(func(context.Context) ([]health.Agent, error) { return []health.Agent{{Ready: true}}, nil }),
		health.Disk(func() (int64, int64, error) { return health.Space(dir) }),
	)
	f.store, f.desk, f.rules, f.state = st, desk, rule.NewBook(st), dir
	must(t, f.Ready(t.Context(), server.Core{
		Desk: desk, Log: st, Bell: st.Bell(), Reader: st, Drafts: st, Agents: f.agent, Providers: book, Finder: f.agent, Blobs: blobs, Status: f.status, Pictures: picture.New(gallery{}),
		MCPServers: servers, Settings: settings, Rules: f.rules,
		Workspaces: places, Autostart: &f.login,
	}))
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// answer is what came back.
type answer struct {
	t      *testing.T
	status int
	header http.Header
	body   []byte
}

type header map[string]string

// do sends a request; a body that is no reader is sent as JSON.
func (f *fixture) do(method, path string, body any, headers ...header) answer {
	f.t.Helper()
	var r io.Reader
	kind := ""
	switch b := body.(type) {
	case nil:
	case io.Reader:
		r = b
	default:
		raw, err := json.Marshal(b)
		must(f.t, err)
		r, kind = bytes.NewReader(raw), "application/json"
	}
	req, err := http.NewRequestWithContext(f.t.Context(), method, f.url+path, r)
	must(f.t, err)
	if kind != "" {
		req.Header.Set("Content-Type", kind)
	}
	for _, h := range headers {
		for k, v := range h {
			req.Header.Set(k, v)
			if k == "Host" {
				req.Host = v
			}
		}
	}
	noRedirect := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := noRedirect.Do(req)
	must(f.t, err)
	defer res.Body.Close()
	got, err := io.ReadAll(res.Body)
	must(f.t, err)
	return answer{f.t, res.StatusCode, res.Header, got}
}

// want checks the status and returns the answer.
func (a answer) want(status int) answer {
	a.t.Helper()
	if a.status != status {
		a.t.Fatalf("status %d, want %d: %s", a.status, status, a.body)
	}
	return a
}

// problem checks status, code, form and that there is a sentence.
func (a answer) problem(status int, code string) map[string]any {
	a.t.Helper()
	a.want(status)
	if ct := a.header.Get("Content-Type"); ct != "application/problem+json" {
		a.t.Fatalf("content type %q of a problem", ct)
	}
	p := a.json()
	if p["code"] != code {
		a.t.Fatalf("code %v, want %s: %s", p["code"], code, a.body)
	}
	if p["status"] != float64(status) || p["title"] == "" || p["type"] == "" || len(p["detail"].(string)) < 20 {
		a.t.Fatalf("incomplete problem: %s", a.body)
	}
	return p
}

func (a answer) json() map[string]any {
	a.t.Helper()
	var v map[string]any
	if err := json.Unmarshal(a.body, &v); err != nil {
		a.t.Fatalf("%v: %s", err, a.body)
	}
	return v
}

// at follows keys into the answer.
func (a answer) at(keys ...string) any {
	a.t.Helper()
	var v any = a.json()
	for _, k := range keys {
		m, ok := v.(map[string]any)
		if !ok {
			a.t.Fatalf("no %s in %s", k, a.body)
		}
		v = m[k]
	}
	return v
}

func (a answer) has(text string) answer {
	a.t.Helper()
	if !strings.Contains(string(a.body), text) {
		a.t.Fatalf("%q is not in %s", text, a.body)
	}
	return a
}

func (a answer) hasNot(text string) answer {
	a.t.Helper()
	if strings.Contains(string(a.body), text) {
		a.t.Fatalf("%q is in %s", text, a.body)
	}
	return a
}

func (f *fixture) session() chat.SessionID {
	f.t.Helper()
	id := chat.NewID(chat.PrefixSession)
	f.do("POST", "/api/sessions", map[string]any{"id": id, "agent": "puppet"}).want(201)
	return chat.SessionID(id)
}

// prompt sends a turn and returns its id.
func (f *fixture) prompt(s chat.SessionID, text string) chat.TurnID {
	f.t.Helper()
	id := chat.NewID(chat.PrefixTurn)
	f.do("POST", "/api/sessions/"+string(s)+"/turns", map[string]any{"id": id, "text": text}).want(202)
	return chat.TurnID(id)
}

// until waits until an event of the log lets ok say yes.
func (f *fixture) until(s chat.SessionID, ok func(chat.Event) bool) chat.Event {
	f.t.Helper()
	filter, cursor := chat.Filter{Sessions: []chat.SessionID{s}}, chat.Seq(0)
	for {
		events, err := f.store.After(f.t.Context(), cursor, filter, 100)
		must(f.t, err)
		for _, e := range events {
			cursor = e.Seq
			if e.Session == s && ok(e) {
				return e
			}
		}
		if len(events) == 0 {
			must(f.t, f.store.Bell().Wait(f.t.Context(), cursor, filter))
		}
	}
}

func (f *fixture) ended(s chat.SessionID, id chat.TurnID) {
	f.t.Helper()
	f.until(s, func(e chat.Event) bool { _, ok := e.Body.(chat.TurnEnded); return ok && e.Turn == id })
}

func (f *fixture) asked(s chat.SessionID) chat.Ask {
	f.t.Helper()
	return f.until(s, func(e chat.Event) bool { _, ok := e.Body.(chat.AskRaised); return ok }).Body.(chat.AskRaised).Ask
}

// puppet is an agent whose prompts are commands: "say a b c" says each word,
// "hold" says one word and waits for stop, "ask" raises an approval, and ends
// with its answer.
type puppet struct{}

func newPuppet() *puppet { return &puppet{} }

func (p *puppet) Driver(id string) (agent.Driver, bool) { return p, id == "puppet" }
func (p *puppet) Default() string                       { return "puppet" }
func (p *puppet) List(ctx context.Context) []agent.Info {
	info, _ := p.Describe(ctx)
	return []agent.Info{info}
}

// Refresh has nothing to look for.
func (p *puppet) Refresh(context.Context) error { return nil }

// Restart has no process to end.
func (p *puppet) Restart(context.Context) error { return nil }

func (p *puppet) Models(context.Context) (server.Models, error) {
	one := agent.Model{ID: "local/one", Name: "One", Provider: "local", Images: agent.Blind}
	return server.Models{
		Items:    []server.AgentModel{{Agent: "puppet", ProviderName: "Local", Model: one}},
		Problems: []server.ModelProblem{{Provider: "far", Name: "Far", Problem: "It does not answer."}},
	}, nil
}

func (p *puppet) Found(context.Context) ([]server.FoundServer, error) {
	return []server.FoundServer{{ID: "ollama", Name: "Ollama", Kind: provider.OpenAI, BaseURL: "http://127.0.0.1:11434/v1", Models: 2}}, nil
}

func (p *puppet) Commands(context.Context, chat.Session) ([]agent.Command, error) {
	return []agent.Command{{Name: "/dance", About: "Dances.", Category: "Arts"}}, nil
}

func (p *puppet) Complete(context.Context, chat.Session, string) ([]agent.Completion, error) {
	return []agent.Completion{{Text: "dance", About: "Dances.", From: 1}}, nil
}

func (p *puppet) Command(_ context.Context, _ chat.Session, text string) (agent.Outcome, error) {
	return agent.Outcome{Kind: agent.Output, Text: text}, nil
}

func (p *puppet) Describe(context.Context) (agent.Info, error) {
	return agent.Info{ID: "puppet", Name: "Puppet", Ready: true, Can: agent.Abilities{
		Steer: true, Rewind: agent.RewindTree, Models: []agent.Model{{ID: "local/one", Name: "One", Provider: "local"}},
	}}, nil
}

func (p *puppet) Open(_ context.Context, _ chat.Session, out func(agent.Step) error) (agent.Conn, error) {
	return &wires{out: out, stop: make(chan struct{}), answers: make(chan agent.Answer, 1)}, nil
}

// wires are what the puppet hangs on: its Conn.
type wires struct {
	out     func(agent.Step) error
	stop    chan struct{}
	answers chan agent.Answer
}

func (c *wires) Start(_ context.Context, t agent.Task) error {
	c.stop = make(chan struct{})
	go c.play(t, c.stop)
	return nil
}

func (c *wires) play(t agent.Task, stop chan struct{}) {
	words := strings.Fields(t.Prompt.Text)
	part := chat.PartID(chat.NewID(chat.PrefixPart))
	step := func(b agent.StepBody) { _ = c.out(agent.Step{Turn: t.Turn, Body: b}) }
	say := func(text string) { step(agent.Append{Part: part, Stream: chat.Main, At: -1, Text: text}) }
	step(agent.Open{Part: &chat.Text{PartBase: chat.PartBase{ID: part}}})
	switch words[0] {
	case "say":
		for _, w := range words[1:] {
			say(w + " ")
		}
	case "hold":
		say("holding ")
		<-stop
		return
	case "ask":
		step(agent.Asked{Ask: chat.Ask{
			ID: chat.AskID(chat.NewID(chat.PrefixAsk)), Kind: chat.Approval, Title: "May I?", Command: "ls",
			Choices: []chat.Choice{{ID: "once", Label: "Once"}, {ID: "deny", Label: "No"}},
		}})
		select {
		case a := <-c.answers:
			say(a.Choice)
		case <-stop:
			return
		}
	}
	step(agent.Close{Part: part})
	step(agent.Ended{State: chat.Done})
}

func (c *wires) Answer(_ context.Context, _ chat.AskID, a agent.Answer) error {
	c.answers <- a
	return nil
}

func (c *wires) Steer(context.Context, string) error { return nil }
func (c *wires) Stop(context.Context) error          { close(c.stop); return nil }
func (c *wires) Close() error                        { return nil }

// plugs is a client of MCP servers that are all well but the one called broken.
type plugs struct{}

func (plugs) Check(_ context.Context, name string) mcpserver.Status { return plugs{}.Status(name) }

func (plugs) Status(name string) mcpserver.Status {
	if name == "broken" {
		return mcpserver.Status{State: mcpserver.Failed, Problem: "It ended at once."}
	}
	return mcpserver.Status{State: mcpserver.Ready, Tools: []mcpserver.Tool{{Name: "look", About: "Looks."}}}
}

// gallery is a web with one picture in it.
type gallery struct{}

func (gallery) Get(_ context.Context, url string) (picture.Answer, error) {
	switch url {
	case "https://example.org/a.png":
		return picture.Answer{Status: 200, Body: []byte("\x89PNG\r\n\x1a\n rest")}, nil
	case "https://example.org/page":
		return picture.Answer{Status: 200, Body: []byte("<!doctype html><script>alert(1)</script>")}, nil
	default:
		return picture.Answer{}, picture.ErrPlace
	}
}

// loginItem stands for the desktop's settings.
type loginItem struct {
	on     bool
	broken error
}

func (l *loginItem) State(context.Context) (server.AutostartState, error) {
	st := server.AutostartState{State: "off", Text: "It is off.", Possible: true}
	if l.on {
		st.State, st.Text = "on", "It is on."
	}
	return st, l.broken
}

func (l *loginItem) Set(ctx context.Context, on bool) (server.AutostartState, error) {
	l.on = on
	return l.State(ctx)
}
