package mcp

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
	sdk "github.com/modelcontextprotocol/go-sdk/mcp"

	"hermes-webui/server/agent/direct/tool"
	"hermes-webui/server/chat"
)

// letGo is how long a connection may take to notice that a call was given up.
const letGo = 2 * time.Second

// remote is a tool of a server.
type remote struct {
	link   *link
	name   string // as the server calls it
	spec   tool.Spec
	alone  bool
	danger string
}

func (r remote) Spec() tool.Spec { return r.spec }

func (r remote) Prepare(_ context.Context, _ tool.Place, args json.RawMessage) (tool.Call, error) {
	args, shown, err := object(args)
	if err != nil {
		return tool.Call{}, err
	}
	server := r.link.server.Name
	return tool.Call{
		Needs: &tool.Permission{
			Title:   fmt.Sprintf("Use %s of %s?", r.name, server),
			Command: shown,
			Danger:  r.danger,
			Permits: []tool.Permit{{Kind: tool.MCP, Pattern: server + "/" + r.name}},
		},
		Alone: r.alone,
		Run:   func(ctx context.Context, t tool.Turn) (tool.Result, error) { return r.run(ctx, t, args) },
	}, nil
}

// object returns arguments as they are sent, and the same for people.
func object(args json.RawMessage) (sent json.RawMessage, shown string, err error) {
	args = bytes.TrimSpace(args)
	if len(args) == 0 || string(args) == "null" {
		return json.RawMessage("{}"), "{}", nil
	}
	var members map[string]json.RawMessage
	if err := json.Unmarshal(args, &members); err != nil {
		return nil, "", fmt.Errorf("the arguments are not a JSON object (%v); write the call again with its arguments as one JSON object", err)
	}
	// From here on all is one text: what is shown is what is sent, also where a
	// member stands twice.
	var out bytes.Buffer
	if err := json.Indent(&out, args, "", "  "); err != nil {
		return nil, "", fmt.Errorf("the arguments are not a JSON object (%v)", err)
	}
	return args, out.String(), nil
}

func (r remote) run(ctx context.Context, t tool.Turn, args json.RawMessage) (tool.Result, error) {
	s, done, err := r.link.use(ctx)
	if err != nil {
		return tool.Result{}, err
	}
	defer done()
	limit := r.link.hub.config.Limits.Call
	ctx, cancel := context.WithTimeoutCause(ctx, limit,
		fmt.Errorf("the tool did not end within %v and was given up; whether it did its work is not known", limit))
	defer cancel()
	params := &sdk.CallToolParams{Name: r.name, Arguments: args}
	token := chat.NewID("mcp")
	params.SetProgressToken(token)
	forget := s.progress.tell(token, t)
	answer, err := r.ask(ctx, s, params)
	forget()
	if err != nil {
		return tool.Result{}, r.explain(err)
	}
	return r.result(answer, t)
}

// ask calls, and gives up with the context or the server, whatever the
// connection waits for.
func (r remote) ask(ctx context.Context, s *session, params *sdk.CallToolParams) (*sdk.CallToolResult, error) {
	type outcome struct {
		answer *sdk.CallToolResult
		err    error
	}
	within, cancel := s.while(ctx)
	defer cancel()
	came := make(chan outcome, 1)
	go func() {
		answer, err := s.client.CallTool(within, params)
		came <- outcome{answer, err}
	}()
	var o outcome
	select {
	case o = <-came:
	case <-within.Done():
		timer := time.NewTimer(letGo)
		defer timer.Stop()
		select {
		case o = <-came:
		case <-timer.C: // it does not even read: nothing can be told to it any more
			s.over()
			o.err = context.Cause(within)
		}
	}
	if o.err == nil {
		return o.answer, nil
	}
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	return nil, r.crashed(s, o.err)
}

// crashed tells the end of the server from an error that it reported.
func (r remote) crashed(s *session, err error) error {
	if _, ok := errors.AsType[*jsonrpc.Error](err); ok {
		return err
	}
	select {
	case <-s.gone:
	default:
		if brokeOff(err) {
			break
		}
		if s.place != nil {
			return s.place.explain(err)
		}
		return err
	}
	if s.process != nil {
		s.process.end() // then all that it said is here
	}
	text := fmt.Sprintf("the MCP server %s ended during the call; whether the tool did its work is not known", r.link.server.Name)
	if said := s.tail.said(); said != "" {
		text += ". It said:\n" + said
	}
	return errors.New(text)
}

// explain puts an error into words for the model and the person.
func (r remote) explain(err error) error {
	if rpc, ok := errors.AsType[*jsonrpc.Error](err); ok {
		return errors.New(r.link.hide.Clean(fmt.Sprintf("the MCP server %s refused the call: %s", r.link.server.Name, shorten(rpc.Message, 2000))))
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	if text := err.Error(); r.link.hide.Clean(text) != text {
		return errors.New(r.link.hide.Clean(text))
	}
	return err
}
