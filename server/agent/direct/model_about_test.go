package direct_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"sync"
	"testing"

	"hermes-webui/server/agent"
	"hermes-webui/server/agent/direct"
	"hermes-webui/server/agent/direct/modeltest"
)

// imitation answers with the body of a path; everything else is not there.
func imitation(t *testing.T, bodies map[string]string) (url string, asked func() string) {
	t.Helper()
	var mu sync.Mutex
	var log strings.Builder
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		log.WriteString(r.URL.Path + " " + r.Header.Get("Authorization") + "\n")
		mu.Unlock()
		body, ok := bodies[r.URL.Path]
		if !ok {
			http.NotFound(w, r)
			return
		}
		_, _ = w.Write([]byte(body))
	}))
	t.Cleanup(s.Close)
	return s.URL, func() string { mu.Lock(); defer mu.Unlock(); return log.String() }
}

var (
	free  = &agent.Price{}
	steps = []string{"low", "medium", "high"}
	none  = []string{}
)

func TestWhatServersTellOfTheirModels(t *testing.T) {
	for name, c := range map[string]struct {
		bodies map[string]string
		want   []agent.Model
	}{
		"llama.cpp": {map[string]string{
			"/v1/models": `{"models":[{"name":"m"}],"data":[{"id":"m","owned_by":"llamacpp","meta":{"n_ctx_train":131072}}]}`,
			"/props":     `{"default_generation_settings":{"n_ctx":8192},"modalities":{"vision":true}}`,
		}, []agent.Model{{Name: "m", Window: 8192, Images: agent.Sees, Efforts: none, Price: free}}},
		"vLLM": {map[string]string{
			"/v1/models": `{"data":[{"id":"m","owned_by":"vllm","max_model_len":32768}]}`,
		}, []agent.Model{{Name: "m", Window: 32768, Efforts: none, Price: free}}},
		"LM Studio": {map[string]string{
			"/v1/models":     `{"data":[{"id":"a","owned_by":"organization_owner"},{"id":"b","owned_by":"organization_owner"}]}`,
			"/api/v0/models": `{"object":"list","data":[{"id":"a","type":"vlm","state":"loaded","loaded_context_length":4096,"max_context_length":131072},{"id":"b","type":"llm","state":"not-loaded","max_context_length":131072}]}`,
		}, []agent.Model{{Name: "a", Window: 4096, Images: agent.Sees, Efforts: none, Price: free}, {Name: "b", Images: agent.Blind, Efforts: none, Price: free}}},
		"Ollama": {map[string]string{
			"/v1/models": `{"data":[{"id":"m:latest","owned_by":"library"}]}`,
			"/api/show":  `{"capabilities":["completion","vision","thinking"],"model_info":{"x.context_length":131072}}`,
			"/api/ps":    `{"models":[{"name":"m:latest","context_length":4096}]}`,
		}, []agent.Model{{Name: "m:latest", Window: 4096, Images: agent.Sees, Efforts: steps, Price: free}}},
		"Ollama, not loaded": {map[string]string{
			"/v1/models": `{"data":[{"id":"m:latest","owned_by":"library"}]}`,
			"/api/show":  `{"capabilities":["completion"],"model_info":{"x.context_length":131072}}`,
			"/api/ps":    `{"models":[]}`,
		}, []agent.Model{{Name: "m:latest", Images: agent.Blind, Efforts: none, Price: free}}},
		"OpenRouter": {map[string]string{
			"/v1/models": `{"data":[{"id":"v/m","name":"M","context_length":200000,"architecture":{"input_modalities":["text","image"],"output_modalities":["text"]},"pricing":{"prompt":"0.00000015","completion":"0.0000006","input_cache_read":"0.00000001"},"supported_parameters":["tools","reasoning"]},{"id":"auto","pricing":{"prompt":"-1","completion":"-1"}}]}`,
		}, []agent.Model{
			{ID: "openai/v/m", Name: "M", Window: 200000, Images: agent.Sees, Efforts: steps, Price: &agent.Price{Input: 0.15, Cached: 0.01, Output: 0.6}},
			{Name: "auto", Efforts: none, Price: free},
		}},
		"Together": {map[string]string{
			"/v1/models": `[{"id":"m","type":"chat","context_length":8192,"pricing":{"input":0.2,"output":0.3}},{"id":"e","type":"embedding"}]`,
		}, []agent.Model{{Name: "m", Window: 8192, Efforts: none, Price: &agent.Price{Input: 0.2, Output: 0.3}}}},
		"Mistral": {map[string]string{
			"/v1/models": `{"data":[{"id":"m","max_context_length":32768,"capabilities":{"completion_chat":true,"vision":false}},{"id":"o","capabilities":{"completion_chat":false}}]}`,
		}, []agent.Model{{Name: "m", Window: 32768, Images: agent.Blind, Efforts: none, Price: free}}},
		"Groq, with nonsense": {map[string]string{
			"/v1/models": `{"data":[{"id":"m","context_window":131072,"pricing":7,"capabilities":"x","architecture":[1]}]}`,
		}, []agent.Model{{Name: "m", Window: 131072, Efforts: none, Price: free}}},
	} {
		t.Run(name, func(t *testing.T) {
			url, _ := imitation(t, c.bodies)
			d := direct.New(direct.Config{Providers: providers{noDefault(direct.OpenAI, url)}})
			defer d.Close()
			lists, err := d.Models(t.Context())
			if err != nil || len(lists[0].Models) != len(c.want) {
				t.Fatalf("%+v, %v", lists, err)
			}
			for i, want := range c.want {
				want.Provider = "openai"
				if want.ID == "" {
					want.ID = "openai/" + want.Name
				}
				if got := lists[0].Models[i]; !reflect.DeepEqual(got, want) {
					t.Errorf("got  %+v %+v\nwant %+v", got, got.Price, want)
				}
			}
		})
	}
}

func TestAPersonsSettingBeatsTheServer(t *testing.T) {
	url, _ := imitation(t, map[string]string{"/v1/models": `{"data":[{"id":"m","context_window":131072}]}`})
	price := &agent.Price{Input: 1, Output: 2}
	d := direct.New(direct.Config{Providers: providers{noDefault(direct.OpenAI, url)}, Models: func(id string) direct.ModelSetting {
		if id != "openai/m" {
			t.Errorf("asked for %q", id)
		}
		return direct.ModelSetting{Window: 7, Images: agent.Sees, Price: price}
	}})
	defer d.Close()
	lists, _ := d.Models(t.Context())
	if m := lists[0].Models[0]; m.Window != 7 || m.Images != agent.Sees || *m.Price != *price {
		t.Errorf("%+v", m)
	}
}

func TestAModelThatIsNotOfferedIsNotAsked(t *testing.T) {
	s, err := modeltest.Start(modeltest.Always(modeltest.Say("ok")))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	s.SetModels("there")
	b := benchAt(t, noDefault(direct.OpenAI, s.URL))
	e := b.run(agent.Task{Model: "openai/phantom"})
	if e.Error == nil || e.Error.Code != "no_model" || !strings.Contains(e.Error.Text, "phantom") || !strings.Contains(e.Error.Text, "Testers") || len(s.Requests()) != 0 {
		t.Errorf("%+v", e.Error)
	}
}

// memory is a Cache.
type memory struct {
	mu   sync.Mutex
	kept map[string][]byte
}

func (m *memory) Get(_ context.Context, key string) ([]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if key == "broken" {
		return nil, errors.New("broken")
	}
	return m.kept[key], nil
}

func (m *memory) Put(_ context.Context, key string, value []byte) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.kept[key] = value
	return nil
}

func TestListsSurviveARestart(t *testing.T) {
	cache := &memory{kept: map[string][]byte{}}
	url, _ := imitation(t, map[string]string{"/v1/models": `{"data":[{"id":"m"}]}`})
	first := direct.New(direct.Config{Providers: providers{noDefault(direct.OpenAI, url)}, Cache: cache})
	_, _ = first.Models(t.Context())
	first.Close()
	for key1, value := range cache.kept {
		if strings.Contains(key1+string(value), key) || !json.Valid(value) {
			t.Errorf("kept: %s %s", key1, value)
		}
	}
	hang := make(chan struct{})
	old := direct.New(direct.Config{Providers: hanging{url, hang}, Cache: cache})
	lists, err := old.Models(t.Context())
	if err != nil || len(lists[0].Models) != 1 {
		t.Errorf("%+v, %v", lists, err)
	}
	close(hang)
	old.Close()
	for k, v := range cache.kept {
		var doc map[string]any
		_ = json.Unmarshal(v, &doc)
		doc["at"] = "2001-01-01T00:00:00Z"
		cache.kept[k], _ = json.Marshal(doc)
	}
	hang = make(chan struct{})
	late := direct.New(direct.Config{Providers: hanging{url, hang}, Cache: cache})
	defer late.Close()
	defer close(hang)
	if info, _ := late.Describe(t.Context()); len(info.Can.Models) != 0 {
		t.Error("a list of another decade counts")
	}
}

// hanging is a provider whose key is not to be had until it is closed: nothing is
// sent before.
type hanging struct {
	url  string
	hang chan struct{}
}

func (h hanging) Endpoints() []direct.Endpoint {
	e := noDefault(direct.OpenAI, h.url)
	e.Key = func() string { <-h.hang; return "" }
	return []direct.Endpoint{e}
}

func TestServersOnThisMachineAreFound(t *testing.T) {
	addr := func(bodies map[string]string) string {
		url, asked := imitation(t, bodies)
		t.Cleanup(func() {
			if strings.Contains(asked(), "Bearer") {
				t.Error("a key was sent")
			}
		})
		return strings.TrimPrefix(url, "http://")
	}
	web := func() string {
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			_, _ = w.Write([]byte(`{"status":"ok","version":"1","data":[{"id":"x"}],"object":"list"}`))
		}))
		t.Cleanup(s.Close)
		return strings.TrimPrefix(s.URL, "http://")
	}
	all := direct.New(direct.Config{Providers: providers{}, Local: direct.Local{
		Ollama:   addr(map[string]string{"/api/tags": `{"models":[{"name":"a","digest":"d"},{"name":"b","digest":"e"}]}`}),
		LMStudio: addr(map[string]string{"/api/v0/models": `{"object":"list","data":[{"id":"a","type":"llm","state":"loaded"},{"id":"e","type":"embeddings","state":"loaded"}]}`}),
		LlamaCPP: addr(map[string]string{"/health": `{"status":"ok"}`, "/props": `{"default_generation_settings":{}}`, "/v1/models": `{"data":[{"id":"a"}]}`}),
		VLLM:     addr(map[string]string{"/version": `{"version":"0.9"}`, "/v1/models": `{"data":[{"id":"a","owned_by":"vllm"}]}`}),
	}})
	defer all.Close()
	found := all.Discover(t.Context())
	counts := map[string]int{}
	for _, f := range found {
		counts[f.ID] = f.Models
		if !strings.HasPrefix(f.BaseURL, "http://127.0.0.1:") || !strings.HasSuffix(f.BaseURL, "/v1") || f.Kind != direct.OpenAI {
			t.Errorf("%+v", f)
		}
	}
	if !reflect.DeepEqual(counts, map[string]int{"ollama": 2, "lmstudio": 1, "llamacpp": 1, "vllm": 1}) {
		t.Errorf("%+v", found)
	}
	nobody := direct.New(direct.Config{Providers: providers{}, Local: direct.Local{Ollama: web(), LMStudio: web(), LlamaCPP: web(), VLLM: web()}})
	defer nobody.Close()
	if found := nobody.Discover(t.Context()); len(found) != 0 {
		t.Errorf("a web server was taken for %+v", found)
	}
}
