package main

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"hermes-webui/server/chat"
	"hermes-webui/tray"
)

// answers is a server that answers so, by path.
type answers map[string]string

func (a answers) RoundTrip(r *http.Request) (*http.Response, error) {
	body, ok := a[r.URL.Path]
	res := &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body)), Request: r}
	if !ok {
		res.StatusCode, res.Status = http.StatusNotFound, "404 Not Found"
	}
	return res, nil
}

func TestTheTrayOfAServiceTellsOfTurnsThatRanBeforeIt(t *testing.T) {
	began := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	const snapshot = `{"turns":[{"id":"trn_0","started_at":"2026-11-23T11:00:00.000Z"},{"id":"trn_1","started_at":"2026-11-23T12:00:00.000Z"}]}`
	for name, c := range map[string]struct {
		server answers
		took   time.Duration
		says   string
	}{
		"a long one":            {answers{"/api/sessions/ses_1": snapshot, "/api/clients": `{"watched":false}`}, time.Minute, "The answer is there."},
		"a short one":           {answers{"/api/sessions/ses_1": snapshot, "/api/clients": `{"watched":false}`}, time.Second, ""},
		"with a page in front":  {answers{"/api/sessions/ses_1": snapshot, "/api/clients": `{"watched":true}`}, time.Minute, ""},
		"of a session far away": {answers{"/api/clients": `{"watched":false}`}, time.Minute, ""},
	} {
		t.Run(name, func(t *testing.T) {
			f := &farServer{
				link: newTrayLink(func() {}), client: &http.Client{Transport: c.server},
				titles: map[chat.SessionID]string{}, starts: map[chat.TurnID]time.Time{},
			}
			title := "Fix the parser"
			for _, e := range []chat.Event{
				{Session: "ses_1", At: chat.At(began), Body: chat.SessionChanged{Title: &title}},
				{Session: "ses_1", Turn: "trn_1", At: chat.At(began.Add(c.took)), Body: chat.TurnEnded{State: chat.Done}},
			} {
				raw, err := json.Marshal(e)
				if err != nil {
					t.Fatal(err)
				}
				f.tell(t.Context(), string(raw))
			}
			var got tray.Notice
			select {
			case got = <-f.link.notices:
			default:
			}
			if got.Text != c.says || c.says != "" && (got.Title != title || got.Path != "/s/ses_1") {
				t.Errorf("the message is %+v, want %q", got, c.says)
			}
		})
	}
}
