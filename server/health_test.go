package server_test

import (
	"context"
	"database/sql"
	"errors"
	"net/http"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	_ "modernc.org/sqlite" // stands for another program that has the database open

	"hermes-webui/server/fault"
	"hermes-webui/server/health"
)

func TestHealthTellsNobodyWhatIsTalkedAbout(t *testing.T) {
	f := start(t)
	f.health.SetOrigin(health.Origin{Name: "runit", Signal: "the parent is runsv", Certainty: "certain"})
	before := f.do("GET", "/health", nil).want(200).hasNot("checks").hasNot("started_by")
	busy(f)
	a := f.do("GET", "/health?deep=yes", nil).want(200).has(`"status": "ok"`)
	names := []string{"streams_lock", "stream_runtime", "sessions", "projects", "state_db", "store", "writer", "agent", "fds", "goroutines", "disk"}
	for _, name := range names {
		want := "ok"
		if name == "projects" || name == "state_db" {
			want = "missing"
		}
		if got := a.at("checks", name, "status"); got != want {
			t.Errorf("%s is %v", name, got)
		}
		if says, _ := a.at("checks", name, "says").(string); !strings.HasSuffix(says, ".") {
			t.Errorf("%s says %q", name, says)
		}
	}
	if got := a.at("checks").(map[string]any); len(got) != len(names) {
		t.Errorf("the checks are %v", got)
	}
	if n, size := a.at("checks", "sessions", "count"), a.at("checks", "store", "bytes"); n.(float64) < 1 || size.(float64) < 4096 {
		t.Errorf("%v sessions in %v bytes", n, size)
	}
	a.hasNot("puppet").hasNot("holding").hasNot("ses_").hasNot(f.home)
	if a.at("started_by", "name") != "runit" || a.at("started_by", "signal") != "the parent is runsv" || a.at("started_by", "certainty") != "certain" {
		t.Errorf("started by %v", a.at("started_by"))
	}
	if before.at("accept_loop", "requests_total").(float64) < 1 || before.at("http_requests_total").(float64) < 1 {
		t.Error("nothing was counted")
	}
}

func TestAClosedStoreIsSeenByTheDeepQuestionOnly(t *testing.T) {
	f := start(t)
	must(t, f.store.Close())
	f.do("GET", "/health", nil).want(200) // the watchdog's plain question does not need the database
	a := f.do("GET", "/health?deep=1", nil).want(http.StatusServiceUnavailable).has(`"status": "degraded"`)
	for _, name := range []string{"sessions", "store", "writer"} {
		if a.at("checks", name, "status") != "error" || a.at("checks", name, "fix") == nil {
			t.Errorf("%s is %v", name, a.at("checks", name))
		}
	}
	if a.at("checks", "disk", "status") == "error" {
		t.Error("the disk has to do with it")
	}
	f.do("GET", "/api/health", nil).want(200).has(`"status":"degraded"`)
}

func TestAWriterThatAnotherProgramHoldsUpIsSeenAndHoldsUpNothingElse(t *testing.T) {
	f := start(t)
	other, err := sql.Open("sqlite", filepath.Join(f.state, "webui.db"))
	must(t, err)
	defer other.Close()
	c, err := other.Conn(t.Context())
	must(t, err)
	defer c.Close()
	_, err = c.ExecContext(t.Context(), `BEGIN IMMEDIATE`)
	must(t, err)
	a := f.do("GET", "/health?deep=1", nil).want(http.StatusServiceUnavailable)
	if got := a.at("checks", "writer").(map[string]any); got["status"] != "blocked" || got["ms"].(float64) < 1900 || got["ms"].(float64) > 4500 || got["timeout_seconds"] != 2.0 {
		t.Errorf("the writer is %v", got)
	}
	for _, name := range []string{"sessions", "store", "streams_lock"} {
		if got := a.at("checks", name, "status"); got != "ok" {
			t.Errorf("%s is %v", name, got)
		}
	}
	_, err = c.ExecContext(t.Context(), `ROLLBACK`)
	must(t, err)
	must(t, f.store.Pulse(t.Context())) // it goes on
}

func TestWhatARestartDoesNotMendIsSaidAndDoesNotAskForOne(t *testing.T) {
	broken := errors.New("at /home/person/secret")
	cases := map[string]struct {
		check health.Checker
		fix   string
	}{
		"disk":     {health.Disk(func() (int64, int64, error) { return 1 << 20, 1 << 40, nil }), "Free some space"},
		"agent":    {health.Agents(func(context.Context) ([]health.Agent, error) { return []health.Agent{{Ready: true, Demo: true}}, nil }), "Install an agent"},
		"state_db": {health.StateDB(func(context.Context) (int, error) { return 0, broken }), "Start the agent"},
		"writer": {health.Writer(func(context.Context) error {
			return fault.Wrap(broken, fault.Unavailable, fault.CodeDiskFull, "Full.")
		}), "Free some space"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			f := start(t)
			f.checks.Put(c.check)
			a := f.do("GET", "/health?deep=1", nil).want(200).hasNot("secret")
			if a.at("status") != "ok" || a.at("checks", name, "status") != "warning" {
				t.Errorf("%s", a.body)
			}
			if fix, _ := a.at("checks", name, "fix").(string); !strings.Contains(fix, c.fix) {
				t.Errorf("the fix is %q", fix)
			}
		})
	}
}

func TestManyWhoAskAtOnceShareOneRound(t *testing.T) {
	f := start(t)
	var rounds atomic.Int32
	enter, leave := make(chan struct{}), make(chan struct{})
	f.checks.Put(health.Checker{Name: "slow", Look: func(context.Context) (health.Finding, error) {
		if rounds.Add(1) == 1 {
			close(enter)
		}
		<-leave
		return health.Finding{Status: health.OK}, nil
	}})
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			res, err := http.Get(f.url + "/health?deep=1")
			if err != nil || res.StatusCode != 200 {
				t.Errorf("%v %v", res, err)
				return
			}
			_ = res.Body.Close()
		})
	}
	<-enter
	close(leave)
	wg.Wait()
	if n := rounds.Load(); n > 2 { // a slow machine may take longer than an answer stays new
		t.Errorf("%d rounds", n)
	}
}

// playMetrics reads the answer as Prometheus does.
func playMetrics(f *fixture) {
	f.do("GET", "/health?deep=1", nil).want(200)
	a := f.do("GET", "/metrics", nil).want(200)
	if got := a.header.Get("Content-Type"); got != "text/plain; version=0.0.4; charset=utf-8" {
		f.t.Errorf("content type %s", got)
	}
	sample := regexp.MustCompile(`^([a-z_]+)(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\})? [-+0-9.e]+$`)
	var name, kind string
	var names []string
	for line := range strings.Lines(string(a.body)) {
		line = strings.TrimSuffix(line, "\n")
		switch fields := strings.SplitN(line, " ", 4); {
		case strings.HasPrefix(line, "# HELP "):
			name = fields[2]
			if slices.Contains(names, name) {
				f.t.Errorf("%s is there twice", name)
			}
			names = append(names, name)
		case strings.HasPrefix(line, "# TYPE "):
			kind = fields[3]
			if fields[2] != name || kind != "counter" && kind != "gauge" {
				f.t.Errorf("the type is %s", line)
			}
		default:
			m := sample.FindStringSubmatch(line)
			if m == nil || m[1] != name {
				f.t.Errorf("the sample is %q", line)
			}
		}
	}
	for _, want := range []string{
		"hermes_webui_http_requests_total", "hermes_webui_connections_accepted_total", "hermes_webui_streams", "hermes_webui_runs",
		"hermes_webui_events_seq", "hermes_webui_check_well", "go_goroutines", "hermes_webui_memory_bytes",
	} {
		if !slices.Contains(names, want) {
			f.t.Errorf("%s is not in %v", want, names)
		}
	}
	a.has(`hermes_webui_check_well{check="writer",status="ok"} 1`)
	f.do("GET", "/metrics", nil, header{"Host": "evil.example"}).problem(403, "foreign_host")
}
