package gateway_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"hermes-webui/server/agent/hermes/gateway"
	"hermes-webui/server/agent/hermes/gateway/gatewaytest"
)

// expected is the text of the double's scene burst.
func expected(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "w%d ", i)
	}
	return b.String()
}

func TestASlowSessionHoldsUpNoOther(t *testing.T) {
	const sessions, deltas = 10, 10_000
	c, ids := double(t, gatewaytest.Options{}, sessions)
	feeds := make([]*gateway.Feed, sessions)
	for i, id := range ids {
		feeds[i] = c.Listen(id)
		defer feeds[i].Close()
	}
	began := time.Now()
	for _, id := range ids {
		submit(t, c, id, "[[burst]]") // 10,000 pieces
	}
	want := expected(deltas)
	var wg sync.WaitGroup
	for _, f := range feeds[1:] {
		wg.Go(func() {
			if h := hear(t, f, nil); h.text != want || h.final != want {
				t.Errorf("a fast session heard %d bytes, want %d", len(h.text), len(want))
			}
		})
	}
	wg.Wait()
	took := time.Since(began)
	h := hear(t, feeds[0], nil)
	if h.text != want {
		t.Errorf("the slow session heard %d bytes, want %d", len(h.text), len(want))
	}
	if len(h.kinds) > deltas/2 {
		t.Errorf("the slow session got %d messages, want them joined", len(h.kinds))
	}
	t.Logf("%d deltas in %v: %.0f a second; the slow one's came in %d messages", sessions*deltas, took, sessions*deltas/took.Seconds(), len(h.kinds))
}

// What nobody reads costs little more than its text.
func TestMemoryIsBoundWhereNobodyReads(t *testing.T) {
	s := newScript()
	c := gateway.New(s, gateway.Options{})
	defer c.Close()
	feed, fence := c.Listen("a"), c.Listen("b")
	defer feed.Close()
	before := heap()
	const deltas = 100_000
	for i := range deltas {
		s.back <- fmt.Appendf(nil, `{"jsonrpc":"2.0","method":"event","params":{"type":"message.delta","session_id":"a","payload":{"text":"w%d "}}}`, i)
	}
	s.back <- []byte(`{"jsonrpc":"2.0","method":"event","params":{"type":"message.complete","session_id":"a","payload":{}}}`)
	s.back <- []byte(`{"jsonrpc":"2.0","method":"event","params":{"type":"done","session_id":"b"}}`)
	if _, err := fence.Next(t.Context()); err != nil {
		t.Fatal(err)
	}
	want := expected(deltas)
	grown := int(heap()-before) - len(want)
	t.Logf("%d KB of text cost %d KB besides", len(want)>>10, grown>>10)
	if grown > 3<<20 {
		t.Errorf("%d bytes of text cost %d besides", len(want), grown)
	}
	if h := hear(t, feed, nil); h.text != want {
		t.Errorf("heard %d bytes, want %d", len(h.text), len(want))
	}
}

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// peak samples the heap until stop is called, and returns its highest.
func peak() (stop func() uint64) {
	var highest atomic.Uint64
	done, over := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(over)
		for {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			highest.Store(max(highest.Load(), m.HeapAlloc))
			select {
			case <-done:
				return
			case <-time.After(5 * time.Millisecond):
			}
		}
	}()
	return func() uint64 { close(done); <-over; return highest.Load() }
}

func TestALineOf50MegabytesIsReadWithoutHoldingIt(t *testing.T) {
	h, _ := child(t, gatewaytest.Options{})
	c, err := h.Client(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	sid := create(t, t.Context(), c)
	feed := c.Listen(sid)
	defer feed.Close()
	before := heap()
	highest := peak()
	began := time.Now()
	submit(t, c, sid, "[[huge:50]]")
	file, payload := "", ""
	said := hear(t, feed, func(m gateway.Message) {
		if m.Spilled != "" {
			file, payload = m.Spilled, string(m.Payload)
		}
	})
	took, grown := time.Since(began), int64(highest()-before)>>20
	t.Logf("took %v, heap grew by %d MB at most", took, grown)
	if said.text != "That was much." {
		t.Errorf("said %q", said.text)
	}
	if grown > 40 {
		t.Errorf("the heap grew by %d MB for a line of 50", grown)
	}
	info, err := os.Stat(file)
	if err != nil || info.Size() < 50<<20*9/10 {
		t.Fatalf("the file has %v, %v", info, err)
	}
	var p struct {
		ID     string `json:"tool_id"`
		Result struct {
			Output string
			Code   *int `json:"exit_code"`
		}
		Took float64 `json:"duration_s"`
	}
	if err := json.Unmarshal([]byte(payload), &p); err != nil {
		t.Fatalf("%v in %.100s", err, payload)
	}
	if p.ID != "call_huge" || p.Result.Code == nil || p.Took != 0.5 || len(p.Result.Output) < 100<<10 || len(p.Result.Output) > 300<<10 {
		t.Errorf("payload has id %q, code %v, took %v, %d bytes of output", p.ID, p.Result.Code, p.Took, len(p.Result.Output))
	}
	if err := os.Remove(file); err != nil {
		t.Error(err)
	}
}

// Frames of any shape over the limit stay JSON.
func TestLongFramesStayReadable(t *testing.T) {
	event := func(payload string) string {
		return `{"jsonrpc":"2.0","method":"event","params":{"type":"x","session_id":"a","payload":` + payload + "}}\n"
	}
	long := strings.Repeat("ä", 5<<20)
	for name, payload := range map[string]string{
		"a string":       `{"a":"` + long + `","b":1}`,
		"escapes":        `{"a":"` + strings.Repeat(`\"\\é😀`, 1<<20) + `"}`,
		"many elements":  `{"a":[` + strings.Repeat(`{"k":"v","n":[1,2,{}]},`, 1<<19) + `null]}`,
		"many strings":   `[` + strings.Repeat(`"`+strings.Repeat("x", 1000)+`",`, 1<<14) + `""]`,
		"several long":   `{"a":"` + long + `","b":"` + long + `","c":{"d":"` + long + `"}}`,
		"spaces between": `{"a" : "` + long + "\" ,\t\"b\" : [ ] }",
	} {
		t.Run(name, func(t *testing.T) {
			in, out := io.Pipe()
			c := gateway.New(gateway.NewLines(in, io.Discard, t.TempDir(), in.Close), gateway.Options{})
			defer c.Close()
			go func() { _, _ = io.WriteString(out, event(payload)) }()
			m, err := c.Listen("a").Next(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if m.Spilled == "" || !json.Valid(m.Payload) || len(m.Payload) > 5<<20 {
				t.Fatalf("spilled %q, %d bytes, valid %v", m.Spilled, len(m.Payload), json.Valid(m.Payload))
			}
			whole, err := os.ReadFile(m.Spilled)
			if err != nil || !bytes.Equal(whole, []byte(event(payload))) {
				t.Errorf("the file has %d bytes, %v", len(whole), err)
			}
			_ = os.Remove(m.Spilled)
		})
	}
}

// What is long and no message leaves no file behind.
func TestLongGarbageLeavesNothing(t *testing.T) {
	dir := t.TempDir()
	in, out := io.Pipe()
	c := gateway.New(gateway.NewLines(in, io.Discard, dir, in.Close), gateway.Options{})
	defer c.Close()
	long := strings.Repeat("x", 9<<20)
	go func() {
		_, _ = io.WriteString(out, long+"\n"+`{"id":77,"result":"`+long+`"}`+"\n"+`[[[`+strings.Repeat("[", 9<<20)+"\n"+
			`{"jsonrpc":"2.0","method":"event","params":{"type":"x","session_id":"a"}}`+"\n")
	}()
	if m, err := c.Listen("a").Next(t.Context()); err != nil || m.Type != "x" {
		t.Fatal(m, err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("left: %v, %v", left, err)
	}
}
