// Package dictation is the German engine: it turns what a craftsman says into a
// draft whose every value points to the words it came from.
//
// It is pure: text, time and profile in, draft out; no model, no network, no
// state. The path of a text:
//
//	tokens    words, numbers and marks with their rune offsets        token.go
//	repair    "zwei, ach Quatsch, zweieinhalb": the last value stands repair.go
//	withhold  "schreib nicht rein, dass …" leaves the text for good   withhold.go
//	claims    tasks, buyer, place, terms, payment, dates take their words, one file each
//	entities  what is left is read as quantities, prices, list items  entity.go
//	groups    entities form lines                                     group.go, line.go
//	check     every number is read again in its evidence              check.go
//
// The law of the package: nothing is invented and nothing withheld leaks. A value
// that cannot be read with certainty is left out and asked (docs/dictation-format.md).
// The tables hold general German vocabulary, never names or places of samples.
package dictation
