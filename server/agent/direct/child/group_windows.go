package child

import (
	"os/exec"
	"syscall"
	"unsafe"

	"golang.org/x/sys/windows"
)

// Group is a job object: all that a program starts belongs to it.
type Group windows.Handle

// StartGroup starts cmd in a job of its own.
func StartGroup(cmd *exec.Cmd) (Group, error) {
	job, err := windows.CreateJobObject(nil, nil)
	if err != nil {
		return 0, err
	}
	g := Group(job)
	if err := g.begin(cmd); err != nil {
		g.Forget()
		return 0, err
	}
	return g, nil
}

// begin starts the program suspended, so that it starts nothing before it is in
// the job; the job ends with our process.
func (g Group) begin(cmd *exec.Cmd) error {
	info := windows.JOBOBJECT_EXTENDED_LIMIT_INFORMATION{}
	info.BasicLimitInformation.LimitFlags = windows.JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE
	if _, err := windows.SetInformationJobObject(windows.Handle(g), windows.JobObjectExtendedLimitInformation,
		uintptr(unsafe.Pointer(&info)), uint32(unsafe.Sizeof(info))); err != nil {
		return err
	}
	cmd.SysProcAttr = &syscall.SysProcAttr{
		CreationFlags: windows.CREATE_NEW_PROCESS_GROUP | windows.CREATE_SUSPENDED,
		HideWindow:    true,
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	pid := uint32(cmd.Process.Pid)
	err := g.adopt(pid)
	if err == nil {
		err = resume(pid)
	}
	if err != nil {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	}
	return err
}

func (g Group) adopt(pid uint32) error {
	h, err := windows.OpenProcess(windows.PROCESS_SET_QUOTA|windows.PROCESS_TERMINATE, false, pid)
	if err != nil {
		return err
	}
	defer windows.CloseHandle(h)
	return windows.AssignProcessToJobObject(windows.Handle(g), h)
}

// Ask and Kill are the same: Windows has no way to ask a program without a window
// to end.
func (g Group) Ask()  { g.Kill() }
func (g Group) Kill() { _ = windows.TerminateJobObject(windows.Handle(g), 1) }

// Forget lets go of the job, once all of it has ended.
func (g Group) Forget() { _ = windows.CloseHandle(windows.Handle(g)) }
