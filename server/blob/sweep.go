package blob

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"hermes-webui/server/chat"
)

// Sweep removes the attachments that named does not return and that were put
// in, or looked up to be sent, before a time; then the contents that no
// attachment has any more. It returns how many attachments went.
//
// Records go before contents, so one that is cut short leaves at worst a content
// for the next one to remove. A file whose name is not of this package stays.
// Where a record cannot be read, nobody knows which content it has: then all
// contents stay.
func (d *Dir) Sweep(ctx context.Context, named func(context.Context) (map[chat.BlobID]bool, error), before time.Time) (removed int, err error) {
	keep, err := named(ctx)
	if err != nil {
		return 0, err
	}
	// No upload may come between the look for a content's records and its end.
	d.mu.Lock()
	defer d.mu.Unlock()
	used, removed, err := d.sweepRecords(ctx, keep, before)
	if err != nil {
		return removed, fmt.Errorf("blob: sweep attachments: %w", err)
	}
	if err := d.sweepContents(ctx, used); err != nil {
		return removed, fmt.Errorf("blob: sweep contents: %w", err)
	}
	return removed, nil
}

// sweepRecords returns the sums of the contents that the records left have.
func (d *Dir) sweepRecords(ctx context.Context, keep map[chat.BlobID]bool, before time.Time) (used map[string]bool, removed int, err error) {
	entries, err := os.ReadDir(filepath.Join(d.root, recordDir))
	if err != nil {
		return nil, 0, err
	}
	used = map[string]bool{}
	for _, e := range entries {
		if ctx.Err() != nil {
			return nil, removed, context.Cause(ctx)
		}
		id, ok := recordID(e)
		if !ok {
			continue
		}
		gone, err := d.sweepRecord(id, keep[id], before)
		if err != nil {
			return nil, removed, err
		}
		if gone {
			removed++
			continue
		}
		r, err := d.read(id)
		if err != nil {
			return nil, removed, err
		}
		used[r.SHA256] = true
	}
	if removed == 0 {
		return used, 0, nil
	}
	// Before any content goes: a power cut must not bring a record back without it.
	return used, removed, syncDir(filepath.Join(d.root, recordDir))
}

func (d *Dir) sweepRecord(id chat.BlobID, kept bool, before time.Time) (gone bool, err error) {
	if kept {
		return false, nil
	}
	info, err := os.Stat(d.record(id))
	if err != nil || !info.ModTime().Before(before) {
		return false, err
	}
	return true, os.Remove(d.record(id))
}

func recordID(e fs.DirEntry) (chat.BlobID, bool) {
	id, ok := strings.CutSuffix(e.Name(), ".json")
	return chat.BlobID(id), ok && e.Type().IsRegular() && chat.ValidID(chat.PrefixAttachment, id)
}

func (d *Dir) sweepContents(ctx context.Context, used map[string]bool) error {
	folders, err := os.ReadDir(filepath.Join(d.root, contentDir))
	if err != nil {
		return err
	}
	for _, f := range folders {
		if !f.IsDir() {
			continue
		}
		if err := d.sweepFolder(ctx, f.Name(), used); err != nil {
			return err
		}
	}
	return nil
}

func (d *Dir) sweepFolder(ctx context.Context, folder string, used map[string]bool) error {
	entries, err := os.ReadDir(filepath.Join(d.root, contentDir, folder))
	if err != nil {
		return err
	}
	var failed error // one that cannot go, as one that is open on Windows, keeps no other
	for _, e := range entries {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		sum := e.Name()
		if used[sum] || !e.Type().IsRegular() || !isSum(sum) || sum[:2] != folder {
			continue
		}
		failed = errors.Join(failed, os.Remove(d.content(sum)))
	}
	return failed
}

func isSum(name string) bool {
	b, err := hex.DecodeString(name)
	return err == nil && len(b) == 32 && name == strings.ToLower(name)
}
