package scripted

import (
	"encoding/hex"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"hermes-webui/server/chat"
)

const maxTimes = 1_000_000 // of a repeat or a text

// step reads one step; p.pos is past its line.
func (p *parser) step(l line, at place) (step, error) {
	word, rest, _ := strings.Cut(l.text, " ")
	rest = strings.TrimSpace(rest)
	if err := p.allowed(l, word, at); err != nil {
		return nil, err
	}
	if err := checkVars(rest); err != nil {
		return nil, p.errorf(l.no, "%v", err)
	}
	switch word {
	case "text", "reasoning":
		return p.textStep(l, word, rest)
	case "garbage":
		return p.garbage(l, rest)
	case "tool":
		return p.tool(l, rest)
	case "args":
		return argsStep{rest}, p.json(l, rest)
	case "out":
		return p.out(l, rest)
	case "list-dir":
		return listDirStep{l.no}, p.nothing(l, rest)
	case "plan":
		return p.plan(l, rest)
	case "subagent":
		return p.subagent(l, rest)
	case "done", "failed":
		return p.outcome(l, word, rest, at)
	case "file":
		return p.file(l, rest)
	case "notice":
		return p.notice(l, rest)
	case "wait":
		d, err := p.duration(l, rest)
		return waitStep{d}, err
	case "pace":
		return p.pace(l, rest)
	case "usage":
		return p.usage(l, rest)
	case "title":
		return titleStep{rest}, p.words(l, rest)
	case "status":
		return p.status(l, rest)
	case "repeat":
		return p.repeat(l, rest, at)
	case "ask":
		return p.ask(l, rest, at)
	case "fail":
		return p.fail(l, rest)
	case "crash":
		return crashStep{}, p.nothing(l, rest)
	case "end":
		return endStep{}, p.nothing(l, rest)
	case "begin":
		return beginStep{rest}, p.words(l, rest)
	default:
		return nil, p.errorf(l.no, "there is no step %q", word)
	}
}

// allowed says whether a step may stand here. What it does not know may: step
// says so.
func (p *parser) allowed(l line, word string, at place) error {
	want := inTurn | inSubagent | inTool
	switch word {
	case "text", "reasoning", "tool", "list-dir", "plan", "subagent", "file", "garbage":
		want = inTurn | inSubagent
	case "args", "out":
		want = inTool
	case "done", "failed":
		want = inTool | inSubagent
	case "end", "begin":
		want = outermost
	case "task":
		return p.errorf(l.no, "task must be the first line of a subagent")
	}
	if at&want == 0 {
		return p.errorf(l.no, "%s cannot stand here", word)
	}
	return nil
}

func (p *parser) nothing(l line, rest string) error {
	if rest != "" {
		return p.errorf(l.no, "nothing can stand behind this word")
	}
	return nil
}

func (p *parser) words(l line, rest string) error {
	if rest == "" {
		return p.errorf(l.no, "words must stand behind this word")
	}
	return nil
}

func (p *parser) json(l line, rest string) error {
	if !json.Valid(newVars().fillJSON(rest)) {
		return p.errorf(l.no, "this is not JSON")
	}
	return nil
}

func (p *parser) duration(l line, s string) (time.Duration, error) {
	d, err := time.ParseDuration(s)
	if err != nil || d < 0 {
		return 0, p.errorf(l.no, "%q is not a duration such as 300ms", s)
	}
	return d, nil
}

func (p *parser) number(l line, s string, least, most int) (int, error) {
	n, err := strconv.Atoi(s)
	if err != nil || n < least || n > most {
		return 0, p.errorf(l.no, "%q is not a number from %d to %d", s, least, most)
	}
	return n, nil
}

// stream reads chunk=, gap= and times=, and the word open where flag is given.
func (p *parser) stream(l line, rest string, open *bool) (stream, error) {
	var s stream
	for _, f := range strings.Fields(rest) {
		if f == "open" && open != nil {
			*open = true
			continue
		}
		key, value, _ := strings.Cut(f, "=")
		switch key {
		case "chunk", "times":
			n, err := p.number(l, value, 1, maxTimes)
			if err != nil {
				return s, err
			}
			if key == "times" {
				s.times = n
				continue
			}
			s.chunk = &n
		case "gap":
			d, err := p.duration(l, value)
			if err != nil {
				return s, err
			}
			s.gap = &d
		default:
			return s, p.errorf(l.no, "there is no option %q", f)
		}
	}
	return s, nil
}

func (p *parser) textStep(l line, word, rest string) (step, error) {
	t := textStep{line: l.no, reasoning: word == "reasoning"}
	var err error
	if t.stream, err = p.stream(l, rest, &t.open); err != nil {
		return nil, err
	}
	t.text, err = p.text(l)
	return t, err
}

func (p *parser) garbage(l line, rest string) (step, error) {
	b, err := hex.DecodeString(strings.ReplaceAll(rest, " ", ""))
	if err != nil || len(b) == 0 {
		return nil, p.errorf(l.no, "bytes such as 48 FF must stand behind garbage")
	}
	return garbageStep{l.no, string(b)}, nil
}

func (p *parser) tool(l line, rest string) (step, error) {
	name, title, _ := strings.Cut(rest, " ")
	if err := p.words(l, name); err != nil {
		return nil, err
	}
	steps, err := p.inside(l, inTool)
	return toolStep{l.no, name, strings.TrimSpace(title), steps}, err
}

func (p *parser) out(l line, rest string) (step, error) {
	s, err := p.stream(l, rest, nil)
	if err != nil {
		return nil, err
	}
	text, err := p.text(l)
	return outStep{s, text + "\n"}, err
}

func (p *parser) subagent(l line, rest string) (step, error) {
	if err := p.words(l, rest); err != nil {
		return nil, err
	}
	s := subagentStep{line: l.no, title: rest}
	first, ok, err := p.next(l.depth + 1)
	if err != nil {
		return nil, err
	}
	if task, is := strings.CutPrefix(first.text, "task "); ok && is {
		if err := checkVars(task); err != nil {
			return nil, p.errorf(first.no, "%v", err)
		}
		s.task = strings.TrimSpace(task)
	} else if ok {
		p.pos--
	}
	s.steps, err = p.inside(l, inSubagent)
	return s, err
}

func (p *parser) outcome(l line, word, rest string, at place) (step, error) {
	o := outcomeStep{failed: word == "failed", words: rest}
	switch {
	case o.failed:
		return o, p.words(l, rest)
	case at&inTool != 0 && rest != "":
		return o, p.json(l, rest)
	default:
		return o, nil
	}
}

func (p *parser) file(l line, rest string) (step, error) {
	f := strings.Fields(rest)
	if len(f) != 3 && len(f) != 4 {
		return nil, p.errorf(l.no, "file needs a name, a type, a size and at most a path")
	}
	size, err := p.number(l, f[2], 0, 1<<40)
	if err != nil {
		return nil, err
	}
	s := fileStep{line: l.no, name: f[0], kind: f[1], size: int64(size)}
	if len(f) == 4 {
		s.path = f[3]
	}
	return s, nil
}

func (p *parser) notice(l line, rest string) (step, error) {
	level, text, _ := strings.Cut(rest, " ")
	if level != string(chat.NoticeInfo) && level != string(chat.NoticeWarn) {
		return nil, p.errorf(l.no, "a notice is info or warn")
	}
	return noticeStep{l.no, chat.NoticeLevel(level), text}, p.words(l, text)
}

func (p *parser) pace(l line, rest string) (step, error) {
	s, err := p.stream(l, rest, nil)
	if err != nil {
		return nil, err
	}
	if s.times != 0 || s.chunk == nil && s.gap == nil {
		return nil, p.errorf(l.no, "pace needs chunk= or gap=, and nothing else")
	}
	return paceStep{s}, nil
}

func (p *parser) status(l line, rest string) (step, error) {
	next, rest, err := p.optional(l, rest, "for=")
	if err != nil {
		return nil, err
	}
	return statusStep{rest, next}, p.words(l, rest)
}

func (p *parser) fail(l line, rest string) (step, error) {
	code, rest, _ := strings.Cut(rest, " ")
	retry, rest, err := p.optional(l, strings.TrimSpace(rest), "retry=")
	if err != nil {
		return nil, err
	}
	return failStep{code, rest, retry}, p.words(l, rest)
}

// optional cuts a first word such as for=8s off.
func (p *parser) optional(l line, rest, prefix string) (time.Duration, string, error) {
	after, ok := strings.CutPrefix(rest, prefix)
	if !ok {
		return 0, rest, nil
	}
	value, words, _ := strings.Cut(after, " ")
	d, err := p.duration(l, value)
	return d, strings.TrimSpace(words), err
}

func (p *parser) repeat(l line, rest string, at place) (step, error) {
	n, err := p.number(l, rest, 1, maxTimes)
	if err != nil {
		return nil, err
	}
	steps, err := p.inside(l, at)
	return repeatStep{n, steps}, err
}

func (p *parser) plan(l line, rest string) (step, error) {
	if err := p.nothing(l, rest); err != nil {
		return nil, err
	}
	s := planStep{line: l.no}
	for {
		item, ok, err := p.next(l.depth + 1)
		if err != nil {
			return nil, err
		}
		if !ok {
			break
		}
		mark, text, _ := strings.Cut(item.text, "] ")
		state, known := planMarks[mark+"]"]
		if !known || strings.TrimSpace(text) == "" {
			return nil, p.errorf(item.no, "a line of a plan is [ ], [>], [x] or [-] and words")
		}
		if err := checkVars(text); err != nil {
			return nil, p.errorf(item.no, "%v", err)
		}
		s.items = append(s.items, chat.PlanItem{Text: strings.TrimSpace(text), State: state})
	}
	if len(s.items) == 0 {
		return nil, p.errorf(l.no, "the lines of the plan must stand below, %d spaces further in", indent)
	}
	return s, nil
}

var planMarks = map[string]chat.PlanState{
	"[ ]": chat.PlanPending, "[>]": chat.PlanActive, "[x]": chat.PlanDone, "[-]": chat.PlanCancelled,
}

func (p *parser) usage(l line, rest string) (step, error) {
	var u chat.Usage
	counts := map[string]*int64{
		"input": &u.Input, "cached": &u.Cached, "output": &u.Output,
		"reasoning": &u.Reasoning, "context": &u.Context, "window": &u.Window,
	}
	for _, f := range strings.Fields(rest) {
		key, value, _ := strings.Cut(f, "=")
		if key == "cost" {
			cost, err := strconv.ParseFloat(value, 64)
			if err != nil || !(cost >= 0 && cost < 1e9) {
				return nil, p.errorf(l.no, "%q is not a cost in US dollars", f)
			}
			u.Cost = cost
			continue
		}
		count, ok := counts[key]
		if !ok {
			return nil, p.errorf(l.no, "there is no usage %q", key)
		}
		n, err := p.number(l, value, 0, 1<<40)
		if err != nil {
			return nil, err
		}
		*count = int64(n)
	}
	return usageStep{u}, p.words(l, rest)
}
