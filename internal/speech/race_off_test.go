//go:build !race

package speech_test

const instrumented = false
