package main

import (
	"runtime"
	"testing"
)

// TestRuntimeIsSet: the service may run more threads than there are processors, since some
// of them wait for the disk; what the operator says goes before, and all is undone.
func TestRuntimeIsSet(t *testing.T) {
	before := runtime.GOMAXPROCS(0)
	t.Setenv("GOMAXPROCS", "")
	back := setRuntime()
	if got := runtime.GOMAXPROCS(0); got != before+waiting {
		t.Errorf("%d threads beside %d before", got, before)
	}
	back()
	if got := runtime.GOMAXPROCS(0); got != before {
		t.Errorf("%d threads afterwards, %d before", got, before)
	}
	t.Setenv("GOMAXPROCS", "1")
	defer setRuntime()()
	if got := runtime.GOMAXPROCS(0); got != before {
		t.Errorf("%d threads though the operator has said how many", got)
	}
}
