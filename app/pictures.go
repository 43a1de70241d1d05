package main

import (
	"context"
	"errors"
	"net/http"

	"hermes-webui/server/agent/direct/outbound"
	"hermes-webui/server/picture"
)

// gallery is the public web as pictures are fetched from it: by the same guard
// as the pages that a model reads.
type gallery struct{ getter *outbound.Getter }

func newGallery(c outbound.Config) gallery {
	c.Accept, c.MaxBody = "image/avif,image/webp,image/png,image/jpeg,image/gif;q=0.9", picture.MaxBytes
	return gallery{outbound.New(c)}
}

func pictures() *picture.Fetcher {
	return picture.New(newGallery(outbound.Config{Proxy: http.ProxyFromEnvironment}))
}

// Get implements picture.Web.
func (g gallery) Get(ctx context.Context, url string) (picture.Answer, error) {
	target, err := outbound.Parse(url)
	if err != nil {
		return picture.Answer{}, refused(err)
	}
	page, err := g.getter.Get(ctx, target)
	if err != nil {
		return picture.Answer{}, refused(err)
	}
	return picture.Answer{Status: page.Status, Body: page.Body, Cut: page.Cut, Moved: page.Moved}, nil
}

// refused tells an address that is not asked for from a place that is not.
func refused(err error) error {
	refusal, ok := errors.AsType[*outbound.Refusal](err)
	switch {
	case !ok:
		return err
	case refusal.Place():
		return picture.ErrPlace
	default:
		return picture.ErrAddress
	}
}
