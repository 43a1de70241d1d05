package modeltest

import (
	"encoding/json"
	"io"
	"net"
	"net/http"
	"sync"
	"time"
)

// Request is one question as it came in.
type Request struct {
	N      int // counts questions from 0
	At     time.Time
	Path   string
	Header http.Header
	Body   []byte
}

// Server is a running model server. Its answers may be asked for by many at
// once.
type Server struct {
	// URL is the address with /v1, as OPENAI_BASE_URL wants it. Root is the
	// address without it.
	URL, Root string
	// Left gets a question's number when a client went away in the middle of
	// its answer. It is never blocked on: 64 are kept.
	Left chan int

	answer func(Request) Script
	http   *http.Server
	mu     sync.Mutex
	models []string
	asked  []Request
	wg     sync.WaitGroup
}

// Start serves on a free port of loopback until Close. answer is called for
// each question and may be called by several goroutines at once.
func Start(answer func(Request) Script) (*Server, error) { return StartAt("127.0.0.1:0", answer) }

// StartAt is Start with an address.
func StartAt(addr string, answer func(Request) Script) (*Server, error) {
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, err
	}
	root := "http://" + l.Addr().String()
	s := &Server{URL: root + "/v1", Root: root, Left: make(chan int, 64), answer: answer, models: []string{"scripted"}}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /v1/chat/completions", s.serve(openAI))
	mux.HandleFunc("POST /v1/messages", s.serve(anthropic))
	mux.HandleFunc("GET /v1/models", s.list)
	s.http = &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	s.wg.Go(func() { _ = s.http.Serve(l) })
	return s, nil
}

// Close ends all connections.
func (s *Server) Close() {
	_ = s.http.Close()
	s.wg.Wait()
}

// SetModels sets the ids that GET /v1/models lists.
func (s *Server) SetModels(ids ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.models = ids
}

// Requests returns the questions so far.
func (s *Server) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Request(nil), s.asked...)
}

func (s *Server) list(w http.ResponseWriter, _ *http.Request) {
	type model struct {
		ID     string `json:"id"`
		Object string `json:"object"`
	}
	s.mu.Lock()
	data := []model{}
	for _, id := range s.models {
		data = append(data, model{id, "model"})
	}
	s.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]any{"object": "list", "data": data})
}

func (s *Server) record(r *http.Request) Request {
	body, _ := io.ReadAll(r.Body)
	s.mu.Lock()
	defer s.mu.Unlock()
	q := Request{N: len(s.asked), At: time.Now(), Path: r.URL.Path, Header: r.Header.Clone(), Body: body}
	s.asked = append(s.asked, q)
	return q
}

func (s *Server) serve(f frames) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		q := s.record(r)
		script := s.answer(q)
		for k, v := range script.Header {
			w.Header()[k] = v
		}
		if script.Body != "" || script.Status != 0 && script.Status != http.StatusOK {
			raw(w, script)
			return
		}
		w.Header().Set("Content-Type", "text/event-stream")
		p := &player{w: w, flush: http.NewResponseController(w), gone: r.Context().Done(), script: script, f: f}
		if !p.play(q.Asked().Model) {
			s.left(q.N)
		}
	}
}

func (s *Server) left(n int) {
	select {
	case s.Left <- n:
	default:
	}
}

func raw(w http.ResponseWriter, s Script) {
	kind := s.Type
	if kind == "" {
		kind = "text/event-stream"
		if s.Status != 0 {
			kind = "application/json"
		}
	}
	w.Header().Set("Content-Type", kind)
	if s.Status != 0 {
		w.WriteHeader(s.Status)
	}
	_, _ = io.WriteString(w, s.Body)
}
