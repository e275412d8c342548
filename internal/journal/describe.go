package journal

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"syscall"

	"feierabend"
)

// Describe gives of an error what may stand in a log: kinds, codes and types of its
// chain, outermost first. Texts stay out: a driver repeats values of rows, a client
// addresses with tokens, a provider its own words.
func Describe(err error) string {
	var parts []string
	describe(err, &parts)
	return strings.Join(parts, " > ")
}

func describe(err error, parts *[]string) {
	for err != nil && len(*parts) < 12 {
		*parts = append(*parts, one(err))
		if j, ok := err.(interface{ Unwrap() []error }); ok {
			for _, e := range j.Unwrap() {
				describe(e, parts)
			}
			return
		}
		err = errors.Unwrap(err)
	}
}

// one is an error of the chain by itself.
func one(err error) string {
	switch e := err.(type) {
	case *feierabend.Error:
		if forms[Code].MatchString(e.Code) {
			return string(e.Kind) + "/" + e.Code
		}
		return string(e.Kind)
	case syscall.Errno:
		return "errno " + fmt.Sprint(int(e)) + " (" + e.Error() + ")"
	case interface{ SQLState() string }:
		if forms[ID].MatchString(e.SQLState()) {
			return fmt.Sprintf("%T %s", err, e.SQLState())
		}
	case interface{ Code() int }:
		return fmt.Sprintf("%T %d", err, e.Code())
	}
	switch err {
	case context.Canceled, context.DeadlineExceeded:
		return err.Error()
	}
	return fmt.Sprintf("%T", err)
}
