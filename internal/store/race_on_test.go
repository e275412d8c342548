//go:build race

package store_test

const raceOn = true // the race detector makes everything slow
