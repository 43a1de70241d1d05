package scripted

import (
	"crypto/sha256"
	"encoding/base32"
	"fmt"

	"hermes-webui/server/chat"
)

const zeroTime = "0000000000" // the time of a ULID

var ulidBytes = base32.NewEncoding("0123456789ABCDEFGHJKMNPQRSTVWXYZ").WithPadding(base32.NoPadding)

// derivedID makes the id of a part or an ask from the turn, the script and the
// place in it: the line, and which time round each repeat around it. So after
// a restart the place of an ask is found again from its id alone, and the parts
// around it are known. Another text of the script gives other ids: nothing goes
// on in a script that has changed.
func derivedID(prefix string, t chat.TurnID, s *Script, line int, rounds []int) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\n%x\n%d\n%v", t, s.sum, line, rounds))
	return prefix + turnTime(t) + ulidBytes.EncodeToString(sum[:10])
}

// turnTime returns the time in a turn's id, so that what is derived sorts
// beside it.
func turnTime(t chat.TurnID) string {
	if !chat.ValidID(chat.PrefixTurn, string(t)) {
		return zeroTime
	}
	n := len(chat.PrefixTurn)
	return string(t[n : n+len(zeroTime)])
}
