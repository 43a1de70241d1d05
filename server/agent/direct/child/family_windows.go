package child

import (
	"errors"
	"os"
	"os/exec"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"
)

// family is the job object that a command runs in. Nothing leaves it, and the
// system ends all of it when our process ends, however that happens.
type family struct {
	cmd *exec.Cmd
	job windows.Handle
}

// begin starts cmd halted, puts it into its job, and lets it run.
func begin(cmd *exec.Cmd, _ string, _ *os.File) (*family, error) {
	job, err := newJob()
	if err != nil {
		return nil, err
	}
	cmd.SysProcAttr = &syscall.SysProcAttr{
		HideWindow:    true,
		CreationFlags: windows.CREATE_SUSPENDED | windows.CREATE_NEW_PROCESS_GROUP | windows.CREATE_NO_WINDOW,
	}
	f := &family{cmd, job}
	if err := cmd.Start(); err != nil {
		_ = windows.CloseHandle(job)
		return nil, err
	}
	if err := f.admit(); err != nil {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		_ = windows.CloseHandle(job)
		return nil, err
	}
	return f, nil
}

func newJob() (windows.Handle, error) {
	job, err := windows.CreateJobObject(nil, nil)
	if err != nil {
		return 0, err
	}
	limits := windows.JOBOBJECT_EXTENDED_LIMIT_INFORMATION{
		BasicLimitInformation: windows.JOBOBJECT_BASIC_LIMIT_INFORMATION{LimitFlags: windows.JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE},
	}
	_, err = windows.SetInformationJobObject(job, windows.JobObjectExtendedLimitInformation,
		uintptr(unsafe.Pointer(&limits)), uint32(unsafe.Sizeof(limits)))
	if err != nil {
		_ = windows.CloseHandle(job)
		return 0, err
	}
	return job, nil
}

func (f *family) admit() error {
	process, err := windows.OpenProcess(windows.PROCESS_SET_QUOTA|windows.PROCESS_TERMINATE, false, uint32(f.pid()))
	if err != nil {
		return err
	}
	defer windows.CloseHandle(process)
	if err := windows.AssignProcessToJobObject(f.job, process); err != nil {
		return err
	}
	return resume(uint32(f.pid()))
}

// resume lets a process run that was started halted: it has one thread.
func resume(pid uint32) error {
	threads, err := windows.CreateToolhelp32Snapshot(windows.TH32CS_SNAPTHREAD, 0)
	if err != nil {
		return err
	}
	defer windows.CloseHandle(threads)
	entry := windows.ThreadEntry32{Size: uint32(unsafe.Sizeof(windows.ThreadEntry32{}))}
	for err = windows.Thread32First(threads, &entry); err == nil; err = windows.Thread32Next(threads, &entry) {
		if entry.OwnerProcessID != pid {
			continue
		}
		thread, err := windows.OpenThread(windows.THREAD_SUSPEND_RESUME, false, entry.ThreadID)
		if err != nil {
			return err
		}
		defer windows.CloseHandle(thread)
		_, err = windows.ResumeThread(thread)
		return err
	}
	return errors.New("child: the started process has no thread")
}

func (f *family) pid() int { return f.cmd.Process.Pid }

func (f *family) await() { _ = f.cmd.Wait() }

func (f *family) release() { _ = windows.CloseHandle(f.job) }

// end ends the whole job at once: there is no signal that asks.
func (f *family) end(_ time.Duration, over <-chan struct{}) (left, stuck int) {
	left = f.others()
	if !closed(over) && left > 0 {
		left-- // the command itself
	}
	_ = windows.TerminateJobObject(f.job, 1)
	select {
	case <-over:
	case <-time.After(killing):
	}
	return left, 0
}

// accounting is JOBOBJECT_BASIC_ACCOUNTING_INFORMATION of winnt.h.
type accounting struct {
	userTime, kernelTime, periodUserTime, periodKernelTime int64
	pageFaults, processes, active, terminated              uint32
}

// basicAccounting is JobObjectBasicAccountingInformation of winnt.h.
const basicAccounting = 1

// others counts what runs in the job.
func (f *family) others() int {
	var use accounting
	err := windows.QueryInformationJobObject(f.job, basicAccounting,
		uintptr(unsafe.Pointer(&use)), uint32(unsafe.Sizeof(use)), nil)
	if err != nil {
		return 0
	}
	return int(use.active)
}

func closed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

func exitOf(s *os.ProcessState) (code int, signal string) {
	if s == nil {
		return -1, ""
	}
	return s.ExitCode(), ""
}
