package health

import (
	"context"
	"errors"
	"runtime"
)

// Thresholds of what a process may use.
const (
	fdsWarn         = 80      // percent of the limit
	goroutinesWarn  = 20_000  // a thousand streams need four thousand
	goroutinesError = 200_000 // that is a leak
	diskWarn        = 500 << 20
	diskLow         = 16 << 20
)

// Descriptors compares what is open with what may be. Where the system tells
// neither, nothing is wrong.
func Descriptors() Checker { return descriptors(openDescriptors, descriptorLimit) }

// errExhausted: not even counting is possible.
var errExhausted = errors.New("no descriptor is left")

func descriptors(count func() (int64, error), limit func() (int64, bool)) Checker {
	return Checker{
		Name: "fds",
		Look: func(context.Context) (Finding, error) {
			most, limited := limit()
			n, err := count()
			if errors.Is(err, errExhausted) {
				return Finding{
					Status: Error, Says: "No file or connection can be opened any more.", Limit: number(most),
					Fix: "Restart the server, and raise the limit of open files (ulimit -n).",
				}, nil
			}
			if errors.Is(err, errors.ErrUnsupported) || !limited {
				return Finding{Status: OK, Says: "This system sets no limit on open files."}, nil
			}
			f := Finding{Status: OK, Says: "There are enough descriptors.", Count: number(n), Limit: number(most)}
			if err == nil && n*100 > most*fdsWarn {
				f.Status, f.Says = Warning, "More than four fifths of all descriptors are used."
				f.Fix = "Raise the limit of open files (ulimit -n), or close pages that are not needed."
			}
			return f, err
		},
		Fails: Finding{Status: Warning, Says: "Open descriptors cannot be counted.", Fix: seeTheLog},
	}
}

// Goroutines counts the tasks of the process: a number that only grows is a
// leak, which a restart ends.
func Goroutines() Checker { return goroutines(runtime.NumGoroutine) }

func goroutines(count func() int) Checker {
	return Checker{Name: "goroutines", Look: func(context.Context) (Finding, error) {
		n := count()
		f := Finding{Status: OK, Says: "The number of tasks is usual.", Count: number(n)}
		switch {
		case n >= goroutinesError:
			f.Status, f.Says, f.Fix = Error, "Far too many tasks run in this program.", restart
		case n >= goroutinesWarn:
			f.Status, f.Says, f.Fix = Warning, "Unusually many tasks run in this program.", "Restart the server when it suits."
		}
		return f, nil
	}}
}

// Space returns the free and all bytes of the disk that holds a folder. Free is
// what this user may still write.
func Space(dir string) (free, total int64, err error) { return space(dir) }

// Disk looks how much may still be written, with Space of the state folder.
func Disk(space func() (free, total int64, err error)) Checker {
	return Checker{
		Name: "disk",
		Look: func(context.Context) (Finding, error) {
			free, total, err := space()
			f := Finding{Status: OK, Says: "There is room on the disk.", Free: number(free), Total: number(total)}
			switch {
			case err != nil:
				return Finding{}, err
			case free < diskLow:
				f.Status, f.Says, f.Fix = Warning, "The disk is full.", "Free some space: nothing can be saved."
			case free < diskWarn:
				f.Status, f.Says, f.Fix = Warning, "The disk is nearly full.", "Free some space before nothing can be saved."
			}
			return f, nil
		},
		Hangs: Finding{Status: Warning, Says: "The disk does not answer.", Fix: "Check the disk; on a network, the connection to it."},
		Fails: Finding{Status: Warning, Says: "The disk cannot be looked at.", Fix: "Check the disk and the rights of the state folder."},
	}
}
