package direct

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"hermes-webui/server/agent"
	"hermes-webui/server/agent/direct/tool"
	"hermes-webui/server/chat"
)

// Choices of an approval, as the API names them.
const (
	allowOnce    = "once"
	allowSession = "session"
	allowAlways  = "always"
	deny         = "deny"
)

// permitted returns nil once the call may run, or why it may not. Nothing runs
// that a person or a rule of theirs did not allow.
func (u *use) permitted() error {
	need := u.ready.Needs
	if need == nil {
		return nil
	}
	// Calls that need the same are asked about one after the other: what was
	// allowed for the first may count for the others.
	leave, err := u.turn.doors.enter(u.turn.ctx, need.Permits)
	if err != nil {
		return err
	}
	defer leave()
	allowed, err := u.turn.allowed(need.Permits)
	if err != nil || allowed {
		return err
	}
	return u.askFor(need)
}

func (t *turn) allowed(permits []tool.Permit) (bool, error) {
	rules := t.conn.driver.config.Rules
	if rules == nil || len(permits) == 0 {
		return false, nil
	}
	ok, err := rules.Allowed(t.ctx, t.conn.session, permits)
	if err != nil {
		t.conn.driver.slog.Error("rules could not be read", "session", t.conn.session, "err", err)
		return false, errors.New("whether this is allowed could not be looked up, so it was not done; the user should check the disk")
	}
	return ok, nil
}

func (u *use) askFor(need *tool.Permission) error {
	if err := u.update(chat.ToolWaiting); err != nil {
		return err
	}
	answer, err := u.turn.ask(u.turn.ctx, chat.Ask{
		Kind: chat.Approval, Part: &u.part.ID, Title: need.Title, Why: need.Why, Command: need.Command, Diff: u.hide.Clean(need.Diff),
		Danger: need.Danger, Level: need.Level, Span: need.Span, Choices: u.turn.choices(need.Permits), Editable: u.ready.Edit != nil,
	})
	if err != nil {
		return err
	}
	return u.heed(need, answer)
}

// choices offers to remember only what can be remembered, and says how.
func (t *turn) choices(permits []tool.Permit) []chat.Choice {
	out := []chat.Choice{{ID: allowOnce, Label: "Allow once"}}
	if rules := t.conn.driver.config.Rules; rules != nil && len(permits) > 0 {
		session, always := rules.Words(t.conn.session, permits[0]), rules.Words("", permits[0])
		if session != "" && always != "" {
			out = append(out,
				chat.Choice{ID: allowSession, Label: "Allow in this session", Rule: session},
				chat.Choice{ID: allowAlways, Label: "Always allow", Rule: always})
		}
	}
	return append(out, chat.Choice{ID: deny, Label: "Deny"})
}

// heed does what the person said.
func (u *use) heed(need *tool.Permission, a agent.Answer) error {
	if a.Choice != allowOnce && a.Choice != deny && a.Command != "" && a.Command != need.Command {
		// What would be remembered is not what the person wrote.
		return errors.New("the user changed the command, which can only be allowed once; it was not run")
	}
	switch a.Choice {
	case allowOnce:
		return u.edited(a.Command)
	case allowSession:
		u.turn.remember(u.turn.conn.session, need.Permits)
		return nil
	case allowAlways:
		u.turn.remember("", need.Permits)
		return nil
	default: // "deny", and what nobody answered
		return denied(a.Text)
	}
}

// edited makes the call one with the command that the person wrote instead.
func (u *use) edited(command string) (err error) {
	defer caught(&err)
	if command == "" || command == u.ready.Needs.Command {
		return nil
	}
	if u.ready.Edit == nil {
		return errors.New("the user changed the command, but this one cannot be changed; it was not run")
	}
	ready, err := u.ready.Edit(command)
	if err != nil {
		return fmt.Errorf("the user changed the command to %q, which cannot be run: %w", command, err)
	}
	u.ready = ready
	_, err = fmt.Fprintf(side{u}, "[The user changed the command to: %s]\n", command)
	return err
}

func denied(why string) error {
	if why == "" {
		return errors.New("denied by the user; do not try it again in another way, ask or go on without it")
	}
	return fmt.Errorf("denied by the user, who says: %s", why)
}

// remember keeps what was allowed. Where that fails this call runs all the
// same: it was allowed.
func (t *turn) remember(s chat.SessionID, permits []tool.Permit) {
	rules := t.conn.driver.config.Rules
	if rules == nil || len(permits) == 0 {
		return
	}
	if err := rules.Allow(context.WithoutCancel(t.ctx), s, permits[0]); err != nil {
		t.conn.driver.slog.Error("what was allowed could not be kept", "session", t.conn.session, "err", err)
		_ = t.notice(chat.NoticeWarn, "What you allowed could not be stored, so it counts only this time. Is the disk full?")
	}
}

// doors lets one call at a time ask for the same permission.
type doors struct {
	mu   sync.Mutex
	held map[tool.Permit]chan struct{}
}

func (d *doors) enter(ctx context.Context, permits []tool.Permit) (leave func(), err error) {
	if len(permits) == 0 {
		return func() {}, nil
	}
	for {
		d.mu.Lock()
		before, busy := d.held[permits[0]]
		if !busy {
			mine := make(chan struct{})
			d.held[permits[0]] = mine
			d.mu.Unlock()
			return func() { d.leave(permits[0], mine) }, nil
		}
		d.mu.Unlock()
		select {
		case <-before:
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
	}
}

func (d *doors) leave(p tool.Permit, mine chan struct{}) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.held, p)
	close(mine)
}
