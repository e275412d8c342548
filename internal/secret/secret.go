package secret

import (
	"crypto/subtle"
	"fmt"
	"io"
	"log/slog"
)

// Hidden is what every way of printing gives instead of the value.
const Hidden = "***"

// Secret is a value that no way of printing, marshalling or logging shows. The zero
// value is empty. It holds a pointer, so that even a struct around it whose field is
// not exported prints an address and not the value.
type Secret struct{ value *string }

// New makes a Secret.
func New(value string) Secret {
	if value == "" {
		return Secret{}
	}
	return Secret{&value}
}

// Reveal gives the value. A test at the root names the files that may call it.
func (s Secret) Reveal() string {
	if s.value == nil {
		return ""
	}
	return *s.value
}

// Empty says that there is no value.
func (s Secret) Empty() bool { return s.value == nil }

// Equal compares in constant time; two empty secrets are not equal, so that a setting
// that was forgotten opens nothing.
func (s Secret) Equal(given string) bool {
	return !s.Empty() && subtle.ConstantTimeCompare([]byte(*s.value), []byte(given)) == 1
}

// String gives Hidden.
func (s Secret) String() string { return Hidden }

// GoString gives Hidden.
func (s Secret) GoString() string { return Hidden }

// Format gives Hidden for every verb; without it a wrong verb would print the field.
func (s Secret) Format(f fmt.State, _ rune) { io.WriteString(f, Hidden) }

// MarshalText gives Hidden.
func (s Secret) MarshalText() ([]byte, error) { return []byte(Hidden), nil }

// MarshalJSON gives Hidden.
func (s Secret) MarshalJSON() ([]byte, error) { return []byte(`"` + Hidden + `"`), nil }

// LogValue gives Hidden.
func (s Secret) LogValue() slog.Value { return slog.StringValue(Hidden) }
