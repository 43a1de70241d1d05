package server_test

import (
	"net/url"
	"strings"

	"hermes-webui/server/chat"
)

func playFind(f *fixture) {
	s := f.session()
	path := "/api/sessions/" + string(s)
	find := func(words string) answer { return f.do("GET", path+"/find?q="+url.QueryEscape(words), nil) }
	find("x").want(200).has(`{"items":[],"total":0,"more":false,"seq":`)

	first := f.prompt(s, "say 😀 Needle")
	f.ended(s, first)
	find("NEEDLE").want(200).has(`"total":2,"more":false`).
		has(`{"turn":"` + string(first) + `","part":null,"in":"prompt","at":7,"before":"say 😀 ","match":"Needle","after":""}`).
		has(`"in":"text","at":3,"before":"😀 ","match":"Needle","after":" "}`)
	live := f.prompt(s, "hold")
	f.until(s, func(e chat.Event) bool { _, ok := e.Body.(chat.TextAppended); return ok && e.Turn == live })
	find("holding").want(200).has(`"turn":"` + string(live) + `"`).has(`"in":"text","at":0`)
	f.do("POST", "/api/turns/"+string(live)+"/stop", nil).want(200)

	// The seq it covers is one that a stream can go on from.
	covers := find("x").at("seq").(float64)
	if now := f.do("GET", path, nil).at("seq").(float64); covers < 3 || covers > now {
		f.t.Fatalf("it covers %v of %v", covers, now)
	}
	f.do("POST", path+"/head", map[string]any{"turn": first}).want(200)
	find("holding").want(200).has(`"items":[]`)

	fork := chat.SessionID(chat.NewID(chat.PrefixSession))
	f.do("POST", path+"/fork", map[string]any{"id": fork, "turn": first}).want(201)
	inFork := "/api/sessions/" + string(fork) + "/find?q=needle"
	f.do("GET", inFork+"&limit=1", nil).want(200).has(`"total":2`).has(`"in":"text"`).hasNot(`"in":"prompt"`)

	for _, bad := range []string{"/find", "/find?q=", "/find?q=%20%0A", "/find?q=x&limit=0", "/find?q=x&limit=1001", "/find?q=" + strings.Repeat("%C3%A4", 201)} {
		f.do("GET", path+bad, nil).problem(422, "invalid")
	}
	find(strings.Repeat("ä", 200)).want(200)
	f.do("GET", "/api/sessions/ses_nothing/find?q=x", nil).problem(404, "no_session")
	f.do("DELETE", path, nil).want(200)
	find("needle").want(200).has(`"total":2`) // what is in the trash can be looked at
	f.do("DELETE", path+"?purge=1", nil).want(200)
	find("needle").problem(410, "purged")
	f.do("GET", inFork, nil).want(200).has(`"total":2`)
}

func playOutline(f *fixture) {
	s := f.session()
	path := "/api/sessions/" + string(s)
	f.do("GET", path+"/outline", nil).want(200).has(`{"items":[],"seq":`)
	first := f.prompt(s, "say \n\t one "+strings.Repeat("ä", 200))
	f.ended(s, first)
	second := f.prompt(s, "hold it")
	f.until(s, func(e chat.Event) bool { _, ok := e.Body.(chat.TextAppended); return ok && e.Turn == second })
	f.do("GET", path+"/outline", nil).want(200).
		has(`{"items":[{"turn":"` + string(first) + `","text":"say one ` + strings.Repeat("ä", 132) + `…","at":"`).
		has(`"state":"done"},{"turn":"` + string(second) + `","text":"hold it","at":"`).has(`"state":"running"}]`)
	f.do("POST", "/api/turns/"+string(second)+"/stop", nil).want(200)

	f.do("POST", path+"/head", map[string]any{"turn": first}).want(200)
	f.do("GET", path+"/outline", nil).want(200).hasNot("hold it")
	fork := chat.SessionID(chat.NewID(chat.PrefixSession))
	f.do("POST", path+"/fork", map[string]any{"id": fork, "turn": first}).want(201)
	f.do("GET", "/api/sessions/"+string(fork)+"/outline", nil).want(200).has("say one")

	f.do("GET", "/api/sessions/ses_nothing/outline", nil).problem(404, "no_session")
	f.do("DELETE", path+"?purge=1", nil).want(200)
	f.do("GET", path+"/outline", nil).problem(410, "purged")
}
