package turn

import (
	"errors"

	"hermes-webui/server/chat"
	"hermes-webui/server/fault"
)

// remember commits under which ids the agent keeps the session. What cannot be
// committed now is tried again with the next step: without it the agent's side
// would not be found again.
func (l *lane) remember() {
	for len(l.untold) > 0 {
		id := l.untold[0]
		_, err := l.desk.Log.Append(l.ctx, l.id, "", unstored(l.id, id), chat.SessionStored{ID: id})
		if err != nil && !errors.Is(err, errKnown) {
			l.desk.Slog.Warn("where the agent keeps a session was not kept", "session", l.id, "err", err)
		}
		if fault.KindOf(err) == fault.Unavailable {
			return
		}
		l.untold = l.untold[1:]
	}
}

// unstored leaves the transaction where there is nothing new to say.
func unstored(session chat.SessionID, id string) chat.Guard {
	return func(v chat.View) error {
		s, err := v.Session(session)
		if err != nil {
			return err
		}
		if n := len(s.Stored); id == "" || n > 0 && s.Stored[n-1] == id {
			return errKnown
		}
		return nil
	}
}
