package child

// Note records a program that lives longer than one command and is not run by a
// Runner, so that Sweep ends it, and what it started, after our own sudden end.
type Note struct{ record *record }

// NewNote writes the record, before the program starts. dir is that of Config;
// "" keeps none.
func NewNote(dir string) (*Note, error) {
	r, err := newRecord(dir)
	if err != nil {
		return nil, err
	}
	return &Note{r}, nil
}

// Env is the variable that the program must be started with.
func (n *Note) Env() string { return MarkName + "=" + n.record.Mark }

// Started adds the process, which must be the leader of a group of its own.
func (n *Note) Started(pid int) { n.record.started(pid) }

// Remove takes the record back, once the program and its group have ended.
func (n *Note) Remove() { n.record.remove() }

// End ends whatever runs with the note's variable, also what made a group or a
// session of its own, and returns how many these were. Call it when the program
// itself has ended; only Linux knows more than its group.
func (n *Note) End() int { return n.record.kill() }

// StartOf says when a process started, in the system's own words; "" = there is
// none, or this system does not tell. A process is known by its number and this.
func StartOf(pid int) string { return startOf(pid) }
