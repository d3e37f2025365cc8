//go:build unix

package gql

import (
	"syscall"
	"time"
)

// cpuTime is the processor time that this process has used: unlike the clock, it does not go on while others work.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
