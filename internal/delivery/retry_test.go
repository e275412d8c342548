package delivery

import (
	"errors"
	"testing"
	"time"

	"feierabend"
)

func TestJudge(t *testing.T) {
	for _, c := range []struct {
		name  string
		err   error
		tries int
		want  verdict
	}{
		{"window closed", &feierabend.ChatError{Code: 131047, Window: true}, 1, verdict{code: 131047, final: true}},
		{"undeliverable", &feierabend.ChatError{Code: 131026}, 1, verdict{code: 131026, final: true}},
		{"token expired: an operator must act", &feierabend.ChatError{Code: 190, Park: true}, 40, verdict{code: 190, wait: parkFor}},
		{"pair rate", &feierabend.ChatError{Code: 131056, Retry: true}, 2, verdict{code: 131056, wait: 16 * time.Second}},
		{"rate limit with Retry-After", &feierabend.ChatError{Code: 130429, Retry: true, After: time.Minute}, 1, verdict{code: 130429, wait: time.Minute}},
		{"temporary", &feierabend.ChatError{Code: 131016, Retry: true}, 3, verdict{code: 131016, wait: 20 * time.Second}},
		{"temporary for too long", &feierabend.ChatError{Code: 131016, Retry: true}, maxTries, verdict{code: 131016, final: true}},
		{"no answer", &feierabend.ChatError{Lost: true}, 1, verdict{lost: true}},
		{"unknown error", errors.New("reset by peer"), 1, verdict{lost: true}},
		{"refused before it was sent", &feierabend.Error{Kind: feierabend.Invalid}, 1, verdict{final: true}},
	} {
		if got := judge(c.err, c.tries); got != c.want {
			t.Errorf("%s: got %+v, want %+v", c.name, got, c.want)
		}
	}
}
