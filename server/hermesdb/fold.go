package hermesdb

import (
	"crypto/sha256"
	"encoding/base32"
	"strconv"

	"hermes-webui/server/chat"
)

// folding makes turns of messages.
type folding struct {
	profile string
	spine   spine
	turns   []Settled
	turn    *chat.Turn // the newest one, nil = none yet
	rows    *[]Row
	prompt  string // digest of the turn's prompt, as long as nobody answered it
	hidden  bool   // what the agent does for itself comes now
	plan    *chat.Plan
	calls   map[string]*chat.ToolCall
	helpers map[string][]*chat.Subagent
	parts   int // of the message that is folded
	now     Message
}

// Turns makes turns of messages that follow each other, each of which says
// something new. What comes before the first prompt is a turn without one.
func (d *DB) Turns(messages []Message) []Settled { return d.fold(messages, spine{}) }

func (d *DB) fold(messages []Message, s spine) []Settled {
	f := folding{profile: d.profile, spine: s}
	for _, m := range messages {
		f.take(m)
	}
	f.finish()
	return f.turns
}

func (f *folding) take(m Message) {
	f.now, f.parts = m, 0
	switch {
	case m.kind == harness:
		f.hidden = true
	case m.Begins && m.Digest == f.prompt: // said again after a crash
		f.row(m, true)
		return
	case m.Begins:
		f.begin(m)
	case f.hidden || m.kind == summary || m.kind == nudge:
	default:
		f.say(m)
	}
	if f.turn == nil { // nothing that is shown
		return
	}
	f.row(m, false)
	if _, cut := f.spine.cuts[m.ID]; cut {
		f.notice(chat.NoticeInfo, "The agent shortened what it keeps in mind of everything above.")
	}
}

// row notes where a message of the turn is kept, and its copies.
func (f *folding) row(m Message, again bool) {
	r := m.Row
	r.Copy = again
	*f.rows = append(*f.rows, r)
	for _, k := range f.spine.copies[m.ID] {
		*f.rows = append(*f.rows, Row{ID: k.id, Session: f.session(k, m), Role: k.role, Digest: k.digest, Copy: true})
	}
}

func (f *folding) session(k key, m Message) string {
	if k.session < len(f.spine.ids) {
		return f.spine.ids[k.session]
	}
	return m.Session
}

func (f *folding) begin(m Message) {
	f.finish()
	f.open(m, m.Text)
	f.prompt, f.hidden = m.Digest, false
	if n := m.content.images + m.content.others; n > 0 {
		f.notice(chat.NoticeInfo, enclosed(n, m.content.others == 0))
	}
	if _, _, missing := m.content.cut(); missing > 0 {
		text, _, _ := m.content.cut()
		f.turn.Prompt.Text = text
		f.notice(chat.NoticeInfo, "The prompt is longer than can be shown: "+strconv.FormatInt(missing, 10)+" bytes are left out of its middle.")
	}
}

func enclosed(n int, images bool) string {
	what := "file"
	if images {
		what = "image"
	}
	if n == 1 {
		return "One " + what + " was sent along. The agent keeps it; it cannot be shown here."
	}
	return strconv.Itoa(n) + " " + what + "s were sent along. The agent keeps them; they cannot be shown here."
}

// open begins a turn.
func (f *folding) open(m Message, prompt string) {
	when := chat.At(m.At)
	f.turns = append(f.turns, Settled{Turn: &chat.Turn{
		ID: chat.TurnID(f.id(chat.PrefixTurn, m, 0)), Origin: chat.FromElsewhere, State: chat.Stopped,
		Prompt:   chat.Prompt{Text: prompt, Attachments: []chat.Attachment{}},
		Variants: []chat.TurnID{}, Parts: []chat.Part{},
		QueuedAt: when, StartedAt: &when, EndedAt: &when,
	}, Rows: []Row{}})
	last := &f.turns[len(f.turns)-1]
	f.turn, f.rows, f.plan, f.prompt = last.Turn, &last.Rows, nil, ""
	f.calls, f.helpers = map[string]*chat.ToolCall{}, map[string][]*chat.Subagent{}
}

// say adds a message to the turn.
func (f *folding) say(m Message) {
	if f.turn == nil {
		f.open(m, "")
		f.turns[len(f.turns)-1].headless = true
	}
	if end := chat.At(m.At); end.After(f.turn.EndedAt.Time) {
		f.turn.EndedAt = &end
	}
	switch {
	case m.kind == note:
		f.notice(chat.NoticeInfo, noteWords(m.content.text))
	case m.Role == "assistant":
		f.prompt = ""
		f.assistant(m)
	case m.Role == "tool":
		f.result(m)
	}
}

// finish closes what is open of the newest turn.
func (f *folding) finish() {
	if f.turn == nil {
		return
	}
	for _, c := range f.calls {
		c.State = chat.ToolUnknown
	}
	for _, list := range f.helpers {
		for _, h := range list {
			h.State = chat.ToolUnknown
		}
	}
	f.turn = nil
}

// base is the beginning of a part, which is closed at once.
func (f *folding) base() chat.PartBase {
	f.parts++
	when := chat.At(f.now.At)
	return chat.PartBase{ID: chat.PartID(f.id(chat.PrefixPart, f.now, f.parts)), OpenedAt: when, ClosedAt: &when}
}

func (f *folding) add(p chat.Part) { f.turn.Parts = append(f.turn.Parts, p) }

func (f *folding) notice(level chat.NoticeLevel, text string) {
	f.add(&chat.Notice{PartBase: f.base(), Level: level, Text: text})
}

// ulid writes 128 bits as in chat; the two bits that a ULID cannot have are cut.
var ulid = base32.NewEncoding("0123456789ABCDEFGHJKMNPQRSTVWXYZ").WithPadding(base32.NoPadding)

// id makes the id of a turn or a part: of the same row always the same.
func (f *folding) id(prefix string, m Message, n int) string {
	sum := sha256.Sum256([]byte(f.profile + "\x00" + m.Session + "\x00" + strconv.FormatInt(m.ID, 10) + "\x00" + strconv.Itoa(n)))
	sum[0] &= 0x3f
	return prefix + ulid.EncodeToString(sum[:16])
}
