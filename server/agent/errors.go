package agent

import "hermes-webui/server/fault"

// ErrCannot says that the agent has no such ability.
var ErrCannot = fault.New(fault.Conflict, fault.CodeCannot, "This agent cannot do that.")
