package server

import (
	"context"

	"github.com/danielgtaylor/huma/v2"

	"hermes-webui/server/picture"
)

// Pictures is picture.Fetcher.
type Pictures interface {
	Fetch(ctx context.Context, url string) (picture.Picture, error)
}

type fetchPictureRequest struct {
	URL string `json:"url" minLength:"1" maxLength:"8192" doc:"As it stands in an answer."`
}

// pictureAnswer is the picture itself. It is sent to a script of the page, and
// so that a browser makes nothing else of it.
type pictureAnswer struct {
	Type   string `header:"Content-Type"`
	Policy string `header:"Content-Security-Policy"`
	Body   []byte
}

func (s *Server) fetchPicture(ctx context.Context, in *struct{ Body fetchPictureRequest }) (*pictureAnswer, error) {
	p, err := s.core().Pictures.Fetch(ctx, in.Body.URL)
	if err != nil {
		return nil, err
	}
	return &pictureAnswer{p.Type, inert, p.Body}, nil
}

func aPicture(o *huma.Operation) {
	o.Responses = map[string]*huma.Response{"200": {Description: "The picture", Content: binary()}}
}
