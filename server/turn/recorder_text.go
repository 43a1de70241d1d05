package turn

import (
	"fmt"
	"time"

	"hermes-webui/server/agent"
	"hermes-webui/server/chat"
)

// append records text: at once after textWindow of silence, else with the rest
// of the window or when textBurst bytes wait.
func (r *recorder) append(now time.Time, s agent.Append) ([]chat.Body, error) {
	var done []chat.Body
	if r.open != s.Part {
		done = r.flush(now)
	}
	p, err := r.piece(s.Part)
	if err != nil {
		return append(done, r.flush(now)...), err
	}
	if p.text == nil || p.text.name != s.Stream {
		return append(done, r.flush(now)...), fmt.Errorf("part %q of kind %s has no stream %q", s.Part, p.kind, s.Stream)
	}
	more, err := r.write(now, p, s)
	done = append(done, more...)
	if err != nil {
		return append(done, r.flush(now)...), err
	}
	if len(p.text.pending) > 0 {
		r.open = p.id
	}
	if at, ok := r.textDue(); ok && (!now.Before(at) || len(p.text.pending) >= textBurst) {
		done = append(done, r.flush(now)...)
	}
	return append(done, r.tellSkipped(now, p)...), nil
}

// write puts the text of a step where it belongs. Bodies come only from an
// agent that takes back what it said before.
func (r *recorder) write(now time.Time, p *piece, s agent.Append) ([]chat.Body, error) {
	text := p.text.decode(s.Text)
	if s.At < 0 {
		r.put(p, text)
		return nil, nil
	}
	if p.out != nil && p.out.full {
		return nil, fmt.Errorf("absolute output for part %q, of which the middle is not kept", p.id)
	}
	at, rest, ok := p.text.align(s.At, text)
	if !ok {
		return nil, fmt.Errorf("part %q has %d units of text, the step is at %d", p.id, p.text.units, s.At)
	}
	var done []chat.Body
	if at < p.text.units {
		done = r.flush(now)
		p.text.cut(at)
		if p.out != nil {
			p.out.kept = len(p.text.text)
		}
	}
	r.put(p, rest)
	return done, nil
}

func (r *recorder) put(p *piece, text string) {
	if p.out != nil {
		text = p.out.head(text)
	}
	if text != "" {
		p.text.put(text)
	}
}

// flush hands out the text that waits.
func (r *recorder) flush(now time.Time) []chat.Body {
	p := r.pieces[r.open]
	if p == nil {
		return nil
	}
	r.open, r.last = "", now
	return p.text.take(p.id)
}

// tick hands out what is due by now.
func (r *recorder) tick(now time.Time) []chat.Body {
	var done []chat.Body
	if at, ok := r.textDue(); ok && !now.Before(at) {
		done = r.flush(now)
	}
	for _, id := range r.order {
		done = append(done, r.tellSkipped(now, r.pieces[id])...)
	}
	return done
}

// due is when tick has something to do.
func (r *recorder) due() (time.Time, bool) {
	first, any := r.textDue()
	for _, p := range r.pieces {
		if p.out == nil || p.closed {
			continue
		}
		if at, ok := p.out.due(); ok && (!any || at.Before(first)) {
			first, any = at, true
		}
	}
	return first, any
}

func (r *recorder) textDue() (time.Time, bool) {
	return r.last.Add(textWindow), r.open != ""
}

// tellSkipped reports how much output is missing. The offset counts what the
// log has, so text of the head goes first.
func (r *recorder) tellSkipped(now time.Time, p *piece) []chat.Body {
	if p.out == nil || p.closed {
		return nil
	}
	bytes, say := p.out.skipped(now)
	if !say {
		return nil
	}
	var done []chat.Body
	if r.open == p.id {
		done = r.flush(now)
	}
	return append(done, chat.OutputSkipped{Part: p.id, At: p.text.units, Bytes: bytes})
}

// endText ends a part's text: a character that was never finished becomes
// U+FFFD, the end of a long output follows what is missing.
func (r *recorder) endText(p *piece) []chat.Body {
	if p.text == nil {
		return nil
	}
	if len(p.text.rest) > 0 {
		p.text.rest = nil
		r.put(p, "\uFFFD")
	}
	bodies := p.text.take(p.id)
	if p.out == nil || p.out.beyond == 0 {
		return bodies
	}
	tail, missing, say := p.out.end()
	if say {
		bodies = append(bodies, chat.OutputSkipped{Part: p.id, At: p.text.units, Bytes: missing})
	}
	p.text.put(tail)
	return append(bodies, p.text.take(p.id)...)
}
