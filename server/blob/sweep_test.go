package blob_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hermes-webui/server/blob"
	"hermes-webui/server/chat"
	"hermes-webui/server/fault"
)

// upload puts an attachment in that is two days old.
func upload(t *testing.T, root string, d *blob.Dir, content string) chat.BlobID {
	t.Helper()
	id := fresh()
	if _, _, err := d.Put(t.Context(), blob.New{ID: id, Name: "a", Type: "text/plain"}, strings.NewReader(content)); err != nil {
		t.Fatal(err)
	}
	old := time.Now().Add(-48 * time.Hour)
	if err := os.Chtimes(filepath.Join(root, "attachments", string(id)+".json"), old, old); err != nil {
		t.Fatal(err)
	}
	return id
}

func naming(ids ...chat.BlobID) func(context.Context) (map[chat.BlobID]bool, error) {
	named := map[chat.BlobID]bool{}
	for _, id := range ids {
		named[id] = true
	}
	return func(context.Context) (map[chat.BlobID]bool, error) { return named, nil }
}

func yesterday() time.Time { return time.Now().Add(-24 * time.Hour) }

func sweep(t *testing.T, d *blob.Dir, want int, named ...chat.BlobID) {
	t.Helper()
	n, err := d.Sweep(t.Context(), naming(named...), yesterday())
	if err != nil || n != want {
		t.Fatalf("removed %d, %v; want %d", n, err, want)
	}
}

func readable(d *blob.Dir, id chat.BlobID) bool {
	_, f, err := d.Open(id)
	if err != nil {
		return false
	}
	return f.Close() == nil
}

func TestSharedContentStaysUntilItsLastAttachmentGoes(t *testing.T) {
	root := t.TempDir()
	d := open(t, root)
	purged, kept := upload(t, root, d, "same"), upload(t, root, d, "same")
	sweep(t, d, 1, kept)
	if readable(d, purged) || !readable(d, kept) {
		t.Fatal("purged there:", readable(d, purged), "kept there:", readable(d, kept))
	}
	sweep(t, d, 0, kept)
	sweep(t, d, 1)
	if n := files(t, root); n != 0 {
		t.Fatalf("%d files are left", n)
	}
}

func TestAnUploadThatIsNotSentYetIsNotSwept(t *testing.T) {
	root := t.TempDir()
	d, id := open(t, root), fresh()
	if _, _, err := d.Put(t.Context(), blob.New{ID: id, Name: "a"}, strings.NewReader("new")); err != nil {
		t.Fatal(err)
	}
	sweep(t, d, 0)
	if !readable(d, id) {
		t.Fatal("it went")
	}
}

func TestAnOldUploadThatIsSentDuringASweepStays(t *testing.T) {
	root := t.TempDir()
	d := open(t, root)
	looked, putAgain := upload(t, root, d, "looked up"), upload(t, root, d, "put again")
	n, err := d.Sweep(t.Context(), func(ctx context.Context) (map[chat.BlobID]bool, error) {
		if _, err := d.Stat(looked); err != nil {
			return nil, err
		}
		_, again, err := d.Put(ctx, blob.New{ID: putAgain, Name: "a", Type: "text/plain"}, strings.NewReader("put again"))
		if !again {
			t.Error("it was not there")
		}
		return nil, err // read before the message that names them
	}, yesterday())
	if err != nil || n != 0 || !readable(d, looked) || !readable(d, putAgain) {
		t.Fatal(n, err)
	}
}

func TestASweepLeavesWhatItDoesNotKnow(t *testing.T) {
	root := t.TempDir()
	d := open(t, root)
	upload(t, root, d, "goes")
	strange := []string{"notes.txt", "attachments/notes.json", "attachments/att_x", "sha256/notes", "sha256/ab/notes",
		"sha256/ab/" + strings.Repeat("c", 64)}
	for _, name := range strange {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	sweep(t, d, 1)
	if n := files(t, root); n != len(strange) {
		t.Fatalf("%d files are left, want %d", n, len(strange))
	}
}

func TestAContentWithoutAttachmentsIsSweptAfterACrash(t *testing.T) {
	root := t.TempDir()
	d := open(t, root)
	id := upload(t, root, d, "orphan")
	if err := os.Remove(filepath.Join(root, "attachments", string(id)+".json")); err != nil {
		t.Fatal(err)
	}
	sweep(t, open(t, root), 0)
	if n := files(t, root); n != 0 {
		t.Fatalf("%d files are left", n)
	}
}

func TestNothingGoesWhereTheNamesCannotBeRead(t *testing.T) {
	root := t.TempDir()
	d := open(t, root)
	id := upload(t, root, d, "kept")
	broken := errors.New("broken")
	_, err := d.Sweep(t.Context(), func(context.Context) (map[chat.BlobID]bool, error) { return nil, broken }, yesterday())
	if !errors.Is(err, broken) || !readable(d, id) {
		t.Fatal(err)
	}
}

func TestNoContentGoesWhileARecordIsDamaged(t *testing.T) {
	root := t.TempDir()
	d := open(t, root)
	id, damaged := upload(t, root, d, "one"), upload(t, root, d, "two")
	path := filepath.Join(root, "attachments", string(damaged)+".json")
	if err := os.WriteFile(path, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Sweep(t.Context(), naming(damaged), yesterday()); err == nil {
		t.Fatal("no error")
	}
	if n := files(t, filepath.Join(root, "sha256")); n != 2 {
		t.Fatalf("%d contents", n)
	}
	if _, err := d.Stat(id); fault.CodeOf(err) != fault.CodeNoAttachment {
		t.Fatal(err)
	}
}
