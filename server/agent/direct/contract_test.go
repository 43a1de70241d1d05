package direct_test

import (
	"strings"
	"testing"
	"time"

	"hermes-webui/server/agent"
	"hermes-webui/server/agent/agenttest"
	"hermes-webui/server/agent/direct"
	"hermes-webui/server/agent/direct/modeltest"
	tools "hermes-webui/server/agent/direct/tool"
	"hermes-webui/server/chat"
)

const hugeLen = 1 << 20

// act answers by the words of the prompt that came last.
func act(r modeltest.Request) modeltest.Script {
	messages := r.Asked().Messages
	words := messages[len(messages)-1].Content
	switch {
	case strings.Contains(string(r.Body), "above all: long"):
		return modeltest.Script{Tokens: []string{"They ", "met"}, HoldAt: 1}
	case strings.HasSuffix(words, "long"):
		return modeltest.Script{Tokens: []string{"on ", "and on"}, HoldAt: 1}
	case strings.HasSuffix(words, "fail"):
		return modeltest.Refuse(400, `{"error":{"message":"no"}}`)
	case strings.HasSuffix(words, "huge"):
		return modeltest.Say(strings.Repeat("x", hugeLen/2), strings.Repeat("é", hugeLen/2))
	case strings.HasSuffix(words, "death"):
		return modeltest.Script{Tokens: []string{"a", "b"}, BreakAt: 1}
	case strings.HasSuffix(words, "garbage"):
		return modeltest.Raw("data: {\"choices\":[{\"delta\":{\"content\":\"\xff\xfe\"}}]}\n\ndata: \x00\x01{]\n\n")
	case strings.HasSuffix(words, "ask"):
		return modeltest.Use("act", `{}`)
	case strings.Contains(resultOf(messages), "denied"):
		return modeltest.Say("So I did not.")
	case resultOf(messages) != "":
		return modeltest.Say("That was it.")
	default:
		return modeltest.Say("one ", "two ", "three")
	}
}

// resultOf is the first result in the last message; "" where it has none.
func resultOf(messages []modeltest.Message) string {
	if last := messages[len(messages)-1]; len(last.Results) > 0 {
		return last.Results[0].Text
	}
	return ""
}

func TestContract(t *testing.T) {
	for _, kind := range []direct.Kind{direct.OpenAI, direct.Anthropic} {
		t.Run(string(kind), func(t *testing.T) {
			agenttest.Run(t, func(t *testing.T) agenttest.Harness {
				s, err := modeltest.Start(act)
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(s.Close)
				tool := saying("act", "it acted")
				tool.needs = forbidden("act")
				d := direct.New(direct.Config{
					Providers: providers{endpoint(kind, s.URL)}, Quiet: 30 * time.Second, Tools: []tools.Tool{tool}, Rules: newBook(),
				})
				t.Cleanup(d.Close)
				return agenttest.Harness{
					Driver: d, Session: chat.Session{ID: chat.SessionID(chat.NewID(chat.PrefixSession)), Agent: direct.ID},
					Plain: "plain", Long: "long", Fail: "fail", Huge: "huge", HugeLen: hugeLen, Death: "death", Garbage: "garbage",
					Ask: "ask", Allow: agent.Answer{Choice: "once"}, Deny: agent.Answer{Choice: "deny"}, Allowed: "it acted", Denied: "So I did not.",
					Kill: s.Close, Past: longPast(), LongFocus: "long",
				}
			})
		})
	}
}
