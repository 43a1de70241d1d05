package scripted

import (
	"crypto/sha256"
	"time"

	"hermes-webui/server/agent"
	"hermes-webui/server/chat"
)

// Script is a parsed .turn file. It does not change once it is parsed, so any
// number of turns may play it.
type Script struct {
	Name  string
	steps []step
	sum   [sha256.Size]byte // of its text: ids are derived from it
}

// step is one step of a script.
type step interface{ play(*player) error }

// pace says how a text is streamed.
type pace struct {
	chunk int // code points; 0: all at once
	gap   time.Duration
}

// stream is how one text is streamed: what was said of it, over the pace of
// the moment.
type stream struct {
	chunk *int
	gap   *time.Duration
	times int // 0 = 1
}

func (s stream) over(p pace) pace {
	if s.chunk != nil {
		p.chunk = *s.chunk
	}
	if s.gap != nil {
		p.gap = *s.gap
	}
	return p
}

type (
	textStep struct {
		line      int
		reasoning bool
		open      bool
		stream    stream
		text      string
	}
	garbageStep struct {
		line int
		text string
	}
	toolStep struct {
		line        int
		name, title string
		steps       []step
	}
	argsStep struct{ json string }
	outStep  struct {
		stream stream
		text   string
	}
	listDirStep struct{ line int }
	planStep    struct {
		line  int
		items []chat.PlanItem
	}
	subagentStep struct {
		line  int
		title string
		task  string
		steps []step
	}
	// outcomeStep ends the tool call or the subagent that it stands in.
	outcomeStep struct {
		failed bool
		words  string // JSON for a tool call that is done
	}
	fileStep struct {
		line             int
		name, kind, path string
		size             int64
	}
	noticeStep struct {
		line  int
		level chat.NoticeLevel
		text  string
	}
	waitStep   struct{ d time.Duration }
	paceStep   struct{ stream stream }
	usageStep  struct{ usage chat.Usage }
	titleStep  struct{ text string }
	statusStep struct {
		text string
		next time.Duration // 0: no next try
	}
	repeatStep struct {
		times int
		steps []step
	}
	askStep struct {
		line     int
		ask      chat.Ask
		deadline time.Duration // 0: none
		branches []branch
	}
	failStep struct {
		code, text string
		retry      time.Duration
	}
	crashStep struct{}
	endStep   struct{}
	beginStep struct{ prompt string }
)

// branch is what follows some answers to an ask.
type branch struct {
	answers []string
	steps   []step
}

// Names of answers that are no choices.
const (
	onAllow   = "allow"
	onText    = "text"
	onValues  = "values"
	onExpired = "expired"
	onElse    = "else"
)

// approvalChoices are the answers to every approval.
func approvalChoices() []chat.Choice {
	return []chat.Choice{
		{ID: "once", Label: "Allow once"},
		{ID: "session", Label: "Allow in this session"},
		{ID: "always", Label: "Always allow"},
		{ID: "deny", Label: "Deny"},
	}
}

// answerNames returns the names under which an answer looks for its branch,
// the most special first.
func answerNames(a agent.Answer) []string {
	switch {
	case a.Choice == "once" || a.Choice == "session" || a.Choice == "always":
		return []string{a.Choice, onAllow, onElse}
	case a.Choice != "":
		return []string{a.Choice, onElse}
	case len(a.Values) > 0:
		return []string{onValues, onElse}
	default:
		return []string{onText, onElse}
	}
}

// follow returns the steps that follow the first of these names that has a
// branch; none is no error.
func (s *askStep) follow(names ...string) []step {
	for _, name := range names {
		for _, b := range s.branches {
			for _, have := range b.answers {
				if have == name {
					return b.steps
				}
			}
		}
	}
	return nil
}
