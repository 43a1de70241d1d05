package hermes

import (
	"testing"

	"hermes-webui/server/agent/hermes/gateway/gatewaytest"
	"hermes-webui/server/chat"
)

func TestAnAgentThatIsRestartedGoesOn(t *testing.T) {
	r := newDouble(t, gatewaytest.Options{})
	k := r.talk(t)
	k.do("[[plain]]")
	old := r.States()["default"].PID

	broken := k.start("[[long]]")
	k.speaks(broken)
	r.Restart()
	if end := k.ended(broken); end.State == chat.Done {
		t.Errorf("the turn that ran ended as %s", end.State)
	}
	k = r.talk(t)
	if got := k.do("[[plain]]"); got.end.State != chat.Done {
		t.Errorf("the turn of the next session ended as %s", got.end.State)
	}
	if pid := r.States()["default"].PID; pid == old || pid == 0 {
		t.Errorf("process %d came after %d", pid, old)
	}
}
