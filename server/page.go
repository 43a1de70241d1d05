package server

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"html"
	"io/fs"
	"net/http"
	"path"
	"regexp"
	"strings"

	"hermes-webui/server/fault"
)

// page serves the built page from its files. Files under assets/ carry a hash
// in their names and never change; everything else is asked for each time, by
// ETag. Variants with .br and .gz beside a file are sent to those who take them.
type page struct {
	files map[string]*pageFile
	fsys  fs.FS
	index *pageFile
}

type pageFile struct {
	name string
	kind string // media type
	etag string
	body []byte // nil: read from the files
	br   bool
	gz   bool
}

// fileTypes is ours, because the system's list of types is other on each
// machine.
var fileTypes = map[string]string{
	".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".mjs": "text/javascript; charset=utf-8",
	".css": "text/css; charset=utf-8", ".json": "application/json", ".map": "application/json",
	".webmanifest": "application/manifest+json", ".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg",
	".jpeg": "image/jpeg", ".gif": "image/gif", ".webp": "image/webp", ".avif": "image/avif", ".ico": "image/x-icon",
	".woff2": "font/woff2", ".wasm": "application/wasm", ".txt": "text/plain; charset=utf-8", ".md": "text/markdown; charset=utf-8",
	".pdf": "application/pdf", ".csv": "text/csv; charset=utf-8", ".mp3": "audio/mpeg", ".mp4": "video/mp4", ".webm": "video/webm",
}

const assets = "assets/"

func newPage(fsys fs.FS, base, version string) (*page, error) {
	p := &page{files: map[string]*pageFile{}, fsys: fsys}
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		return p.add(name)
	})
	if err != nil {
		return nil, err
	}
	if m := p.files["manifest.webmanifest"]; m != nil {
		if m.body, err = fs.ReadFile(fsys, m.name); err != nil {
			return nil, err
		}
		m.body = manifest(m.body, base)
		m.etag = etagOf(m.body)
	}
	p.index = p.files["index.html"]
	if p.index == nil {
		return p, nil // built without the page: the API still works
	}
	body, err := fs.ReadFile(fsys, "index.html")
	if err != nil {
		return nil, err
	}
	p.index.body = shell(body, base, version)
	p.index.etag = etagOf(p.index.body)
	return p, nil
}

func (p *page) add(name string) error {
	kind, ok := fileTypes[path.Ext(name)]
	if !ok {
		return nil // variants, and what has no business on the web
	}
	f := &pageFile{name: name, kind: kind, br: p.has(name + ".br"), gz: p.has(name + ".gz")}
	if !strings.HasPrefix(name, assets) {
		body, err := fs.ReadFile(p.fsys, name)
		if err != nil {
			return err
		}
		f.etag = etagOf(body)
	}
	p.files[name] = f
	return nil
}

func (p *page) has(name string) bool {
	_, err := fs.Stat(p.fsys, name)
	return err == nil
}

func etagOf(body []byte) string {
	sum := sha256.Sum256(body)
	return `"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`
}

// rooted finds the URLs of the shell that begin at the root.
var rooted = regexp.MustCompile(`\b(src|href)="/`)

// shell writes the path prefix into the index: into the URLs of its assets
// and into <meta name="base-path">, where the page reads it, with the version
// of the program beside it. A <base> element
// would break links to fragments.
func shell(index []byte, base, version string) []byte {
	base = html.EscapeString(base)
	index = rooted.ReplaceAll(index, []byte(`$1="`+strings.ReplaceAll(base, "$", "$$")+`/`))
	meta := []byte(`<meta name="base-path" content="` + base + `"><meta name="version" content="` + html.EscapeString(version) + `">`)
	return bytes.Replace(index, []byte("<head>"), append([]byte("<head>"), meta...), 1)
}

// rootedMember finds the URLs of the manifest that begin at the root.
var rootedMember = regexp.MustCompile(`("(?:id|start_url|scope|src|url)":\s*")/`)

// manifest writes the path prefix into what says how the page is installed: a
// relative id would be read from the root of the origin.
func manifest(file []byte, base string) []byte {
	return rootedMember.ReplaceAll(file, []byte("${1}"+strings.ReplaceAll(base, "$", "$$")+"/"))
}

func (p *page) serve(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		noMethod(w, r)
		return
	}
	name := strings.TrimPrefix(path.Clean(r.URL.Path), "/")
	f := p.files[name]
	if f == nil && !strings.HasPrefix(name+"/", assets) {
		f = p.index // the page's own router knows the rest
	}
	if f == nil {
		newProblem(http.StatusNotFound, fault.CodeNoRoute,
			"There is no such file. If this is an old tab, reload it; if the page was never built, run: go run ./build run").send(w)
		return
	}
	p.send(w, r, f)
}

func (p *page) send(w http.ResponseWriter, r *http.Request, f *pageFile) {
	h := w.Header()
	h.Set("Content-Type", f.kind)
	h.Set("Vary", "Accept-Encoding")
	if strings.HasPrefix(f.name, assets) {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	} else {
		h.Set("Cache-Control", "no-cache")
		h.Set("ETag", f.etag)
		if strings.Contains(r.Header.Get("If-None-Match"), f.etag) {
			w.WriteHeader(http.StatusNotModified)
			return
		}
	}
	body, encoding, err := p.body(f, r.Header.Get("Accept-Encoding"))
	if err != nil {
		problemOf(err).send(w)
		return
	}
	if encoding != "" {
		h.Set("Content-Encoding", encoding)
	}
	if r.Method == http.MethodGet {
		_, _ = w.Write(body)
	}
}

func (p *page) body(f *pageFile, accept string) (body []byte, encoding string, err error) {
	switch {
	case f.body != nil:
		return f.body, "", nil // changed at start: its variants are not
	case f.br && accepts(accept, "br"):
		body, err = fs.ReadFile(p.fsys, f.name+".br")
		return body, "br", err
	case f.gz && accepts(accept, "gzip"):
		body, err = fs.ReadFile(p.fsys, f.name+".gz")
		return body, "gzip", err
	default:
		body, err = fs.ReadFile(p.fsys, f.name)
		if errors.Is(err, fs.ErrNotExist) {
			err = fault.Wrap(err, fault.NotFound, fault.CodeNoRoute, "There is no such file.")
		}
		return body, "", err
	}
}

// accepts reports whether an Accept-Encoding header allows a coding.
func accepts(header, coding string) bool {
	for part := range strings.SplitSeq(header, ",") {
		name, params, _ := strings.Cut(strings.TrimSpace(part), ";")
		if !strings.EqualFold(strings.TrimSpace(name), coding) {
			continue
		}
		q := strings.ReplaceAll(params, " ", "")
		return q != "q=0" && q != "q=0.0" && q != "q=0.00" && q != "q=0.000"
	}
	return false
}

// stripBase takes the path prefix off. Requests without it are served as well:
// some proxies take it off themselves.
func stripBase(base string, next http.Handler) http.Handler {
	if base == "" {
		return next
	}
	strip := http.StripPrefix(base, next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == base:
			http.Redirect(w, r, base+"/", http.StatusMovedPermanently)
		case strings.HasPrefix(r.URL.Path, base+"/"):
			strip.ServeHTTP(w, r)
		default:
			next.ServeHTTP(w, r)
		}
	})
}
