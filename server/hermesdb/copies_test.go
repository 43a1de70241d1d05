package hermesdb

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// agent plays what an agent does to its rows. Messages have a number of their
// own, by which the test knows what is the same.
type agent struct {
	rand     *rand.Rand
	next     int64
	messages int
	rows     []*played // all that are stored
	sight    []*played // what the model is told, in order
	session  int
	inPlace  bool // how it compresses, as its settings say
	back     bool // something was taken back: who says the same again cannot be told from the first time
}

type played struct {
	key
	message int // 0 = a summary
}

func (a *agent) write(message int, role, digest string, k kind) *played {
	a.next++
	p := &played{key: key{id: a.next, session: a.session, role: role, digest: digest, kind: k}, message: message}
	a.rows = append(a.rows, p)
	a.sight = append(a.sight, p)
	return p
}

// anew writes rows again. Prompts that follow each other are joined.
func (a *agent) anew(old []*played) {
	for i, p := range old {
		digest := p.digest
		if i > 0 && i < len(old)-1 && p.kind == asked && old[i-1].kind == asked {
			a.rows, a.sight = a.rows[:len(a.rows)-1], a.sight[:len(a.sight)-1]
			digest = old[i-1].digest + "+" + p.digest
		}
		a.write(p.message, p.role, digest, p.kind)
	}
}

func (a *agent) new(role, words string, k kind) {
	a.messages++
	if words == "" {
		words = fmt.Sprint("m", a.messages)
	}
	a.write(a.messages, role, words, k)
}

// turn is a prompt, which may be "yes" as others were, and an answer.
func (a *agent) turn() {
	prompt := ""
	if a.rand.IntN(3) == 0 && !a.back {
		prompt = "yes"
	}
	a.back = false
	if a.rand.IntN(6) == 0 {
		a.new("user", "", asked) // one that failed
	}
	a.new("user", prompt, asked)
	for range a.rand.IntN(3) {
		a.new("assistant", "", said)
		a.new("tool", "", said)
	}
	a.new("assistant", "", said)
}

// prompts are the indexes in sight of prompts that may be taken back.
func (a *agent) prompts() []int {
	var at []int
	for i, p := range a.sight {
		if p.role == "user" && p.kind == asked {
			at = append(at, i)
		}
	}
	return at
}

// undo hides the newest prompt and what came of it.
func (a *agent) undo() {
	at := a.prompts()
	if len(at) < 2 {
		return
	}
	a.back = true
	last := at[len(at)-1]
	for _, p := range a.sight[last:] {
		p.hidden = true
	}
	a.sight = a.sight[:last]
}

// edit cuts what is in sight before a prompt, and writes the session anew.
func (a *agent) edit() {
	var at []int
	for _, i := range a.prompts() {
		if i > 0 && a.sight[i-1].kind != asked { // where a prompt ends what is left, nothing tells a copy of it from a new one
			at = append(at, i)
		}
	}
	if len(at) == 0 {
		return
	}
	a.back = true
	keep := slices.Clone(a.sight[:at[a.rand.IntN(len(at))]])
	a.rows = slices.DeleteFunc(a.rows, func(p *played) bool { return p.session == a.session })
	a.sight = nil
	for _, p := range keep {
		a.write(p.message, p.role, p.digest, p.kind)
	}
}

// compress leaves the beginning and the end of what is in sight.
func (a *agent) compress() {
	old := a.sight
	newest := 0 // what follows the summary of before
	for i, p := range old {
		if p.kind == summary {
			newest = i + 1
		}
	}
	head := 0
	if newest == 0 || a.rand.IntN(2) == 0 { // else only the first compression leaves a beginning
		head = 3 + a.rand.IntN(2)
	}
	first := max(head, newest)
	if len(old)-first < 4 {
		return
	}
	end := first + 1 + a.rand.IntN(len(old)-first-2)
	if a.inPlace {
		for _, p := range old {
			p.earlier = true
		}
	} else {
		a.session++
	}
	a.sight = nil
	a.anew(old[:head])
	a.write(0, "user", fmt.Sprint("summary", a.next), summary)
	a.anew(old[end:])
}

// step does one thing; edits only where the rows before are not needed.
func (a *agent) step() string {
	switch n := a.rand.IntN(20); {
	case n < 14:
		a.turn()
		return "turn"
	case n < 15:
		a.undo()
		return "undo"
	case n < 16:
		a.edit()
		return "edit"
	case a.inPlace:
		a.compress()
		return "in place"
	default:
		a.compress()
		return "rotate"
	}
}

func (a *agent) keys() []key {
	var all []key
	for _, p := range a.rows {
		k := p.key
		k.hidden = k.hidden && !k.earlier
		all = append(all, k)
	}
	return all
}

// Whatever an agent does to its rows, a person sees each message that is left
// once, and in the order in which they were said.
func TestEachMessageIsShownOnceAndInOrder(t *testing.T) {
	for seed := range uint64(3000) {
		a := &agent{rand: rand.New(rand.NewPCG(seed, 1)), inPlace: seed%2 == 0}
		var did []string
		for range 4 + a.rand.IntN(24) {
			did = append(did, a.step())
			wantEachOnce(t, a, fmt.Sprint("seed ", seed, ": ", did))
		}
	}
}

func wantEachOnce(t *testing.T, a *agent, what string) {
	t.Helper()
	byID, want := map[int64]int{}, map[int]bool{}
	for _, p := range a.rows {
		if byID[p.id] = p.message; p.message > 0 {
			want[p.message] = !p.hidden || p.earlier // as the newest row of the message says
		}
	}
	maps.DeleteFunc(want, func(_ int, left bool) bool { return !left })
	var got []int
	spine := arrange(nil, a.keys())
	for _, k := range spine.keys {
		got = append(got, byID[k.id])
		for _, c := range spine.copies[k.id] {
			if byID[c.id] != byID[k.id] {
				t.Fatalf("%s\nrow %d (message %d) is taken for message %d", what, c.id, byID[c.id], byID[k.id])
			}
		}
	}
	if !slices.IsSorted(got) || len(slices.Compact(slices.Clone(got))) != len(want) || len(got) != len(want) {
		t.Fatalf("%s\nshown are %v, %d of %d", what, got, len(got), len(want))
	}
}

// An agent that had read a session writes it down there once more before it goes
// on in a new one (0.19).
func TestASessionThatIsWrittenTwiceIsShownOnce(t *testing.T) {
	a := &agent{}
	moment := time.UnixMilli(1795451638721)
	row := func(message int, role, digest string, k kind, after int) {
		a.write(message, role, digest, k).at = moment.Add(time.Duration(after) * time.Second)
	}
	talk := func() {
		for n, words := range []string{"yes", "yes", "more"} {
			row(2*n+1, "user", words, asked, n)
			row(2*n+2, "assistant", "re "+words, said, n)
		}
	}
	talk()
	talk()
	a.session++
	row(1, "user", "yes", asked, 0)
	row(0, "user", "summary", summary, 3)
	row(5, "user", "more", asked, 2)
	row(6, "assistant", "re more", said, 2)
	row(7, "user", "yes", asked, 9)
	row(8, "assistant", "re yes", said, 9)
	wantEachOnce(t, a, "written twice")
}
