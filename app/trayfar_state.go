package main

import (
	"context"
	"net/http"
	"os"
	"path/filepath"

	"hermes-webui/server"
	"hermes-webui/server/chat"
	"hermes-webui/server/health"
	"hermes-webui/server/turn"
	"hermes-webui/tray"
)

// draw reads what the tray shows, and shows it.
func (f *farServer) draw(ctx context.Context) error {
	var sessions struct{ Items []chat.Session }
	var asks struct{ Items []chat.Ask }
	var agents struct {
		Items []struct {
			ID    string
			Ready bool
		}
	}
	for path, v := range map[string]any{"/api/sessions?limit=100": &sessions, "/api/asks": &asks, "/api/agents": &agents} {
		if err := f.do(ctx, http.MethodGet, path, nil, v); err != nil {
			return err
		}
	}
	s := tray.State{
		Phase: tray.Ready, Service: true, Address: f.holder.Load().Address, Version: f.holder.Load().Version, Details: "/settings/health",
		Login: f.login(ctx), Checks: f.checks(ctx), Agent: noAgent,
	}
	for _, a := range agents.Items {
		if a.Ready && a.ID != "demo" {
			s.Agent = ""
		}
	}
	clear(f.titles)
	for _, one := range sessions.Items { // those that live are the newest
		f.titles[one.ID] = one.Title
		if one.Live != nil {
			s.Turns = append(s.Turns, tray.Turn{ID: string(*one.Live), Title: one.Title, Path: pathOf(one.ID)})
		}
	}
	for _, a := range asks.Items {
		s.Asks = append(s.Asks, trayAsk(a))
	}
	f.link.show(s)
	return nil
}

// checks asks every part. Where that fails, other things say so already.
func (f *farServer) checks(ctx context.Context) []tray.Check {
	var report struct{ Checks health.Results }
	if f.do(ctx, http.MethodGet, "/api/health", nil, &report) != nil {
		return nil
	}
	return trayChecks(report.Checks)
}

func (f *farServer) login(ctx context.Context) tray.Login {
	var st server.AutostartState
	if f.do(ctx, http.MethodGet, "/api/system/autostart", nil, &st) != nil {
		return tray.LoginUnknown
	}
	return shownLogin(st)
}

// The methods of tray.Host.

// Open implements tray.Host.
func (f *farServer) Open(_ context.Context, path string) error {
	return f.browser.open(f.holder.Load().Address + path)
}

// NewSession implements tray.Host.
func (f *farServer) NewSession(ctx context.Context) error { return f.Open(ctx, "/") }

// Restart implements tray.Host.
func (f *farServer) Restart(ctx context.Context) error {
	return f.do(ctx, http.MethodPost, "/api/system/restart", nil, nil)
}

// RestartAgent implements tray.Host.
func (f *farServer) RestartAgent(ctx context.Context) error {
	return f.do(ctx, http.MethodPost, "/api/agents/restart", nil, nil)
}

// StopTurn implements tray.Host.
func (f *farServer) StopTurn(ctx context.Context, id string) error {
	return f.do(ctx, http.MethodPost, "/api/turns/"+id+"/stop", nil, nil)
}

// Answer implements tray.Host.
func (f *farServer) Answer(ctx context.Context, a tray.Answer) error {
	choice := turn.Refused
	if a.Allow {
		choice = turn.Once
	}
	return f.do(ctx, http.MethodPost, "/api/asks/"+a.Ask+"/answer", map[string]string{"choice": choice, "digest": a.Digest}, nil)
}

// ToggleLogin implements tray.Host.
func (f *farServer) ToggleLogin(ctx context.Context) error {
	var st server.AutostartState
	if err := f.do(ctx, http.MethodGet, "/api/system/autostart", nil, &st); err != nil {
		return err
	}
	on := shownLogin(st) != tray.LoginOn
	return f.do(ctx, http.MethodPut, "/api/system/autostart", map[string]bool{"on": on}, nil)
}

// OpenLogs implements tray.Host.
func (f *farServer) OpenLogs(context.Context) error { return f.browser.open(logsIn(f.config.StateDir)) }

// Quit implements tray.Host.
func (f *farServer) Quit(ctx context.Context) error {
	return f.do(ctx, http.MethodPost, "/api/system/quit", nil, nil)
}

// CloseTray implements tray.Host.
func (f *farServer) CloseTray(context.Context) error { f.link.close(); return nil }

// logsIn is the folder where a person finds the logs.
func logsIn(stateDir string) string {
	dir := filepath.Join(stateDir, "logs")
	if _, err := os.Stat(dir); err != nil {
		return stateDir
	}
	return dir
}
