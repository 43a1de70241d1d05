package mcp_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"
)

// The test binary is also the server that the tests connect to: SERVE names
// what sort of one.
func TestMain(m *testing.M) {
	if mode := os.Getenv("SERVE"); mode != "" {
		serve(mode)
		return
	}
	os.Exit(m.Run())
}

func serve(mode string) {
	alive()
	switch mode {
	case "good":
		run(goodServer(os.Getenv("NAMES")))
	case "many":
		run(manyServer(2500))
	case "noisy":
		fmt.Println("Server is starting…\n{\"level\":\"info\"}\n[1,2]\n{}\nnull")
		run(goodServer(""))
	case "hang":
		io.Copy(io.Discard, os.Stdin)
	case "stubborn": // does not end with its input
		go io.Copy(io.Discard, os.Stdin)
		select {}
	case "dead":
		fmt.Fprintln(os.Stderr, "cannot start: key is "+os.Getenv("API_KEY"))
		os.Exit(3)
	case "deaf": // greets, and reads no more after the list of tools
		deaf()
	case "child":
		select {}
	case "parent":
		c := exec.Command(os.Args[0])
		c.Env = append(os.Environ(), "SERVE=child")
		c.Stdout, c.Stderr = os.Stdout, os.Stderr // keeps the pipes open
		if err := c.Start(); err != nil {
			panic(err)
		}
		run(goodServer(""))
	default:
		panic(mode)
	}
}

// alive opens a connection that ends with the process.
func alive() {
	at := os.Getenv("ALIVE")
	if at == "" {
		return
	}
	c, err := net.Dial("tcp", at)
	if err != nil {
		panic(err)
	}
	kept = append(kept, c)
}

var kept []net.Conn

func run(s *sdk.Server) {
	if err := s.Run(context.Background(), &sdk.StdioTransport{}); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

var object = json.RawMessage(`{"type":"object","properties":{"text":{"type":"string"}}}`)

func said(text string) *sdk.CallToolResult {
	return &sdk.CallToolResult{Content: []sdk.Content{&sdk.TextContent{Text: text}}}
}

// goodServer has one tool for each thing that a tool can do, and further ones
// with the given names.
func goodServer(names string) *sdk.Server {
	s := sdk.NewServer(&sdk.Implementation{Name: "good", Version: "1"}, nil)
	add := func(name string, h func(context.Context, *sdk.CallToolRequest) (*sdk.CallToolResult, error)) {
		s.AddTool(&sdk.Tool{Name: name, Description: "Does " + name, InputSchema: object}, h)
	}
	s.AddTool(&sdk.Tool{Name: "echo", Description: "Says it again", InputSchema: object, Annotations: &sdk.ToolAnnotations{ReadOnlyHint: true}},
		func(_ context.Context, r *sdk.CallToolRequest) (*sdk.CallToolResult, error) {
			return said(string(r.Params.Arguments)), nil
		})
	add("fail", func(context.Context, *sdk.CallToolRequest) (*sdk.CallToolResult, error) {
		r := said("it went wrong")
		r.IsError = true
		return r, nil
	})
	add("refuse", func(context.Context, *sdk.CallToolRequest) (*sdk.CallToolResult, error) {
		return nil, errors.New("not with " + os.Getenv("API_KEY"))
	})
	add("crash", func(context.Context, *sdk.CallToolRequest) (*sdk.CallToolResult, error) {
		fmt.Fprintln(os.Stderr, "panic with "+os.Getenv("API_KEY"))
		os.Exit(3)
		return nil, nil
	})
	add("wait", func(ctx context.Context, r *sdk.CallToolRequest) (*sdk.CallToolResult, error) {
		progress(ctx, r, "waiting")
		<-ctx.Done()
		fmt.Fprintln(os.Stderr, "cancelled")
		kept[0].Write([]byte("cancelled\n"))
		return nil, ctx.Err()
	})
	add("mixed", func(context.Context, *sdk.CallToolRequest) (*sdk.CallToolResult, error) {
		return &sdk.CallToolResult{Content: []sdk.Content{
			&sdk.TextContent{Text: "words"}, &sdk.ImageContent{MIMEType: "image/png", Data: []byte("12345")},
			&sdk.AudioContent{MIMEType: "audio/wav", Data: []byte("123")},
			&sdk.ResourceLink{URI: "file:///a", Name: "a"},
			&sdk.EmbeddedResource{Resource: &sdk.ResourceContents{URI: "file:///b", Text: "inner"}},
			&sdk.EmbeddedResource{Resource: &sdk.ResourceContents{URI: "file:///c", MIMEType: "x/y", Blob: []byte("12")}},
		}}, nil
	})
	add("structured", func(context.Context, *sdk.CallToolRequest) (*sdk.CallToolResult, error) {
		return &sdk.CallToolResult{StructuredContent: map[string]any{"a": 1}}, nil
	})
	add("nothing", func(context.Context, *sdk.CallToolRequest) (*sdk.CallToolResult, error) {
		return &sdk.CallToolResult{}, nil
	})
	add("big", func(context.Context, *sdk.CallToolRequest) (*sdk.CallToolResult, error) {
		return said(strings.Repeat("x", 3<<20)), nil
	})
	add("environment", func(context.Context, *sdk.CallToolRequest) (*sdk.CallToolResult, error) {
		return said(strings.Join(os.Environ(), "\n")), nil
	})
	add("grow", func(context.Context, *sdk.CallToolRequest) (*sdk.CallToolResult, error) {
		add("grown", nil)
		return said("grown"), nil
	})
	for name := range strings.SplitSeq(names, ",") {
		if name != "" {
			add(name, func(context.Context, *sdk.CallToolRequest) (*sdk.CallToolResult, error) {
				return said("I am " + name), nil
			})
		}
	}
	return s
}

func progress(ctx context.Context, r *sdk.CallToolRequest, text string) {
	if token := r.Params.GetProgressToken(); token != nil {
		r.Session.NotifyProgress(ctx, &sdk.ProgressNotificationParams{ProgressToken: token, Message: text, Progress: 1})
	}
}

func manyServer(n int) *sdk.Server {
	s := sdk.NewServer(&sdk.Implementation{Name: "many", Version: "1"}, &sdk.ServerOptions{PageSize: 100})
	for i := range n {
		s.AddTool(&sdk.Tool{Name: fmt.Sprintf("tool%04d", i), InputSchema: object},
			func(context.Context, *sdk.CallToolRequest) (*sdk.CallToolResult, error) { return said("ok"), nil })
	}
	return s
}

// deaf speaks the protocol by hand, as far as it has to.
func deaf() {
	in := bufio.NewReader(os.Stdin)
	for {
		line, err := in.ReadBytes('\n')
		if err != nil {
			return
		}
		var m struct {
			ID     json.RawMessage `json:"id"`
			Method string          `json:"method"`
		}
		if json.Unmarshal(line, &m) != nil {
			return
		}
		switch m.Method {
		case "initialize":
			fmt.Printf(`{"jsonrpc":"2.0","id":%s,"result":{"protocolVersion":"2025-06-18","capabilities":{"tools":{}},"serverInfo":{"name":"d","version":"1"}}}`+"\n", m.ID)
		case "tools/list":
			fmt.Printf(`{"jsonrpc":"2.0","id":%s,"result":{"tools":[{"name":"odd","inputSchema":{"type":"string"}}]}}`+"\n", m.ID)
			time.Sleep(time.Hour) // a goroutine that waits for nothing is an error of its own
		}
	}
}
