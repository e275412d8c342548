package secret

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"filippo.io/age"
)

const prefix = "age:"

// MaxSize is the greatest length of a value in bytes.
const MaxSize = 64 << 10

// Errors of Open. None of them carries anything of the value.
var (
	// ErrName says that the value was sealed under another name.
	ErrName = errors.New("sealed value: it belongs to another name")
	// ErrKey says that it was sealed for other keys.
	ErrKey = errors.New("sealed value: it is for another key")
	// ErrDamaged says that it is not what Seal made.
	ErrDamaged = errors.New("sealed value: damaged")
)

// IsSealed says that text has the sealed form; whether it opens is another question.
func IsSealed(text string) bool { return strings.HasPrefix(text, prefix) }

// Seal gives the sealed form of a value for all recipients, without its name in front.
// at is the day that Open tells again.
func Seal(name string, value Secret, at time.Time, to []Recipient) (string, error) {
	switch {
	case name == "" || strings.ContainsAny(name, "\x00="):
		return "", errors.New("seal: no name of a variable")
	case value.Empty() || strings.Contains(*value.value, "\x00") || len(*value.value) > MaxSize:
		return "", fmt.Errorf("seal %s: empty, with a zero byte, or over %d bytes", name, MaxSize)
	case len(to) == 0:
		return "", fmt.Errorf("seal %s: no recipients", name)
	}
	recipients := []age.Recipient{&day{at: at.UTC().Format(time.DateOnly), labels: to[0].labels()}}
	for _, r := range to {
		recipients = append(recipients, r.age)
	}
	var file bytes.Buffer
	w, err := age.Encrypt(&file, recipients...)
	if err != nil {
		return "", fmt.Errorf("seal %s: %w", name, err)
	}
	if _, err := io.WriteString(w, name+"\x00"+*value.value); err != nil {
		return "", fmt.Errorf("seal %s: %w", name, err)
	}
	if err := w.Close(); err != nil {
		return "", fmt.Errorf("seal %s: %w", name, err)
	}
	return prefix + base64.StdEncoding.EncodeToString(file.Bytes()), nil
}

// Open gives the value sealed under the name and the day (UTC) of sealing, which is
// zero where another program sealed it. It gives ErrName, ErrKey or ErrDamaged.
func Open(name, text string, keys *Keys) (Secret, time.Time, error) {
	body, ok := strings.CutPrefix(text, prefix)
	if !ok || keys == nil || len(body) > 4*MaxSize || strings.ContainsAny(body, "\r\n") {
		return Secret{}, time.Time{}, ErrDamaged
	}
	file, err := base64.StdEncoding.Strict().DecodeString(body)
	if err != nil {
		return Secret{}, time.Time{}, ErrDamaged
	}
	seen := &day{}
	var ids []age.Identity
	for _, id := range keys.ids {
		ids = append(ids, watching{id, seen})
	}
	r, err := age.Decrypt(bytes.NewReader(file), ids...)
	if _, other := errors.AsType[*age.NoIdentityMatchError](err); other {
		return Secret{}, time.Time{}, ErrKey
	}
	if err != nil {
		return Secret{}, time.Time{}, ErrDamaged
	}
	plain, err := io.ReadAll(io.LimitReader(r, 4*MaxSize))
	if err != nil {
		return Secret{}, time.Time{}, ErrDamaged
	}
	of, value, ok := strings.Cut(string(plain), "\x00")
	switch {
	case !ok || value == "":
		return Secret{}, time.Time{}, ErrDamaged
	case of != name:
		return Secret{}, time.Time{}, ErrName
	}
	return New(value), seen.time(), nil
}

// day is the stanza that names the day of sealing.
type day struct {
	at     string
	labels []string
}

const dayStanza = "feierabend.sealed"

// Wrap gives the stanza; it holds nothing of the file key.
func (d *day) Wrap([]byte) ([]*age.Stanza, error) {
	return []*age.Stanza{{Type: dayStanza, Args: []string{d.at}}}, nil
}

// WrapWithLabels tells age that the stanza goes with the recipients beside it.
func (d *day) WrapWithLabels(k []byte) ([]*age.Stanza, []string, error) {
	s, err := d.Wrap(k)
	return s, d.labels, err
}

func (d *day) time() time.Time {
	t, _ := time.Parse(time.DateOnly, d.at)
	return t
}

// watching notes the day on the way to the real identity.
type watching struct {
	age.Identity
	seen *day
}

func (w watching) Unwrap(stanzas []*age.Stanza) ([]byte, error) {
	for _, s := range stanzas {
		if s.Type == dayStanza && len(s.Args) == 1 {
			w.seen.at = s.Args[0]
		}
	}
	return w.Identity.Unwrap(stanzas)
}
