package dictation

import (
	"strconv"
	"strings"

	"feierabend"
)

func lowered(s string) string { return strings.ToLower(s) }

// fixed is the number type of the ground floor, short for the readers' signatures.
type fixed = feierabend.Dec4

func itoa(n int) string { return strconv.Itoa(n) }
