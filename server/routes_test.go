package server_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"hermes-webui/server"
	"hermes-webui/server/chat"
	"hermes-webui/server/fault"
)

// Every route has an access class and a scenario here; a new route without one
// fails this test.
func TestEveryRouteHasAnAccessClassAndAScenario(t *testing.T) {
	f := start(t)
	scenarios := routeScenarios()
	seen := map[string]bool{}
	for _, rt := range f.Routes() {
		name := rt.Method + " " + rt.Path
		if seen[name] {
			t.Errorf("%s is in the table twice", name)
		}
		seen[name] = true
		if !slices.Contains([]server.Access{server.Public, server.User, server.Admin}, rt.Access) {
			t.Errorf("%s has the access class %q", name, rt.Access)
		}
		if strings.HasPrefix(rt.Path, "/api/") && (rt.Access == server.Public || rt.ID == "") {
			t.Errorf("%s is public or has no operation id", name)
		}
		play, ok := scenarios[name]
		if !ok {
			t.Errorf("%s has no scenario", name)
			continue
		}
		t.Run(name, func(t *testing.T) {
			f.t = t
			play(f)
		})
		delete(scenarios, name)
	}
	f.t = t
	for name := range scenarios {
		t.Errorf("the scenario %s has no route", name)
	}
}

func routeScenarios() map[string]func(*fixture) {
	return map[string]func(*fixture){
		"GET /health": func(f *fixture) {
			f.do("GET", "/health", nil).want(200).has(`"status": "ok"`)
			f.do("HEAD", "/health", nil).want(200)
		},
		"GET /metrics": playMetrics,
		"GET /api/health": func(f *fixture) {
			a := f.do("GET", "/api/health", nil).want(200)
			if says := a.at("checks", "writer", "says"); says == "" {
				f.t.Error("the writer says nothing")
			}
		},
		"GET /openapi.json": func(f *fixture) { f.do("GET", "/openapi.json", nil).want(200).has(`"openapi": "3.1.0"`) },
		"GET /*":            func(f *fixture) { f.do("GET", "/s/anything", nil).want(200).has("<!doctype html>") },

		"GET /api/sessions": func(f *fixture) {
			id := f.session()
			f.do("GET", "/api/sessions?limit=1", nil).want(200).has(string(id)).has(`"seq":`)
		},
		"POST /api/sessions": func(f *fixture) { f.session() },
		"GET /api/sessions/{id}": func(f *fixture) {
			id := f.session()
			f.do("GET", "/api/sessions/"+string(id), nil).want(200).has(`"turns":[]`).has(`"before":null`)
			f.do("GET", "/api/sessions/ses_nothing", nil).problem(404, "no_session")
		},
		"PATCH /api/sessions/{id}": func(f *fixture) {
			path := "/api/sessions/" + string(f.session())
			f.do("PATCH", path, map[string]any{"title": "Taxes", "pinned": true}).want(200).has(`"title":"Taxes","title_by":"person"`).has(`"pinned":true`)
			f.do("PATCH", path, map[string]any{"title": " two\nlines\x1b "}).want(200).has(`"title":"two lines"`)
			f.do("PATCH", path, map[string]any{"title": ""}).want(200).has(`"title":"","title_by":""`)
			f.do("PATCH", path, map[string]any{}).problem(422, "invalid")
		},
		"DELETE /api/sessions/{id}": func(f *fixture) {
			path := "/api/sessions/" + string(f.session())
			f.do("DELETE", path+"?also=agent", nil).problem(409, "cannot")
			f.do("DELETE", path, nil).want(200).has(`"seq":`)
			f.do("POST", path+"/turns", map[string]any{"id": chat.NewID(chat.PrefixTurn), "text": "say x"}).problem(410, "trashed")
			f.do("DELETE", path+"?purge=1", nil).want(200)
			f.do("GET", path, nil).problem(410, "purged")
		},
		"POST /api/sessions/{id}/restore": func(f *fixture) {
			path := "/api/sessions/" + string(f.session())
			f.do("DELETE", path, nil).want(200)
			f.do("POST", path+"/restore", nil).want(200)
			f.do("GET", path, nil).want(200).has(`"trashed_at":null`)
		},
		"POST /api/sessions/{id}/head": playHead,
		"POST /api/sessions/{id}/fork": func(f *fixture) {
			id := f.session()
			turn := f.prompt(id, "say one")
			f.ended(id, turn)
			body := map[string]any{"id": chat.NewID(chat.PrefixSession), "turn": turn}
			f.do("POST", "/api/sessions/"+string(id)+"/fork", body).want(201).has(`"fork_of":{`)
			f.do("POST", "/api/sessions/"+string(id)+"/fork", body).want(200)
		},
		"POST /api/sessions/{id}/queue":  playQueue,
		"GET /api/sessions/{id}/find":    playFind,
		"GET /api/sessions/{id}/outline": playOutline,
		"GET /api/sessions/{id}/commands": func(f *fixture) {
			f.do("GET", "/api/sessions/"+string(f.session())+"/commands", nil).want(200).has(`{"items":[{"name":"/dance","about":"Dances.","category":"Arts","words":[]}]}`)
			f.do("GET", "/api/sessions/ses_nothing/commands", nil).problem(404, "no_session")
		},
		"POST /api/sessions/{id}/commands": func(f *fixture) {
			path := "/api/sessions/" + string(f.session()) + "/commands"
			f.do("POST", path, map[string]any{"text": "/dance slowly"}).want(200).has(`{"kind":"output","text":"/dance slowly","notice":""}`)
			f.do("POST", path, map[string]any{"text": ""}).problem(422, "invalid")
		},
		"GET /api/sessions/{id}/completions": func(f *fixture) {
			f.do("GET", "/api/sessions/"+string(f.session())+"/completions?text=/da", nil).want(200).has(`{"items":[{"text":"dance","about":"Dances.","from":1}]}`)
		},
		"PUT /api/sessions/{id}/draft": func(f *fixture) {
			path := "/api/sessions/" + string(f.session()) + "/draft"
			f.do("PUT", path, map[string]any{"text": "half a thought", "rev": 0}).want(200).has(`"attachments":[]`)
			p := f.do("PUT", path, map[string]any{"text": "another", "rev": 0}).problem(409, "draft_stale")
			playDraftFiles(f)
			if other := p["draft"].(map[string]any); other["text"] != "half a thought" {
				f.t.Fatalf("the other draft is %v", other)
			}
		},

		"POST /api/sessions/{id}/turns": func(f *fixture) {
			s := f.session()
			f.ended(s, f.prompt(s, "say hello"))
			// The agent of these tests keeps no history that could be shortened.
			f.do("POST", "/api/sessions/"+string(s)+"/turns", map[string]any{"id": chat.NewID(chat.PrefixTurn), "text": "", "compress": true}).problem(409, "cannot")
		},
		"PATCH /api/turns/{id}": func(f *fixture) {
			_, waiting := busy(f)
			f.do("PATCH", "/api/turns/"+string(waiting), map[string]any{"text": "say other"}).want(200).has("say other")
		},
		"DELETE /api/turns/{id}": func(f *fixture) {
			_, waiting := busy(f)
			f.do("DELETE", "/api/turns/"+string(waiting), nil).want(200).has(`"state":"withdrawn"`)
		},
		"POST /api/turns/{id}/stop": func(f *fixture) {
			live, _ := busy(f)
			f.do("POST", "/api/turns/"+string(live)+"/stop", nil).want(200).has(`"state":"stopped"`)
			f.do("POST", "/api/turns/"+string(live)+"/stop", nil).want(200).has(`"state":"stopped"`)
		},
		"POST /api/turns/{id}/steer": func(f *fixture) {
			live, _ := busy(f)
			f.do("POST", "/api/turns/"+string(live)+"/steer", map[string]any{"text": "faster"}).want(200).has(`"outcome":"steered"`)
		},

		"GET /api/asks": func(f *fixture) {
			s := f.session()
			f.prompt(s, "ask")
			ask := f.asked(s)
			f.do("GET", "/api/asks", nil).want(200).has(string(ask.ID)).has(`"seq":`)
		},
		"POST /api/asks/{id}/answer": playAnswer,

		"POST /api/attachments": func(f *fixture) { f.upload("a.txt", "text/plain", "hello").want(201).has(`"size":5`) },
		"POST /api/pictures": func(f *fixture) {
			r := f.do("POST", "/api/pictures", map[string]any{"url": "https://example.org/a.png"}).want(200).has("PNG")
			for name, want := range map[string]string{
				"Content-Type": "image/png", "Content-Security-Policy": "default-src 'none'; sandbox",
				"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store",
			} {
				if got := r.header.Get(name); got != want {
					f.t.Errorf("%s is %q, want %q", name, got, want)
				}
			}
			f.do("POST", "/api/pictures", map[string]any{"url": "https://example.org/page"}).problem(415, "no_picture")
			f.do("POST", "/api/pictures", map[string]any{"url": "http://127.0.0.1/a.png"}).problem(403, "no_picture")
			f.do("POST", "/api/pictures", map[string]any{"url": ""}).problem(422, "invalid")
		},
		"GET /api/attachments/{id}": playDownload,

		"GET /api/events": func(f *fixture) {
			s := f.stream("")
			defer s.close()
			if e := s.next(); e.event != "hello" {
				f.t.Fatalf("first frame is %q", e.event)
			}
		},
		"PUT /api/clients/{client}": playPresence,
		"GET /api/clients":          func(f *fixture) { f.do("GET", "/api/clients", nil).want(200).has(`"watched":false`) },

		"POST /api/agents/refresh": func(f *fixture) {
			f.do("POST", "/api/agents/refresh", nil).want(200).has(`"default":"puppet"`)
		},
		"POST /api/agents/restart": func(f *fixture) {
			f.do("POST", "/api/agents/restart", nil).want(200).has(`"default":"puppet"`)
		},
		"GET /api/agents": func(f *fixture) { f.do("GET", "/api/agents", nil).want(200).has(`"default":"puppet"`) },
		"GET /api/models": func(f *fixture) {
			f.do("GET", "/api/models", nil).want(200).has(`{"agent":"puppet","provider_name":"Local","id":"local/one","name":"One","provider":"local","window":0,"images":"no","efforts":[],"price":null}`).
				has(`"problems":[{"provider":"far","name":"Far","problem":"It does not answer."}]`)
		},
		"GET /api/settings": func(f *fixture) {
			f.do("GET", "/api/settings", nil).want(200).has(nothingSet)
		},
		"PATCH /api/settings": playSettings,
		"GET /api/workspaces": playWorkspaces,
		"GET /api/folders":    playFolders,
		"GET /api/files":      playFiles,
		"POST /api/folders":   playNewFolder,

		"GET /api/rules":         func(f *fixture) { f.do("GET", "/api/rules", nil).want(200).has(`{"items":[]}`) },
		"DELETE /api/rules/{id}": playRules,

		"GET /api/mcp":               func(f *fixture) { f.do("GET", "/api/mcp", nil).want(200).has(`{"items":[]}`) },
		"PUT /api/mcp/{name}":        playMCPServer,
		"DELETE /api/mcp/{name}":     playNoMCPServer,
		"POST /api/mcp/{name}/check": playMCPCheck,

		"GET /api/providers/found": func(f *fixture) {
			f.do("GET", "/api/providers/found", nil).want(200).
				has(`{"id":"ollama","name":"Ollama","kind":"openai","base_url":"http://127.0.0.1:11434/v1","models":2,"connected":false}`)
		},
		"GET /api/providers": func(f *fixture) { f.do("GET", "/api/providers", nil).want(200).has(`"has_key":`) },
		"PUT /api/providers/{id}": func(f *fixture) {
			f.do("PUT", "/api/providers/openai", map[string]any{"key": "sk-very-secret"}).want(200).has(`"has_key":true`).hasNot("sk-very")
			f.do("GET", "/api/providers", nil).want(200).hasNot("sk-very")
			f.do("PUT", "/api/providers/nobody", map[string]any{"key": "x"}).problem(422, "invalid")
			f.do("PUT", "/api/providers/mine", map[string]any{"kind": "telnet", "base_url": "http://127.0.0.1:1/v1"}).problem(422, "invalid")
			f.do("PUT", "/api/providers/mine", map[string]any{"kind": "openai", "name": "Mine", "base_url": "http://127.0.0.1:1/v1"}).
				want(200).has(`"name":"Mine"`).has(`"custom":true`)
			f.do("DELETE", "/api/providers/mine", nil).want(204)
			f.do("GET", "/api/providers", nil).want(200).hasNot("mine")
		},
		"DELETE /api/providers/{id}": func(f *fixture) {
			f.do("PUT", "/api/providers/anthropic", map[string]any{"key": "sk-other"}).want(200)
			f.do("DELETE", "/api/providers/anthropic", nil).want(204)
			f.do("DELETE", "/api/providers/nobody", nil).problem(404, "no_provider")
		},

		"GET /api/system/autostart": func(f *fixture) {
			f.do("GET", "/api/system/autostart", nil).want(200).has(`"state":"off","text":"It is off.","possible":true,"why":""`)
		},
		"PUT /api/system/autostart": func(f *fixture) {
			f.do("PUT", "/api/system/autostart", map[string]any{"on": true}).want(200).has(`"state":"on"`)
			f.do("GET", "/api/system/autostart", nil).want(200).has(`"state":"on"`)
			f.do("PUT", "/api/system/autostart", map[string]any{}).problem(422, "invalid")
			f.login.broken = fault.New(fault.Conflict, fault.CodeNoAutostart, "No desktop is there.")
			f.do("PUT", "/api/system/autostart", map[string]any{"on": false}).problem(409, "no_autostart")
		},
		"POST /api/system/open": func(f *fixture) {
			f.do("POST", "/api/system/open", nil).want(204)
			if f.opens.Load() != 1 {
				f.t.Fatal("the browser was not asked for once")
			}
			f.noBrowser = errors.New("no desktop")
			f.do("POST", "/api/system/open", nil).problem(409, "no_browser")
		},
		"GET /api/system/place": func(f *fixture) {
			f.do("GET", "/api/system/place", nil).want(200).has(`"logs":"/state/logs","desktop":true`)
		},
		"POST /api/system/logs": func(f *fixture) {
			f.do("POST", "/api/system/logs", nil).want(204)
			f.noBrowser = errors.New("no desktop")
			f.do("POST", "/api/system/logs", nil).problem(409, "no_browser")
			f.noBrowser = nil
		},
		"POST /api/system/restart": func(f *fixture) {
			f.do("POST", "/api/system/restart", nil).want(202)
			if f.restarts.Load() != 1 || f.quits.Load() != 0 {
				f.t.Fatal("restart was not asked for once")
			}
		},
		"POST /api/system/quit": func(f *fixture) {
			f.do("POST", "/api/system/quit", nil).want(202)
			if f.quits.Load() != 1 {
				f.t.Fatal("quit was not asked for once")
			}
		},
	}
}

// busy is a session with a live turn and one that waits.
func busy(f *fixture) (live, waiting chat.TurnID) {
	s := f.session()
	live, waiting = f.prompt(s, "hold"), f.prompt(s, "say later")
	f.until(s, func(e chat.Event) bool { _, ok := e.Body.(chat.TextAppended); return ok })
	return live, waiting
}

func playHead(f *fixture) {
	s := f.session()
	path := "/api/sessions/" + string(s)
	first := f.prompt(s, "say one")
	f.ended(s, first)
	second := f.prompt(s, "say two")
	f.ended(s, second)
	f.do("POST", path+"/head", map[string]any{"turn": first}).want(200).has(`"seq":`)
	f.do("GET", path, nil).want(200).has("say one").hasNot("say two")
	f.do("POST", path+"/head", map[string]any{"turn": nil}).want(200)
	f.do("GET", path, nil).want(200).has(`"turns":[]`)
	f.do("POST", path+"/head", map[string]any{}).problem(422, "invalid") // an undo is never an accident
}

func playQueue(f *fixture) {
	s := f.session()
	f.prompt(s, "hold")
	one, two := f.prompt(s, "say one"), f.prompt(s, "say two")
	path := "/api/sessions/" + string(s) + "/queue"
	got := f.do("POST", path, map[string]any{"order": []chat.TurnID{two, one}}).want(200).at("order").([]any)
	if len(got) != 2 || got[0] != string(two) {
		f.t.Fatalf("order is %v", got)
	}
	f.do("POST", path, map[string]any{"order": []chat.TurnID{two}}).problem(409, "queue_stale")
}

func playAnswer(f *fixture) {
	s := f.session()
	id := f.prompt(s, "ask")
	ask := f.asked(s)
	path := "/api/asks/" + string(ask.ID) + "/answer"
	f.do("POST", path, map[string]any{"choice": "once", "digest": "of something else"}).problem(409, "ask_changed")
	f.do("POST", path, map[string]any{"choice": "once", "digest": ask.Digest}).want(200).has(`"how":"answered"`).has(`"by":"page"`)
	f.ended(s, id)
	f.do("POST", path, map[string]any{"choice": "once"}).want(200)
	f.do("POST", path, map[string]any{"choice": "deny"}).problem(409, "ask_closed")
	f.do("POST", "/api/asks/ask_none/answer", map[string]any{"choice": "once"}).problem(404, "no_ask")
}

func playPresence(f *fixture) {
	s := f.session()
	f.do("PUT", "/api/clients/tab1", map[string]any{"visible": true, "session": s}).want(204)
	if f.Visible(s) || f.Watched() {
		f.t.Fatal("visible without a stream")
	}
	st := f.stream("client=tab1")
	st.next()
	if !f.Visible(s) || !f.Watched() {
		f.t.Fatal("not visible with a stream")
	}
	st.close()
	must(f.t, f.CloseStreams(f.t.Context(), 0)) // returns when the stream has ended
	if f.Visible(s) || f.Watched() {
		f.t.Fatal("visible after its stream has ended")
	}
}

func TestTheSameRequestOnceMoreChangesNothing(t *testing.T) {
	f := start(t)
	id := chat.NewID(chat.PrefixSession)
	session := map[string]any{"id": id, "agent": "puppet", "title": "Once"}
	f.do("POST", "/api/sessions", session).want(201)
	f.do("POST", "/api/sessions", session).want(200)
	f.do("POST", "/api/sessions", map[string]any{"id": id, "agent": "puppet", "title": "Twice"}).problem(409, "id_reused")
	f.do("POST", "/api/sessions", map[string]any{"id": "ses_short"}).problem(422, "invalid")

	path := "/api/sessions/" + id + "/turns"
	turn := map[string]any{"id": chat.NewID(chat.PrefixTurn), "text": "say hello"}
	f.do("POST", path, turn).want(202).has(`"parts":[]`).has(`"attachments":[]`)
	f.ended(chat.SessionID(id), chat.TurnID(turn["id"].(string)))
	f.do("POST", path, turn).want(200).has(`"state":"done"`)
	f.do("POST", path, map[string]any{"id": turn["id"], "text": "say goodbye"}).problem(409, "id_reused")
	other := f.session()
	f.do("POST", "/api/sessions/"+string(other)+"/turns", turn).problem(409, "id_reused")
	f.do("POST", path, map[string]any{"id": chat.NewID(chat.PrefixTurn), "text": ""}).problem(422, "invalid")
	f.do("POST", path, map[string]any{"id": chat.NewID(chat.PrefixTurn), "text": "say x", "attachments": []string{"att_none"}}).problem(404, "no_attachment")
}

func TestBodiesMustBeJSONAndSaySo(t *testing.T) {
	f := start(t)
	for _, kind := range []string{"", "text/plain", "application/x-www-form-urlencoded", "application/problem+json"} {
		f.do("POST", "/api/sessions", strings.NewReader(`{}`), header{"Content-Type": kind}).problem(415, "media_type")
	}
	f.do("POST", "/api/sessions", strings.NewReader(`{"agent":"puppet"}`), header{"Content-Type": "application/json; charset=utf-8"}).want(201)
	f.do("POST", "/api/sessions", strings.NewReader(`{"agent":`), header{"Content-Type": "application/json"}).problem(400, "invalid")
	f.do("POST", "/api/sessions", strings.NewReader(strings.Repeat(" ", 5<<20)), header{"Content-Type": "application/json"}).problem(413, "too_large")
}

func TestUnknownFieldsAreIgnored(t *testing.T) {
	f := start(t)
	f.do("POST", "/api/sessions", map[string]any{"agent": "puppet", "of_a_newer_page": 1}).want(201)
}

func TestABadRequestIsExplainedWithoutWhatItHeld(t *testing.T) {
	f := start(t)
	a := f.do("PUT", "/api/providers/openai", map[string]any{"key": []string{"sk-very-secret"}})
	a.problem(422, "invalid")
	a.has("body.key").hasNot("sk-very-secret")
	f.do("GET", "/api/sessions?limit=many", nil).problem(422, "invalid")
}

func TestUnknownAddressesAreProblems(t *testing.T) {
	f := start(t)
	f.do("GET", "/api/nothing", nil).problem(404, "no_route")
	f.do("POST", "/api/nothing", nil).problem(404, "no_route")
	f.do("PUT", "/api/sessions", map[string]any{}).problem(405, "no_route")
	f.do("POST", "/some/page", nil).problem(405, "no_route")
}

func TestNobodyButTheStarterIsLetInBeforeTheStoreIsOpen(t *testing.T) {
	f := bind(t, "")
	f.do("GET", "/health", nil).want(200).has(`"status": "ok"`).has(`"phase": "starting"`)
	f.do("GET", "/", nil).want(200).has("<!doctype html>")
	for _, path := range []string{"/api/sessions", "/api/events", "/api/nothing", "/health?deep=1"} {
		a := f.do("GET", path, nil)
		a.problem(503, "starting")
		if a.header.Get("Retry-After") != "1" {
			t.Errorf("%s: Retry-After is %q", path, a.header.Get("Retry-After"))
		}
	}
	f.open(t.TempDir())
	f.do("GET", "/api/sessions", nil).want(200)
	f.do("GET", "/health?deep=1", nil).want(200)
}

func TestOnlyNamesOfThisMachineAreAnswered(t *testing.T) {
	f := start(t)
	for _, host := range []string{"localhost", "localhost:9999", "127.0.0.1:1", "127.8.8.8", "[::1]:8787", "me.localhost:1", "LOCALHOST.:80"} {
		f.do("GET", "/api/sessions", nil, header{"Host": host}).want(200)
	}
	for _, host := range []string{"evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "192.168.1.4:8787", "notlocalhost", "[::2]"} {
		f.do("GET", "/api/sessions", nil, header{"Host": host}).problem(403, "foreign_host")
		f.do("GET", "/", nil, header{"Host": host}).problem(403, "foreign_host")
	}
}

func TestForeignPagesCanSendNothing(t *testing.T) {
	f := start(t)
	send := func(h header) answer { return f.do("POST", "/api/sessions", map[string]any{"agent": "puppet"}, h) }
	send(header{}).want(201) // a script
	send(header{"Sec-Fetch-Site": "same-origin"}).want(201)
	send(header{"Origin": f.url}).want(201)
	send(header{"Origin": "https://evil.example"}).problem(403, "cross_origin")
	send(header{"Origin": "null"}).problem(403, "cross_origin")
	send(header{"Sec-Fetch-Site": "cross-site"}).problem(403, "cross_origin")
	send(header{"Sec-Fetch-Site": "same-site"}).problem(403, "cross_origin") // another port of localhost
	f.do("GET", "/api/sessions", nil, header{"Sec-Fetch-Site": "cross-site"}).want(200)
	id := f.do("POST", "/api/sessions", map[string]any{"agent": "puppet"}).want(201).at("session", "id").(string)
	for _, path := range []string{"/api/folders", "/api/files?session=" + id, "/api/providers/found"} { // these reach out
		f.do("GET", path, nil, header{"Sec-Fetch-Site": "same-origin"}).want(200)
		f.do("GET", path, nil, header{"Sec-Fetch-Site": "cross-site"}).problem(403, "cross_origin")
		f.do("GET", path, nil, header{"Sec-Fetch-Site": "same-site"}).problem(403, "cross_origin")
	}
	if got := f.do("GET", "/api/sessions", nil, header{"Origin": "https://evil.example"}); got.header.Get("Access-Control-Allow-Origin") != "" {
		t.Error("a foreign page may read")
	}
}

func TestEveryAnswerHasTheSecurityHeaders(t *testing.T) {
	f := start(t)
	for _, path := range []string{"/", "/health", "/api/sessions", "/api/nothing", "/assets/none.js"} {
		h := f.do("GET", path, nil).header
		csp := h.Get("Content-Security-Policy")
		for _, want := range []string{"script-src 'self';", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "connect-src 'self'"} {
			if !strings.Contains(csp, want) {
				t.Errorf("%s: no %s in %q", path, want, csp)
			}
		}
		if h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Referrer-Policy") != "no-referrer" {
			t.Errorf("%s: headers are %v", path, h)
		}
	}
}

func TestPagesAndTheirFiles(t *testing.T) {
	f := start(t)
	index := f.do("GET", "/s/ses_1", nil).want(200)
	f.do("GET", "/", nil, header{"If-None-Match": index.header.Get("ETag")}).want(304)
	asset := f.do("GET", "/assets/app-1a2b.js", nil, header{"Accept-Encoding": "gzip, br"}).want(200).has("brotli")
	if asset.header.Get("Cache-Control") != "public, max-age=31536000, immutable" || asset.header.Get("Content-Encoding") != "br" {
		t.Errorf("asset's headers are %v", asset.header)
	}
	f.do("GET", "/assets/app-1a2b.js", nil, header{"Accept-Encoding": "gzip, br;q=0"}).want(200).has("gzipped")
	f.do("GET", "/assets/app-1a2b.js", nil, header{"Accept-Encoding": "identity"}).want(200).has("plain")
	f.do("GET", "/assets/app-old.js", nil).problem(404, "no_route")
	f.do("GET", "/favicon.svg", nil).want(200).has("<svg")
	worker := f.do("GET", "/sw.js", nil).want(200).has("worker")
	if worker.header.Get("Cache-Control") != "no-cache" || worker.header.Get("Content-Type") != "text/javascript; charset=utf-8" {
		t.Errorf("the service worker's headers are %v", worker.header)
	}
	how := f.do("GET", "/manifest.webmanifest", nil).want(200).has(`"id": "/"`)
	if how.header.Get("Content-Type") != "application/manifest+json" {
		t.Errorf("the manifest's headers are %v", how.header)
	}
	f.do("GET", "/../../etc/passwd", nil).hasNot("root:")
}

func TestAPathPrefixIsWrittenIntoThePage(t *testing.T) {
	f := bind(t, "/chat")
	f.open(t.TempDir())
	f.do("GET", "/chat/s/x", nil).want(200).has(`src="/chat/assets/app-1a2b.js"`).has(`<meta name="base-path" content="/chat">`)
	f.do("GET", "/chat/assets/app-1a2b.js", nil, header{"Accept-Encoding": "identity"}).want(200).has("plain")
	f.do("GET", "/chat/manifest.webmanifest", nil).want(200).
		has(`{"id": "/chat/", "scope": "/chat/", "icons": [{"src": "/chat/icons/a.png"}], "name": "/"}`)
	f.do("GET", "/chat/sw.js", nil).want(200).has("worker")
	f.do("GET", "/chat/api/sessions", nil).want(200)
	f.do("GET", "/api/sessions", nil).want(200) // a proxy that takes the prefix off
	f.do("GET", "/chat", nil).want(301)
}
