package gateway

import (
	"os/exec"
	"strconv"
	"syscall"
)

const createNoWindow = 0x08000000

func ownGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{CreationFlags: syscall.CREATE_NEW_PROCESS_GROUP | createNoWindow}
}

func terminate(cmd *exec.Cmd) { killGroup(cmd) }

// killGroup ends the process and its children.
func killGroup(cmd *exec.Cmd) {
	_ = exec.Command("taskkill", "/T", "/F", "/PID", strconv.Itoa(cmd.Process.Pid)).Run()
	_ = cmd.Process.Kill()
}
