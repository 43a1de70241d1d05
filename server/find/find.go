// Package find looks for words in a session: in the turns of the path to its
// head, which is exactly what is shown. It keeps no index: the texts are read
// from the log, which for one session takes milliseconds.
package find

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"unicode/utf8"

	"hermes-webui/server/chat"
	"hermes-webui/server/fault"
)

const (
	// MaxWords is how many characters may be looked for.
	MaxWords = 200
	// MaxHits is how many hits are counted.
	MaxHits = 1000
)

// Place says which text of a turn a hit stands in.
type Place string

const (
	Prompt Place = "prompt" // what the person asked
	Text   Place = "text"   // an answer, a thought, a notice, the summary of a subagent
	Title  Place = "title"  // of a tool call or a subagent, the name of a file
	Output Place = "output" // of a tool call
)

// Hit is one place where the words stand.
type Hit struct {
	Turn   chat.TurnID  `json:"turn"`
	Part   *chat.PartID `json:"part" doc:"null in a prompt."`
	In     Place        `json:"in"`
	At     int          `json:"at" doc:"Offset in UTF-16 units of that text."`
	Before string       `json:"before" doc:"Up to 40 characters before it, on one line."`
	Match  string       `json:"match" doc:"As it is written there."`
	After  string       `json:"after"`
}

// Found is what was found, in the order of the transcript.
type Found struct {
	Items []Hit    `json:"items" doc:"The newest ones, the newest last."`
	Total int      `json:"total" doc:"How many there are, counted up to 1000."`
	More  bool     `json:"more" doc:"There are more than were counted."`
	Seq   chat.Seq `json:"seq"`
}

// Walker reads the turns of a session; chat.Reader.
type Walker interface {
	Walk(ctx context.Context, id chat.SessionID, f func(*chat.Turn) bool) (chat.Seq, error)
}

// In looks for words in a session and returns the newest limit hits.
func In(ctx context.Context, r Walker, id chat.SessionID, query string, limit int) (Found, error) {
	if strings.TrimSpace(query) == "" {
		return Found{}, fault.New(fault.Invalid, fault.CodeInvalid, "There is nothing to look for. Write at least one character.")
	}
	if utf8.RuneCountInString(query) > MaxWords {
		return Found{}, fault.New(fault.Invalid, fault.CodeInvalid, "That is too much to look for. Write at most 200 characters.")
	}
	s := search{words: wordsOf(query), limit: limit, found: Found{Items: []Hit{}}}
	var err error
	s.found.Seq, err = r.Walk(ctx, id, s.turn)
	if err != nil {
		return Found{}, err
	}
	slices.Reverse(s.found.Items)
	return s.found, nil
}

// search goes from the newest turn to the oldest, so that the end of a search
// that finds too much is at what matters least.
type search struct {
	words words
	limit int
	found Found
}

func (s *search) turn(t *chat.Turn) bool {
	spots := newest{most: MaxHits - s.found.Total}
	look := func(in Place, part *chat.PartID, text []byte) {
		s.words.in(text, in == Text, func(from, to, at int) { spots.add(spot{part, in, text, from, to, at}) })
	}
	look(Prompt, nil, []byte(t.Prompt.Text))
	for _, p := range t.Parts {
		eachText(p, func(in Place, text []byte) { look(in, &p.Common().ID, text) })
	}
	for _, x := range slices.Backward(spots.list()) {
		s.found.Total++
		if len(s.found.Items) < s.limit {
			s.found.Items = append(s.found.Items, x.hit(t.ID))
		}
	}
	s.found.More = spots.seen > spots.most
	return !s.found.More
}

// spot is a hit that may yet be too many.
type spot struct {
	part         *chat.PartID
	in           Place
	text         []byte
	from, to, at int
}

func (x spot) hit(turn chat.TurnID) Hit {
	return Hit{
		Turn: turn, Part: x.part, In: x.in, At: x.at,
		Before: before(x.text, x.from), Match: oneLine(x.text[x.from:x.to]), After: after(x.text, x.to),
	}
}

// newest keeps the last most spots of however many there are.
type newest struct {
	most, seen int
	kept       []spot
}

func (n *newest) add(x spot) {
	n.seen++
	if len(n.kept) >= 2*n.most+2 {
		n.kept = append(n.kept[:0], n.list()...)
	}
	n.kept = append(n.kept, x)
}

func (n *newest) list() []spot { return n.kept[max(0, len(n.kept)-n.most):] }

// eachText gives the texts of a part in the order in which they are shown.
func eachText(p chat.Part, f func(Place, []byte)) {
	switch p := p.(type) {
	case *chat.Text:
		f(Text, p.Text.Bytes())
	case *chat.Reasoning:
		f(Text, p.Text.Bytes())
	case *chat.ToolCall:
		f(Title, []byte(titleOf(p)))
		f(Output, p.Out.Bytes())
	case *chat.Subagent:
		f(Title, []byte(p.Title))
		f(Text, []byte(p.Summary))
	case *chat.Notice:
		f(Text, []byte(p.Text))
	case *chat.File:
		f(Title, []byte(p.Name))
	case *chat.Plan: // stands beside the answer, and again in what the agent did about it
	default:
		panic("find: part of unknown type")
	}
}

// titleOf returns what a call is called, else the argument that says what it
// is about, which is what is shown in place of a title.
func titleOf(p *chat.ToolCall) string {
	if p.Title != "" || len(p.Args) == 0 {
		return p.Title
	}
	var args map[string]any
	if json.Unmarshal(p.Args, &args) != nil {
		return ""
	}
	for _, name := range []string{"path", "file_path", "file", "command", "cmd", "pattern", "query", "url", "dir", "folder", "question"} {
		if s, ok := args[name].(string); ok && s != "" {
			return s
		}
	}
	return ""
}
