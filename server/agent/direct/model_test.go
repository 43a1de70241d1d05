package direct_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"hermes-webui/server/agent"
	"hermes-webui/server/agent/direct"
	"hermes-webui/server/agent/direct/modeltest"
)

func noDefault(kind direct.Kind, url string) direct.Endpoint {
	e := endpoint(kind, url)
	e.Model = ""
	return e
}

func TestTheDefaultIsTheFirstModelThatChats(t *testing.T) {
	s, err := modeltest.Start(modeltest.Always(modeltest.Say("ok")))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	s.SetModels("text-embedding-3", "whisper-1", "tts-1", "dall-e-3", "bge-rerank", "vendor/good", "other")
	b := benchAt(t, noDefault(direct.OpenAI, s.URL))
	b.wantDone("[text]ok")
	if m := s.Requests()[0].Asked().Model; m != "vendor/good" {
		t.Errorf("asked %q", m)
	}
	info, err := b.driver.Describe(t.Context())
	if err != nil || !info.Ready || len(info.Can.Models) != 2 || info.Can.Models[0].ID != "openai/vendor/good" || info.Can.Rewind != agent.RewindTree {
		t.Errorf("%+v, %v", info, err)
	}
}

func TestAModelIsFoundAtItsProvider(t *testing.T) {
	one, err := modeltest.Start(modeltest.Always(modeltest.Say("one")))
	if err != nil {
		t.Fatal(err)
	}
	defer one.Close()
	two, err := modeltest.Start(modeltest.Always(modeltest.Say("two")))
	if err != nil {
		t.Fatal(err)
	}
	defer two.Close()
	one.SetModels("bare")
	two.SetModels("a/b")
	b := benchAt(t, endpoint(direct.OpenAI, one.URL), endpoint(direct.Anthropic, two.URL))
	b.run(agent.Task{Model: "anthropic/a/b"})
	b.run(agent.Task{Model: "bare"})
	if m := two.Requests()[0].Asked().Model; m != "a/b" {
		t.Errorf("asked %q", m)
	}
	if m := one.Requests()[0].Asked().Model; m != "bare" {
		t.Errorf("asked %q", m)
	}
	e := b.run(agent.Task{Model: "nobody/x"})
	if e.Error == nil || e.Error.Code != "no_model" || !strings.Contains(e.Error.Text, "nobody/x") {
		t.Errorf("%+v", e.Error)
	}
}

func TestWithoutAProviderTheAgentSaysHowToGetOne(t *testing.T) {
	b := benchAt(t)
	info, err := b.driver.Describe(t.Context())
	if err != nil || info.Ready || !strings.Contains(info.Missing, "Settings, Models and providers") {
		t.Errorf("%+v, %v", info, err)
	}
	b.wantFailed("no_provider", "Settings, Models and providers")
}

// server answers GET …/models with whatever handler does.
func modelsAt(t *testing.T, handler http.HandlerFunc) string {
	t.Helper()
	s := httptest.NewServer(handler)
	t.Cleanup(s.Close)
	return s.URL
}

func TestDescribeNeverWaitsForAProvider(t *testing.T) {
	free := make(chan struct{})
	url := modelsAt(t, func(w http.ResponseWriter, _ *http.Request) {
		<-free
		_, _ = w.Write([]byte(`{"data":[{"id":"late"}]}`))
	})
	told := make(chan struct{}, 9)
	d := direct.New(direct.Config{Providers: providers{noDefault(direct.OpenAI, url)}, Changed: func() { told <- struct{}{} }})
	defer d.Close()
	for range 3 {
		if info, _ := d.Describe(t.Context()); !info.Ready || len(info.Can.Models) != 0 {
			t.Fatalf("%+v", info)
		}
	}
	close(free)
	<-told
	if info, _ := d.Describe(t.Context()); len(info.Can.Models) != 1 || info.Can.Models[0].Name != "late" {
		t.Fatalf("%+v", info)
	}
}

func TestListsInAllForms(t *testing.T) {
	for body, want := range map[string]string{
		`{"object":"list","data":[{"id":"m"}]}`:                                         "m",
		`{"models":[{"id":"m","name":"Em"}]}`:                                           "Em",
		`[{"id":"m","display_name":"Emm","type":"chat"},{"id":"e","type":"image"}]`:     "Emm",
		`{"data":[{"id":"m","type":"model","display_name":"Claude"}],"has_more":false}`: "Claude",
	} {
		url := modelsAt(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(body)) })
		for _, kind := range []direct.Kind{direct.OpenAI, direct.Anthropic} {
			d := direct.New(direct.Config{Providers: providers{endpoint(kind, url)}})
			lists, err := d.Models(t.Context())
			if err != nil || len(lists) != 1 || len(lists[0].Models) != 1 || lists[0].Models[0].Name != want {
				t.Errorf("%s: %+v, %v", body, lists, err)
			}
			d.Close()
		}
	}
}

func TestListsAreKeptUntilRefresh(t *testing.T) {
	var n atomic.Int32
	url := modelsAt(t, func(w http.ResponseWriter, _ *http.Request) {
		n.Add(1)
		_, _ = w.Write([]byte(`{"data":[]}`))
	})
	d := direct.New(direct.Config{Providers: providers{endpoint(direct.OpenAI, url)}})
	defer d.Close()
	for range 3 {
		_, _ = d.Models(t.Context())
	}
	d.Refresh()
	_, _ = d.Models(t.Context())
	if n.Load() != 2 {
		t.Errorf("asked %d times", n.Load())
	}
}

func TestAListThatCannotBeHadSaysWhy(t *testing.T) {
	for status, words := range map[int]string{401: "does not accept the key", 404: "404", 200: "not a model's answer"} {
		url := modelsAt(t, func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(status)
			_, _ = w.Write([]byte("<html>" + key))
		})
		b := benchAt(t, noDefault(direct.OpenAI, url))
		lists, err := b.driver.Models(t.Context())
		if err != nil || !strings.Contains(lists[0].Problem, words) || strings.Contains(lists[0].Problem, key) {
			t.Errorf("%+v, %v", lists, err)
		}
		if e := b.run(agent.Task{}); e.Error == nil || !strings.Contains(e.Error.Text, words) {
			t.Errorf("a turn says %+v", e.Error)
		}
	}
}

func TestCloseEndsALookUp(t *testing.T) {
	came := make(chan struct{})
	url := modelsAt(t, func(_ http.ResponseWriter, r *http.Request) {
		close(came)
		<-r.Context().Done()
	})
	d := direct.New(direct.Config{Providers: providers{endpoint(direct.OpenAI, url)}})
	_, _ = d.Describe(t.Context())
	<-came
	closed := make(chan struct{})
	go func() { d.Close(); close(closed) }()
	select {
	case <-closed:
	case <-time.After(5 * time.Second):
		t.Fatal("Close hangs")
	}
}
