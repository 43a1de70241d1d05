package health

import "context"

// Lanes asks the sessions that do something for a sign of life.
func Lanes(ping func(context.Context) error) Checker {
	return Checker{
		Name: "lanes",
		Look: func(ctx context.Context) (Finding, error) {
			err := ping(ctx)
			return Finding{Status: OK, Says: "Sessions answer."}, err
		},
		Hangs: Finding{Says: "A session does not answer.", Fix: restart},
		Fails: Finding{Status: Blocked, Says: "A session does not answer.", Fix: restart},
	}
}

// Log says whether the log is taken: an error means that a line hangs, and
// given up that whoever reads the log has stopped for good.
func Log(alive func(context.Context) (givenUp bool, err error)) Checker {
	return Checker{
		Name: "log",
		Look: func(ctx context.Context) (Finding, error) {
			givenUp, err := alive(ctx)
			if givenUp {
				return Finding{
					Status: Warning, Says: "The log is not written: nobody takes it.",
					Fix: "Look at what reads the output of this program, then restart the server.",
				}, nil
			}
			return Finding{Status: OK, Says: "The log is written."}, err
		},
		Fails: Finding{Status: Blocked, Says: "The log is not written.", Fix: restart},
	}
}
