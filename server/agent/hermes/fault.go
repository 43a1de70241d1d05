package hermes

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"hermes-webui/server/agent/hermes/gateway"
	"hermes-webui/server/chat"
	"hermes-webui/server/fault"
)

var (
	errClosed  = fault.New(fault.Conflict, fault.CodeAgentFailed, "The connection to this agent is closed. Send the prompt again.")
	errLive    = fault.New(fault.Conflict, fault.CodeTurnLive, "The agent is still at a turn. Wait for its end, or stop it.")
	errNoAsk   = fault.New(fault.NotFound, fault.CodeNoAsk, "The agent does not wait for this answer any more.")
	errMissing = fault.New(fault.Unavailable, fault.CodeAgentMissing, "Hermes Agent was not found on this machine. Settings, Agents says what was tried and how to install it.")
)

func noProfile(name string) error {
	return fault.New(fault.NotFound, fault.CodeAgentMissing,
		fmt.Sprintf("Hermes has no profile %q any more. Begin a new session with another profile.", name))
}

// failureOf says in words for people why a turn could not be done.
func failureOf(err error) *chat.Failure {
	var known *fault.Error
	var problem *gateway.Problem
	var refused *gateway.Error
	switch {
	case errors.As(err, &known):
		return &chat.Failure{Code: string(known.Code), Text: known.Text}
	case errors.As(err, &problem):
		return &chat.Failure{Code: string(fault.CodeAgentFailed), Text: problem.Text + " Send the prompt again. If that does not help, start hermes in a terminal: it says there what is wrong."}
	case errors.As(err, &refused):
		return &chat.Failure{Code: string(codeFor(refused.Message)), Text: "Hermes Agent refused: " + firstUp(refused.Message)}
	case errors.Is(err, context.DeadlineExceeded):
		return &chat.Failure{Code: string(fault.CodeAgentFailed), Text: "Hermes Agent did not answer in time. Send the prompt again; if that does not help, restart the agent."}
	case errors.Is(err, gateway.ErrGone):
		return &chat.Failure{Code: string(fault.CodeAgentFailed), Text: "Hermes Agent broke off. Send the prompt again: it is started anew."}
	default:
		return &chat.Failure{Code: string(fault.CodeAgentFailed), Text: "Hermes Agent failed: " + err.Error()}
	}
}

// codeFor finds what an agent's words are about: it gives no codes.
func codeFor(words string) fault.Code {
	low := strings.ToLower(words)
	switch {
	case contains(low, "401", "403", "unauthorized", "invalid api key", "authentication", "no api key", "credential"):
		return fault.CodeProviderAuth
	case contains(low, "429", "rate limit", "rate_limit", "quota"):
		return fault.CodeProviderLimit
	case contains(low, "500", "502", "503", "504", "overloaded", "connection error", "connection refused", "timed out", "timeout"):
		return fault.CodeProviderDown
	case contains(low, "400", "404", "model"):
		return fault.CodeProviderOther
	default:
		return fault.CodeAgentFailed
	}
}

func contains(text string, words ...string) bool {
	for _, w := range words {
		if strings.Contains(text, w) {
			return true
		}
	}
	return false
}

func firstUp(s string) string {
	if s == "" {
		return "it gave no reason."
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
