package hermes

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"hermes-webui/server/agent/hermes/gateway/gatewaytest"
	"hermes-webui/server/agent/hermes/hermestest"
	"hermes-webui/server/chat"
)

func TestFilesAreFoundInATextThatGrows(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"no files here", "no files here"},
		{"MEDIA:/a.png", "{/a.png}"},
		{"Look:\n\nMEDIA:/a.png\n\nDone.", "Look:\n\n{/a.png}\n\nDone."},
		{"MEDIA: /a.png\nMEDIA:/b c.png\n", "{/a.png}\n{/b c.png}\n"},
		{"Here is MEDIA:/a.png.", "Here is {/a.png}"},
		{"See MEDIA:/a.png and MEDIA:/b c.png!", "See {/a.png} and {/b c.png}"},
		{"MEDIA:`/b c.png` is it", "{/b c.png} is it"},
		{"- **MEDIA:/a.png**", "- **{/a.png}"},
		{"MEDIA:/gone.png\nnext", "MEDIA:/gone.png\nnext"},
		{"MULTIMEDIA:/a.png", "MULTIMEDIA:/a.png"},
		{"M", "M"},
		{"MEDIA:", "MEDIA:"},
		{"`MEDIA:/a.png`", "`MEDIA:/a.png`"},
		{"> MEDIA:/a.png", "> MEDIA:/a.png"},
		{"```\nMEDIA:/a.png\n```\nMEDIA:/a.png", "```\nMEDIA:/a.png\n```\n{/a.png}"},
		{"MEDIA:https://x.test/p/cat.png?w=1 ok", "![cat.png](<https://x.test/p/cat.png?w=1>) ok"},
		{"MEDIA:https://x.test/talk", "[talk](<https://x.test/talk>)"},
		{"MEDIA:javascript:alert(1)", "MEDIA:javascript:alert(1)"},
		{"ÜMEDIA:/a.png Ü MEDIA:/a.png Ü", "ÜMEDIA:/a.png Ü {/a.png} Ü"},
	} {
		for size := 1; size <= len(tt.text); size++ {
			var got strings.Builder
			m := media{say: func(w string) { got.WriteString(w) }, show: func(name string) bool {
				is := name == "/a.png" || name == "/b c.png"
				if is {
					got.WriteString("{" + name + "}")
				}
				return is
			}}
			for piece := range slices.Chunk([]byte(tt.text), size) {
				m.feed(string(piece), false)
			}
			m.feed("", true)
			if got.String() != tt.want {
				t.Errorf("%q in pieces of %d: %q, want %q", tt.text, size, got.String(), tt.want)
				break
			}
		}
	}
}

// keeping has the driver show files, and returns what it kept by blob.
func (r *real) keeping() map[chat.BlobID]string {
	kept := map[chat.BlobID]string{}
	r.config.Folder = os.OpenRoot
	r.config.Keep = func(_ context.Context, _, _ string, f io.Reader) (chat.BlobID, error) {
		b, err := io.ReadAll(f)
		id := chat.BlobID(chat.NewID(chat.PrefixAttachment))
		kept[id] = string(b)
		return id, err
	}
	return kept
}

func write(t *testing.T, path, text string) string {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestAFileThatAnAnswerNamesIsShownInIt(t *testing.T) {
	r := newDouble(t, gatewaytest.Options{})
	kept := r.keeping()
	k := r.talk(t)
	drawn := write(t, filepath.Join(k.session.Workspace, "out", "a cat.png"), "a picture")
	spoken := write(t, filepath.Join(r.home, "cache", "audio", "a.mp3"), "a sound")
	p := k.do("[[echo:It is here: MEDIA:" + drawn + "\n\nAnd MEDIA:" + spoken + " too, and MEDIA:" + drawn + "]]")
	p.done(t)
	if got := texts[*chat.Text](p); !slices.Equal(got, []string{"It is here: ", "And ", " too, and "}) {
		t.Errorf("said %q", got)
	}
	files := all[*chat.File](p)
	if len(files) != 2 {
		t.Fatalf("%d files are shown, want each once", len(files))
	}
	if f := files[0]; f.Name != "a cat.png" || f.Path != drawn || f.Type != "image/png" || f.Size != 9 || kept[f.Blob] != "a picture" {
		t.Errorf("shown %+v, kept %q", f, kept[f.Blob])
	}
	if f := files[1]; f.Type != "audio/mpeg" || kept[f.Blob] != "a sound" {
		t.Errorf("shown %+v, kept %q", f, kept[f.Blob])
	}
}

// An answer may name any path; a page that was read may have put it there.
func TestNoFileIsShownThatIsNeitherInTheWorkspaceNorMadeByTheAgent(t *testing.T) {
	r := newDouble(t, gatewaytest.Options{})
	kept := r.keeping()
	k := r.talk(t)
	outside := write(t, filepath.Join(t.TempDir(), "secret.png"), "secret")
	within := filepath.Join(k.session.Workspace, "link.png")
	folder := filepath.Join(k.session.Workspace, "folder.png")
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(outside, within); err != nil && runtime.GOOS != "windows" {
		t.Fatal(err)
	}
	for _, name := range []string{
		outside, within, folder, filepath.Join(k.session.Workspace, "..", filepath.Base(filepath.Dir(outside)), "secret.png"),
		k.session.Workspace, "secret.png", "~/secret.png", "/etc/passwd", "/dev/zero", "/proc/self/environ",
		write(t, filepath.Join(r.home, "config.yaml"), "key"), write(t, filepath.Join(r.home, "cache", "images.png"), "key"),
		filepath.Join(r.home, "cache", "images", "..", "..", "config.yaml"),
	} {
		said := "MEDIA:" + name + " it is"
		p := k.do("[[echo:" + said + "]]")
		p.done(t)
		if len(all[*chat.File](p)) > 0 || p.text() != said {
			t.Errorf("%s: said %q, shown %d files", name, p.text(), len(all[*chat.File](p)))
		}
	}
	k.session.Workspace = filepath.Dir(r.home) // which holds the agent's home
	for _, name := range []string{filepath.Join(r.home, "config.yaml"), write(t, filepath.Join(r.home, "sessions", "a.png"), "key")} {
		if p := k.do("[[echo:MEDIA:" + name + "]]"); len(all[*chat.File](p)) > 0 {
			t.Errorf("%s of the agent's home is shown", name)
		}
	}
	if len(kept) > 0 {
		t.Errorf("kept %d files", len(kept))
	}
}

// The real agent streams its answer and then says it whole.
func showsFiles(t *testing.T, r *real) {
	kept := r.keeping()
	k := r.talk(t)
	drawn := write(t, filepath.Join(k.session.Workspace, "cat.png"), "a picture")
	r.model.Set("draw", hermestest.Say("Here", " it is:\n\nMED", "IA:", drawn[:4], drawn[4:], "\n\nDo you", " like it?"))
	p := k.do("[[draw]]")
	p.done(t)
	if got := texts[*chat.Text](p); len(got) != 2 || strings.TrimSpace(got[0]) != "Here it is:" || strings.TrimSpace(got[1]) != "Do you like it?" {
		t.Errorf("said %q", got)
	}
	files := all[*chat.File](p)
	if len(files) != 1 || kept[files[0].Blob] != "a picture" {
		t.Errorf("shown %d files, kept %q", len(files), kept)
	}
}
