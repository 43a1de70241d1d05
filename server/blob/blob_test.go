package blob_test

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/iotest"

	"hermes-webui/server/blob"
	"hermes-webui/server/chat"
	"hermes-webui/server/fault"
)

func open(t *testing.T, root string) *blob.Dir {
	t.Helper()
	d, err := blob.Open(root)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func fresh() chat.BlobID { return chat.BlobID(chat.NewID(chat.PrefixAttachment)) }

func files(t *testing.T, dir string) int {
	t.Helper()
	n := 0
	err := filepath.WalkDir(dir, func(_ string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			n++
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestTheSameContentIsKeptOnce(t *testing.T) {
	root := t.TempDir()
	d := open(t, root)
	for _, name := range []string{"a.txt", "b.txt"} {
		if _, again, err := d.Put(t.Context(), blob.New{ID: fresh(), Name: name, Type: "text/plain"}, strings.NewReader("same")); err != nil || again {
			t.Fatal(again, err)
		}
	}
	if n := files(t, filepath.Join(root, "sha256")); n != 1 {
		t.Fatalf("%d files", n)
	}
	if n := files(t, filepath.Join(root, "partial")); n != 0 {
		t.Fatalf("%d unfinished files", n)
	}
}

func TestWhatWasStoredIsThereAfterAnotherStart(t *testing.T) {
	root, id := t.TempDir(), fresh()
	if _, _, err := open(t, root).Put(t.Context(), blob.New{ID: id, Name: "a", Type: "text/plain"}, strings.NewReader("kept")); err != nil {
		t.Fatal(err)
	}
	d := open(t, root)
	a, f, err := d.Open(id)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	body, err := io.ReadAll(f)
	if err != nil || string(body) != "kept" || a.Size != 4 || a.Name != "a" {
		t.Fatal(string(body), a, err)
	}
	if got, err := os.ReadFile(d.Path(id)); err != nil || string(got) != "kept" {
		t.Fatal(string(got), err)
	}
}

func TestAnUploadThatBreaksOffLeavesNothing(t *testing.T) {
	root, id := t.TempDir(), fresh()
	d := open(t, root)
	if _, _, err := d.Put(t.Context(), blob.New{ID: id, Name: "a"}, iotest.ErrReader(io.ErrUnexpectedEOF)); err == nil {
		t.Fatal("no error")
	}
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := d.Put(cancelled, blob.New{ID: id, Name: "a"}, strings.NewReader("x")); err == nil {
		t.Fatal("no error")
	}
	if n := files(t, root); n != 0 {
		t.Fatalf("%d files are left", n)
	}
	if _, err := d.Stat(id); fault.CodeOf(err) != fault.CodeNoAttachment {
		t.Fatal(err)
	}
	if d.Path(id) != "" {
		t.Fatal("it has a path")
	}
}

func TestOfUploadsWithOneIDAtOnceOneIsFirst(t *testing.T) {
	d, id := open(t, t.TempDir()), fresh()
	var wg sync.WaitGroup
	var mu sync.Mutex
	first := 0
	for range 20 {
		wg.Go(func() {
			_, again, err := d.Put(t.Context(), blob.New{ID: id, Name: "a"}, strings.NewReader("same"))
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				t.Error(err)
			}
			if !again {
				first++
			}
		})
	}
	wg.Wait()
	if first != 1 {
		t.Fatalf("%d were first", first)
	}
}

func TestAnIDIsNeverAPath(t *testing.T) {
	d := open(t, t.TempDir())
	for _, id := range []chat.BlobID{"../../etc/passwd", "att_../../../../../x", "", "att_"} {
		if _, err := d.Stat(id); fault.KindOf(err) != fault.NotFound {
			t.Errorf("%q: %v", id, err)
		}
	}
}
