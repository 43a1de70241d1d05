package workspace

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func filled(t *testing.T, n int) string {
	t.Helper()
	dir := t.TempDir()
	for i := range n {
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("f%04d", i)), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestAWalkEndsAtItsNumberOfNames(t *testing.T) {
	l := usual
	l.names = 300
	for n, want := range map[int]bool{299: true, 300: true, 301: false, 600: false} {
		w := walks{limits: l}
		seen, whole, err := w.see(t.Context(), filled(t, n), os.OpenRoot)
		if err != nil || whole != want || len(seen) > 300 {
			t.Errorf("%d: %d seen, whole %v, %v", n, len(seen), whole, err)
		}
	}
}

func TestAWalkThatHangsHoldsNobodyUp(t *testing.T) {
	dir := filled(t, 1)
	synctest.Test(t, func(t *testing.T) {
		w := walks{limits: usual}
		hung := make(chan struct{})
		var opened atomic.Int32
		open := func(string) (*os.Root, error) {
			opened.Add(1)
			<-hung
			return os.OpenRoot(dir)
		}
		for range 3 {
			begin := time.Now()
			seen, whole, err := w.see(t.Context(), "/hung", open)
			if len(seen) != 0 || whole || err != nil || time.Since(begin) != usual.answerWithin {
				t.Errorf("%v %v %v after %v", seen, whole, err, time.Since(begin))
			}
		}
		if opened.Load() != 1 {
			t.Errorf("%d goroutines wait for the disk", opened.Load())
		}
		close(hung)
		time.Sleep(usual.walkWithin + usual.keep)
	})
}

func TestAWalkIsSharedForAWhile(t *testing.T) {
	dir := filled(t, 1)
	synctest.Test(t, func(t *testing.T) {
		w := walks{limits: usual}
		var opened atomic.Int32
		open := func(path string) (*os.Root, error) {
			opened.Add(1)
			return os.OpenRoot(path)
		}
		see := func() {
			if seen, whole, err := w.see(t.Context(), dir, open); len(seen) != 1 || !whole || err != nil {
				t.Error(seen, whole, err)
			}
		}
		see()
		see()
		if opened.Load() != 1 {
			t.Errorf("opened %d times", opened.Load())
		}
		time.Sleep(usual.keep + time.Millisecond)
		synctest.Wait()
		if len(w.of) != 0 {
			t.Error("it is kept for ever")
		}
		see()
		if opened.Load() != 2 {
			t.Errorf("opened %d times", opened.Load())
		}
		time.Sleep(usual.keep + time.Millisecond)
	})
}

func TestAWalkThatNobodyWantsStops(t *testing.T) {
	dir := filled(t, 1)
	synctest.Test(t, func(t *testing.T) {
		w := walks{limits: usual}
		held := make(chan struct{})
		open := func(path string) (*os.Root, error) {
			<-held
			return os.OpenRoot(path)
		}
		ctx, away := context.WithCancel(t.Context())
		go func() {
			synctest.Wait()
			away()
		}()
		if _, _, err := w.see(ctx, dir, open); !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
		go func() {
			synctest.Wait() // until the next one waits for what was stopped
			close(held)
		}()
		if seen, whole, err := w.see(t.Context(), dir, open); len(seen) != 1 || !whole || err != nil {
			t.Error(seen, whole, err)
		}
		time.Sleep(usual.keep + time.Millisecond)
	})
}

func TestNoMoreWalksThanThereIsRoomFor(t *testing.T) {
	l := usual
	l.walks = 2
	w := walks{limits: l}
	for range 5 {
		if seen, whole, err := w.see(t.Context(), filled(t, 1), os.OpenRoot); len(seen) != 1 || !whole || err != nil {
			t.Error(seen, whole, err)
		}
	}
	if len(w.of) > 2 {
		t.Errorf("%d are kept", len(w.of))
	}
}
