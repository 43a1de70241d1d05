package server

import (
	"context"

	"hermes-webui/server/fault"
)

// open is for a second start of the program, and for its tray.
func (s *Server) open(context.Context, *struct{}) (*struct{}, error) {
	if err := s.cfg.Open(); err != nil {
		return nil, fault.Wrap(err, fault.Conflict, fault.CodeNoBrowser, "The server cannot open a browser: it runs without a desktop, or none is installed.")
	}
	return nil, nil
}

// The answer is written before anything ends: both functions only ask.

func (s *Server) restart(context.Context, *struct{}) (*struct{}, error) {
	s.cfg.Restart()
	return nil, nil
}

func (s *Server) quit(context.Context, *struct{}) (*struct{}, error) {
	s.cfg.Quit()
	return nil, nil
}

// Place says where the program is.
type Place struct {
	State string `json:"state" doc:"The folder of everything that is kept."`
	Logs  string `json:"logs" doc:"The folder of the logs."`
	// Desktop: a folder that is opened is seen by somebody who sits at the machine.
	Desktop bool `json:"desktop" doc:"Folders can be shown on the desktop that the program runs on."`
}

type placeAnswer struct{ Body Place }

func (s *Server) getPlace(context.Context, *struct{}) (*placeAnswer, error) {
	return &placeAnswer{s.cfg.Place()}, nil
}

func (s *Server) openLogs(context.Context, *struct{}) (*struct{}, error) {
	if err := s.cfg.OpenLogs(); err != nil {
		return nil, fault.Wrap(err, fault.Conflict, fault.CodeNoBrowser, "The folder cannot be shown: the server runs without a desktop, or nothing there opens folders. Its path is in Settings, Health.")
	}
	return nil, nil
}
