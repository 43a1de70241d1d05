package server_test

import (
	"net/url"
	"strings"
	"testing"

	"hermes-webui/server/blob"
	"hermes-webui/server/chat"
)

func (f *fixture) upload(name, kind, content string) answer {
	f.t.Helper()
	return f.uploadAs(chat.NewID(chat.PrefixAttachment), name, kind, content)
}

func (f *fixture) uploadAs(id, name, kind, content string) answer {
	f.t.Helper()
	q := url.Values{"id": {id}, "name": {name}}
	return f.do("POST", "/api/attachments?"+q.Encode(), strings.NewReader(content), header{"Content-Type": kind})
}

func playDownload(f *fixture) {
	id := f.upload("ü b.txt", "text/plain", "hello").want(201).at("id").(string)
	a := f.do("GET", "/api/attachments/"+id, nil).want(200).has("hello")
	if got := a.header.Get("Content-Disposition"); got != "attachment; filename*=utf-8''%C3%BC%20b.txt" {
		f.t.Fatalf("disposition is %q", got)
	}
	f.do("GET", "/api/attachments/att_none", nil).problem(404, "no_attachment")
	f.do("GET", "/api/attachments/..%2f..%2fwebui.db", nil).problem(404, "no_attachment")
}

func TestAnUploadCanBeRepeatedAndNotReplaced(t *testing.T) {
	f := start(t)
	id := chat.NewID(chat.PrefixAttachment)
	f.uploadAs(id, "a.png", "image/png", "one").want(201)
	f.uploadAs(id, "a.png", "image/png", "one").want(200).has(id)
	f.uploadAs(id, "a.png", "image/png", "two").problem(409, "id_reused")
	f.uploadAs(id, "b.png", "image/png", "one").problem(409, "id_reused")
	f.do("GET", "/api/attachments/"+id, nil).want(200).has("one")
	f.uploadAs("att_../x", "a.png", "image/png", "one").problem(422, "invalid")
	f.uploadAs(chat.NewID(chat.PrefixAttachment), "", "image/png", "one").problem(422, "invalid")
}

func TestWhatWasUploadedNeverRunsAsAPage(t *testing.T) {
	f := start(t)
	for _, kind := range []string{"text/html", "image/svg+xml", "application/xhtml+xml", "text/xml", "text/javascript", "", "nonsense"} {
		id := f.upload("x", kind, "<script>alert(1)</script>").want(201).at("id").(string)
		h := f.do("GET", "/api/attachments/"+id, nil).want(200).header
		if got := h.Get("Content-Type"); got != "application/octet-stream" && got != "text/plain; charset=utf-8" {
			t.Errorf("%q is sent as %q", kind, got)
		}
		if !strings.HasPrefix(h.Get("Content-Disposition"), "attachment") || h.Get("X-Content-Type-Options") != "nosniff" ||
			!strings.Contains(h.Get("Content-Security-Policy"), "sandbox") {
			t.Errorf("%q: headers are %v", kind, h)
		}
	}
	for _, name := range []string{"x.html", "x.HTM", "x.svg", "x.js", "x.mjs", "x.css", "x.webmanifest"} { // the type is that of the name's end
		id := f.upload(name, "application/octet-stream", "<!doctype html><script>alert(1)</script>").want(201).at("id").(string)
		for _, h := range []header{{}, {"Range": "bytes=0-20"}, {"Accept": "text/html"}} {
			got := f.do("GET", "/api/attachments/"+id, nil, h).header
			if kind := got.Get("Content-Type"); kind != "application/octet-stream" && kind != "text/plain; charset=utf-8" {
				t.Errorf("%s is sent as %q", name, kind)
			}
			if got.Get("X-Content-Type-Options") != "nosniff" || !strings.HasPrefix(got.Get("Content-Disposition"), "attachment") {
				t.Errorf("%s: headers are %v", name, got)
			}
		}
	}
	id := f.upload("a.png", "image/png", "png").want(201).at("id").(string)
	if got := f.do("GET", "/api/attachments/"+id, nil).header.Get("Content-Type"); got != "image/png" {
		t.Errorf("a picture is sent as %q", got)
	}
}

func TestAFileThatIsTooLargeIsRefusedAndNotKept(t *testing.T) {
	f := start(t)
	id := chat.NewID(chat.PrefixAttachment)
	f.uploadAs(id, "big", "", strings.Repeat("x", blob.MaxBytes+1)).problem(413, "too_large")
	f.do("GET", "/api/attachments/"+id, nil).problem(404, "no_attachment")
	f.uploadAs(id, "big", "", strings.Repeat("x", blob.MaxBytes)).want(201)
}

func TestAPromptCarriesItsAttachments(t *testing.T) {
	f := start(t)
	id := f.upload("a.txt", "text/plain", "hello").want(201).at("id").(string)
	s := f.session()
	f.do("POST", "/api/sessions/"+string(s)+"/turns",
		map[string]any{"id": chat.NewID(chat.PrefixTurn), "text": "say x", "attachments": []string{id}}).
		want(202).has(`{"id":"` + id + `","name":"a.txt","type":"text/plain","size":5}`)
}

// A draft says what its attachments are, wherever it is told, so that another
// device can show them.
func playDraftFiles(f *fixture) {
	path := "/api/sessions/" + string(f.session())
	f.do("GET", path, nil).want(200).has(`"draft":{"text":"","attachments":[],"files":[],"rev":0}`)
	id := f.upload("plan.txt", "text/plain", "hello").want(201).at("id")
	file := `"files":[{"id":"` + id.(string) + `","name":"plan.txt","type":"text/plain","size":5}]`
	f.do("PUT", path+"/draft", map[string]any{"text": "look", "attachments": []any{id}, "rev": 0}).want(200).has(file)
	f.do("GET", path, nil).want(200).has(file)
	stale := f.do("PUT", path+"/draft", map[string]any{"text": "other", "rev": 0})
	stale.problem(409, "draft_stale")
	stale.has(`"name":"plan.txt"`)
}
