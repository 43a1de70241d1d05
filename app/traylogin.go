package main

import (
	"context"
	"errors"

	"hermes-webui/tray"
)

// loginState is the switch for the start at login, as the tray shows it.
func (p *process) loginState(context.Context) tray.Login { return tray.LoginUnknown }

func (p *process) toggleLogin(context.Context) error {
	return errors.New("this version cannot start at login")
}
