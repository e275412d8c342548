//go:build !race

package gates_test

const slow = 1
