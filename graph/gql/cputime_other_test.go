//go:build !unix

package gql

import "time"

var began = time.Now()

// cpuTime is the time since the start, where the processor time cannot be had.
func cpuTime() time.Duration { return time.Since(began) }
