package server

import (
	"context"
	"mime"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humachi"

	"hermes-webui/server/fault"
)

// Limits of one JSON request.
const (
	maxJSON      = 4 << 20 // bytes; a long paste is an ordinary prompt
	jsonReadTime = time.Minute
)

// op makes a typed handler a route: huma decodes and checks what comes in, and
// documents it.
func op[I, O any](fn func(context.Context, *I) (*O, error), tune ...func(*huma.Operation)) mount {
	return func(s *Server, rt Route) {
		o := huma.Operation{
			OperationID:     rt.ID,
			Method:          rt.Method,
			Path:            rt.Path,
			Summary:         rt.About,
			MaxBodyBytes:    maxJSON,
			BodyReadTimeout: jsonReadTime,
			Middlewares:     huma.Middlewares{onlyJSON},
			Extensions:      map[string]any{"x-access": rt.Access},
		}
		for _, t := range tune {
			t(&o)
		}
		huma.Register(s.api, o, func(ctx context.Context, in *I) (*O, error) {
			out, err := fn(ctx, in)
			if err != nil {
				return nil, s.fail(ctx, err)
			}
			return out, nil
		})
		if o.Metadata[notAgain] == nil {
			documentAgain(s.api.OpenAPI().Paths[rt.Path], rt.Method)
		}
	}
}

// first sets the status of a request that did something. The same request once
// more is answered with 200.
func first(status int) func(*huma.Operation) {
	return func(o *huma.Operation) { o.DefaultStatus = status }
}

// notAgain marks operations of which the same request once more is refused.
const notAgain = "not again"

// once is first for what happens only once.
func once(status int) func(*huma.Operation) {
	return func(o *huma.Operation) { o.DefaultStatus, o.Metadata = status, map[string]any{notAgain: true} }
}

// documentAgain adds the 200 of a repeated request to the document.
func documentAgain(item *huma.PathItem, method string) {
	if method != http.MethodPost || item.Post == nil {
		return
	}
	for _, status := range []string{"201", "202"} {
		if r := item.Post.Responses[status]; r != nil && len(r.Content) > 0 {
			item.Post.Responses["200"] = &huma.Response{Description: "The same request came before", Content: r.Content}
		}
	}
}

// onlyJSON refuses bodies that do not say that they are JSON, which is also
// what a foreign page's form can not say.
func onlyJSON(ctx huma.Context, next func(huma.Context)) {
	r, w := humachi.Unwrap(ctx)
	if r.ContentLength == 0 || r.Body == http.NoBody || ctx.Operation().RequestBody == nil {
		next(ctx)
		return
	}
	if t, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || t != "application/json" {
		newProblem(http.StatusUnsupportedMediaType, fault.CodeMediaType,
			"The body of this request must be JSON and say so: Content-Type: application/json.").send(w)
		return
	}
	next(ctx)
}
