package provider_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hermes-webui/server/fault"
	"hermes-webui/server/provider"
	"hermes-webui/server/secret"
)

func TestServersOnThisMachineCountOnceAnAddressIsStored(t *testing.T) {
	b := open(t, t.TempDir(), provider.Env{})
	for _, id := range []string{"ollama", "lmstudio", "llamacpp", "vllm"} {
		p := one(t, b, id)
		if p.Ready || !strings.HasPrefix(p.BaseURL, "http://127.0.0.1:") || p.Custom {
			t.Errorf("%+v", p)
		}
		if _, err := b.Endpoint(id); fault.CodeOf(err) != fault.CodeNoProvider {
			t.Errorf("got %v", err)
		}
		put(t, b, id, nil, new(hidden))
		if one(t, b, id).Ready {
			t.Error("a key alone is enough")
		}
		url := p.BaseURL
		if p := put(t, b, id, &url, nil); !p.Ready || !p.HasKey {
			t.Errorf("%+v", p)
		}
	}
	if got := b.Endpoints(); len(got) != 4 || got[0].ID != "ollama" {
		t.Errorf("%+v", got)
	}
}

func TestOpenRouterIsReadyWithItsKey(t *testing.T) {
	b := open(t, t.TempDir(), provider.Env{OpenRouterKey: provider.NewKey(hidden), OpenAIKey: provider.NewKey("other")})
	if p := one(t, b, "openrouter"); !p.Ready || endpointKey(t, b, "openrouter") != hidden {
		t.Errorf("%+v", p)
	}
	if es := b.Endpoints(); len(es) != 2 || es[0].ID != "openai" {
		t.Errorf("%+v", es)
	}
}

func custom(name string, kind provider.Kind, url, key string) provider.Change {
	return provider.Change{Name: &name, Kind: &kind, BaseURL: &url, Key: &key}
}

func TestAPersonAddsChangesAndRemovesAProvider(t *testing.T) {
	dir := t.TempDir()
	b := open(t, dir, provider.Env{})
	p, err := b.Put("my-lab", custom("My lab", provider.Anthropic, "https://lab.example/v1", hidden))
	if err != nil || !p.Custom || !p.Ready || p.Name != "My lab" || p.Kind != provider.Anthropic {
		t.Fatalf("%+v, %v", p, err)
	}
	b = open(t, dir, provider.Env{})
	if p := one(t, b, "my-lab"); p.Name != "My lab" || endpointKey(t, b, "my-lab") != hidden {
		t.Fatalf("%+v", p)
	}
	kind := provider.OpenAI
	if p, err = b.Put("my-lab", provider.Change{Name: new("Lab"), Kind: &kind}); err != nil || p.Name != "Lab" || p.Kind != kind || !p.HasKey {
		t.Fatalf("%+v, %v", p, err)
	}
	put(t, b, "my-lab", new("https://elsewhere.example/v1"), nil)
	if k := endpointKey(t, b, "my-lab"); k != "" {
		t.Error("the key went to another host")
	}
	if _, err := b.Put("my-lab", provider.Change{BaseURL: new("")}); fault.KindOf(err) != fault.Invalid {
		t.Errorf("got %v", err)
	}
	if err := b.Delete("my-lab"); err != nil {
		t.Fatal(err)
	}
	if err := b.Delete("my-lab"); fault.KindOf(err) != fault.NotFound {
		t.Errorf("got %v", err)
	}
	if raw, _ := os.ReadFile(filepath.Join(dir, secret.FileName)); strings.Contains(string(raw), "lab") {
		t.Errorf("left: %s", raw)
	}
}

func TestWhatCannotBeAProviderIsRefused(t *testing.T) {
	b := open(t, t.TempDir(), provider.Env{})
	other := provider.Anthropic
	for name, try := range map[string]func() error{
		"id": func() error {
			_, err := b.Put("My/Lab", custom("x", provider.OpenAI, "https://h.example", ""))
			return err
		},
		"no address": func() error { _, err := b.Put("x", custom("x", provider.OpenAI, " ", "")); return err },
		"no kind":    func() error { _, err := b.Put("x", provider.Change{BaseURL: new("https://h.example")}); return err },
		"kind":       func() error { _, err := b.Put("x", custom("x", "soap", "https://h.example", "")); return err },
		"name": func() error {
			_, err := b.Put("x", custom("a\nb", provider.OpenAI, "https://h.example", ""))
			return err
		},
		"known name": func() error { _, err := b.Put("openai", provider.Change{Name: new("Mine")}); return err },
		"known kind": func() error { _, err := b.Put("openai", provider.Change{Kind: &other}); return err },
	} {
		if err := try(); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: got %v", name, err)
		}
	}
	if n := len(b.List()); n != 7 {
		t.Errorf("%d providers", n)
	}
}
