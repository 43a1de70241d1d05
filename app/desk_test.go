package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hermes-webui/server/chat"
)

// send sends JSON and returns status and answer.
func (in *inside) send(t *testing.T, method, path string, body any) (int, map[string]any) {
	t.Helper()
	raw, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(t.Context(), method, in.url+path, bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	res, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	got, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	var answer map[string]any
	_ = json.Unmarshal(got, &answer) // a 204 has none
	return res.StatusCode, answer
}

// want is send for what must go well.
func (in *inside) want(t *testing.T, status int, method, path string, body any) map[string]any {
	t.Helper()
	got, answer := in.send(t, method, path, body)
	if got != status {
		t.Fatalf("%s %s: %d, want %d: %v", method, path, got, status, answer)
	}
	return answer
}

func sessionOf(answer map[string]any) map[string]any { return answer["session"].(map[string]any) }

func TestNoSessionWorksInAFolderThatCannotBeAWorkspace(t *testing.T) {
	in := startInside(t)
	defer in.end(t)
	first := sessionOf(in.want(t, 201, "POST", "/api/sessions", map[string]any{"agent": "demo"}))
	fallback := first["workspace"].(string)
	home := filepath.Dir(fallback)
	if filepath.Base(fallback) != "workspace" {
		t.Fatalf("the default workspace is %s", fallback)
	}
	path := "/api/sessions/" + first["id"].(string)
	for _, wrong := range []string{home, filepath.Dir(home), "/", "relative", filepath.Join(home, "none"), filepath.Join(home, "state"), filepath.Join(home, "state", "run")} {
		for _, try := range [][2]string{{"POST", "/api/sessions"}, {"PATCH", path}} {
			status, answer := in.send(t, try[0], try[1], map[string]any{"workspace": wrong})
			if detail, _ := answer["detail"].(string); status != 422 || len(detail) < 20 {
				t.Errorf("%s with %s: %d %v", try[0], wrong, status, answer)
			}
		}
	}
	other := filepath.Join(home, "other")
	in.want(t, 201, "POST", "/api/folders", map[string]any{"path": other})
	if got := sessionOf(in.want(t, 200, "PATCH", path, map[string]any{"workspace": other + "/."})); got["workspace"] != other {
		t.Errorf("the workspace is %v", got["workspace"])
	}
	if got := sessionOf(in.want(t, 200, "PATCH", path, map[string]any{"workspace": ""})); got["workspace"] != fallback {
		t.Errorf("the workspace is %v", got["workspace"])
	}
}

func TestNewSessionsBeginAsTheSettingsSay(t *testing.T) {
	in := startInside(t)
	defer in.end(t)
	create := func(body map[string]any) map[string]any {
		t.Helper()
		return sessionOf(in.want(t, 201, "POST", "/api/sessions", body))
	}
	in.want(t, 200, "PATCH", "/api/settings", map[string]any{"default_agent": "direct", "default_model": "near/one", "default_effort": "low"})
	if got := create(map[string]any{}); got["agent"] != "demo" || got["model"] != "" || got["effort"] != "" {
		t.Errorf("direct cannot work yet: %v %v %v", got["agent"], got["model"], got["effort"])
	}
	if got := create(map[string]any{"agent": "direct"}); got["model"] != "" {
		t.Errorf("a model of nobody: %v", got["model"])
	}
	in.want(t, 200, "PUT", "/api/providers/near", map[string]any{"kind": "openai", "base_url": "http://127.0.0.1:1/v1"})
	body := map[string]any{"id": chat.NewID(chat.PrefixSession)}
	if got := create(body); got["agent"] != "direct" || got["model"] != "near/one" || got["effort"] != "low" {
		t.Errorf("got %v %v %v", got["agent"], got["model"], got["effort"])
	}
	if got := create(map[string]any{"model": "near/two", "effort": "high"}); got["model"] != "near/two" || got["effort"] != "high" {
		t.Errorf("got %v %v", got["model"], got["effort"])
	}
	if got := create(map[string]any{"agent": "demo"}); got["model"] != "" || got["effort"] != "" {
		t.Errorf("another agent got %v %v", got["model"], got["effort"])
	}
	// The same request once more is the same, whatever was set meanwhile.
	in.want(t, 200, "PATCH", "/api/settings", map[string]any{"default_agent": "demo", "default_model": "near/three", "default_effort": ""})
	if got := sessionOf(in.want(t, 200, "POST", "/api/sessions", body)); got["model"] != "near/one" {
		t.Errorf("got %v", got["model"])
	}
}

func TestARepeatedRequestOutlivesItsFolder(t *testing.T) {
	in := startInside(t)
	defer in.end(t)
	home := filepath.Dir(sessionOf(in.want(t, 201, "POST", "/api/sessions", map[string]any{"agent": "demo"}))["workspace"].(string))
	short := filepath.Join(home, "short")
	in.want(t, 201, "POST", "/api/folders", map[string]any{"path": short})
	body := map[string]any{"id": chat.NewID(chat.PrefixSession), "agent": "demo", "workspace": short}
	in.want(t, 201, "POST", "/api/sessions", body)
	if err := os.Remove(short); err != nil {
		t.Fatal(err)
	}
	in.want(t, 200, "POST", "/api/sessions", body)
}

func TestTheEnvironmentIsTheOneThatWasHandedIn(t *testing.T) {
	e := environ{"A=1", "=C:=C:\\x", "B=x=y", "A=2", "EMPTY="}
	for name, want := range map[string]string{"A": "1", "B": "x=y", "EMPTY": "", "NONE": "", "=C:": "C:\\x"} {
		if got := e.get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if os.Getenv("PATH") != "" && e.get("PATH") != "" {
		t.Error("PATH came from elsewhere")
	}
}

func TestMCPServersAndProvidersKeepTheirValuesToThemselves(t *testing.T) {
	in := startInside(t)
	const hidden = "very-secret-1234"
	in.want(t, 200, "PUT", "/api/mcp/files", map[string]any{"command": []string{"/none"}, "env": map[string]any{"TOKEN": hidden}, "enabled": false})
	in.want(t, 200, "PUT", "/api/providers/near", map[string]any{"kind": "openai", "base_url": "http://127.0.0.1:1/v1", "key": hidden})
	for _, path := range []string{"/api/mcp", "/api/providers", "/api/settings", "/api/rules", "/api/agents", "/openapi.json"} {
		_, answer := in.send(t, "GET", path, nil)
		if raw, _ := json.Marshal(answer); len(answer) == 0 || strings.Contains(string(raw), hidden) {
			t.Errorf("%s: %s", path, raw)
		}
	}
	in.end(t)
	if strings.Contains(in.log.buf.String(), hidden) {
		t.Error("a secret is in the log")
	}
}

// What an agent keeps is found by its profile: the default one has one name.
func TestTheDefaultProfileHasOneName(t *testing.T) {
	in := startInside(t)
	defer in.end(t)
	s := sessionOf(in.want(t, 201, "POST", "/api/sessions", map[string]any{"agent": "demo", "profile": "default"}))
	if s["profile"] != "" {
		t.Errorf("the profile is %v", s["profile"])
	}
	path := "/api/sessions/" + s["id"].(string)
	if got := sessionOf(in.want(t, 200, "PATCH", path, map[string]any{"profile": "work"})); got["profile"] != "work" {
		t.Errorf("the profile is %v", got["profile"])
	}
	if got := sessionOf(in.want(t, 200, "PATCH", path, map[string]any{"profile": "default"})); got["profile"] != "" {
		t.Errorf("the profile is %v", got["profile"])
	}
}
