package secret

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"filippo.io/age"
)

// Keys open sealed values.
type Keys struct {
	ids []age.Identity
	// Source says where they came from.
	Source Source
}

// ParseKeys reads private keys of age, one per line; lines with # are comments. Errors
// never repeat the text.
func ParseKeys(text string, from Source) (*Keys, error) {
	ids, err := age.ParseIdentities(strings.NewReader(text))
	if err != nil {
		return nil, errors.New("not a private key of age (AGE-SECRET-KEY-…)")
	}
	return &Keys{ids: ids, Source: from}, nil
}

// Recipients are the public sides of the keys.
func (k *Keys) Recipients() (out []Recipient) {
	for _, id := range k.ids {
		switch id := id.(type) {
		case *age.X25519Identity:
			out = append(out, Recipient{id.Recipient(), id.Recipient().String()})
		case *age.HybridIdentity:
			out = append(out, Recipient{id.Recipient(), id.Recipient().String()})
		}
	}
	return out
}

// NewKey makes a key: the text of its file, with the day and the public side as
// comments as age-keygen writes them, and the public side.
func NewKey(now time.Time) (file string, to Recipient, err error) {
	id, err := age.GenerateX25519Identity()
	if err != nil {
		return "", Recipient{}, fmt.Errorf("new key: %w", err)
	}
	to = Recipient{id.Recipient(), id.Recipient().String()}
	return fmt.Sprintf("# created: %s\n# public key: %s\n%s\n", now.UTC().Format(time.RFC3339), to, id), to, nil
}

// Recipient is the public side of a key: it seals and opens nothing.
type Recipient struct {
	age  age.Recipient
	text string
}

// String gives the public key, age1….
func (r Recipient) String() string { return r.text }

// labels are those that age demands of every stanza beside this recipient's.
func (r Recipient) labels() []string {
	if l, ok := r.age.(age.RecipientWithLabels); ok {
		_, labels, err := l.WrapWithLabels(make([]byte, 16))
		if err == nil {
			return labels
		}
	}
	return nil
}

// ParseRecipients reads public keys separated by commas or spaces.
func ParseRecipients(list string) (out []Recipient, err error) {
	for _, f := range strings.FieldsFunc(list, func(c rune) bool { return c == ',' || c == ' ' }) {
		rs, err := age.ParseRecipients(strings.NewReader(f))
		if err != nil || len(rs) != 1 {
			return nil, errors.New("not a public key of age (age1…)") // it may be a private one by mistake
		}
		out = append(out, Recipient{rs[0], f})
	}
	return out, nil
}

// Source is where the key came from that opens the sealed settings.
type Source string

// The sources, in the order in which they are asked (KEY-02).
const (
	FromNowhere     Source = ""            // nothing is sealed
	FromCredential  Source = "credential"  // systemd: $CREDENTIALS_DIRECTORY/age.key
	FromFile        Source = "file"        // FEIERABEND_AGE_KEY_FILE
	FromEnvironment Source = "environment" // FEIERABEND_AGE_KEY, with its flag only
)

// Sentence says it in German, for the technical and organisational measures and for
// the operator: what stands there must be true, also where it is not flattering.
func (s Source) Sentence() string {
	switch s {
	case FromCredential:
		return "Zugriffsschlüssel stehen verschlüsselt in Umgebungsvariablen. Den Schlüssel dazu übergibt systemd dem Dienst beim Start; er steht in keiner Umgebungsvariablen."
	case FromFile:
		return "Zugriffsschlüssel stehen verschlüsselt in Umgebungsvariablen. Der Schlüssel dazu liegt in einer Datei, die nur der Dienst lesen darf."
	case FromEnvironment:
		return "Zugriffsschlüssel stehen verschlüsselt in Umgebungsvariablen. Der Schlüssel dazu steht in einer zweiten Umgebungsvariablen desselben Dienstes, weil die Plattform nichts anderes bietet: Wer alle Umgebungsvariablen lesen kann, kann auch die Zugriffsschlüssel öffnen."
	}
	return "Zugriffsschlüssel stehen unverschlüsselt in der Umgebung des Dienstes. Das gibt es nur im Probebetrieb."
}
