package provider_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"hermes-webui/server/fault"
	"hermes-webui/server/provider"
	"hermes-webui/server/secret"
)

const hidden = "sk-very-secret-1234567890"

func open(t *testing.T, dir string, env provider.Env) *provider.Book {
	t.Helper()
	f, err := secret.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return provider.Open(f, env)
}

func one(t *testing.T, b *provider.Book, id string) provider.Provider {
	t.Helper()
	for _, p := range b.List() {
		if p.ID == id {
			return p
		}
	}
	t.Fatalf("no provider %s", id)
	return provider.Provider{}
}

func put(t *testing.T, b *provider.Book, id string, url, key *string) provider.Provider {
	t.Helper()
	p, err := b.Put(id, provider.Change{BaseURL: url, Key: key})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func endpointKey(t *testing.T, b *provider.Book, id string) string {
	t.Helper()
	e, err := b.Endpoint(id)
	if err != nil {
		t.Fatal(err)
	}
	return e.Key.Reveal()
}

func TestNothingIsReadyOnAFreshMachine(t *testing.T) {
	b := open(t, t.TempDir(), provider.Env{})
	for _, p := range b.List() {
		if p.Ready || p.HasKey || p.Source != provider.FromNowhere {
			t.Errorf("%+v", p)
		}
	}
	if _, err := b.Endpoint("openai"); fault.CodeOf(err) != fault.CodeNoProvider {
		t.Errorf("got %v", err)
	}
	if _, err := b.Endpoint("nobody"); fault.KindOf(err) != fault.NotFound {
		t.Errorf("got %v", err)
	}
}

func TestAStoredKeySurvivesARestartAndBeatsTheEnvironment(t *testing.T) {
	dir, env := t.TempDir(), provider.Env{OpenAIKey: provider.NewKey("env-key\n")}
	b := open(t, dir, env)
	if p := one(t, b, "openai"); !p.Ready || p.Source != provider.FromEnvironment || endpointKey(t, b, "openai") != "env-key" {
		t.Fatalf("%+v", p)
	}
	put(t, b, "openai", nil, new(hidden))
	b = open(t, dir, env)
	if p := one(t, b, "openai"); p.Source != provider.FromStored || endpointKey(t, b, "openai") != hidden {
		t.Fatalf("%+v", p)
	}
	if err := b.Delete("openai"); err != nil {
		t.Fatal(err)
	}
	if p := one(t, b, "openai"); p.Source != provider.FromEnvironment || endpointKey(t, b, "openai") != "env-key" {
		t.Fatalf("%+v", p)
	}
}

func TestAnAddressOfItsOwnNeedsNoKey(t *testing.T) {
	b := open(t, t.TempDir(), provider.Env{})
	p := put(t, b, "openai", new(" HTTP://LocalHost:11434/ "), nil)
	if !p.Ready || p.HasKey || p.BaseURL != "http://localhost:11434" || p.Name == "OpenAI" {
		t.Fatalf("%+v", p)
	}
	if es := b.Endpoints(); len(es) != 1 || es[0].ID != "openai" {
		t.Fatalf("%+v", es)
	}
}

func TestAKeyIsNeverUsedForAnotherHost(t *testing.T) {
	b := open(t, t.TempDir(), provider.Env{OpenAIKey: provider.NewKey("env-key")})
	put(t, b, "openai", new("https://evil.example/v1"), nil)
	if k := endpointKey(t, b, "openai"); k != "" {
		t.Error("the environment's key went to another host")
	}
	put(t, b, "openai", nil, new(hidden))
	put(t, b, "openai", new("https://evil.example/other"), nil)
	if k := endpointKey(t, b, "openai"); k != hidden {
		t.Error("the same host lost its key")
	}
	put(t, b, "openai", new("https://more-evil.example/v1"), nil)
	if k := endpointKey(t, b, "openai"); k != "" {
		t.Error("a stored key went to another host")
	}
}

func TestSavingTheOwnAddressKeepsTheKeyOfTheEnvironmentInUseAndOffTheDisk(t *testing.T) {
	dir := t.TempDir()
	b := open(t, dir, provider.Env{OpenAIKey: provider.NewKey(hidden)})
	put(t, b, "openai", new("https://api.openai.com/v1"), nil)
	if k := endpointKey(t, b, "openai"); k != hidden {
		t.Error("the environment's key was lost")
	}
	raw, err := os.ReadFile(filepath.Join(dir, secret.FileName))
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(raw, []byte(hidden)) {
		t.Error("the environment's key was written to the disk")
	}
}

func TestClearingAKey(t *testing.T) {
	b := open(t, t.TempDir(), provider.Env{})
	put(t, b, "anthropic", nil, new(hidden))
	if p := put(t, b, "anthropic", nil, new("")); p.HasKey || p.Ready || p.Source != provider.FromNowhere {
		t.Fatalf("%+v", p)
	}
}

func TestAddressesThatAreRefused(t *testing.T) {
	b := open(t, t.TempDir(), provider.Env{})
	for _, u := range []string{
		"localhost:1234", "ftp://host/v1", "https://", "https://user:hunter2@host/v1", "https://host/v1?key=1",
		"https://host/v1#x", "javascript:alert(1)", "https://ho st/", "http:opaque", "://",
		"http://host:99999/v1", "http://host:0/v1", "http://[fe80::1%25eth0]/v1",
	} {
		_, err := b.Put("openai", provider.Change{BaseURL: &u, Key: nil})
		if fault.KindOf(err) != fault.Invalid {
			t.Errorf("%q: got %v", u, err)
		}
		if err != nil && strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%q: the error repeats a password", u)
		}
	}
	for in, want := range map[string]string{
		"https://h.example/v1/":                    "https://h.example/v1",
		"https://h.example/v1/chat/completions":    "https://h.example/v1",
		"https://h.example/api//":                  "https://h.example/api",
		"http://[::1]:8080/v1/chat/completions///": "http://[::1]:8080/v1",
	} {
		if p := put(t, b, "openai", &in, nil); p.BaseURL != want {
			t.Errorf("%q: got %q", in, p.BaseURL)
		}
	}
}

func TestKeysThatCannotStandInAHeaderAreRefused(t *testing.T) {
	b := open(t, t.TempDir(), provider.Env{})
	for _, k := range []string{"a b", "a\nb", "ключ", strings.Repeat("k", 1<<20)} {
		_, err := b.Put("openai", provider.Change{BaseURL: nil, Key: &k})
		if fault.KindOf(err) != fault.Invalid {
			t.Errorf("got %v", err)
		}
		if err != nil && strings.Contains(err.Error(), k) {
			t.Error("the error repeats the key")
		}
	}
}

func TestABadAddressInTheEnvironmentIsNamedAndNotShown(t *testing.T) {
	b := open(t, t.TempDir(), provider.Env{OpenAIBaseURL: "https://me:hunter2@host"})
	p := one(t, b, "openai")
	if p.Ready || !strings.Contains(p.Problem, "OPENAI_BASE_URL") {
		t.Fatalf("%+v", p)
	}
	if strings.Contains(fmt.Sprintf("%+v", p), "hunter2") {
		t.Error("a password is shown")
	}
}

func TestTheModelOfTheEnvironmentBelongsToItsAddress(t *testing.T) {
	b := open(t, t.TempDir(), provider.Env{OpenAIBaseURL: "http://localhost:1/v1", OpenAIModel: "small"})
	if e, _ := b.Endpoint("openai"); e.Model != "small" {
		t.Errorf("got %q", e.Model)
	}
	put(t, b, "openai", new("http://localhost:2/v1"), nil)
	if e, _ := b.Endpoint("openai"); e.Model != "" {
		t.Errorf("got %q", e.Model)
	}
}

func TestADamagedFileIsNeverTouched(t *testing.T) {
	for name, body := range map[string]string{
		"cut off":    `{"version":1,"providers":{"openai":{"key":"` + hidden,
		"empty":      "",
		"null":       "null",
		"odd":        `{"version":1,"providers":[1]}`,
		"unmarked":   `{}`,
		"by a newer": `{"version":99,"providers":{}}`,
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, secret.FileName)
			if err := os.WriteFile(path, []byte(body), 0o600); err != nil {
				t.Fatal(err)
			}
			b := open(t, dir, provider.Env{OpenAIKey: provider.NewKey("env-key")})
			_, err := b.Put("openai", provider.Change{BaseURL: nil, Key: new("other")})
			if b.Problem() == nil || err == nil || b.Delete("openai") == nil {
				t.Fatal("the damage was not reported")
			}
			if strings.Contains(err.Error(), hidden) {
				t.Error("the error shows a key")
			}
			if p := one(t, b, "openai"); p.Problem == "" || !p.Ready {
				t.Errorf("%+v", p)
			}
			after, _ := os.ReadFile(path)
			if string(after) != body {
				t.Error("the file was changed")
			}
		})
	}
}

func TestWhatOthersWroteIntoTheFileIsKept(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, secret.FileName)
	_ = os.WriteFile(path, []byte(`{"version":1,"later":{"x":1},"providers":{"named":{"key":"k"}}}`), 0o644)
	put(t, open(t, dir, provider.Env{}), "openai", nil, new(hidden))
	raw, _ := os.ReadFile(path)
	var doc struct {
		Later     json.RawMessage
		Providers map[string]json.RawMessage
	}
	if err := json.Unmarshal(raw, &doc); err != nil || len(doc.Later) == 0 || len(doc.Providers) != 2 {
		t.Fatalf("%v\n%s", err, raw)
	}
}

func TestTheFileIsForItsOwnerAndNothingElseIsLeft(t *testing.T) {
	dir := t.TempDir()
	b := open(t, dir, provider.Env{})
	put(t, b, "openai", nil, new(hidden))
	names, _ := os.ReadDir(dir)
	if len(names) != 1 || names[0].Name() != secret.FileName {
		t.Errorf("got %v", names)
	}
	if runtime.GOOS == "windows" {
		return
	}
	path := filepath.Join(dir, secret.FileName)
	if fi, _ := os.Stat(path); fi.Mode().Perm() != 0o600 {
		t.Errorf("mode %v", fi.Mode())
	}
	_ = os.Chmod(path, 0o644)
	open(t, dir, provider.Env{})
	if fi, _ := os.Stat(path); fi.Mode().Perm() != 0o600 {
		t.Errorf("an open file stayed open: %v", fi.Mode())
	}
}

func TestAFailedWriteChangesNothing(t *testing.T) {
	b := open(t, filepath.Join(t.TempDir(), "missing"), provider.Env{})
	called := false
	b.OnChange(func() { called = true })
	if _, err := b.Put("openai", provider.Change{BaseURL: nil, Key: new(hidden)}); err == nil || strings.Contains(err.Error(), hidden) {
		t.Fatalf("got %v", err)
	}
	if called || one(t, b, "openai").HasKey {
		t.Error("it is believed all the same")
	}
}

func TestChangesAreTold(t *testing.T) {
	b := open(t, t.TempDir(), provider.Env{})
	n := 0
	b.OnChange(func() { n++; b.List() }) // List would hang if a lock were held
	put(t, b, "openai", nil, new(hidden))
	_ = b.Delete("openai")
	_, _ = b.Put("openai", provider.Change{BaseURL: new("nonsense"), Key: nil})
	if n != 2 {
		t.Errorf("told %d times", n)
	}
}

func TestAKeyIsNeverPrinted(t *testing.T) {
	var out bytes.Buffer
	k := provider.NewKey(hidden)
	e := provider.Endpoint{ID: "openai", Key: k}
	env := provider.Env{OpenAIKey: k}
	for _, v := range []any{k, &k, e, &e, env, []provider.Key{k}, struct{ k provider.Key }{k}, open(t, t.TempDir(), env), map[string]provider.Key{"a": k}} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
			fmt.Fprintf(&out, verb+"\n", v)
		}
		_ = json.NewEncoder(&out).Encode(v)
		slog.New(slog.NewJSONHandler(&out, nil)).Info("x", "v", v)
		slog.New(slog.NewTextHandler(&out, nil)).Info("x", "v", v)
	}
	for _, bad := range []string{hidden, fmt.Sprintf("%x", hidden)} {
		if strings.Contains(out.String(), bad) {
			t.Fatalf("printed:\n%s", out.String())
		}
	}
}
