//go:build race

package speech_test

// instrumented: the race detector maps far more memory than any bound allows.
const instrumented = true
