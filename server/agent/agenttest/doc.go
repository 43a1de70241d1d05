// Package agenttest is the contract of agent.Driver as a test suite: every
// driver passes it, against its real agent or a stand-in for that agent's far
// end.
//
// What the suite holds a driver to, beyond the comments in package agent:
//
//   - Steps come one at a time: out is never called twice at once.
//   - A part is opened before anything else is said of it, and nothing is said
//     of it once it is closed. Its parent is an open subagent of the same turn.
//   - A turn has at most one Ended, and exactly one unless it is stopped or its
//     Conn is closed. Nothing of the turn follows it. Failed has a code and a
//     sentence; Done and Stopped have no error.
//   - Stop returns while out blocks. Start works as soon as Stop has returned or
//     Ended was taken; a late step of the stopped turn may still come before the
//     first of the next turn, and not after it.
//   - An answer may arrive before out has returned from Asked.
//   - The death of an agent ends the turn as Failed, never in silence. After it,
//     Start works (the agent is started anew) or fails.
//   - Once out has returned an error it is not called again.
//   - Close ends everything that Open and Start began, also while a turn runs.
//     It may return before out does.
package agenttest
