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
