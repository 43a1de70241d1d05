// Package scripted is an agent without a model: it plays a .turn file. The
// Demo agent is one such file; tests and screenshots play others. It behaves
// like a real agent in every way that the core can see: it streams, asks,
// fails, dies, begins turns by itself and goes on with a turn after a restart.
//
// # The .turn file
//
// UTF-8 text, one step a line; the first word says which. A line that begins
// with # is a comment. What belongs to a step stands below it, four spaces
// further in. Parsing is strict: a word that is not in this list, or not where
// it belongs, is an error with its line.
//
// Durations are written as in Go (300ms, 2s); {{…}} is replaced, see below.
//
// Steps of a turn and of a subagent:
//
//	text [OPTIONS]              a text part; its Markdown stands below
//	reasoning [OPTIONS]         the same for what is thought aloud
//	tool NAME [TITLE…]          a tool call; its steps stand below
//	list-dir                    a tool call that really reads the workspace:
//	                            the first 50 names, sorted, folders with a /
//	plan                        the plan, opened or replaced; lines below:
//	                            [ ] pending  [>] active  [x] done  [-] cancelled
//	subagent TITLE…             a subagent; its steps stand below
//	file NAME TYPE SIZE [PATH]  a file part
//	garbage HEX…                a text part with these bytes, valid UTF-8 or not
//
// Steps of a tool call:
//
//	args JSON                   the arguments; the call is running from here
//	out [OPTIONS]               output, below; each time ends with a line break
//	done [JSON]                 the call ends well, with this result; leaves it
//	failed WORDS…               the call ends badly; leaves it
//
// Steps of a subagent:
//
//	task WORDS…                 what it has to do; first of all
//	done [SUMMARY…]             it ends well; leaves it
//	failed SUMMARY…             it ends badly; leaves it
//
// A tool call or a subagent without done or failed ends well.
//
// Steps that may stand anywhere:
//
//	wait DURATION
//	pace [chunk=N] [gap=D]      the options of texts from here on
//	notice info|warn WORDS…     a notice part
//	usage KEY=N…                input cached output reasoning context window cost
//	title WORDS…                a title for the session
//	status [for=D] WORDS…       what is true now; for: until the next try
//	repeat N                    the steps below, N times; {{n}} counts from 1
//	ask KIND TITLE…             an ask, see below; inside a tool call it is the
//	                            call that waits
//	fail CODE [retry=D] WORDS…  the turn fails in good order: parts are closed
//	crash                       the agent dies: parts stay open, the turn fails
//
// Steps of the outermost level only:
//
//	end                         the turn is done; only wait and begin may follow
//	begin WORDS…                the agent begins a turn by itself (after end)
//
// Options of texts: chunk=N characters (code points) a time, gap=D between
// them, times=N: the text again and again in the same part. `text open` leaves
// the part open until the turn ends.
//
// # Asks
//
// KIND is approval, question or secret. Below it:
//
//	why WORDS…   command WORDS…   danger WORDS…   editable
//	rule CHOICE WORDS…          of an approval: what would be stored
//	choice ID LABEL…            of a question
//	field ID LABEL…             of a secret
//	hidden ID LABEL…            of a secret: a field that is not shown
//	deadline DURATION           never scaled by the speed
//	on ANSWER…                  the steps below follow this answer
//
// ANSWER is the id of a choice; allow (once, session or always); text (own
// words without a choice); values (of a secret); expired; else. An approval
// has the choices once, session, always and deny. An answer without a branch
// goes on after the ask.
//
// # Variables
//
//	{{prompt}}     what the person asked       {{workspace}}  its path
//	{{entries}}    how many names list-dir found
//	{{answer}}     the newest answer: own words, else the id of the choice
//	{{command}}    the command of the newest ask, as edited
//	{{n}}          the number of this repetition
//
// A secret's values have no variable. In JSON a variable stands inside of a
// string and is escaped.
package scripted
