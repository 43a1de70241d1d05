package hermestest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"hermes-webui/server/agent/direct/modeltest"
)

// Model is a model server that answers by marker: the last "[[name]]" or
// "[[name:rest]]" in a prompt says which scenario is played. A prompt without a
// marker gets "Hello from the model.". Questions that the agent asks for itself
// (titles, summaries) come without streaming and get Aside.
type Model struct {
	*modeltest.Server

	mu     sync.Mutex
	scenes map[string]Scene
	aside  func(modeltest.Asked) string
}

// Scene answers the nth question (from 0) since the prompt; arg is the rest of
// the marker.
type Scene func(arg string, n int, a modeltest.Asked) modeltest.Script

// NewModel starts a server with the scenes of Scenes. It ends with the test.
func NewModel(tb testing.TB) *Model {
	tb.Helper()
	m := &Model{scenes: Scenes(), aside: func(modeltest.Asked) string { return "A name for it" }}
	srv, err := modeltest.Start(m.answer)
	if err != nil {
		tb.Fatal(err)
	}
	srv.SetModels(ModelName, "other-model")
	m.Server = srv
	tb.Cleanup(srv.Close)
	return m
}

// Set adds a scene, or replaces one.
func (m *Model) Set(name string, s Scene) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.scenes[name] = s
}

// Aside sets what is answered to questions that the agent asks for itself.
func (m *Model) Aside(answer func(modeltest.Asked) string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.aside = answer
}

var marker = regexp.MustCompile(`\[\[([a-z0-9_-]+)(?::([^\]]*))?\]\]`)

// answer closes the connection after each answer: the server holds nothing for
// an agent that keeps its connections, so that tests can count goroutines.
func (m *Model) answer(r modeltest.Request) modeltest.Script {
	s := m.script(r)
	s.Header = s.Header.Clone()
	if s.Header == nil {
		s.Header = http.Header{}
	}
	s.Header.Set("Connection", "close")
	return s
}

func (m *Model) script(r modeltest.Request) modeltest.Script {
	a := r.Asked()
	m.mu.Lock()
	defer m.mu.Unlock()
	if !a.Stream {
		return whole(m.aside(a))
	}
	name, arg := Marker(Prompt(a))
	scene, ok := m.scenes[name]
	if !ok {
		return modeltest.Say("Hello ", "from ", "the ", "model.")
	}
	return scene(arg, a.Rounds(), a)
}

// Marker returns the name and the rest of the last marker in a text.
func Marker(text string) (name, arg string) {
	all := marker.FindAllStringSubmatch(text, -1)
	if len(all) == 0 {
		return "", ""
	}
	last := all[len(all)-1]
	return last[1], last[2]
}

// Prompt returns the newest words of the user that are no results of tools.
func Prompt(a modeltest.Asked) string {
	for i := len(a.Messages) - 1; i >= 0; i-- {
		if m := a.Messages[i]; m.Role == "user" && len(m.Results) == 0 {
			return m.Content
		}
	}
	return ""
}

// whole is an answer in one piece.
func whole(text string) modeltest.Script {
	body, _ := json.Marshal(map[string]any{
		"id": "chatcmpl-whole", "object": "chat.completion", "created": 1, "model": ModelName,
		"choices": []any{map[string]any{
			"index": 0, "finish_reason": "stop", "message": map[string]any{"role": "assistant", "content": text},
		}},
		"usage": map[string]any{"prompt_tokens": 7, "completion_tokens": 3, "total_tokens": 10},
	})
	return modeltest.Script{Body: string(body), Type: "application/json"}
}

// Scenes are the scenarios of one turn each. Their rest of the marker:
//
//	plain            -        "Plain words in several pieces."
//	echo             text     says the text
//	think            -        a thought, then words
//	tool             command  runs it in the terminal, then "The tool is done."
//	write            path     writes "one\ntwo\n" there
//	clarify          -        asks "Which colour?" with choices red and blue
//	todo             -        a plan of two items
//	delegate         goal     gives the goal to a subagent
//	long             -        400 words, 50 ms apart
//	burst            -        10,000 words without a pause
//	count            -        how many prompts the model was asked with
//	status           code     an HTTP error
//	drop             -        breaks off after three words
func Scenes() map[string]Scene {
	return map[string]Scene{
		"plain": Say("Plain ", "words ", "in ", "several ", "pieces."),
		"echo":  func(arg string, _ int, _ modeltest.Asked) modeltest.Script { return modeltest.Say(arg) },
		"think": think,
		"tool":  use("terminal", func(arg string) any { return map[string]any{"command": orElse(arg, "echo hi")} }, "The tool is done."),
		"write": use("write_file", func(arg string) any { return map[string]any{"path": arg, "content": "one\ntwo\n"} }, "The file is written."),
		"clarify": use("clarify", func(string) any {
			return map[string]any{"question": "Which colour?", "choices": []string{"red", "blue"}}
		}, "Thank you."),
		"todo": use("todo", func(string) any {
			return map[string]any{"todos": []any{
				map[string]any{"id": "1", "content": "Look", "status": "completed"},
				map[string]any{"id": "2", "content": "Leap", "status": "in_progress"},
			}}
		}, "That is the plan."),
		"delegate": use("delegate_task", func(arg string) any { return map[string]any{"goal": orElse(arg, "[[plain]]"), "context": "none"} }, "It is under way."),
		"long":     many(400, 50*time.Millisecond),
		"burst":    many(10_000, 0),
		"status":   refuse,
		"count": func(_ string, _ int, a modeltest.Asked) modeltest.Script {
			return modeltest.Say(strconv.Itoa(prompts(a)))
		},
		"drop": func(string, int, modeltest.Asked) modeltest.Script {
			return modeltest.Script{Tokens: []string{"These ", "words ", "are ", "not ", "all."}, BreakAt: 3}
		},
	}
}

// Say is a scene that says words, each in a piece of its own.
func Say(tokens ...string) Scene {
	return func(string, int, modeltest.Asked) modeltest.Script { return modeltest.Say(tokens...) }
}

func think(string, int, modeltest.Asked) modeltest.Script {
	s := modeltest.Say("The ", "answer.")
	s.Reasoning = []string{"A ", "thought ", "first."}
	return s
}

// calls numbers all calls: the agent takes two of one id for the same.
var calls atomic.Int64

// use calls a tool once and then says what comes after it.
func use(name string, args func(arg string) any, after string) Scene {
	return func(arg string, n int, _ modeltest.Asked) modeltest.Script {
		if n > 0 {
			return modeltest.Say(strings.SplitAfter(after, " ")...)
		}
		b, _ := json.Marshal(args(arg))
		s := modeltest.Use(name, string(b))
		s.Calls[0].ID = fmt.Sprintf("call_%d", calls.Add(1))
		return s
	}
}

func many(n int, gap time.Duration) Scene {
	return func(string, int, modeltest.Asked) modeltest.Script {
		s := modeltest.Script{Gap: gap, Usage: &modeltest.Usage{Input: 7, Output: n}}
		for range n {
			s.Tokens = append(s.Tokens, "word ")
		}
		return s
	}
}

func refuse(arg string, _ int, _ modeltest.Asked) modeltest.Script {
	status := map[string]int{"400": http.StatusBadRequest, "401": http.StatusUnauthorized, "429": http.StatusTooManyRequests}[arg]
	if status == 0 {
		status = http.StatusInternalServerError
	}
	return modeltest.Refuse(status, `{"error":{"message":"refused by the script","type":"scripted"}}`)
}

// prompts counts the prompts of a person in a question.
func prompts(a modeltest.Asked) (n int) {
	for _, m := range a.Messages {
		if m.Role == "user" && len(m.Results) == 0 {
			n++
		}
	}
	return n
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

// Numbers says what Counted returns, a word at a time.
func Numbers(gap time.Duration) Scene {
	return func(arg string, _ int, _ modeltest.Asked) modeltest.Script {
		return modeltest.Script{Gap: gap, Tokens: strings.SplitAfter(Counted(arg), " ")}
	}
}

// Counted is "1 2 3 …" up to a number.
func Counted(arg string) string {
	most, _ := strconv.Atoi(arg) // of a test's own
	words := make([]string, most)
	for i := range words {
		words[i] = strconv.Itoa(i + 1)
	}
	return strings.Join(words, " ")
}
