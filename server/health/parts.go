package health

import (
	"context"
	"errors"

	"hermes-webui/server/chat"
	"hermes-webui/server/fault"
)

// Sessions reads the list that a person sees first; count returns how many there
// are.
func Sessions(r chat.Reader, count func(context.Context) (int, error)) Checker {
	return Checker{
		Name: "sessions",
		Look: func(ctx context.Context) (Finding, error) {
			if _, err := r.Sessions(ctx, chat.Query{Limit: 1}); err != nil {
				return Finding{}, err
			}
			n, err := count(ctx)
			return Finding{Status: OK, Says: "The list of sessions can be read.", Count: number(n)}, err
		},
		Hangs: Finding{Says: "The list of sessions does not come.", Fix: restart},
		Fails: Finding{Says: "The list of sessions cannot be read.", Fix: restart},
	}
}

// Projects says that there are none: the store has no table of them yet. The
// name is there because upstream's watchdog reads it; the table's reader comes
// in here when there is one.
func Projects() Checker {
	return Checker{Name: "projects", Look: func(context.Context) (Finding, error) {
		return Finding{Status: Missing, Says: "There are no projects."}, nil
	}}
}

// Store reads from the database: a read, not an integrity check. That takes as
// long as the file is large, and a watchdog would kill a program that is merely
// old. size returns what it takes on the disk, in bytes.
func Store(r chat.Reader, size func() (int64, error)) Checker {
	return Checker{
		Name: "store",
		Look: func(ctx context.Context) (Finding, error) {
			_, err := r.Epochs(ctx)
			bytes, sizeErr := size()
			if err == nil {
				err = sizeErr
			}
			if fault.CodeOf(err) == fault.CodeStoreDamaged {
				return Finding{
					Status: Error, Says: "The database is damaged. Nothing was deleted.", Code: string(fault.CodeStoreDamaged),
					Fix: "Stop the server, copy the state folder, then put back a backup.",
				}, nil
			}
			return Finding{Status: OK, Says: "The database can be read.", Bytes: number(bytes)}, err
		},
		Hangs: Finding{Says: "The database does not answer.", Fix: restart},
		Fails: Finding{Says: "The database cannot be read.", Fix: restart},
	}
}

// Writer proves that what is sent can be saved. pulse goes the way of every
// write and leaves nothing behind. A disk that takes nothing is a warning: a
// restart would not mend it.
func Writer(pulse func(context.Context) error) Checker {
	return Checker{
		Name: "writer",
		Look: func(ctx context.Context) (Finding, error) {
			err := pulse(ctx)
			switch code := fault.CodeOf(err); {
			case err == nil:
				return Finding{Status: OK, Says: "What is sent is saved."}, nil
			case code == fault.CodeDiskFull:
				return Finding{
					Status: Warning, Says: "Nothing can be saved: the disk is full.",
					Fix: "Free some space. Then it goes on by itself.", Code: string(code),
				}, nil
			case code == fault.CodeUnwritable:
				return Finding{
					Status: Warning, Says: "Nothing can be saved: the database cannot be written.",
					Fix: "Check the disk and the rights of the state folder. Then it goes on by itself.", Code: string(code),
				}, nil
			default:
				return Finding{}, err
			}
		},
		Hangs: Finding{Says: "Nothing is saved: the writer of the database is stuck.", Fix: "End other programs that use the database, then restart the server."},
		Fails: Finding{Says: "Nothing can be saved.", Fix: restart},
	}
}

// StateDB reads the agent's own databases: read returns how many there are. All
// that is wrong with them is a warning, since they belong to another program.
func StateDB(read func(context.Context) (int, error)) Checker {
	return Checker{
		Name: "state_db",
		Look: func(ctx context.Context) (Finding, error) {
			n, err := read(ctx)
			if err == nil && n == 0 {
				return Finding{Status: Missing, Says: "The agent has no database yet."}, nil
			}
			return Finding{Status: OK, Says: "The agent's database can be read.", Count: number(n)}, err
		},
		Hangs: Finding{
			Status: Warning, Says: "The agent's database does not answer.",
			Fix: "End programs that hold it. Sessions of this program are not concerned.",
		},
		Fails: Finding{
			Status: Warning, Says: "The agent's database cannot be read.",
			Fix: "Start the agent once in a terminal: it repairs what can be repaired. Sessions of this program are not concerned.",
		},
	}
}

// Agent is what the check of the agents wants to know of one.
type Agent struct {
	Ready bool
	Demo  bool // it only shows what an agent is like
}

// ErrLooking: it is not known yet which agents there are.
var ErrLooking = errors.New("agents are still looked for")

// Agents asks what is known of the agents; list must start nothing.
func Agents(list func(context.Context) ([]Agent, error)) Checker {
	return Checker{
		Name: "agent",
		Look: func(ctx context.Context) (Finding, error) {
			all, err := list(ctx)
			if errors.Is(err, ErrLooking) {
				return Finding{Status: OK, Says: "Agents are being looked for."}, nil
			}
			ready := 0
			for _, a := range all {
				if a.Ready && !a.Demo {
					ready++
				}
			}
			if err == nil && ready == 0 {
				return Finding{
					Status: Warning, Says: "No agent is ready: only the demonstration answers.",
					Fix: "Install an agent or connect a model provider in the settings.", Count: number(0),
				}, nil
			}
			return Finding{Status: OK, Says: "An agent is ready.", Count: number(ready)}, err
		},
		Hangs: Finding{Says: "The agents do not say whether they are ready.", Fix: restart},
		Fails: Finding{Says: "It cannot be told whether an agent is ready.", Fix: restart},
	}
}
