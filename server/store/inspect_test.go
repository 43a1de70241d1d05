package store_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"hermes-webui/server/fault"
	"hermes-webui/server/store"
)

func TestALookChangesNothingWhetherSomebodyHasTheDatabaseOrNot(t *testing.T) {
	dir := t.TempDir()
	if got, err := store.Inspect(t.Context(), dir, true); err != nil || got.Schema != 0 {
		t.Errorf("without a database: %+v, %v", got, err)
	}
	s, err := store.Open(t.Context(), dir, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got, err := store.Inspect(t.Context(), dir, true); err != nil || got.Schema == 0 {
		t.Errorf("while it is open: %+v, %v", got, err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	before := names(t, dir)
	if got, err := store.Inspect(t.Context(), dir, true); err != nil || got.Schema == 0 {
		t.Errorf("after it was closed: %+v, %v", got, err)
	}
	if after := names(t, dir); after != before {
		t.Errorf("files before: %s, after: %s", before, after)
	}
}

func names(t *testing.T, dir string) (all string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		all += e.Name() + " "
	}
	return all
}

func TestALookSaysWhatIsWrongWithADatabase(t *testing.T) {
	dir := t.TempDir()
	s, err := store.Open(t.Context(), dir, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "webui.db")
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for i := 4096; i < len(b); i++ { // all but the first page
		b[i] ^= 0x5a
	}
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Inspect(context.Background(), dir, true); fault.CodeOf(err) != fault.CodeStoreDamaged {
		t.Errorf("got %v", err)
	}
}
