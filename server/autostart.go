package server

import "context"

// Autostart turns the start at login on and off.
type Autostart interface {
	State(context.Context) (AutostartState, error)
	// Set does it and returns what is true then. It starts and ends nothing now.
	Set(ctx context.Context, on bool) (AutostartState, error)
}

// AutostartState says whether the program starts at login.
type AutostartState struct {
	State    string `json:"state" enum:"off,on,stale,turned_off" doc:"stale: on, but what it starts is not what it should be; turned_off: by the desktop's own settings."`
	Text     string `json:"text" doc:"The same for people."`
	Possible bool   `json:"possible" doc:"It can be turned on here. Off is always possible."`
	Why      string `json:"why" doc:"Why it is not possible; empty = it is."`
}

type autostartAnswer struct{ Body AutostartState }

func (s *Server) getAutostart(ctx context.Context, _ *struct{}) (*autostartAnswer, error) {
	st, err := s.core().Autostart.State(ctx)
	return &autostartAnswer{st}, err
}

func (s *Server) setAutostart(ctx context.Context, in *struct {
	Body struct {
		On bool `json:"on"`
	}
}) (*autostartAnswer, error) {
	st, err := s.core().Autostart.Set(ctx, in.Body.On)
	return &autostartAnswer{st}, err
}
