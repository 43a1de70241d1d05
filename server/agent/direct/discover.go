package direct

import (
	"cmp"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"
)

// Found is a server of models that runs on this machine.
type Found struct {
	ID      string `json:"id"`   // of the program: "ollama", "lmstudio", "llamacpp", "vllm"
	Name    string `json:"name"` // for people
	Kind    Kind   `json:"kind"`
	BaseURL string `json:"base_url"`
	Models  int    `json:"models"` // how many it offers
}

// Local says where servers of models are looked for: addresses such as
// "127.0.0.1:11434". "" is where each one is unless somebody changed it.
type Local struct{ Ollama, LMStudio, LlamaCPP, VLLM string }

const (
	// probeLimit is for one program. Nobody is waited for who does not answer at
	// once on the same machine.
	probeLimit = 1500 * time.Millisecond
	maxProbe   = 4 << 20 // bytes
)

// Discover looks for servers of models on this machine. It knocks at ports that
// others may use, so it sends no key, follows no redirect and reports only what
// answers like the program that it looks for. It must be called only when a
// person wants to know.
func (d *Driver) Discover(ctx context.Context) []Found {
	ctx, cancel := context.WithTimeout(ctx, probeLimit)
	defer cancel()
	p := newProber()
	defer p.client.CloseIdleConnections()
	at := d.config.Local
	probes := []struct {
		found Found
		addr  string
		count func(ctx context.Context, root string) (int, bool)
	}{
		{Found{ID: "ollama", Name: "Ollama"}, cmp.Or(at.Ollama, "127.0.0.1:11434"), p.ollama},
		{Found{ID: "lmstudio", Name: "LM Studio"}, cmp.Or(at.LMStudio, "127.0.0.1:1234"), p.lmStudio},
		{Found{ID: "llamacpp", Name: "llama.cpp"}, cmp.Or(at.LlamaCPP, "127.0.0.1:8080"), p.llamaCPP},
		{Found{ID: "vllm", Name: "vLLM"}, cmp.Or(at.VLLM, "127.0.0.1:8000"), p.vLLM},
	}
	there := make([]bool, len(probes))
	var wg sync.WaitGroup
	for i := range probes {
		b := &probes[i]
		wg.Go(func() {
			root := "http://" + b.addr
			b.found.Kind, b.found.BaseURL = OpenAI, root+"/v1"
			b.found.Models, there[i] = b.count(ctx, root)
		})
	}
	wg.Wait()
	out := []Found{}
	for i, b := range probes {
		if there[i] {
			out = append(out, b.found)
		}
	}
	return out
}

// prober asks what may be no server of models at all.
type prober struct{ client *http.Client }

func newProber() prober {
	dialer := net.Dialer{Timeout: probeLimit}
	return prober{&http.Client{
		Transport: &http.Transport{DialContext: dialer.DialContext}, // no proxy
		CheckRedirect: func(*http.Request, []*http.Request) error {
			return http.ErrUseLastResponse
		},
	}}
}

// get reads JSON into out and reports whether it could.
func (p prober) get(ctx context.Context, url string, out any) bool {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return false
	}
	resp, err := p.client.Do(req)
	if err != nil {
		return false
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(io.LimitReader(resp.Body, maxProbe))
	return err == nil && resp.StatusCode == http.StatusOK && json.Unmarshal(raw, out) == nil
}

// ollama is told by its list, whose entries have a digest.
func (p prober) ollama(ctx context.Context, root string) (int, bool) {
	var doc struct {
		Models []struct {
			Name   string `json:"name"`
			Digest string `json:"digest"`
		} `json:"models"`
	}
	if !p.get(ctx, root+"/api/tags", &doc) || doc.Models == nil {
		return 0, false
	}
	for _, m := range doc.Models {
		if m.Name == "" || m.Digest == "" {
			return 0, false
		}
	}
	if len(doc.Models) > 0 {
		return len(doc.Models), true
	}
	// An empty list could be anybody's.
	var version struct {
		Version string `json:"version"`
	}
	return 0, p.get(ctx, root+"/api/version", &version) && version.Version != ""
}

// lmStudio has an interface of its own; before that, its list named nobody as
// the owner of a model.
func (p prober) lmStudio(ctx context.Context, root string) (int, bool) {
	var own struct {
		Object string `json:"object"`
		Data   []struct {
			ID    string `json:"id"`
			Type  string `json:"type"`
			State string `json:"state"`
		} `json:"data"`
	}
	if p.get(ctx, root+"/api/v0/models", &own) && own.Object == "list" && own.Data != nil {
		n := 0
		for _, m := range own.Data {
			if m.ID == "" || m.State == "" {
				return 0, false
			}
			if m.Type != "embeddings" {
				n++
			}
		}
		return n, true
	}
	return p.owned(ctx, root, "organization_owner", "organization-owner")
}

func (p prober) llamaCPP(ctx context.Context, root string) (int, bool) {
	var health struct {
		Status string `json:"status"`
	}
	var about struct {
		Defaults map[string]any `json:"default_generation_settings"`
	}
	if !p.get(ctx, root+"/health", &health) || health.Status != "ok" {
		return 0, false
	}
	if !p.get(ctx, root+"/props", &about) || about.Defaults == nil {
		return 0, false
	}
	return max(1, p.listed(ctx, root)), true
}

func (p prober) listed(ctx context.Context, root string) int {
	var doc crowd
	p.get(ctx, root+"/v1/models", &doc)
	return len(doc.Data)
}

func (p prober) vLLM(ctx context.Context, root string) (int, bool) {
	var version struct {
		Version string `json:"version"`
	}
	if !p.get(ctx, root+"/version", &version) || version.Version == "" {
		return 0, false
	}
	return p.owned(ctx, root, "vllm")
}

// crowd is a list of models as all of these have it.
type crowd struct {
	Object string `json:"object"`
	Data   []struct {
		ID    string `json:"id"`
		Owner string `json:"owned_by"`
	} `json:"data"`
}

// owned counts the models of a list that names one of the owners.
func (p prober) owned(ctx context.Context, root string, owners ...string) (int, bool) {
	var doc crowd
	if !p.get(ctx, root+"/v1/models", &doc) {
		return 0, false
	}
	names := strings.Join(owners, " ")
	for _, m := range doc.Data {
		if m.ID != "" && m.Owner != "" && strings.Contains(names, m.Owner) {
			return len(doc.Data), true
		}
	}
	return 0, false
}
