// Package chat holds the nouns of a conversation and the one log of what
// happened in it: Session, Turn, Part, Ask, Event. It folds events into what a
// reader sees (a pure function that the page repeats in TypeScript) and names
// the interfaces of the log, its readers and its bell. It knows no SQL, no
// HTTP and no agent.
package chat

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"strconv"
	"strings"
	"time"
)

// Names of things: a prefix and a ULID. They sort roughly by time, but order is
// only ever taken from Seq.
type (
	SessionID string // ses_…
	TurnID    string // trn_…
	PartID    string // prt_…
	AskID     string // ask_…
	BlobID    string // att_…: an attachment
	// Seq is a position in the one log. It grows and has holes: nothing may
	// count on seq+1.
	Seq int64
)

// Prefixes of ids.
const (
	PrefixSession    = "ses_"
	PrefixTurn       = "trn_"
	PrefixPart       = "prt_"
	PrefixAsk        = "ask_"
	PrefixAttachment = "att_"
)

const crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// NewID returns prefix and a fresh ULID (https://github.com/ulid/spec).
func NewID(prefix string) string {
	var b [16]byte
	binary.BigEndian.PutUint64(b[:8], uint64(time.Now().UnixMilli())<<16)
	_, _ = rand.Read(b[6:]) // never fails, see crypto/rand
	return prefix + encodeULID(b)
}

func encodeULID(b [16]byte) string {
	hi, lo := binary.BigEndian.Uint64(b[:8]), binary.BigEndian.Uint64(b[8:])
	var out [26]byte
	for i := 25; i >= 0; i-- {
		out[i] = crockford[lo&31]
		lo = lo>>5 | hi<<59
		hi >>= 5
	}
	return string(out[:])
}

// ForeignID is the id of a session that an agent keeps, made from the profile and
// the id of the agent's own that its lineage begins with: the same every time.
func ForeignID(profile, root string) SessionID {
	return SessionID(derived(PrefixSession, profile, root))
}

// ForeignTurnID is the same for a turn that was done elsewhere; row is the first
// of its messages, and can be read from the id.
func ForeignTurnID(profile string, row int64) TurnID {
	sum := sha256.Sum256([]byte(profile))
	b := [16]byte(sum[:16])
	binary.BigEndian.PutUint64(b[8:], uint64(row))
	return TurnID(PrefixTurn + encodeULID(b))
}

// ForeignRow returns the row that a ForeignTurnID was made from. Of other ids it
// returns anything; 0 of what is none.
func ForeignRow(id TurnID) int64 {
	if !ValidID(PrefixTurn, string(id)) {
		return 0
	}
	var row uint64
	for _, c := range id[len(PrefixTurn):] { // what is shifted out is not the row
		row = row<<5 | uint64(strings.IndexRune(crockford, c))
	}
	return int64(row)
}

// ForeignPartID is the id of the n-th part of such a turn.
func ForeignPartID(turn TurnID, n int) PartID {
	return PartID(derived(PrefixPart, string(turn), strconv.Itoa(n)))
}

func derived(prefix, profile, name string) string {
	sum := sha256.Sum256([]byte(prefix + profile + "\x00" + name))
	return prefix + encodeULID([16]byte(sum[:16]))
}

// ValidID reports whether id is prefix and a well-formed ULID. Clients make
// ids, so every id that comes from outside is checked with it.
func ValidID(prefix, id string) bool {
	if len(id) != len(prefix)+26 || id[:len(prefix)] != prefix {
		return false
	}
	for i, c := range []byte(id[len(prefix):]) {
		ok := c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' && c != 'I' && c != 'L' && c != 'O' && c != 'U'
		if !ok || i == 0 && c > '7' {
			return false
		}
	}
	return true
}
