package health

import (
	"errors"
	"testing"
)

func TestThresholdsOfTheProcess(t *testing.T) {
	fds := func(n, most int64, err error) Checker {
		return descriptors(func() (int64, error) { return n, err }, func() (int64, bool) { return most, most > 0 })
	}
	disk := func(free int64) Checker {
		return Disk(func() (int64, int64, error) { return free, 1 << 40, nil })
	}
	tasks := func(n int) Checker { return goroutines(func() int { return n }) }
	cases := []struct {
		name  string
		check Checker
		want  State
	}{
		{"few descriptors used", fds(800, 1000, nil), OK},
		{"many descriptors used", fds(801, 1000, nil), Warning},
		{"no descriptor left", fds(0, 1000, errExhausted), Error},
		{"no limit", fds(1<<30, 0, nil), OK},
		{"not counted here", fds(0, 1000, errors.ErrUnsupported), OK},
		{"counting failed", fds(0, 1000, errors.New("no /proc")), Warning},
		{"room", disk(diskWarn), OK},
		{"little room", disk(diskWarn - 1), Warning},
		{"no room", disk(0), Warning},
		{"few tasks", tasks(goroutinesWarn - 1), OK},
		{"many tasks", tasks(goroutinesWarn), Warning},
		{"a leak", tasks(goroutinesError), Error},
	}
	for _, c := range cases {
		if r := c.check.ask(t.Context()); r.Status != c.want || r.Status != OK && r.Fix == "" {
			t.Errorf("%s: %+v", c.name, r)
		}
	}
}

func TestThisProcessAndItsDiskCanBeLookedAt(t *testing.T) {
	dir := t.TempDir()
	for _, c := range []Checker{Descriptors(), Goroutines(), Disk(func() (int64, int64, error) { return Space(dir) })} {
		if r := c.ask(t.Context()); r.Err != nil || !r.Status.Well() {
			t.Errorf("%s: %+v", c.Name, r)
		}
	}
	if _, _, err := Space(dir + "/none"); err == nil {
		t.Error("a folder that is not there has room")
	}
}
