package server_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"hermes-webui/server/chat"
)

type frame struct{ id, event, data string }

// stream is a client of /api/events.
type stream struct {
	t      *testing.T
	body   io.ReadCloser
	lines  *bufio.Reader
	cancel context.CancelFunc
	header http.Header
}

func (f *fixture) stream(query string, headers ...header) *stream {
	f.t.Helper()
	ctx, cancel := context.WithCancel(f.t.Context())
	req, err := http.NewRequestWithContext(ctx, "GET", f.url+"/api/events?"+query, nil)
	must(f.t, err)
	for _, h := range headers {
		for k, v := range h {
			req.Header.Set(k, v)
		}
	}
	res, err := http.DefaultClient.Do(req)
	must(f.t, err)
	if res.StatusCode != 200 {
		f.t.Fatalf("stream: status %d", res.StatusCode)
	}
	f.t.Cleanup(cancel)
	return &stream{f.t, res.Body, bufio.NewReader(res.Body), cancel, res.Header}
}

func (s *stream) close() { s.cancel(); _ = s.body.Close() }

func (s *stream) next() frame {
	s.t.Helper()
	f, err := readFrame(s.lines)
	if err != nil {
		s.t.Fatalf("stream: %v", err)
	}
	return f
}

// until reads frames up to the one that ok accepts.
func (s *stream) until(ok func(frame) bool) (all []frame) {
	s.t.Helper()
	for {
		f := s.next()
		all = append(all, f)
		if ok(f) {
			return all
		}
	}
}

// readFrame returns the next whole frame. `retry` alone makes none.
func readFrame(r *bufio.Reader) (f frame, err error) {
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			return frame{}, err
		}
		key, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), ": ")
		switch key {
		case "id":
			f.id = value
		case "event":
			f.event = value
		case "data":
			f.data = value
		case "":
			if f.event != "" {
				return f, nil
			}
		}
	}
}

func (f frame) isEvent() bool { return f.id != "" && f.event != "ping" }

func ids(all []frame) (out []string) {
	for _, f := range all {
		if f.isEvent() {
			out = append(out, f.id)
		}
	}
	return out
}

func turnEnded(f frame) bool { return f.event == "turn_ended" }

func TestAStreamBeginsWithHello(t *testing.T) {
	f := start(t)
	s := f.stream("")
	if s.header.Get("Content-Type") != "text/event-stream" || s.header.Get("Cache-Control") != "no-store" || s.header.Get("X-Accel-Buffering") != "no" {
		t.Errorf("headers are %v", s.header)
	}
	first := s.next()
	var hello struct {
		Version, Log, Epoch string
		Kinds               []string
		Epochs              [][2]any
		Seq                 *chat.Seq
	}
	must(t, json.Unmarshal([]byte(first.data), &hello))
	if first.event != "hello" || first.id != "" || hello.Version != "1.2.3" || hello.Log == "" || hello.Seq == nil {
		t.Fatalf("hello is %+v", first)
	}
	if !slices.Equal(hello.Kinds, chat.Kinds()) || len(hello.Epochs) == 0 || hello.Epochs[len(hello.Epochs)-1][0] != hello.Epoch {
		t.Fatalf("hello is %+v", first)
	}
	if ping := s.next(); ping.event != "ping" || ping.id == "" {
		t.Fatalf("a client without a cursor got %+v", ping)
	}
}

func TestAnEventIsSentAsItIsInTheLog(t *testing.T) {
	f := start(t)
	id := f.session()
	s := f.stream("after=0&sessions=" + string(id))
	f.prompt(id, "say héllo 👋")
	for _, got := range s.until(turnEnded) {
		if !got.isEvent() {
			continue
		}
		var e chat.Event
		must(t, json.Unmarshal([]byte(got.data), &e))
		if strconv.FormatInt(int64(e.Seq), 10) != got.id || chat.KindOf(e.Body) != got.event || string(e.Wire()) != got.data {
			t.Fatalf("frame %+v", got)
		}
	}
}

func TestWithoutACursorAStreamBeginsNow(t *testing.T) {
	f := start(t)
	old := f.session()
	s := f.stream("")
	s.next() // hello: the stream has begun
	fresh := f.session()
	for _, got := range s.until(func(f frame) bool { return f.event == "session_created" }) {
		if strings.Contains(got.data, string(old)) {
			t.Fatalf("got the past: %+v", got)
		}
		if got.event == "session_created" && !strings.Contains(got.data, string(fresh)) {
			t.Fatalf("got %+v", got)
		}
	}
}

func TestDetailsOfOtherSessionsAreNeverSent(t *testing.T) {
	f := start(t)
	mine, other := f.session(), f.session()
	s := f.stream("after=0&sessions=" + string(mine))
	f.status.Set("wait", other, "not for this one")
	f.ended(other, f.prompt(other, "say secret words"))
	f.prompt(mine, "say mine")
	all := s.until(func(got frame) bool { return turnEnded(got) && strings.Contains(got.data, string(mine)) })
	text, headlines := false, 0
	for _, got := range all {
		if !strings.Contains(got.data, string(other)) {
			text = text || got.event == "text_appended"
			continue
		}
		headlines++
		switch got.event {
		case "session_created", "session_changed", "turn_queued", "turn_started", "turn_ended":
		default:
			t.Errorf("got a detail of another session: %+v", got)
		}
	}
	if !text || headlines < 4 {
		t.Errorf("own text %v, %d headlines of the other session", text, headlines)
	}
}

func TestACursorPastTheEndIsReset(t *testing.T) {
	f := start(t)
	f.session()
	s := f.stream("after=99999999")
	s.next()
	if got := s.next(); got.event != "reset" || !strings.Contains(got.data, "reason") {
		t.Fatalf("got %+v", got)
	}
	f.session() // the stream goes on
	s.until(func(got frame) bool { return got.event == "session_created" })
}

func TestLastEventIDBeatsAfter(t *testing.T) {
	f := start(t)
	f.session()
	newest := f.store.Newest()
	s := f.stream("after=0", header{"Last-Event-ID": strconv.FormatInt(int64(newest), 10)})
	s.next()
	f.session()
	for _, got := range s.until(frame.isEvent) {
		if n, _ := strconv.Atoi(got.id); got.isEvent() && n <= int(newest) {
			t.Fatalf("got what came before the last event id: %+v", got)
		}
	}
	f.do("GET", "/api/events?after=soon", nil).problem(422, "invalid")
	f.do("GET", "/api/events?sessions=nonsense", nil).problem(422, "invalid")
}

// A client that is cut at random bytes and resumes by the last id it saw whole
// gets what a client gets that was never cut.
func TestAClientThatIsCutAgainAndAgainMissesNothingAndGetsNothingTwice(t *testing.T) {
	f := start(t)
	id := f.session()
	query := "after=0&sessions=" + string(id)
	whole := f.stream(query)
	words := strings.Repeat("añ👋 word ", 400)
	turn := f.prompt(id, "say "+words)

	var cut []frame
	last, seed := "", rand.New(rand.NewPCG(1, 2))
	for cuts := 0; len(cut) == 0 || !turnEnded(cut[len(cut)-1]); cuts++ {
		var h header
		if last != "" {
			h = header{"Last-Event-ID": last}
		}
		s := f.stream(query, h)
		piece := bufio.NewReader(io.LimitReader(s.body, 200+seed.Int64N(9000)))
		for {
			got, err := readFrame(piece)
			if err != nil {
				break // cut, often in mid-frame
			}
			if got.id != "" {
				last = got.id
			}
			if got.isEvent() {
				cut = append(cut, got)
			}
			if turnEnded(got) {
				break
			}
		}
		s.close()
		if cuts > 2000 {
			t.Fatal("no progress")
		}
	}
	var want []frame
	for _, got := range whole.until(turnEnded) {
		if got.isEvent() {
			want = append(want, got)
		}
	}
	if !slices.Equal(cut, want) {
		t.Fatalf("cut client has %d events, the other %d: %v", len(cut), len(want), ids(cut))
	}
	f.ended(id, turn)
}

func TestStatusIsSentInFullAndThenAsItChanges(t *testing.T) {
	f := start(t)
	id := f.session()
	f.status.Set("agents", "", map[string]int{"n": 1})
	f.status.Set("wait", id, "old")
	f.status.Set("wait", id, "retry in 8 s")
	s := f.stream("sessions=" + string(id))
	isStatus := func(got frame) bool { return got.event == "status" }
	s.until(isStatus)
	got := s.next()
	if got.id != "" || got.data != `{"topic":"wait","session":"`+string(id)+`","doc":"retry in 8 s"}` {
		t.Fatalf("got %+v", got)
	}
	f.status.Set("wait", id, nil)
	all := s.until(isStatus)
	if got := all[len(all)-1]; !strings.HasSuffix(got.data, `"doc":null}`) {
		t.Fatalf("got %+v", got)
	}
}

func TestClosingTellsAllStreamsAndWaitsForThem(t *testing.T) {
	f := start(t)
	one, two := f.stream(""), f.stream("")
	one.next()
	two.next()
	f.do("GET", "/health", nil).want(200).has(`"active_streams": 2`)
	must(t, f.CloseStreams(t.Context(), 700*time.Millisecond))
	for _, s := range []*stream{one, two} {
		all := s.until(func(got frame) bool { return got.event == "closing" })
		if got := all[len(all)-1]; got.data != `{"retry_ms":700}` {
			t.Errorf("got %+v", got)
		}
		if _, err := readFrame(s.lines); err != io.EOF {
			t.Errorf("after closing: %v", err)
		}
	}
	f.do("GET", "/health", nil).want(200).has(`"active_streams": 0`)
	f.do("GET", "/api/events", nil).problem(503, "stopping")
	must(t, f.CloseStreams(t.Context(), 0))
}

// A client that reads nothing holds up nobody: the turn ends and others get it
// all.
func TestAReaderThatTakesNothingHoldsUpNobody(t *testing.T) {
	f := start(t)
	id := f.session()
	query := "after=0&sessions=" + string(id)
	f.stream(query) // never read
	reader := f.stream(query)
	turn := f.prompt(id, "say "+strings.Repeat(strings.Repeat("x", 2000)+" ", 2000)) // 4 MB: more than the sockets hold
	f.ended(id, turn)
	var text bytes.Buffer
	for _, got := range reader.until(turnEnded) {
		if got.event != "text_appended" {
			continue
		}
		var e chat.Event
		must(t, json.Unmarshal([]byte(got.data), &e))
		text.WriteString(e.Body.(chat.TextAppended).Text)
	}
	if text.Len() != 2000*2001 {
		t.Fatalf("the reader got %d bytes of text", text.Len())
	}
}
