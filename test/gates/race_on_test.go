//go:build race

package gates_test

const slow = 8 // the race detector: fewer runs
