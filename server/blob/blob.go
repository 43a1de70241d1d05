// Package blob keeps attachments as files: the content once per SHA-256, and a
// small record per attachment that names it. Both are written beside their
// place and renamed into it, so that there is never half a file.
package blob

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"time"

	"hermes-webui/server/chat"
	"hermes-webui/server/fault"
)

// MaxBytes is the size of the largest attachment.
const MaxBytes = 20 << 20

// Dir is the folder blobs/ of the state directory.
type Dir struct {
	root string
	mu   sync.RWMutex // written: Sweep; read: whoever counts on a file to stay
}

// New is an attachment to be stored. Its id was made by the client.
type New struct {
	ID   chat.BlobID
	Name string // as the person calls it; never used as a path
	Type string // media type
}

// record is an attachment on disk.
type record struct {
	chat.Attachment
	SHA256 string `json:"sha256"`
}

const (
	contentDir = "sha256"
	recordDir  = "attachments"
	partialDir = "partial"
)

// Open makes the folders and removes what an earlier process left unfinished.
func Open(root string) (*Dir, error) {
	if err := os.RemoveAll(filepath.Join(root, partialDir)); err != nil {
		return nil, fmt.Errorf("blob: remove unfinished files: %w", err)
	}
	for _, d := range []string{contentDir, recordDir, partialDir} {
		if err := os.MkdirAll(filepath.Join(root, d), 0o700); err != nil {
			return nil, fmt.Errorf("blob: make folders: %w", err)
		}
	}
	return &Dir{root: root}, nil
}

// Put stores what r holds. The same id with the same content, name and type is
// answered with again; with anything else it is fault.Conflict (id_reused).
func (d *Dir) Put(ctx context.Context, n New, r io.Reader) (a chat.Attachment, again bool, err error) {
	if !chat.ValidID(chat.PrefixAttachment, string(n.ID)) {
		return a, false, fault.New(fault.Invalid, fault.CodeInvalid, "The id of an attachment must be att_ and a ULID.")
	}
	sum, size, temp, err := d.receive(ctx, r)
	if err != nil {
		return a, false, err
	}
	defer func() { _ = os.Remove(temp) }() // gone already when it was renamed
	next := record{chat.Attachment{ID: n.ID, Name: n.Name, Type: n.Type, Size: size}, sum}
	d.mu.RLock() // a content that has no record yet is one to sweep
	defer d.mu.RUnlock()
	if err := d.place(temp, d.content(sum)); err != nil {
		return a, false, unwritable(err)
	}
	return d.enter(next)
}

// receive writes r to a file of its own and returns its sum.
func (d *Dir) receive(ctx context.Context, r io.Reader) (sum string, size int64, temp string, err error) {
	f, err := os.CreateTemp(filepath.Join(d.root, partialDir), "*")
	if err != nil {
		return "", 0, "", unwritable(err)
	}
	h := sha256.New()
	size, err = io.Copy(io.MultiWriter(f, h), io.LimitReader(reader{ctx, r}, MaxBytes+1))
	if err == nil && size > MaxBytes {
		err = fault.New(fault.TooLarge, fault.CodeTooLarge, "The file is larger than 20 MB. Attach a smaller one.")
	}
	if err == nil {
		err = f.Sync()
	}
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err != nil {
		_ = os.Remove(f.Name())
		if _, ours := errors.AsType[*fs.PathError](err); ours { // not the sender's
			err = unwritable(err)
		}
		return "", 0, "", err
	}
	return hex.EncodeToString(h.Sum(nil)), size, f.Name(), nil
}

// reader stops reading when ctx ends.
type reader struct {
	ctx context.Context
	r   io.Reader
}

func (r reader) Read(p []byte) (int, error) {
	if r.ctx.Err() != nil {
		return 0, context.Cause(r.ctx)
	}
	return r.r.Read(p)
}

// enter writes the record, unless there is one.
func (d *Dir) enter(next record) (chat.Attachment, bool, error) {
	body, err := json.Marshal(next)
	if err != nil {
		return chat.Attachment{}, false, err
	}
	temp, err := d.writeTemp(body)
	if err != nil {
		return chat.Attachment{}, false, unwritable(err)
	}
	defer func() { _ = os.Remove(temp) }()
	// A link, not a rename: of two that come at once, one must lose.
	err = os.Link(temp, d.record(next.ID))
	switch {
	case err == nil:
		return next.Attachment, false, syncDir(filepath.Join(d.root, recordDir))
	case errors.Is(err, fs.ErrExist):
		return d.same(next)
	default:
		return chat.Attachment{}, false, unwritable(err)
	}
}

func (d *Dir) same(next record) (chat.Attachment, bool, error) {
	old, err := d.read(next.ID)
	if err != nil {
		return chat.Attachment{}, false, err
	}
	if old != next {
		return chat.Attachment{}, false, fault.New(fault.Conflict, fault.CodeIDReused,
			"Another file was uploaded under this id. Upload this one under an id of its own.")
	}
	return old.Attachment, true, d.touch(next.ID)
}

// Stat returns what is known of an attachment that is about to be sent, or
// fault.NotFound. For Sweep it is then as young as one just put in: it cannot
// go between the look and the sending.
func (d *Dir) Stat(id chat.BlobID) (chat.Attachment, error) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	r, err := d.read(id)
	if err != nil {
		return chat.Attachment{}, err
	}
	return r.Attachment, d.touch(id)
}

func (d *Dir) touch(id chat.BlobID) error {
	now := time.Now()
	if err := os.Chtimes(d.record(id), now, now); err != nil {
		return unwritable(err)
	}
	return nil
}

// Open opens an attachment for reading.
func (d *Dir) Open(id chat.BlobID) (chat.Attachment, *os.File, error) {
	r, err := d.read(id)
	if err != nil {
		return chat.Attachment{}, nil, err
	}
	f, err := os.Open(d.content(r.SHA256))
	if errors.Is(err, fs.ErrNotExist) {
		return chat.Attachment{}, nil, notThere(err)
	}
	if err != nil {
		return chat.Attachment{}, nil, fmt.Errorf("blob: open: %w", err)
	}
	return r.Attachment, f, nil
}

// Path returns where the content of an attachment lies, "" if there is none.
// The file is shared: it must not be changed.
func (d *Dir) Path(id chat.BlobID) string {
	r, err := d.read(id)
	if err != nil {
		return ""
	}
	return d.content(r.SHA256)
}

func (d *Dir) read(id chat.BlobID) (record, error) {
	if !chat.ValidID(chat.PrefixAttachment, string(id)) {
		return record{}, notThere(nil) // also what keeps an id from being a path
	}
	body, err := os.ReadFile(d.record(id))
	if errors.Is(err, fs.ErrNotExist) {
		return record{}, notThere(err)
	}
	if err != nil {
		return record{}, fmt.Errorf("blob: read record: %w", err)
	}
	var r record
	if err := json.Unmarshal(body, &r); err != nil {
		return record{}, fmt.Errorf("blob: record is damaged: %w", err)
	}
	return r, nil
}

func (d *Dir) record(id chat.BlobID) string {
	return filepath.Join(d.root, recordDir, string(id)+".json")
}

func (d *Dir) content(sum string) string {
	return filepath.Join(d.root, contentDir, sum[:2], sum)
}

// place renames a finished file to its place. That another one of the same
// content is there already does not matter.
func (d *Dir) place(temp, to string) error {
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return err
	}
	if err := os.Rename(temp, to); err != nil {
		if _, there := os.Stat(to); there != nil {
			return err
		}
	}
	if err := syncDir(filepath.Dir(filepath.Dir(to))); err != nil {
		return err
	}
	return syncDir(filepath.Dir(to))
}

func (d *Dir) writeTemp(body []byte) (string, error) {
	f, err := os.CreateTemp(filepath.Join(d.root, partialDir), "*")
	if err != nil {
		return "", err
	}
	_, err = f.Write(body)
	if err == nil {
		err = f.Sync()
	}
	return f.Name(), errors.Join(err, f.Close())
}

// syncDir makes a rename survive a power cut. Windows has no such call.
func syncDir(path string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

func notThere(err error) error {
	return fault.Wrap(err, fault.NotFound, fault.CodeNoAttachment, "There is no such attachment. It may have been removed with its session.")
}

func unwritable(err error) error {
	return fault.Wrap(err, fault.Internal, fault.CodeInternal,
		"The file could not be stored. Look whether the disk is full and whether the state directory can be written.")
}
