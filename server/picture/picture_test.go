package picture_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"

	"hermes-webui/server/fault"
	"hermes-webui/server/picture"
)

const png = "\x89PNG\r\n\x1a\n rest"

// web answers by address.
type web map[string]picture.Answer

func (w web) Get(_ context.Context, url string) (picture.Answer, error) {
	a, ok := w[url]
	if !ok {
		return a, errors.New("secret words of the network")
	}
	return a, nil
}

func TestAPictureIsKnownByItsBytes(t *testing.T) {
	for want, body := range map[string]string{
		"image/png": png, "image/jpeg": "\xff\xd8\xff\xe0 rest", "image/gif": "GIF89a rest", "image/webp": "RIFF\x00\x00\x00\x00WEBPVP8 rest",
		"image/avif": "\x00\x00\x00\x20ftypavif\x00\x00",
	} {
		p, err := picture.New(web{"u": {Status: 200, Body: []byte(body)}}).Fetch(t.Context(), "u")
		if err != nil || p.Type != want || string(p.Body) != body {
			t.Errorf("%s: %+v, %v", want, p, err)
		}
	}
	for name, body := range map[string]string{
		"svg": "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "svg with a head": "<?xml version='1.0'?><svg/>", "page": "<!doctype html><img src=x>",
		"nothing": "", "text": "GIF", "icon": "\x00\x00\x01\x00", "bitmap": "BM rest", "pdf": "%PDF-1.7", "video": "\x00\x00\x00\x20ftypisom", "space before": " " + png,
	} {
		_, err := picture.New(web{"u": {Status: 200, Body: []byte(body)}}).Fetch(t.Context(), "u")
		if fault.KindOf(err) != fault.Unsupported || fault.CodeOf(err) != fault.CodeNoPicture {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestWhatIsNotAWholePictureIsRefused(t *testing.T) {
	w := web{
		"cut": {Status: 200, Body: []byte(png), Cut: true}, "gone": {Status: 404, Body: []byte(png)}, "part": {Status: 206, Body: []byte(png)},
		"loop": {Moved: "loop"}, "moved": {Moved: "there"}, "there": {Status: 200, Body: []byte(png)},
	}
	f := picture.New(w)
	for url, want := range map[string]fault.Kind{
		"cut": fault.TooLarge, "gone": fault.NotFound, "part": fault.NotFound, "loop": fault.NotFound, "nobody": fault.NotFound,
		strings.Repeat("x", 9000): fault.Invalid,
	} {
		_, err := f.Fetch(t.Context(), url)
		e, ok := errors.AsType[*fault.Error](err)
		if !ok || e.Kind != want || strings.Contains(e.Text, "secret words") {
			t.Errorf("%.20s: %v", url, err)
		}
	}
	if p, err := f.Fetch(t.Context(), "moved"); err != nil || p.Type != "image/png" {
		t.Errorf("%+v, %v", p, err)
	}
}

// silent never answers.
type silent struct{}

func (silent) Get(ctx context.Context, _ string) (picture.Answer, error) {
	<-ctx.Done()
	return picture.Answer{}, ctx.Err()
}

func TestAPictureThatDoesNotComeIsGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := picture.New(silent{})
		done := make(chan error)
		for range 6 { // more than are asked for at once
			go func() {
				_, err := f.Fetch(t.Context(), "u")
				done <- err
			}()
		}
		for range 6 {
			if err := <-done; fault.CodeOf(err) != fault.CodeNoPicture || !strings.Contains(err.Error(), "20 seconds") {
				t.Errorf("got %v", err)
			}
		}
	})
}
