package main_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"hermes-webui/app/wholetest"
	"hermes-webui/tray/traytest"
)

// From the start of the process to the first 200, beside Python's http.server in
// the same run.
//
//	go test -run '^$' -bench Health -benchtime 1x -count 3 ./app
func BenchmarkHealthStart(b *testing.B) {
	var ours, python []float64
	wholetest.Build(b, "")
	for b.Loop() {
		for range 10 {
			began := time.Now()
			p := wholetest.Launch(b, wholetest.Options{})
			answers(b, p.URL+"/health")
			ours = append(ours, ms(time.Since(began)))
			p.Kill()
			python = append(python, startPython(b))
		}
	}
	b.ReportMetric(middle(ours), "ours-p50-ms")
	b.ReportMetric(middle(python), "python-p50-ms")
	b.ReportMetric(middle(ours)/middle(python), "ratio")
	noteLoad(b)
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// answers waits for the first 200.
func answers(b *testing.B, url string) {
	b.Helper()
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(500 * time.Microsecond) {
		r, err := http.Get(url)
		if err != nil {
			continue
		}
		_ = r.Body.Close()
		if r.StatusCode == http.StatusOK {
			return
		}
	}
	b.Fatal("no answer in 20 s")
}

func startPython(b *testing.B) float64 {
	b.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	addr := l.Addr().String()
	_ = l.Close()
	_, port, _ := net.SplitHostPort(addr)
	began := time.Now()
	cmd := exec.Command("python3", "-m", "http.server", "--bind", "127.0.0.1", port)
	cmd.Dir = b.TempDir()
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	answers(b, "http://"+addr+"/")
	took := time.Since(began)
	_ = cmd.Process.Kill()
	_ = cmd.Wait()
	return ms(took)
}

// What the server costs when nobody asks for anything: a minute, in which it
// goes on probing itself.
func BenchmarkHealthIdle(b *testing.B) {
	for b.Loop() {
		idle(b, wholetest.Start(b, wholetest.Options{}))
	}
	noteLoad(b)
}

// The same with a tray in a panel.
func BenchmarkHealthIdleTray(b *testing.B) {
	for b.Loop() {
		bus := traytest.NewBus(b)
		panel := traytest.NewPanel(b, bus)
		p := wholetest.Start(b, wholetest.Options{Mode: "--tray", Env: []string{"DBUS_SESSION_BUS_ADDRESS=" + bus.Address, "PATH=" + b.TempDir()}})
		panel.Shown()
		idle(b, p)
	}
	noteLoad(b)
}

func idle(b *testing.B, p *wholetest.Program) {
	time.Sleep(15 * time.Second) // the start is over
	before, err := p.CPU()
	if err != nil {
		b.Fatal(err)
	}
	time.Sleep(time.Minute)
	after, err := p.CPU()
	if err != nil {
		b.Fatal(err)
	}
	rss, err := p.RSS()
	if err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(after-before)/float64(10*time.Millisecond), "ticks/min")
	b.ReportMetric(float64(rss)/(1<<20), "MB-rss")
	p.Stop()
}

const (
	crowd       = 1000 // event streams
	crowdAsks   = 200  // requests a second
	crowdAsksIn = 30 * time.Second
)

// A thousand pages that listen and 200 health requests a second, beside a bare
// net/http handler under the same load.
func BenchmarkHealthCrowd(b *testing.B) {
	for b.Loop() {
		p := wholetest.Start(b, wholetest.Options{})
		idle, _ := p.RSS()
		ours := crowded(b, p.Addr, "/api/events?sessions=")
		busy, _ := p.RSS()
		time.Sleep(5 * time.Second)
		again := crowded(b, p.Addr, "/api/events?sessions=")
		twice, _ := p.RSS()
		p.Stop()
		bare := crowded(b, bareServer(b), "/api/events")
		b.ReportMetric(at(ours, 0.99), "ours-p99-ms")
		b.ReportMetric(at(again, 0.99), "again-p99-ms")
		b.ReportMetric(at(bare, 0.99), "bare-p99-ms")
		b.ReportMetric(at(ours, 0.5), "ours-p50-ms")
		b.ReportMetric(at(bare, 0.5), "bare-p50-ms")
		b.ReportMetric(at(ours, 0.99)/at(bare, 0.99), "ratio-p99")
		for name, rss := range map[string]int64{"idle": idle, "crowd": busy, "second-crowd": twice} {
			b.ReportMetric(float64(rss)/(1<<20), name+"-MB")
		}
	}
	noteLoad(b)
}

func at(sorted []float64, part float64) float64 { return sorted[int(float64(len(sorted)-1)*part)] }

// crowded returns how long each health request took, sorted, in ms.
func crowded(b *testing.B, addr, events string) []float64 {
	b.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var open, all sync.WaitGroup
	open.Add(crowd)
	for range crowd {
		all.Go(func() { listenTo(ctx, b, addr, events, open.Done) })
	}
	open.Wait()
	times := make(chan float64, crowdAsks*int(crowdAsksIn/time.Second)+1)
	client := http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 50}}
	var asks sync.WaitGroup
	tick := time.NewTicker(time.Second / crowdAsks)
	for end := time.Now().Add(crowdAsksIn); time.Now().Before(end); <-tick.C {
		asks.Go(func() {
			began := time.Now()
			r, err := client.Get("http://" + addr + "/health")
			if err != nil {
				b.Error(err)
				return
			}
			_, _ = io.Copy(io.Discard, r.Body)
			_ = r.Body.Close()
			times <- ms(time.Since(began))
		})
	}
	tick.Stop()
	asks.Wait()
	cancel()
	all.Wait()
	close(times)
	var got []float64
	for t := range times {
		got = append(got, t)
	}
	slices.Sort(got)
	return got
}

// listenTo reads an event stream until ctx ends.
func listenTo(ctx context.Context, b *testing.B, addr, path string, opened func()) {
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		b.Error(err)
		opened()
		return
	}
	defer conn.Close()
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	defer stop()
	_, _ = fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: %s\r\nAccept: text/event-stream\r\n\r\n", path, addr)
	r := bufio.NewReaderSize(conn, 512)
	if line, err := r.ReadString('\n'); err != nil || !strings.Contains(line, "200") {
		b.Errorf("a stream answers %q, %v", line, err)
	}
	opened()
	_, _ = io.Copy(io.Discard, r)
}

const bareEnv = "HERMES_WEBUI_BARE_SERVER"

// bareServer is a process of its own that does the least that can be done.
func bareServer(b *testing.B) string {
	b.Helper()
	self, err := os.Executable()
	if err != nil {
		b.Fatal(err)
	}
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), bareEnv+"=1")
	out, err := cmd.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	addr, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		b.Fatal(err)
	}
	return strings.TrimSpace(addr)
}

// The test program is that process when it is asked to.
func init() {
	if os.Getenv(bareEnv) != "" {
		serveBare()
	}
}

func serveBare() {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	fmt.Println(ln.Addr())
	mux := http.NewServeMux()
	mux.HandleFunc("/health", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"status": "ok", "pid": `+strconv.Itoa(os.Getpid())+"}\n")
	})
	mux.HandleFunc("/api/events", func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusOK)
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done()
	})
	_ = http.Serve(ln, mux)
}
