package hermes

import (
	"context"
	"encoding/json"
	"strconv"
	"time"

	"hermes-webui/server/agent"
	"hermes-webui/server/agent/hermes/gateway"
	"hermes-webui/server/chat"
)

// margin is how much sooner than the agent we give up an ask. An approval without
// an id is the oldest one, for us and for the agent: neither may still hold one
// that the other gave up.
const margin = 2 * time.Second

// How long the agent waits for an answer, where it does not say.
const approvalWait, clarifyWait, sudoWait = 60 * time.Second, 300 * time.Second, 120 * time.Second

// Kinds of what the agent wants of a person, as its events and requests call them.
const wantApproval, wantClarify, wantSudo, wantSecret = "approval", "clarify", "sudo", "secret"

// pending is an ask that the agent waits for.
type pending struct {
	id      chat.AskID
	shown   chat.Ask
	kind    string
	agents  string           // its own id of the ask; "" = it has none: the oldest is meant
	request *gateway.Request // 0.21 and later
	choices []string         // of a question, in order
	group   *group           // of a request with several questions
	qid     string
	order   int
	until   time.Time     // the agent waits no longer
	said    *agent.Answer // of a person; nil = none yet
}

// refMark parts the kind of an ask from the agent's own id of it, in chat.Ask.Ref.
const refMark = ":"

// group gathers the answers to a request with several questions.
type group struct {
	left    int
	answers map[string]any
}

// limits is how long the agent waits for whom, as its settings say.
type limits struct {
	known    bool
	approval time.Duration
}

type wantPayload struct {
	ID          string   `json:"request_id"`
	Command     string   `json:"command"`
	Description string   `json:"description"`
	Pattern     string   `json:"pattern_key"`
	Choices     []string `json:"choices"`
	Permanent   *bool    `json:"allow_permanent"`
	Question    string   `json:"question"`
	Questions   []struct {
		QID      string   `json:"qid"`
		Question string   `json:"question"`
		Choices  []string `json:"choices"`
	} `json:"questions"`
	Prompt string `json:"prompt"`
	EnvVar string `json:"env_var"`
}

// requested is a request of the agent itself (0.21 and later).
func (c *conn) requested(m gateway.Message) {
	switch m.Type {
	case wantApproval, wantClarify, wantSudo, wantSecret:
		c.wants(m.Type, m.Payload, m.Request)
	default: // it must not wait for what nobody here can do
		_ = m.Request.Refuse(c.ctx, gateway.CodeUnknownMethod, "this client cannot do that")
	}
}

func (c *conn) readNothing(id string) {
	l := c.live()
	if l == nil {
		return
	}
	ctx, cancel := context.WithTimeout(c.ctx, callGrace)
	defer cancel()
	_ = l.client.Call(ctx, "terminal.read.respond", map[string]any{"request_id": id, "text": ""}, nil) // else it waits in vain
}

// wants raises what the agent wants of a person.
func (c *conn) wants(kind string, payload json.RawMessage, r *gateway.Request) {
	var p wantPayload
	if json.Unmarshal(payload, &p) != nil {
		if r != nil { // it must not wait for what nobody can be asked
			_ = r.Refuse(c.ctx, gateway.CodeInvalidParams, "this client cannot read that")
		}
		return
	}
	if c.turn == nil || c.turn.over != nil {
		c.begunToAsk()
	}
	switch kind {
	case wantApproval:
		c.raise(pending{kind: kind, request: r}, c.approval(p), c.approvalLimit())
	case wantClarify:
		c.questions(p, r)
	case wantSudo:
		c.raise(pending{kind: kind, agents: p.ID, request: r}, chat.Ask{
			Kind: chat.Secret, Title: "Hermes needs your password for sudo", Why: "A command wants to run as root on the agent's machine.",
			Fields: []chat.Field{{ID: "value", Label: "Password", Secret: true}},
		}, sudoWait)
	case wantSecret:
		label := p.EnvVar
		if label == "" {
			label = "Secret"
		}
		c.raise(pending{kind: kind, agents: p.ID, request: r}, chat.Ask{
			Kind: chat.Secret, Title: "Hermes needs a secret", Why: p.Prompt,
			Fields: []chat.Field{{ID: "value", Label: label, Secret: true}},
		}, sudoWait)
	}
}

func (c *conn) approval(p wantPayload) chat.Ask {
	a := chat.Ask{Kind: chat.Approval, Title: "Run a command", Command: p.Command, Danger: p.Description}
	offered := p.Choices
	if len(offered) == 0 {
		offered = []string{"once", "session", "always", "deny"}
	}
	for _, id := range offered {
		if id == "always" && p.Permanent != nil && !*p.Permanent {
			continue
		}
		if label, ok := labels[id]; ok {
			a.Choices = append(a.Choices, chat.Choice{ID: id, Label: label, Rule: ruleFor(id, p)})
		}
	}
	return a
}

var labels = map[string]string{"once": "Allow once", "session": "Allow in this session", "always": "Always allow", "deny": "Deny"}

// ruleFor says what the agent would keep: a kind of commands, not this one.
func ruleFor(choice string, p wantPayload) string {
	if p.Pattern == "" {
		return ""
	}
	switch choice {
	case "session":
		return "Every command of the kind “" + p.Pattern + "”, in this session"
	case "always":
		return "Every command of the kind “" + p.Pattern + "”, in all sessions of this profile (command_allowlist in Hermes' config.yaml)"
	default:
		return ""
	}
}

// lastTool is the call that most likely waits: the newest that runs.
func (c *conn) lastTool() *chat.PartID {
	var newest *chat.PartID
	for _, t := range c.turn.parts.tools {
		if newest == nil || t.part > *newest {
			newest = &t.part
		}
	}
	return newest
}

func (c *conn) questions(p wantPayload, r *gateway.Request) {
	if len(p.Questions) == 0 {
		c.raise(pending{kind: wantClarify, agents: p.ID, request: r, choices: p.Choices}, question(p.Question, p.Choices), clarifyWait)
		return
	}
	g := &group{left: len(p.Questions), answers: map[string]any{}}
	for _, q := range p.Questions {
		c.raise(pending{kind: wantClarify, request: r, choices: q.Choices, group: g, qid: q.QID}, question(q.Question, q.Choices), clarifyWait)
	}
}

func question(words string, choices []string) chat.Ask {
	a := chat.Ask{Kind: chat.Question, Title: words}
	for i, label := range choices {
		a.Choices = append(a.Choices, chat.Choice{ID: strconv.Itoa(i + 1), Label: label})
	}
	return a
}

func (c *conn) raise(p pending, a chat.Ask, wait time.Duration) {
	if wait > 5*margin {
		wait -= margin
	}
	p.until = time.Now().Add(wait)
	c.put(p, a)
}

// put shows an ask in the turn, until the agent waits no longer.
func (c *conn) put(p pending, a chat.Ask) {
	deadline := chat.At(p.until)
	a.ID = chat.AskID(chat.NewID(chat.PrefixAsk))
	a.Deadline = &deadline
	if a.Part == nil {
		a.Part = c.lastTool()
	}
	if a.Choices == nil {
		a.Choices = []chat.Choice{}
	}
	if a.Fields == nil {
		a.Fields = []chat.Field{}
	}
	a.Ref = p.kind + refMark + p.agents
	p.id, p.shown = a.ID, a
	c.mu.Lock()
	for _, other := range c.asks {
		p.order = max(p.order, other.order+1)
	}
	c.asks[p.id] = &p
	c.mu.Unlock()
	if c.turn.asks {
		c.notice(chat.NoticeInfo, gistOf(a))
	}
	c.send(c.turn.id, agent.Asked{Ask: a})
}

// approvalLimit is how long the agent waits for an approval, as its settings say.
func (c *conn) approvalLimit() time.Duration {
	if c.limits.known {
		return c.limits.approval
	}
	c.limits = limits{true, approvalWait}
	l := c.live()
	if l == nil {
		return approvalWait
	}
	if s, err := settingsOf(c.ctx, l); err == nil && s.Config.Approvals.Timeout > 0 {
		c.limits.approval = time.Duration(s.Config.Approvals.Timeout * float64(time.Second))
	}
	return c.limits.approval
}
