package mcp_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"hermes-webui/server/agent/direct/mcp"
	"hermes-webui/server/agent/direct/tool"
)

func TestToolsOfAProgram(t *testing.T) {
	s := child(t, "my files", "good")
	lives := watched(t, s)
	b := newBench(t, mcp.Limits{}, s)
	if st := b.hub.States(); len(st) != 1 || st[0].State != mcp.Off || st[0].Name != "my files" {
		t.Errorf("before it is needed: %+v", st)
	}
	tools := b.tools()
	echo, fail := tools["my_files__echo"], tools["my_files__fail"]
	if echo == nil || fail == nil {
		t.Fatalf("there are %v", tools)
	}
	if spec := echo.Spec(); !strings.Contains(spec.About, "Says it again") || !json.Valid(spec.Schema) || !strings.Contains(string(spec.Schema), `"text"`) {
		t.Errorf("spec %+v", spec)
	}
	c, err := fail.Prepare(t.Context(), tool.Place{}, json.RawMessage(`{"text":"a","n":[1]}`))
	if err != nil {
		t.Fatal(err)
	}
	want := "{\n  \"text\": \"a\",\n  \"n\": [\n    1\n  ]\n}"
	if n := c.Needs; n == nil || n.Title != "Use fail of my files?" || n.Command != want || len(n.Permits) != 1 ||
		n.Permits[0] != (tool.Permit{Kind: tool.MCP, Pattern: "my files/fail"}) || !c.Alone || c.Edit != nil {
		t.Errorf("needs %+v", c.Needs)
	}
	if c, err = echo.Prepare(t.Context(), tool.Place{}, nil); err != nil || c.Alone || c.Needs == nil || c.Needs.Command != "{}" {
		t.Errorf("echo: %+v, %v", c, err)
	}
	for _, bad := range []string{`[]`, `"x"`, `{"a":`, `7`} {
		if _, err := echo.Prepare(t.Context(), tool.Place{}, json.RawMessage(bad)); err == nil {
			t.Errorf("%s is prepared", bad)
		}
	}
	st := b.until(func(s mcp.State) bool { return s.State == mcp.Ready })
	if len(st.Tools) < 5 || st.Problem != "" {
		t.Errorf("state %+v", st)
	}
	b.hub.Close()
	(<-lives).ended(t)
	if again, _ := b.hub.Tools(t.Context()); again != nil {
		t.Error("a closed hub has tools")
	}
}

func TestResultsBecomeText(t *testing.T) {
	b := newBench(t, mcp.Limits{}, child(t, "s", "good"))
	tools := b.tools()
	for name, want := range map[string]struct {
		out, note string
		failed    bool
	}{
		"echo": {`{"text":"hi"}`, "", false},
		"fail": {"it went wrong", "", true},
		"mixed": {"words\n[image: image/png, 5 bytes, not shown]\n[audio: audio/wav, 3 bytes, not shown]\n[resource file:///a: a, not fetched]\n" +
			"inner\n[resource file:///c: x/y, 2 bytes, not shown]", "", false},
		"structured": {"{\n  \"a\": 1\n}", "", false},
		"nothing":    {"", "The tool returned nothing.", false},
	} {
		out := newOutput()
		facts, failed, err := call(t.Context(), t, tools["s__"+name], `{"text":"hi"}`, out)
		if err != nil || out.String() != want.out || facts.Note != want.note || failed != want.failed || facts.Kind != "mcp" || facts.Server != "s" {
			t.Errorf("%s: %q, %+v, %v, %v", name, out.String(), facts, failed, err)
		}
	}
	out := newOutput()
	facts, _, err := call(t.Context(), t, tools["s__big"], "", out)
	if err != nil || len(out.String()) != 1<<20 || !strings.Contains(facts.Note, "longer") {
		t.Errorf("big: %d bytes, %+v, %v", len(out.String()), facts, err)
	}
}

func TestAServerSeesOnlyItsOwnEnvironment(t *testing.T) {
	t.Setenv("OPENAI_API_KEY", "not for servers")
	s := child(t, "s", "good")
	s.Env["MINE"] = "yes"
	out := newOutput()
	if _, _, err := call(t.Context(), t, newBench(t, mcp.Limits{}, s).tools()["s__environment"], "{}", out); err != nil {
		t.Fatal(err)
	}
	env := out.String()
	if !strings.Contains(env, "MINE=yes") || !strings.Contains(env, "BASE=1") || strings.Contains(env, "not for servers") {
		t.Errorf("environment:\n%s", env)
	}
	if strings.Contains(env, secret) || !strings.Contains(env, "API_KEY=[secret]") {
		t.Error("the model is told the secret")
	}
}

func TestAStopCancelsTheCall(t *testing.T) {
	s := child(t, "s", "good")
	lives := watched(t, s)
	b := newBench(t, mcp.Limits{}, s)
	wait := b.tools()["s__wait"]
	stop := errors.New("stopped")
	ctx, cancel := context.WithCancelCause(t.Context())
	out := newOutput()
	go func() {
		<-out.wrote // its progress
		cancel(stop)
	}()
	if _, _, err := call(ctx, t, wait, "{}", out); !errors.Is(err, stop) || out.String() != "waiting\n" {
		t.Errorf("%q, %v", out.String(), err)
	}
	life := <-lives
	if line, err := life.lines.ReadString('\n'); err != nil || line != "cancelled\n" {
		t.Errorf("the server was told %q, %v", line, err)
	}
	if _, _, err := call(t.Context(), t, b.tools()["s__echo"], "{}", newOutput()); err != nil {
		t.Errorf("after it: %v", err)
	}
}

func TestACallHasALimit(t *testing.T) {
	s := child(t, "s", "good")
	watched(t, s)
	b := newBench(t, mcp.Limits{Call: 50 * time.Millisecond}, s)
	if _, _, err := call(t.Context(), t, b.tools()["s__wait"], "{}", newOutput()); err == nil || !strings.Contains(err.Error(), "within 50ms") {
		t.Errorf("got %v", err)
	}
}

func TestACrashInMidCallIsToldAndMended(t *testing.T) {
	s := child(t, "s", "good")
	lives := watched(t, s)
	b := newBench(t, mcp.Limits{Retry: time.Millisecond}, s)
	_, _, err := call(t.Context(), t, b.tools()["s__crash"], "{}", newOutput())
	if err == nil || !strings.Contains(err.Error(), "ended during the call") || !strings.Contains(err.Error(), "panic with [secret]") || strings.Contains(err.Error(), secret) {
		t.Errorf("got %v", err)
	}
	(<-lives).ended(t)
	<-lives // it is started again by itself
	b.until(func(s mcp.State) bool { return s.State == mcp.Ready })
	if _, _, err := call(t.Context(), t, b.tools()["s__echo"], "{}", newOutput()); err != nil {
		t.Errorf("after it: %v", err)
	}
}

func TestACrashShowsInTheState(t *testing.T) {
	b := newBench(t, mcp.Limits{Retry: time.Hour}, child(t, "s", "good"))
	tools := b.tools()
	call(t.Context(), t, tools["s__crash"], "{}", newOutput())
	st := b.until(func(s mcp.State) bool { return s.State == mcp.Failed })
	if !strings.Contains(st.Problem, "ended unexpectedly") || !strings.Contains(st.Problem, "[secret]") || strings.Contains(st.Problem, secret) {
		t.Errorf("state %+v", st)
	}
	list, problems := b.hub.Tools(t.Context())
	if len(list) != 0 || len(problems) != 1 || problems[0].Server != "s" || strings.Contains(problems[0].Text, secret) {
		t.Errorf("%d tools, %+v", len(list), problems)
	}
	if st := b.hub.Check(t.Context(), "s"); st.State != mcp.Ready {
		t.Errorf("after a check: %+v", st)
	}
}

func TestRefusalsOfAServerAreRedacted(t *testing.T) {
	b := newBench(t, mcp.Limits{}, child(t, "s", "good"))
	_, failed, err := call(t.Context(), t, b.tools()["s__refuse"], "{}", newOutput())
	if err == nil && !failed || err != nil && (strings.Contains(err.Error(), secret) || !strings.Contains(err.Error(), "not with [secret]")) {
		t.Errorf("got %v, %v", failed, err)
	}
}

func TestServersThatDoNotWork(t *testing.T) {
	for mode, want := range map[string]string{"dead": "It said:\ncannot start: key is [secret]", "hang": "did not answer in time", "stubborn": "did not answer in time"} {
		s := child(t, "s", mode)
		lives := watched(t, s)
		limits := mcp.Limits{}
		if mode != "dead" {
			limits.Connect = 300 * time.Millisecond
		}
		b := newBench(t, limits, s)
		list, problems := b.hub.Tools(t.Context())
		if len(list) != 0 || len(problems) != 1 || !strings.Contains(problems[0].Text, want) || strings.Contains(problems[0].Text, secret) {
			t.Errorf("%s: %d tools, %+v", mode, len(list), problems)
		}
		(<-lives).ended(t)
	}
	for name, s := range map[string]mcp.Server{
		"was not found":               {Command: []string{"/no/such/program"}},
		"neither a command nor a URL": {},
		"both":                        {Command: []string{"x"}, URL: "http://127.0.0.1/"},
		"not one of http":             {URL: "ftp://127.0.0.1/"},
	} {
		s.Name, s.Enabled = "s", true
		_, problems := newBench(t, mcp.Limits{}, s).hub.Tools(t.Context())
		if len(problems) != 1 || !strings.Contains(problems[0].Text, name) {
			t.Errorf("%s: %+v", name, problems)
		}
	}
}

func TestASlowServerHoldsNobodyUp(t *testing.T) {
	slow, good := child(t, "slow", "hang"), child(t, "good", "good")
	b := newBench(t, mcp.Limits{Wait: 1500 * time.Millisecond}, slow, good)
	if st := b.hub.Check(t.Context(), "good"); st.State != mcp.Ready {
		t.Fatal(st)
	}
	began := time.Now()
	list, problems := b.hub.Tools(t.Context())
	if took := time.Since(began); took > 30*time.Second {
		t.Errorf("took %v", took)
	}
	if len(list) == 0 || len(problems) != 1 || problems[0].Server != "slow" || !strings.Contains(problems[0].Text, "not connected yet") {
		t.Errorf("%d tools, %+v", len(list), problems)
	}
}

func TestADeafServerCannotHoldACall(t *testing.T) {
	s := child(t, "s", "deaf")
	lives := watched(t, s)
	b := newBench(t, mcp.Limits{Call: 100 * time.Millisecond, Retry: time.Hour}, s)
	odd := b.tools()["s__odd"]
	if string(odd.Spec().Schema) != `{"type":"object"}` {
		t.Errorf("schema %s", odd.Spec().Schema)
	}
	args, _ := json.Marshal(map[string]string{"x": strings.Repeat("x", 1<<20)}) // more than a pipe holds
	if _, _, err := call(t.Context(), t, odd, string(args), newOutput()); err == nil || !strings.Contains(err.Error(), "did not end") {
		t.Errorf("got %v", err)
	}
	b.hub.Close()
	(<-lives).ended(t)
}

func TestNoiseOnStandardOutputIsPassedOver(t *testing.T) {
	b := newBench(t, mcp.Limits{}, child(t, "s", "noisy"))
	out := newOutput()
	if _, _, err := call(t.Context(), t, b.tools()["s__echo"], `{"a":1}`, out); err != nil || out.String() != `{"a":1}` {
		t.Errorf("%q, %v", out.String(), err)
	}
}

func TestThousandsOfTools(t *testing.T) {
	b := newBench(t, mcp.Limits{}, child(t, "s", "many"))
	list, problems := b.hub.Tools(t.Context())
	if len(list) != 100 || len(problems) != 1 || !strings.Contains(problems[0].Text, "has 2500 tools") {
		t.Errorf("%d tools, %+v", len(list), problems)
	}
	byName(t, list)
	if st := b.hub.States(); len(st[0].Tools) != 2500 || st[0].State != mcp.Ready {
		t.Errorf("%d tools shown, %s", len(st[0].Tools), st[0].State)
	}
}

func TestNamesNeverCollide(t *testing.T) {
	long := strings.Repeat("n", 80)
	one, two := child(t, "a.b", "good"), child(t, "a b", "good")
	one.Env["NAMES"] = "x.y,x_y," + long + "1," + long + "2"
	two.Env["NAMES"] = "x_y"
	b := newBench(t, mcp.Limits{}, one, two)
	list, _ := b.hub.Tools(t.Context())
	seen := byName(t, list)
	names := 0
	for name, x := range seen {
		if len(name) > 64 || strings.Trim(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") != "" {
			t.Errorf("name %q", name)
		}
		if !strings.Contains(name, "x_y") && !strings.Contains(name, "nnnn") {
			continue
		}
		names++
		c, err := x.Prepare(t.Context(), tool.Place{}, nil)
		if err != nil {
			t.Fatal(err)
		}
		_, theirs, _ := strings.Cut(c.Needs.Permits[0].Pattern, "/")
		out := newOutput()
		if _, _, err := call(t.Context(), t, x, "", out); err != nil || out.String() != "I am "+theirs {
			t.Errorf("%s calls %q, %v", name, out.String(), err)
		}
	}
	if names != 5 {
		t.Errorf("%d of the 5 names", names)
	}
	again, _ := b.hub.Tools(t.Context())
	for name := range byName(t, again) {
		if seen[name] == nil {
			t.Errorf("%s is new", name)
		}
	}
}

func TestAChangedListIsReadAgain(t *testing.T) {
	b := newBench(t, mcp.Limits{}, child(t, "s", "good"))
	tools := b.tools()
	if tools["s__grown"] != nil {
		t.Fatal("it is there before")
	}
	if _, _, err := call(t.Context(), t, tools["s__grow"], "", newOutput()); err != nil {
		t.Fatal(err)
	}
	b.until(func(s mcp.State) bool {
		for _, x := range s.Tools {
			if x.Name == "grown" {
				return true
			}
		}
		return false
	})
	if b.tools()["s__grown"] == nil {
		t.Error("the new tool is not offered")
	}
}

func TestAnIdleServerIsLetGoAndComesBack(t *testing.T) {
	s := child(t, "s", "good")
	lives := watched(t, s)
	b := newBench(t, mcp.Limits{Idle: 50 * time.Millisecond}, s)
	echo := b.tools()["s__echo"]
	(<-lives).ended(t)
	st := b.until(func(s mcp.State) bool { return s.State == mcp.Off })
	if st.Problem != "" || len(st.Tools) == 0 {
		t.Errorf("state %+v", st)
	}
	out := newOutput()
	if _, _, err := call(t.Context(), t, echo, "", out); err != nil || out.String() != "{}" {
		t.Errorf("%q, %v", out.String(), err)
	}
	(<-lives).ended(t)
}

func TestAChangeOfSettingsEndsTheOldServer(t *testing.T) {
	s := child(t, "s", "good")
	lives := watched(t, s)
	b := newBench(t, mcp.Limits{}, s)
	old := b.tools()["s__echo"]
	first := <-lives
	off := s
	off.Enabled = false
	b.set(off)
	first.ended(t)
	if st := b.hub.States(); st[0].State != mcp.Off {
		t.Errorf("state %+v", st)
	}
	if list, problems := b.hub.Tools(t.Context()); len(list) != 0 || len(problems) != 0 {
		t.Errorf("%d tools, %+v", len(list), problems)
	}
	if _, _, err := call(t.Context(), t, old, "", newOutput()); err == nil {
		t.Error("a tool of a server that is off was used")
	}
	if st := b.hub.Check(t.Context(), "s"); st.State != mcp.Off {
		t.Errorf("checked: %+v", st)
	}
	b.set()
	if st := b.hub.States(); len(st) != 0 {
		t.Errorf("states %+v", st)
	}
	if st := b.hub.Check(t.Context(), "s"); st.State != mcp.Failed {
		t.Errorf("checked: %+v", st)
	}
}

func TestCloseLeavesNoProcess(t *testing.T) {
	s := child(t, "s", "parent")
	lives := watched(t, s)
	b := newBench(t, mcp.Limits{}, s)
	b.tools()
	one, two := <-lives, <-lives
	b.hub.Close()
	one.ended(t)
	two.ended(t)
}

func TestACrashLeavesNoProcess(t *testing.T) {
	s := child(t, "s", "parent")
	lives := watched(t, s)
	b := newBench(t, mcp.Limits{Retry: time.Hour}, s)
	tools := b.tools()
	one, two := <-lives, <-lives
	if _, _, err := call(t.Context(), t, tools["s__crash"], "", newOutput()); err == nil {
		t.Error("no error")
	}
	one.ended(t)
	two.ended(t)
}

func TestACheckEndsWithWhoWantsIt(t *testing.T) {
	b := newBench(t, mcp.Limits{Connect: 5 * time.Minute}, child(t, "s", "deaf"))
	if st := b.hub.Check(t.Context(), "s"); st.State != mcp.Ready {
		t.Fatalf("state %+v", st)
	}
	ctx, cancel := context.WithCancel(t.Context())
	checked := make(chan mcp.State, 1)
	go func() { checked <- b.hub.Check(ctx, "s") }()
	cancel()
	select {
	case st := <-checked:
		if st.State != mcp.Ready {
			t.Errorf("nobody's patience is no failure of the server: %+v", st)
		}
	case <-time.After(time.Minute):
		t.Fatal("it waits for a server that says nothing")
	}
}
