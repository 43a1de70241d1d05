package main

import (
	"context"

	"hermes-webui/autostart"
	"hermes-webui/server"
	"hermes-webui/tray"
)

// loginKinds are the words of the tray for what is true of the start at login.
var loginKinds = map[string]tray.Login{
	string(autostart.Off): tray.LoginOff, string(autostart.On): tray.LoginOn,
	string(autostart.Stale): tray.LoginStale, string(autostart.TurnedOff): tray.LoginDesktop,
}

// loginState is the switch for the start at login, as the tray shows it. Where
// it could not be turned on, and is not, there is none.
func (p *process) loginState(ctx context.Context) tray.Login {
	st, err := p.core.login.State(ctx)
	if err != nil {
		p.log.Warn("the start at login cannot be seen", "err", err)
		return tray.LoginUnknown
	}
	return shownLogin(st)
}

// shownLogin hides the switch where it could not be turned on, and is not.
func shownLogin(st server.AutostartState) tray.Login {
	if !st.Possible && st.State == string(autostart.Off) {
		return tray.LoginUnknown
	}
	return loginKinds[st.State]
}

// toggleLogin turns the start at login on, or off where it is as it should be.
func (p *process) toggleLogin(ctx context.Context) error {
	st, err := p.core.login.State(ctx)
	if err == nil {
		_, err = p.core.login.Set(ctx, st.State != string(autostart.On))
	}
	return err
}
