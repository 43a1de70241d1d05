package gateway_test

import (
	"context"
	"errors"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"hermes-webui/server/agent/hermes/gateway"
	"hermes-webui/server/agent/hermes/gateway/gatewaytest"
)

// problem returns the words of an error that people are shown.
func problem(t *testing.T, err error) string {
	t.Helper()
	p, ok := errors.AsType[*gateway.Problem](err)
	if !ok {
		t.Fatalf("got %v, want words for people", err)
	}
	return p.Text
}

func TestAnAgentThatIsNeverReadySaysSo(t *testing.T) {
	t.Parallel()
	h, _ := child(t, gatewaytest.Options{Mute: true, Says: "waiting for godot"}, func(s *gateway.Spec) { s.ReadyIn = 300 * time.Millisecond })
	began := time.Now()
	_, err := h.Client(t.Context())
	if text := problem(t, err); !strings.Contains(text, "not become ready: it took longer than 0.3 s") || !strings.Contains(text, "godot") {
		t.Errorf("says %q", text)
	}
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("took %v", took)
	}
	if s := h.State(); s.Phase != gateway.Failed || s.PID != 0 || s.Problem == "" {
		t.Errorf("state %+v", s)
	}
}

func TestAnAgentThatFailsIsTriedAgainAfterGrowingPauses(t *testing.T) {
	t.Parallel()
	h, _ := child(t, gatewaytest.Options{Fails: true, Says: "config.yaml is not valid; token=abcdefgh12345"}, func(s *gateway.Spec) { s.Pause = 40 * time.Millisecond })
	for i, pause := range []time.Duration{40, 80, 160, 320} {
		_, err := h.Client(t.Context())
		text := problem(t, err)
		if !strings.Contains(text, "exit status 3") || !strings.Contains(text, "config.yaml is not valid") || strings.Contains(text, "abcdefgh12345") {
			t.Errorf("says %q", text)
		}
		s := h.State()
		if got := s.RetryAt.Sub(s.Since); got != pause*time.Millisecond || s.Starts != i+1 {
			t.Errorf("after start %d the pause is %v, want %v", s.Starts, got, pause*time.Millisecond)
		}
		<-time.After(time.Until(s.RetryAt))
	}
}

func TestAnAgentThatDiesInACallIsStartedAnew(t *testing.T) {
	t.Parallel()
	h, _ := child(t, gatewaytest.Options{DiesAt: "prompt.submit"}, func(s *gateway.Spec) { s.Pause = time.Millisecond })
	c, err := h.Client(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	sid := create(t, t.Context(), c)
	feed := c.Listen(sid)
	err = c.Call(t.Context(), "prompt.submit", map[string]string{"session_id": sid, "text": "x"}, nil)
	if !errors.Is(err, gateway.ErrGone) {
		t.Errorf("the call gave %v", err)
	}
	for err = nil; err == nil; _, err = feed.Next(t.Context()) {
	}
	if !errors.Is(err, gateway.ErrGone) {
		t.Errorf("the feed gave %v", err)
	}
	if fate := h.Fate(c); !strings.Contains(fate, "exit status 3") || !strings.Contains(fate, "[gateway-crash]") {
		t.Errorf("its fate is %q", fate)
	}
	again, err := h.Client(t.Context())
	for errors.As(err, new(*gateway.Problem)) { // the pause
		<-time.After(time.Until(h.State().RetryAt))
		again, err = h.Client(t.Context())
	}
	if err != nil || again == c || again.Err() != nil {
		t.Errorf("another start gave %v", err)
	}
	if s := h.State(); s.Phase != gateway.Ready || s.Starts != 2 {
		t.Errorf("state %+v", s)
	}
}

func TestAnAgentThatAnswersNoPingsIsEnded(t *testing.T) {
	t.Parallel()
	h, _ := child(t, gatewaytest.Options{Deaf: true, Lingers: true}, func(s *gateway.Spec) { s.PingEvery = 50 * time.Millisecond })
	c, err := h.Client(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	<-c.Done()
	if fate := h.Fate(c); !strings.Contains(fate, "did not answer 3 times") {
		t.Errorf("its fate is %q", fate)
	}
	if took := time.Since(began); took > 3*time.Second {
		t.Errorf("took %v", took)
	}
}

func TestAnAgentThatAnswersPingsLives(t *testing.T) {
	t.Parallel()
	h, _ := child(t, gatewaytest.Options{}, func(s *gateway.Spec) { s.PingEvery = 20 * time.Millisecond })
	c, err := h.Client(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	select {
	case <-c.Done():
		t.Errorf("it ended: %v", c.Err())
	case <-time.After(400 * time.Millisecond): // 20 pings
	}
}

func TestARestartNeedsNoPause(t *testing.T) {
	t.Parallel()
	h, _ := child(t, gatewaytest.Options{})
	c, err := h.Client(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	h.Restart()
	if c.Err() == nil || h.State().Phase != gateway.Off {
		t.Errorf("after a restart: %v, %+v", c.Err(), h.State())
	}
	if c, err = h.Client(t.Context()); err != nil || c.Err() != nil {
		t.Errorf("the next start: %v", err)
	}
}

func TestAfterStopNothingStarts(t *testing.T) {
	t.Parallel()
	h, _ := child(t, gatewaytest.Options{Mute: true})
	got := make(chan error, 1)
	go func() { _, err := h.Client(context.Background()); got <- err }()
	for h.State().PID == 0 {
		runtime.Gosched()
	}
	h.Stop() // in the middle of the start
	problem(t, <-got)
	_, err := h.Client(t.Context())
	problem(t, err)
	h.Stop()
}

func TestManyMayWaitForOneStart(t *testing.T) {
	t.Parallel()
	h, _ := child(t, gatewaytest.Options{})
	got := make(chan *gateway.Client, 20)
	for range cap(got) {
		go func() { c, _ := h.Client(context.Background()); got <- c }()
	}
	first := <-got
	for range cap(got) - 1 {
		if c := <-got; c == nil || c != first {
			t.Errorf("got %p, want %p", c, first)
		}
	}
	if n := h.State().Starts; n != 1 {
		t.Errorf("%d starts", n)
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := h.Client(gone); err != nil {
		t.Errorf("who need not wait gets %v", err)
	}
}

func TestAProgramThatIsNotThereIsNamed(t *testing.T) {
	t.Parallel()
	h, _ := child(t, gatewaytest.Options{}, func(s *gateway.Spec) { s.Argv = []string{"/no/such/python"} })
	_, err := h.Client(t.Context())
	if text := problem(t, err); !strings.Contains(text, "/no/such/python") {
		t.Errorf("says %q", text)
	}
}

func TestWordsForPeopleHaveNoSecrets(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	if err := os.WriteFile(home+"/.env", []byte("export MY_API_KEY='from-the-file-1'\n#x\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	says := strings.Join([]string{
		"a from-the-env-1 and from-the-file-1", "Authorization: Bearer abcdefgh.ijkl", "url https://me:hunter22@host/x?token=qwertyuiop",
		`{"api_key": "zyxwvutsrq"}`, "sk-proj-abcdefghijklmnop is refused", "password=correcthorse", "plain words stay", strings.Repeat("long ", 1000),
	}, "\n")
	h, _ := child(t, gatewaytest.Options{Fails: true, Says: says}, func(s *gateway.Spec) {
		s.Home, s.Env = home, append(s.Env, "SOME_TOKEN=from-the-env-1")
	})
	_, err := h.Client(t.Context())
	problem(t, err)
	all := strings.Join(h.State().Stderr, "\n")
	for _, secret := range []string{"from-the", "abcdefgh", "hunter22", "qwerty", "zyxw", "abcdefghijkl", "correct"} {
		if strings.Contains(all, secret) || strings.Contains(err.Error(), secret) {
			t.Errorf("%q is shown in\n%.600s", secret, all)
		}
	}
	if !strings.Contains(all, "plain words stay") || !strings.Contains(all, "https://me:[hidden]@host") || len(all) > 4000 {
		t.Errorf("says %.1000s", all)
	}
}
