package gateway_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/coder/websocket"

	"hermes-webui/server/agent/hermes/gateway"
	"hermes-webui/server/agent/hermes/gateway/gatewaytest"
)

// served is a double behind a WebSocket, as `hermes serve` is; it returns its
// address.
func served(t *testing.T, token string) string {
	t.Helper()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/api/ws" || r.URL.Query().Get("token") != token {
			http.Error(w, "no", http.StatusForbidden)
			return
		}
		conn, err := websocket.Accept(w, r, nil)
		if err != nil {
			return
		}
		defer conn.CloseNow()
		in, out := frames(r, conn)
		_ = gatewaytest.New(gatewaytest.Options{}).Serve(in, out)
	}))
	t.Cleanup(srv.Close)
	return strings.TrimPrefix(srv.URL, "http://")
}

// frames makes lines of messages, and messages of lines.
func frames(r *http.Request, conn *websocket.Conn) (in io.Reader, out io.Writer) {
	in, fromClient := io.Pipe()
	toClient, out := io.Pipe()
	go func() {
		for {
			_, b, err := conn.Read(r.Context())
			if err != nil {
				_ = fromClient.Close()
				_ = toClient.Close()
				return
			}
			_, _ = fromClient.Write(append(b, '\n'))
		}
	}()
	go func() {
		link := gateway.NewLines(toClient, io.Discard, os.TempDir(), toClient.Close)
		for {
			f, err := link.Recv()
			if err != nil {
				return
			}
			data := f.Data
			if f.Spilled != "" {
				data, _ = os.ReadFile(f.Spilled)
				_ = os.Remove(f.Spilled)
			}
			if conn.Write(r.Context(), websocket.MessageText, data) != nil {
				return
			}
		}
	}()
	return in, out
}

func TestAWebSocketCarriesTheSame(t *testing.T) {
	dir := t.TempDir()
	link, err := gateway.Dial(t.Context(), served(t, "right"), "right", dir)
	if err != nil {
		t.Fatal(err)
	}
	c := gateway.New(link, gateway.Options{})
	defer c.Close()
	if _, err := c.Ready(t.Context()); err != nil {
		t.Fatal(err)
	}
	sid := create(t, t.Context(), c)
	feed := c.Listen(sid)
	defer feed.Close()
	submit(t, c, sid, "[[plain]]")
	if h := hear(t, feed, nil); h.text != "Plain words in several pieces." {
		t.Errorf("heard %+v", h)
	}
	submit(t, c, sid, "[[huge:12]]")
	file := ""
	hear(t, feed, func(m gateway.Message) {
		if m.Spilled != "" {
			file = m.Spilled
		}
	})
	if info, err := os.Stat(file); err != nil || info.Size() < 11<<20 || !strings.HasPrefix(file, dir) {
		t.Errorf("%q has %v, %v", file, info, err)
	}
}

func TestARefusedConnectionTellsNoToken(t *testing.T) {
	host := served(t, "right")
	_, err := gateway.Dial(t.Context(), host, "wrong-token-1", "")
	if err == nil || !strings.Contains(err.Error(), "403") || strings.Contains(err.Error(), "wrong-token") {
		t.Errorf("got %v", err)
	}
	_, err = gateway.Dial(t.Context(), "127.0.0.1:1", "wrong-token-1", "")
	if err == nil || strings.Contains(err.Error(), "wrong-token") {
		t.Errorf("got %v", err)
	}
}
