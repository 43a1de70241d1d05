package direct

import (
	"context"
	"fmt"
	"slices"

	"hermes-webui/server/chat"
	"hermes-webui/server/fault"
)

const (
	// bytesPerToken is the first guess: rather too many tokens than too few.
	bytesPerToken              = 3.2
	minPerToken, maxPerToken   = 1.0, 8.0
	imageTokens, messageTokens = 1600, 6
	// maxReserve is kept free for an answer, in tokens; of small windows a quarter.
	maxReserve = 20_000
	// minQuestion is the least that a question may be shortened to, in tokens.
	minQuestion = 200
	// maxRefusals bounds how often a turn makes a question smaller that a server
	// finds too long.
	maxRefusals = 6
	// enough is how much of the room a question takes after it was shortened, so
	// that the next one need not be at once.
	enough = 0.85
)

// fitter makes the questions of one turn fit the window of a model. What it cuts
// stays in the log; only the model is told less.
type fitter struct {
	window    int64 // tokens; 0 = not known
	summarise func(context.Context, question) (string, error)
	perToken  float64 // bytes
	share     float64 // of the room that a question fills before what is old is shortened
	ceiling   int64   // tokens that a question may have since a server refused one; 0 = none was
	refusals  int
	told      told
}

// told is what a person was told of already in this turn.
type told struct{ shortened, dropped, cut bool }

func newFitter(window int64, summarise func(ctx context.Context, q question) (string, error)) *fitter {
	return &fitter{window: window, summarise: summarise, perToken: bytesPerToken, share: 1}
}

// fit returns the question as it fits, and what a person is told of that; nil =
// nothing new. q is not changed. Errors are a *refusal, or the cause of ctx.
//
// Without a window everything fits until a server says otherwise, see refused.
func (f *fitter) fit(ctx context.Context, q question) (question, *chat.Notice, error) {
	room := f.room(q)
	wanted := int64(float64(room) * f.share)
	if room == 0 || f.estimate(q) <= wanted {
		return q, nil, nil
	}
	s := &squeeze{fitter: f, q: q, room: wanted, whole: room, early: f.estimate(q) <= room}
	s.q.messages = copied(q.messages)
	if err := s.all(ctx); err != nil {
		return q, nil, err
	}
	return s.q, s.notice(), nil
}

// room is what a question may have, in tokens; 0 = not known.
func (f *fitter) room(q question) int64 {
	room := int64(0)
	if f.window > 0 {
		room = max(f.window-max(min(int64(q.limit), f.window/2), reserve(f.window)), 1)
	}
	if f.ceiling > 0 && (room == 0 || f.ceiling < room) {
		room = f.ceiling
	}
	return room
}

func reserve(window int64) int64 { return min(window/4, maxReserve) }

// estimate guesses how many tokens a question has.
func (f *fitter) estimate(q question) int64 {
	bytes, fixed := weigh(q)
	return int64(float64(bytes)/f.perToken) + fixed
}

// weigh returns the bytes of what is text in a question, and the tokens of the
// rest.
func weigh(q question) (bytes, fixed int64) {
	bytes = int64(len(q.system))
	for _, s := range q.tools {
		bytes += int64(len(s.Name) + len(s.About) + len(s.Schema))
	}
	for _, m := range q.messages {
		fixed += messageTokens
		for _, p := range m.pieces {
			if _, ok := p.(image); ok {
				fixed += imageTokens
			}
			bytes += size(p)
		}
	}
	return bytes, fixed
}

// size is the text of a piece, in bytes.
func size(p piece) int64 {
	switch p := p.(type) {
	case words:
		return int64(len(p))
	case image:
		return 0
	case thought:
		return int64(max(len(p.text), len(p.raw)) + len(p.signature))
	case call:
		return int64(len(p.name) + len(p.args) + len(p.extra))
	case result:
		return int64(len(p.text))
	default:
		panic(fmt.Sprintf("direct: unknown piece %T", p))
	}
}

// learn calibrates the estimate by what the provider counted.
func (f *fitter) learn(q question, u chat.Usage) { f.calibrate(q, u.Input) }

// calibrate takes over what a question really had. Short ones say little: what
// a template adds is most of them.
func (f *fitter) calibrate(q question, counted int64) {
	bytes, fixed := weigh(q)
	if text := counted - fixed; text > minQuestion {
		f.perToken = min(max(float64(bytes)/float64(text), minPerToken), maxPerToken)
	}
}

// refused reports whether t refuses q for its length. Then the next fit makes it
// smaller, and so each time; false when it makes no sense any more.
func (f *fitter) refused(q question, t trouble) bool {
	e, ok := excessOf(t)
	if !ok || f.refusals >= maxRefusals {
		return false
	}
	f.refusals++
	if e.sent > 0 {
		f.calibrate(q, e.sent)
	}
	sent := f.estimate(q)
	if e.window > 0 && (f.window == 0 || e.window < f.window) {
		f.window = e.window
	}
	// The window that was told may be enough; if q has had that room already,
	// the estimate is wrong.
	f.ceiling = sent * 3 / 4
	if e.window > 0 && f.refusals == 1 {
		f.ceiling = min(e.window-reserve(e.window), sent*9/10)
	}
	return f.ceiling >= minQuestion
}

// copied returns messages that can be changed.
func copied(list []message) []message {
	out := slices.Clone(list)
	for i := range out {
		out[i].pieces = slices.Clone(out[i].pieces)
	}
	return out
}

// squeeze is one question being made to fit.
type squeeze struct {
	*fitter
	q         question
	room      int64 // that it should have
	whole     int64 // that there is
	shortened bool  // older results and arguments
	cut       bool  // what could not be spared
	early     bool  // there would be room yet
	dropped   int   // turns that the model is not told of any more
	summary   string
	covers    chat.TurnID
	covered   int  // turns
	leftOut   bool // of what the summary is made from
}

func (s *squeeze) fits(share float64) bool {
	return float64(s.estimate(s.q)) <= float64(s.room)*share
}

// all takes away what is missed least, and stops as soon as it fits.
func (s *squeeze) all(ctx context.Context) error {
	s.shortenUntil(s.lastRounds(2))
	if s.fits(1) {
		return nil
	}
	if err := s.summariseTurns(ctx); err != nil {
		return err
	}
	s.room = s.whole // nothing is cut for what is only wished
	if s.fits(1) {
		return nil
	}
	s.shortenUntil(s.lastRounds(1))
	s.cutLongest()
	if s.fits(1) {
		return nil
	}
	return &refusal{
		code: fault.CodeProviderOther,
		text: fmt.Sprintf("This does not fit the model: there is room for about %d tokens, and what cannot be left out has about %d. "+
			"Choose a model with a larger window, send less at once, or switch off tools that are not needed.", s.room, s.estimate(s.q)),
	}
}

// lastRounds returns where the last n answers of the model with what came of
// their calls begin.
func (s *squeeze) lastRounds(n int) int {
	list := s.q.messages
	for i := len(list) - 1; i >= 0; i-- {
		if list[i].role == assistant {
			if n--; n == 0 {
				return i
			}
		}
	}
	return 0
}

// notice says what was done, as far as it was not said before in this turn.
func (s *squeeze) notice() *chat.Notice {
	n := &chat.Notice{Level: chat.NoticeInfo, Covers: s.covers, Summary: s.summary}
	grew := "The conversation outgrew the model's window"
	if s.early {
		grew = "The conversation filled as much of the model's window as the settings allow"
	}
	add := func(done bool, said *bool, text string) {
		if !done || said != nil && *said {
			return
		}
		if said != nil {
			*said = true
		}
		if n.Text != "" {
			n.Text += " "
		}
		n.Text += text
	}
	add(s.covers != "", nil, fmt.Sprintf("%s: from here on the model is told a summary of %s. You still see everything.", grew, turns(s.covered)))
	add(s.dropped > 0, &s.told.dropped, fmt.Sprintf("The conversation outgrew the model's window and could not be summarised: the model was not told of %s.", turns(s.dropped)))
	add(s.shortened, &s.told.shortened, "Older results of tools were shortened for the model, to make room in its window.")
	add(s.cut, &s.told.cut, "What the model was given did not fit its window: long texts were cut in the middle.")
	if n.Text == "" {
		return nil
	}
	if s.dropped > 0 || s.cut {
		n.Level = chat.NoticeWarn
	}
	return n
}

func turns(n int) string {
	if n == 1 {
		return "the first turn that it still knew"
	}
	return fmt.Sprintf("the first %d turns that it still knew", n)
}
