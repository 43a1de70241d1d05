package server_test

import (
	"testing"

	"hermes-webui/server/rule"
)

// nothingSet is how settings look before anybody set something.
const nothingSet = `"default_agent":"","default_model":"","default_effort":"","default_workspace":"",` +
	`"plain_titles":false,"ask_after":0,"shorten_at":0,"command_seconds":0,"turns_outlive":false,"models":{}`

func playSettings(f *fixture) {
	const path = "/api/settings"
	f.do("PATCH", path, map[string]any{"default_agent": "puppet", "default_model": "local/one", "default_effort": "high"}).want(200)
	f.do("PATCH", path, map[string]any{"models": map[string]any{
		"local/one": map[string]any{"window": 8192, "images": "yes", "price": map[string]any{"input": 1.5, "cached": 0, "output": 3}},
		"local/two": map[string]any{"window": 4096},
	}}).want(200).has(`"default_model":"local/one"`)
	f.do("PATCH", path, map[string]any{"models": map[string]any{"local/two": nil}}).want(200).
		has(`"models":{"local/one":{"window":8192,"images":"yes","price":{"input":1.5,"cached":0,"output":3}}}`)
	f.do("PATCH", path, map[string]any{"default_model": ""}).want(200).has(`"default_agent":"puppet","default_model":"","default_effort":"high"`)
	f.do("GET", path, nil).want(200).has(`"default_model":""`).has(`"local/one"`).hasNot("local/two")
	f.do("PATCH", path, map[string]any{"plain_titles": true, "ask_after": 20, "shorten_at": 70, "command_seconds": 600, "turns_outlive": true}).want(200).
		has(`"plain_titles":true,"ask_after":20,"shorten_at":70,"command_seconds":600,"turns_outlive":true`)
	f.do("PATCH", path, map[string]any{"plain_titles": false, "ask_after": 0, "shorten_at": 0, "command_seconds": 0, "turns_outlive": false}).want(200).
		has(`"plain_titles":false,"ask_after":0,"shorten_at":0,"command_seconds":0,"turns_outlive":false`)
	f.do("PATCH", path, map[string]any{"default_agent": "", "default_effort": "", "models": map[string]any{"local/one": nil}}).want(200)
}

func TestSettingsThatMakeNoSenseChangeNothing(t *testing.T) {
	f := start(t)
	for name, body := range map[string]map[string]any{
		"agent":        {"default_agent": "nobody"},
		"effort":       {"default_effort": "enormous"},
		"model":        {"default_model": "one"},
		"images":       {"models": map[string]any{"local/one": map[string]any{"images": "perhaps"}}},
		"window":       {"models": map[string]any{"local/one": map[string]any{"window": -1}}},
		"price":        {"models": map[string]any{"local/one": map[string]any{"price": map[string]any{"input": -1, "cached": 0, "output": 1}}}},
		"name":         {"models": map[string]any{"one": map[string]any{"window": 1}}},
		"asking":       {"ask_after": 1},
		"shortening":   {"shorten_at": 100},
		"a command":    {"command_seconds": 100_000},
		"a fraction":   {"command_seconds": 1.5},
		"workspace":    {"default_workspace": "not/absolute"},
		"half of them": {"default_model": "local/one", "default_agent": "nobody"},
	} {
		t.Run(name, func(t *testing.T) {
			f.t = t
			f.do("PATCH", "/api/settings", body).problem(422, "invalid")
			f.do("GET", "/api/settings", nil).want(200).has(nothingSet)
		})
	}
}

func playRules(f *fixture) {
	must(f.t, f.rules.Allow(f.t.Context(), "", rule.Permit{Kind: rule.Command, Pattern: "go test ./...", Workspace: "/src"}))
	got := f.do("GET", "/api/rules", nil).want(200).has(`"text":"run exactly: go test ./... — in /src"`).has(`"session":""`)
	id := got.at("items").([]any)[0].(map[string]any)["id"].(string)
	f.do("DELETE", "/api/rules/"+id, nil).want(204)
	f.do("DELETE", "/api/rules/"+id, nil).problem(404, "no_rule")
	f.do("GET", "/api/rules", nil).want(200).has(`{"items":[]}`)
}

func playMCPServer(f *fixture) {
	const path = "/api/mcp/files"
	f.do("PUT", path, map[string]any{"command": []string{"npx", "-y", "files"}, "env": map[string]any{"TOKEN": "hush-hush"}}).want(200).
		has(`"name":"files","command":["npx","-y","files"],"env":["TOKEN"],"url":"","headers":[],"enabled":true,"state":"ready"`).
		has(`"tools":[{"name":"look","about":"Looks."}]`).hasNot("hush")
	f.do("GET", "/api/mcp", nil).want(200).has(`"files"`).hasNot("hush")
	f.do("PUT", path, map[string]any{"enabled": false, "env": map[string]any{"TOKEN": nil}}).want(200).has(`"state":"off"`).has(`"tools":[]`).has(`"env":["TOKEN"]`)
	f.do("PUT", path, map[string]any{"env": map[string]any{"OTHER": nil}}).problem(422, "invalid")
	f.do("PUT", path, map[string]any{"url": "https://mcp.example/mcp"}).problem(422, "invalid") // both
	f.do("PUT", path, map[string]any{"command": []string{}, "env": map[string]any{}, "url": "https://mcp.example/mcp"}).want(200).has(`"command":[],"env":[]`)
	f.do("PUT", "/api/mcp/no__name", map[string]any{"command": []string{"x"}}).problem(422, "invalid")
	f.do("PUT", "/api/mcp/empty", map[string]any{}).problem(422, "invalid")
	f.do("PUT", path, map[string]any{"env": map[string]any{"TOKEN": []string{"hush-hush"}}}).problem(422, "invalid")
}

func playNoMCPServer(f *fixture) {
	f.do("PUT", "/api/mcp/gone", map[string]any{"command": []string{"x"}}).want(200)
	f.do("DELETE", "/api/mcp/gone", nil).want(204)
	f.do("DELETE", "/api/mcp/gone", nil).problem(404, "no_mcp")
	f.do("GET", "/api/mcp", nil).want(200).hasNot("gone")
}

func playMCPCheck(f *fixture) {
	f.do("PUT", "/api/mcp/broken", map[string]any{"command": []string{"x"}}).want(200)
	f.do("POST", "/api/mcp/broken/check", nil).want(200).has(`"state":"failed","problem":"It ended at once."`)
	f.do("POST", "/api/mcp/nobody/check", nil).problem(404, "no_mcp")
}
