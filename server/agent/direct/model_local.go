package direct

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"hermes-webui/server/agent"
)

const (
	// tellLimit bounds all that a server of models is asked besides its list.
	tellLimit  = 3 * time.Second
	tellBeside = 4
	maxTell    = 4 << 20 // bytes
	maxShown   = 64      // models that are asked for one by one
)

// hostname is the host without a port, as it stands in a URL; "" = none.
func (e Endpoint) hostname() string {
	u, err := url.Parse(e.BaseURL)
	if err != nil {
		return ""
	}
	return strings.ToLower(strings.TrimSuffix(u.Hostname(), "."))
}

func loopback(host string) bool {
	a, err := netip.ParseAddr(host)
	return host == "localhost" || strings.HasSuffix(host, ".localhost") || err == nil && a.Unmap().IsLoopback()
}

// nearby reports whether a host is on this machine or in its own network, by its
// name alone: nothing is looked up for that.
func nearby(host string) bool {
	if a, err := netip.ParseAddr(host); err == nil {
		a = a.Unmap()
		return a.IsLoopback() || a.IsPrivate() || a.IsLinkLocalUnicast()
	}
	for _, end := range []string{".local", ".lan", ".internal", ".home.arpa"} {
		if strings.HasSuffix(host, end) {
			return true
		}
	}
	return loopback(host) || host != "" && !strings.Contains(host, ".") // a name without a dot is of the own network
}

// tellMore asks a server on this machine or nearby for what its list of models
// does not say, where the list looks like that of a program that is known to
// tell. What fails is not known: this returns no error.
func (s *shelf) tellMore(ctx context.Context, e Endpoint, list []offer) []agent.Model {
	ctx, cancel := context.WithTimeout(ctx, tellLimit)
	defer cancel()
	t := teller{s.client, e}
	if len(list) > 0 && e.Kind == OpenAI && nearby(e.hostname()) {
		switch owner := list[0].owner; {
		case owner == "llamacpp":
			t.llamaCPP(ctx, list)
		case owner == "library" || e.port() == "11434":
			list = t.ollama(ctx, list)
		case owner == "organization_owner" || e.port() == "1234":
			t.lmStudio(ctx, list)
		}
	}
	out := make([]agent.Model, 0, len(list))
	for _, o := range list {
		out = append(out, o.Model)
	}
	return out
}

func (e Endpoint) port() string {
	u, err := url.Parse(e.BaseURL)
	if err != nil {
		return ""
	}
	return u.Port()
}

// root is the address of a server without the path of its protocol.
func (e Endpoint) root() string { return strings.TrimSuffix(strings.TrimRight(e.BaseURL, "/"), "/v1") }

// teller asks one server.
type teller struct {
	client   *http.Client
	endpoint Endpoint
}

// ask reads JSON into out and reports whether it could. body nil = GET.
func (t teller) ask(ctx context.Context, path string, body, out any) bool {
	method, sent := http.MethodGet, io.Reader(nil)
	if body != nil {
		b, err := json.Marshal(body)
		if err != nil {
			return false
		}
		method, sent = http.MethodPost, bytes.NewReader(b)
	}
	req, err := http.NewRequestWithContext(ctx, method, t.endpoint.root()+path, sent)
	if err != nil {
		return false
	}
	t.endpoint.sign(req.Header) // the same server that the key is for
	resp, err := t.client.Do(req)
	if err != nil {
		return false
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(io.LimitReader(resp.Body, maxTell))
	return err == nil && resp.StatusCode == http.StatusOK && json.Unmarshal(raw, out) == nil
}

// props is what llama.cpp says of itself. Its window is that of one slot.
type props struct {
	Defaults loose[struct {
		Window amount `json:"n_ctx"`
	}] `json:"default_generation_settings"`
	Modalities loose[struct {
		Vision loose[*bool] `json:"vision"`
	}] `json:"modalities"`
}

// llamaCPP is asked only where it serves one model: what it says is of that one.
func (t teller) llamaCPP(ctx context.Context, list []offer) {
	var p props
	if len(list) != 1 || !t.ask(ctx, "/props", nil, &p) {
		return
	}
	m := &list[0].Model
	m.Window = tokens(p.Defaults.is.Window)
	if vision := p.Modalities.is.Vision.is; vision != nil {
		m.Images = sight(*vision)
	}
}

// lmStudio tells the window that a model was loaded with. What it could be
// loaded with says nothing: a model that is loaded on demand gets less.
func (t teller) lmStudio(ctx context.Context, list []offer) {
	var doc struct {
		Data []struct {
			ID     prose  `json:"id"`
			Type   prose  `json:"type"`
			State  prose  `json:"state"`
			Loaded amount `json:"loaded_context_length"`
			Max    amount `json:"max_context_length"`
		} `json:"data"`
	}
	if !t.ask(ctx, "/api/v0/models", nil, &doc) {
		return
	}
	for _, d := range doc.Data {
		m := find(list, t.endpoint.ID+"/"+d.ID.text)
		if m == nil {
			continue
		}
		if d.State.text == "loaded" {
			m.Window = tokens(d.Loaded, d.Max)
		}
		if d.Type.text == "vlm" || d.Type.text == "llm" {
			m.Images = sight(d.Type.text == "vlm")
		}
	}
}

// ollama tells the window of models that are loaded. A model that is not gets
// what its own file says, or the server's default, which is not told. What a
// model could have is more than it gets, and then the server drops the beginning
// of a question without a word.
func (t teller) ollama(ctx context.Context, list []offer) []offer {
	shown := make([]showing, len(list))
	var loaded struct {
		Models []struct {
			Name   prose  `json:"name"`
			Model  prose  `json:"model"`
			Window amount `json:"context_length"`
		} `json:"models"`
	}
	var wg sync.WaitGroup
	slots := make(chan struct{}, tellBeside)
	for i := range list[:min(len(list), maxShown)] {
		wg.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			name := strings.TrimPrefix(list[i].ID, t.endpoint.ID+"/")
			shown[i].ok = t.ask(ctx, "/api/show", map[string]string{"model": name}, &shown[i])
		})
	}
	t.ask(ctx, "/api/ps", nil, &loaded)
	wg.Wait()
	out := list[:0]
	for i, o := range list {
		if shown[i].ok && !shown[i].describe(&o.Model) {
			continue
		}
		out = append(out, o)
	}
	for _, l := range loaded.Models {
		for _, name := range []string{l.Name.text, l.Model.text} {
			if m := find(out, t.endpoint.ID+"/"+name); m != nil && l.Window > 0 {
				m.Window = tokens(l.Window)
			}
		}
	}
	return out
}

// showing is what Ollama says of one model.
type showing struct {
	ok           bool
	Capabilities loose[[]string] `json:"capabilities"`
	Parameters   prose           `json:"parameters"` // lines "name value" of its file
}

// describe reports false for a model that does not chat.
func (s showing) describe(m *agent.Model) bool {
	for line := range strings.Lines(s.Parameters.text) {
		if f := strings.Fields(line); len(f) == 2 && f[0] == "num_ctx" {
			n, _ := strconv.ParseFloat(f[1], 64) // 0 where it is no number
			m.Window = tokens(amount(n))
		}
	}
	can := s.Capabilities.is
	if len(can) == 0 {
		return true // an older one, which does not say
	}
	m.Images = agent.Blind
	completes := false
	for _, c := range can {
		switch c {
		case "completion":
			completes = true
		case "vision":
			m.Images = agent.Sees
		case "thinking":
			m.Efforts = efforts()
		}
	}
	return completes
}

func find(list []offer, id string) *agent.Model {
	for i := range list {
		if list[i].ID == id {
			return &list[i].Model
		}
	}
	return nil
}
