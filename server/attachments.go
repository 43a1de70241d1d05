package server

import (
	"encoding/json"
	"errors"
	"mime"
	"net/http"
	"path/filepath"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-chi/chi/v5"

	"hermes-webui/server/blob"
	"hermes-webui/server/chat"
	"hermes-webui/server/fault"
)

const (
	uploadWithin = 10 * time.Minute
	maxFileName  = 255 // bytes
	anyType      = "application/octet-stream"
)

// putAttachment streams the body to the disk. It is no huma operation, which
// would hold the whole file in memory.
func (s *Server) putAttachment(w http.ResponseWriter, r *http.Request) error {
	name, err := fileName(r.URL.Query().Get("name"))
	if err != nil {
		return err
	}
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(uploadWithin))
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(uploadWithin))
	body := http.MaxBytesReader(w, r.Body, blob.MaxBytes+1) // one more, so that the domain sees the excess
	a, again, err := s.core().Blobs.Put(r.Context(), blob.New{
		ID: chat.BlobID(r.URL.Query().Get("id")), Name: name, Type: typeOf(r.Header.Get("Content-Type"), name),
	}, body)
	if err != nil {
		if _, tooLarge := errors.AsType[*http.MaxBytesError](err); tooLarge {
			err = fault.New(fault.TooLarge, fault.CodeTooLarge, "The file is larger than 20 MB. Attach a smaller one.")
		}
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	if !again {
		w.WriteHeader(http.StatusCreated)
	}
	return json.NewEncoder(w).Encode(a)
}

// getAttachment sends a file so that no browser ever runs it as a page: what a
// person uploads may come from anywhere.
func (s *Server) getAttachment(w http.ResponseWriter, r *http.Request) error {
	a, f, err := s.core().Blobs.Open(chat.BlobID(chi.URLParam(r, "id")))
	if err != nil {
		return err
	}
	defer f.Close()
	h := w.Header()
	h.Set("Content-Type", safeType(a.Type))
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": a.Name}))
	h.Set("Content-Security-Policy", inert)
	h.Set("Cache-Control", "private, max-age=31536000, immutable") // an id never gets another content
	http.ServeContent(w, r, "", time.Time{}, f)
	return nil
}

// fileName checks what a person calls the file. It is never used as a path.
func fileName(name string) (string, error) {
	if i := strings.LastIndexAny(name, `/\`); i >= 0 {
		name = name[i+1:]
	}
	bad := func(r rune) bool { return r < ' ' || r == 0x7f }
	if name == "" || len(name) > maxFileName || !utf8.ValidString(name) || strings.ContainsFunc(name, bad) {
		return "", fault.New(fault.Invalid, fault.CodeInvalid, "The file needs a name of at most 255 bytes.")
	}
	return name, nil
}

// typeOf takes the type that the browser gives, else that of the name's end.
func typeOf(header, name string) string {
	t, _, err := mime.ParseMediaType(header)
	if err == nil && t != anyType && t != "application/x-www-form-urlencoded" && strings.Contains(t, "/") {
		return t
	}
	if t, ok := fileTypes[strings.ToLower(filepath.Ext(name))]; ok {
		t, _, _ = strings.Cut(t, ";")
		return t
	}
	return anyType
}

// shown lists what a page may show in an element; all else is only bytes.
var shown = map[string]bool{
	"image/png": true, "image/jpeg": true, "image/gif": true, "image/webp": true, "image/avif": true,
	"audio/mpeg": true, "audio/ogg": true, "audio/wav": true, "audio/webm": true,
	"video/mp4": true, "video/webm": true, "application/pdf": true,
}

// safeType never is a type that can hold a script.
func safeType(t string) string {
	if shown[t] {
		return t
	}
	if strings.HasPrefix(t, "text/") || t == "application/json" {
		return "text/plain; charset=utf-8"
	}
	return anyType
}

// failing is a handler that returns its error.
type failing func(http.ResponseWriter, *http.Request) error

// document mounts a plain handler that is nevertheless described.
func document(h failing, tune func(*huma.Operation)) mount {
	return func(s *Server, rt Route) {
		o := &huma.Operation{
			OperationID: rt.ID, Method: rt.Method, Path: rt.Path, Summary: rt.About,
			Extensions: map[string]any{"x-access": rt.Access},
			Responses:  map[string]*huma.Response{"default": problemResponse()},
		}
		tune(o)
		s.api.OpenAPI().AddOperation(o)
		s.router.MethodFunc(rt.Method, rt.Path, func(w http.ResponseWriter, r *http.Request) {
			if err := h(w, r); err != nil {
				s.fail(r.Context(), err).send(w)
			}
		})
	}
}

func binary() map[string]*huma.MediaType {
	return map[string]*huma.MediaType{anyType: {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}}
}

func textParam(in, name string) *huma.Param {
	return &huma.Param{In: in, Name: name, Required: true, Schema: &huma.Schema{Type: huma.TypeString}}
}

func upload(h failing) mount {
	return document(h, func(o *huma.Operation) {
		o.Parameters = []*huma.Param{textParam("query", "id"), textParam("query", "name")}
		o.RequestBody = &huma.RequestBody{Required: true, Content: binary()}
		answer := map[string]*huma.MediaType{"application/json": {Schema: &huma.Schema{Ref: refPrefix + "Attachment"}}}
		o.Responses["201"] = &huma.Response{Description: "Created", Content: answer}
		o.Responses["200"] = &huma.Response{Description: "The same request came before", Content: answer}
	})
}

func download(h failing) mount {
	return document(h, func(o *huma.Operation) {
		o.Parameters = []*huma.Param{textParam("path", "id")}
		o.Responses["200"] = &huma.Response{Description: "The file", Content: binary()}
	})
}
