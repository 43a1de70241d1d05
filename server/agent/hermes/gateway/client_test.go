package gateway_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"hermes-webui/server/agent/hermes/gateway"
	"hermes-webui/server/agent/hermes/gateway/gatewaytest"
)

func TestRecordingsOfTheRealAgentAreUnderstood(t *testing.T) {
	for _, name := range gatewaytest.Recordings() {
		t.Run(name, func(t *testing.T) {
			lines, err := gatewaytest.Recording(name)
			if err != nil {
				t.Fatal(err)
			}
			c, _ := double(t, gatewaytest.Options{Record: name}, 0)
			if h, err := c.Ready(t.Context()); err != nil || h.Requests || h.Protocol != 0 {
				t.Fatalf("hello %+v, %v", h, err)
			}
			var want []string
			session := ""
			for _, l := range lines {
				var f struct {
					Method string
					Params json.RawMessage
					Result struct {
						Session string `json:"session_id"`
					}
				}
				if err := json.Unmarshal(l.Frame, &f); err != nil {
					t.Fatal(err)
				}
				var p struct {
					Type    string
					Session string `json:"session_id"`
				}
				_ = json.Unmarshal(f.Params, &p) // answers have none
				switch {
				case l.Sent:
					var result struct {
						Session string `json:"session_id"`
					}
					if err := c.Call(t.Context(), f.Method, f.Params, &result); err != nil {
						t.Fatal(err)
					}
				case f.Result.Session != "":
					session = f.Result.Session
				case p.Session != "":
					want = append(want, p.Type)
				}
			}
			feed := c.Listen(session) // only now: nothing may be lost until then
			defer feed.Close()
			var got []string
			for range want {
				m, err := feed.Next(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				got = append(got, m.Type)
			}
			if !slices.Equal(got, want) {
				t.Errorf("got %q, want %q", got, want)
			}
		})
	}
}

func TestAPersonIsAskedInBothStyles(t *testing.T) {
	for style, requests := range map[string]bool{"events": false, "requests": true} {
		t.Run(style, func(t *testing.T) {
			c, ids := double(t, gatewaytest.Options{Requests: requests}, 1)
			if h, err := c.Ready(t.Context()); err != nil || h.Requests != requests {
				t.Fatalf("hello %+v, %v", h, err)
			}
			feed := c.Listen(ids[0])
			defer feed.Close()
			answer := func(m gateway.Message) {
				switch {
				case m.Type == "approval.request":
					_ = c.Call(t.Context(), "approval.respond", map[string]any{"session_id": ids[0], "choice": "once"}, nil)
				case m.Type == "clarify.request":
					var p struct {
						ID string `json:"request_id"`
					}
					_ = json.Unmarshal(m.Payload, &p)
					_ = c.Call(t.Context(), "clarify.respond", map[string]any{"request_id": p.ID, "answer": "blue"}, nil)
				case m.Request != nil && m.Type == "approval":
					_ = m.Request.Reply(t.Context(), map[string]any{"choice": "once"})
					_ = m.Request.Refuse(t.Context(), gateway.CodeUnknownMethod, "only the first answer counts")
				case m.Request != nil && m.Type == "clarify":
					_ = m.Request.Reply(t.Context(), map[string]any{"answers": map[string]any{"q1": "blue"}})
				}
			}
			code := ""
			submit(t, c, ids[0], "[[tool:rm -rf x]]")
			hear(t, feed, func(m gateway.Message) {
				answer(m)
				if m.Type == "tool.complete" {
					code = string(m.Payload)
				}
			})
			if !strings.Contains(code, `"exit_code":0`) {
				t.Errorf("the command was not allowed: %s", code)
			}
			submit(t, c, ids[0], "[[clarify]]")
			if h := hear(t, feed, answer); h.text != "You said blue." {
				t.Errorf("said %q", h.text)
			}
		})
	}
}

// A question may be withdrawn by an event that does not say whose it was.
func TestAWithdrawnQuestionReachesItsSession(t *testing.T) {
	c, ids := double(t, gatewaytest.Options{Requests: true}, 2)
	feed := c.Listen(ids[1])
	defer feed.Close()
	submit(t, c, ids[1], "[[clarify]]")
	id := ""
	h := hear(t, feed, func(m gateway.Message) {
		if m.Request != nil {
			id = m.Request.ID()
			if err := c.Call(t.Context(), "session.interrupt", map[string]string{"session_id": ids[1]}, nil); err != nil {
				t.Error(err)
			}
		}
		if m.Type == "request.cancel" && !strings.Contains(string(m.Payload), id) {
			t.Errorf("withdrawn is %s, asked was %s", m.Payload, id)
		}
	})
	if h.state != "interrupted" || !slices.Contains(h.kinds, "request.cancel") {
		t.Errorf("heard %+v", h)
	}
}

// Who listens next gets what comes in between.
func TestAQuestionMayWaitForTheNextListener(t *testing.T) {
	c, ids := double(t, gatewaytest.Options{Requests: true}, 1)
	feed := c.Listen(ids[0])
	submit(t, c, ids[0], "[[tool:rm x]]")
	for {
		if m, err := feed.Next(t.Context()); err != nil || m.Type == "tool.start" {
			break
		}
	}
	feed.Close() // the question may have come, or comes to nobody
	again := c.Listen(ids[0])
	defer again.Close()
	h := hear(t, again, func(m gateway.Message) {
		if m.Request != nil {
			_ = m.Request.Refuse(t.Context(), gateway.CodeUnknownMethod, "no")
		}
	})
	if h.state != "complete" {
		t.Errorf("heard %+v", h)
	}
}

// An agent must not wait for ever for somebody who is not there.
func TestAQuestionThatNobodyHearsIsRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newScript()
		c := gateway.New(s, gateway.Options{})
		defer c.Close()
		began := time.Now()
		s.back <- []byte(`{"jsonrpc":"2.0","id":"srq-1","method":"approval","params":{"session_id":"a"}}`)
		if got := string(<-s.sent); !strings.Contains(got, `"id":"srq-1","error":{"code":-32601`) {
			t.Errorf("sent %s", got)
		}
		if took := time.Since(began); took != 10*time.Second {
			t.Errorf("after %v", took)
		}
	})
}

func TestGarbageDoesNoHarm(t *testing.T) {
	c, ids := double(t, gatewaytest.Options{}, 1)
	feed := c.Listen(ids[0])
	defer feed.Close()
	submit(t, c, ids[0], "[[garbage]]")
	h := hear(t, feed, nil)
	if h.text != "Still here." || !slices.Contains(h.kinds, "pet.danced") {
		t.Errorf("heard %+v", h)
	}
}

// script is a Link whose far end is a function of what is sent.
type script struct {
	sent chan []byte
	back chan []byte
	over chan struct{}
	once sync.Once
}

func newScript() *script {
	return &script{sent: make(chan []byte, 1000), back: make(chan []byte, 1000), over: make(chan struct{})}
}

func (s *script) Send(_ context.Context, f []byte) error {
	s.sent <- slices.Clone(f)
	return nil
}

func (s *script) Recv() (gateway.Frame, error) {
	select {
	case f := <-s.back:
		return gateway.Frame{Data: f}, nil
	case <-s.over:
		return gateway.Frame{}, io.EOF
	}
}

func (s *script) Close() error {
	s.once.Do(func() { close(s.over) })
	return nil
}

func TestAnswersMayComeInAnyOrder(t *testing.T) {
	s := newScript()
	c := gateway.New(s, gateway.Options{})
	defer c.Close()
	const calls = 50
	var wg sync.WaitGroup
	for i := range calls {
		wg.Go(func() {
			var n int
			if err := c.Call(t.Context(), "echo", map[string]int{"n": i}, &n); err != nil || n != i {
				t.Errorf("call %d gave %d, %v", i, n, err)
			}
		})
	}
	var frames [][]byte
	for range calls {
		frames = append(frames, <-s.sent)
	}
	slices.Reverse(frames)
	for _, f := range frames {
		var call struct {
			ID     int
			Params struct{ N int }
		}
		if err := json.Unmarshal(f, &call); err != nil {
			t.Fatal(err)
		}
		s.back <- fmt.Appendf(nil, `{"jsonrpc":"2.0","id":%d,"result":%d}`, call.ID, call.Params.N)
	}
	wg.Wait()
}

func TestACallEndsWithItsContextAndALateAnswerDoesNoHarm(t *testing.T) {
	s := newScript()
	c := gateway.New(s, gateway.Options{})
	defer c.Close()
	ctx, cancel := context.WithCancel(t.Context())
	go func() { <-s.sent; cancel() }()
	if err := c.Call(ctx, "slow", nil, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	s.back <- []byte(`{"jsonrpc":"2.0","id":1,"result":"late"}`)
	go func() {
		<-s.sent
		s.back <- []byte(`{"jsonrpc":"2.0","id":2,"result":"in time"}`)
	}()
	var got string
	if err := c.Call(t.Context(), "quick", nil, &got); err != nil || got != "in time" {
		t.Fatal(got, err)
	}
}

func TestAnErrorKeepsItsCodeAndNullsAreNothing(t *testing.T) {
	s := newScript()
	c := gateway.New(s, gateway.Options{})
	defer c.Close()
	for code, check := range map[int]func(error) bool{
		4009:   func(err error) bool { e, ok := errors.AsType[*gateway.Error](err); return ok && e.Code == 4009 },
		-32601: func(err error) bool { return errors.Is(err, gateway.ErrUnknownMethod) },
		0:      func(err error) bool { return err == nil },
	} {
		go func() {
			var call struct{ ID int }
			_ = json.Unmarshal(<-s.sent, &call)
			if code == 0 {
				s.back <- fmt.Appendf(nil, `{"jsonrpc":"2.0","id":%d,"result":null,"error":null}`, call.ID)
				return
			}
			s.back <- fmt.Appendf(nil, `{"jsonrpc":"2.0","id":%d,"error":{"code":%d,"message":"no"}}`, call.ID, code)
		}()
		var n *int
		if err := c.Call(t.Context(), "x", nil, &n); !check(err) || n != nil {
			t.Errorf("code %d: %v, %v", code, err, n)
		}
	}
}

func TestWithoutALinkEverythingEnds(t *testing.T) {
	s := newScript()
	c := gateway.New(s, gateway.Options{})
	feed := c.Listen("a")
	s.back <- []byte(`{"jsonrpc":"2.0","method":"event","params":{"type":"message.start","session_id":"a"}}`)
	if m, err := feed.Next(t.Context()); err != nil || m.Type != "message.start" {
		t.Fatal(m, err)
	}
	failed := make(chan error, 1)
	go func() { failed <- c.Call(t.Context(), "x", nil, nil) }()
	<-s.sent
	_ = s.Close()
	if err := <-failed; !errors.Is(err, gateway.ErrGone) || !errors.Is(err, io.EOF) {
		t.Errorf("call: %v", err)
	}
	if _, err := feed.Next(t.Context()); !errors.Is(err, gateway.ErrGone) {
		t.Errorf("feed: %v", err)
	}
	if _, err := c.Ready(t.Context()); !errors.Is(err, gateway.ErrGone) {
		t.Errorf("ready: %v", err)
	}
	if _, err := c.Listen("b").Next(t.Context()); !errors.Is(err, gateway.ErrGone) {
		t.Errorf("a later feed: %v", err)
	}
	select {
	case <-c.Done():
	case <-time.After(time.Second):
		t.Error("not done")
	}
	_ = c.Close()
}
