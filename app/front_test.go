package main

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// inside is a server that runs in the test's own process.
type inside struct {
	url  string
	dir  string
	log  *lines
	stop context.CancelFunc
	code chan int
}

// lines is a log whose lines can be waited for.
type lines struct {
	mu   sync.Mutex
	buf  bytes.Buffer
	more *sync.Cond
}

func newLines() *lines {
	l := &lines{}
	l.more = sync.NewCond(&l.mu)
	return l
}

func (l *lines) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	defer l.more.Broadcast()
	return l.buf.Write(b)
}

// until waits until text stands in the log n times.
func (l *lines) until(text string, n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for strings.Count(l.buf.String(), text) < n {
		l.more.Wait()
	}
}

func startInside(t *testing.T) *inside {
	t.Helper()
	return startInsideAt(t, filepath.Join(t.TempDir(), "state"))
}

// startInsideAt starts a server in a state folder, with what else the
// environment shall have.
func startInsideAt(t *testing.T, dir string, env ...string) *inside {
	t.Helper()
	home := t.TempDir()
	ctx, stop := context.WithCancel(context.Background())
	out, in := newLines(), &inside{log: newLines(), dir: dir, stop: stop, code: make(chan int, 1)}
	args := []string{"--serve", "--port", "0", "--state-dir", dir}
	go func() {
		in.code <- run(ctx, args, append(environ{"HOME=" + home, "USERPROFILE=" + home}, env...), stdio{out, in.log})
	}()
	out.until("\n", 1)
	_, in.url, _ = strings.Cut(strings.TrimSpace(out.buf.String()), " is at ")
	return in
}

// end has the server quit and wants a good end. Cancelling its context instead
// would not wait until its files are closed.
func (in *inside) end(t *testing.T) {
	t.Helper()
	defer in.stop()
	fresh := http.Client{Transport: &http.Transport{DisableKeepAlives: true}} // an old connection may just be closing
	res, err := fresh.Post(in.url+"/api/system/quit", "", nil)
	if err != nil {
		in.stop()
		t.Error(err)
	} else {
		_ = res.Body.Close()
	}
	if code := <-in.code; code != exitOK {
		t.Errorf("exit %d:\n%s", code, in.log.buf.String())
	}
}

func TestAFrontThatRestartsUnderLoadRefusesNobodyAndLeavesNothingBehind(t *testing.T) {
	in := startInside(t)
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	restart := func(nth int) {
		res, err := client.Post(in.url+"/api/system/restart", "", nil)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		in.log.until("front restarted", nth)
	}
	restart(1) // whatever is made once is made now
	before := settled(0)

	ctx, cancel := context.WithCancel(t.Context())
	var load sync.WaitGroup
	var answers atomic.Int64
	for range 4 {
		load.Go(func() { answers.Add(keepAsking(ctx, t, client, in.url+"/api/sessions")) })
	}
	for range 4 {
		load.Go(func() { listen(ctx, client, in.url+"/api/events") })
	}
	const times = 100
	for i := range times {
		restart(i + 2)
	}
	cancel()
	load.Wait()
	if t.Failed() {
		t.Log(in.log.buf.String())
	}
	if n := answers.Load(); n < times {
		t.Errorf("only %d answers during %d restarts", n, times)
	}
	if after := settled(before + 3); after > before+3 {
		all := make([]byte, 1<<20)
		t.Errorf("%d goroutines before, %d after %d restarts:\n%s", before, after, times, all[:runtime.Stack(all, true)])
	}
	in.end(t)
}

// keepAsking asks until ctx ends and returns how many answers came. No answer, or an
// answer other than 200, fails the test.
func keepAsking(ctx context.Context, t *testing.T, client *http.Client, url string) (n int64) {
	for ctx.Err() == nil {
		res, err := client.Get(url)
		if err != nil {
			if ctx.Err() == nil {
				t.Errorf("refused: %v", err)
			}
			return n
		}
		_, err = io.Copy(io.Discard, res.Body)
		res.Body.Close()
		if err != nil || res.StatusCode != http.StatusOK {
			t.Errorf("answer %d, %v", res.StatusCode, err)
			return n
		}
		n++
	}
	return n
}

// listen keeps an event stream open, as a browser does.
func listen(ctx context.Context, client *http.Client, url string) {
	for ctx.Err() == nil {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
		if err != nil {
			return
		}
		if res, err := client.Do(req); err == nil {
			_, _ = io.Copy(io.Discard, res.Body)
			res.Body.Close()
		}
	}
}

// settled returns the number of goroutines once it is at most want, or after
// five seconds.
func settled(want int) int {
	deadline := time.Now().Add(5 * time.Second)
	if want == 0 {
		deadline = time.Now().Add(500 * time.Millisecond)
	}
	for runtime.NumGoroutine() > want && time.Now().Before(deadline) {
		time.Sleep(10 * time.Millisecond) // goroutines of net/http: nothing to wait on
	}
	return runtime.NumGoroutine()
}

func TestTwoServersRunInOneProcess(t *testing.T) {
	one, two := startInside(t), startInside(t)
	for _, in := range []*inside{one, two} {
		status, _, err := getHealth(t.Context(), in.url+"/health?deep=1")
		if err != nil || status != http.StatusOK {
			t.Errorf("%s: %d, %v", in.url, status, err)
		}
	}
	one.end(t)
	if status, _, err := getHealth(t.Context(), two.url+"/health"); err != nil || status != http.StatusOK {
		t.Errorf("the end of one hurt the other: %d, %v", status, err)
	}
	two.end(t)
}
