package profile

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"

	"feierabend"
)

// store is what the step asks of the database.
type store interface {
	Logo(ctx context.Context, t feierabend.TenantID) (feierabend.Logo, error)
	SetLogo(ctx context.Context, t feierabend.TenantID, by feierabend.Actor, l feierabend.Logo) error
	ProfileVersion(ctx context.Context, t feierabend.TenantID) (feierabend.Profile, int64, error)
	ChangeProfile(ctx context.Context, t feierabend.TenantID, by feierabend.Actor, base int64, act string, p feierabend.Profile) error
}

// Options are the step's dependencies.
type Options struct{ Store store }

// Step reads and changes what a firm says about itself.
type Step struct{ store store }

// New makes the step.
func New(o Options) *Step { return &Step{store: o.Store} }

// Values gives fields as a form shows them, and their stand: what Save must be told, so
// that nobody overwrites what he has not seen. An unknown name is a programming error.
func (s *Step) Values(ctx context.Context, t feierabend.TenantID, names []string) (values map[string]string, stand string, err error) {
	p, _, err := s.store.ProfileVersion(ctx, t)
	if err != nil {
		return nil, "", fmt.Errorf("load profile: %w", err)
	}
	return read(p, names)
}

func read(p feierabend.Profile, names []string) (values map[string]string, stand string, err error) {
	values = map[string]string{}
	h := sha256.New()
	for _, f := range fields() {
		if slices.Contains(names, f.name) {
			values[f.name] = f.get(&p)
			fmt.Fprintf(h, "%s=%d:%s\n", f.name, len(values[f.name]), values[f.name])
		}
	}
	if len(values) != len(names) {
		return nil, "", fmt.Errorf("profile: %d of %d fields known", len(values), len(names))
	}
	return values, hex.EncodeToString(h.Sum(nil)[:12]), nil
}

// Save sets the named fields to what was typed. All or nothing: the mistakes come as an
// Invalid error with one text per field. Where somebody else changed one of them since
// stand was given, it is a Conflict (code profile_changed) and nothing is saved; changes
// of other fields do not matter. Only the owner may (J-15).
func (s *Step) Save(ctx context.Context, by feierabend.Actor, t feierabend.TenantID, names []string, stand string, typed map[string]string) error {
	if by.Role != feierabend.RoleOwner {
		return errOwner()
	}
	const tries = 4 // others may save other fields in the same moment
	for range tries {
		p, version, err := s.store.ProfileVersion(ctx, t)
		if err != nil {
			return fmt.Errorf("load profile: %w", err)
		}
		_, now, err := read(p, names)
		if err != nil {
			return err
		}
		if now != stand {
			return errChanged()
		}
		if err := set(&p, names, typed); err != nil {
			return err
		}
		err = s.store.ChangeProfile(ctx, t, by, version, "profile.changed", p)
		if feierabend.CodeOf(err) == "profile_version" {
			continue
		}
		if err != nil {
			return fmt.Errorf("change profile: %w", err)
		}
		return nil
	}
	return errChanged()
}

// Logo gives the firm's logo, NotFound where it has none.
func (s *Step) Logo(ctx context.Context, t feierabend.TenantID) (feierabend.Logo, error) {
	return s.store.Logo(ctx, t)
}

// SetLogo takes an uploaded picture as the firm's logo; nil removes it. A file that is no
// picture is Invalid, and the logo before stays.
func (s *Step) SetLogo(ctx context.Context, by feierabend.Actor, t feierabend.TenantID, file []byte) error {
	if by.Role != feierabend.RoleOwner {
		return errOwner()
	}
	var l feierabend.Logo
	if file != nil {
		var err error
		if l, err = ReadLogo(file); err != nil {
			return err
		}
	}
	return s.store.SetLogo(ctx, t, by, l)
}

// set writes the typed values into p and says what is wrong with which.
func set(p *feierabend.Profile, names []string, typed map[string]string) error {
	var wrong []feierabend.FieldError
	for _, f := range fields() {
		if !slices.Contains(names, f.name) {
			continue
		}
		if problem := f.set(p, oneLine(typed[f.name])); problem != "" {
			wrong = append(wrong, feierabend.FieldError{Field: f.name, Text: problem})
		}
	}
	wrong = append(wrong, together(*p, names)...)
	return feierabend.InvalidFields("profile", wrong)
}

// together checks what single fields cannot: a legal form whose letters must name more.
func together(p feierabend.Profile, names []string) (wrong []feierabend.FieldError) {
	s := p.Seller
	need := func(name string, missing bool, text string) {
		if missing && slices.Contains(names, name) {
			wrong = append(wrong, feierabend.FieldError{Field: name, Text: text})
		}
	}
	form := s.LegalForm.German()
	need("gericht", s.LegalForm.Registered() && s.RegisterCourt == "", "Auf Briefen Ihrer Rechtsform ("+form+") muss das Registergericht stehen, zum Beispiel Amtsgericht Pinneberg.")
	need("register", s.LegalForm.Registered() && s.RegisterID == "", "Auf Briefen Ihrer Rechtsform ("+form+") muss die Registernummer stehen, zum Beispiel HRB 12345.")
	need("vertretung", s.LegalForm.Represented() && s.LegalInfo == "", "Auf Briefen Ihrer Rechtsform ("+form+") muss stehen, wer den Betrieb vertritt, zum Beispiel Geschäftsführer: Hauke Deichgrün.")
	if p.DefaultRole != "" {
		_, ok := p.Rates[p.DefaultRole]
		need("rolle", !ok, "Für diese Rolle fehlt oben noch der Stundensatz.")
	}
	return wrong
}

func oneLine(s string) string {
	return strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 {
			return ' ' // no control characters, no change of writing direction on a letter
		}
		return r
	}, strings.ToValidUTF8(s, ""))), " ")
}

func errOwner() error {
	return &feierabend.Error{
		Kind: feierabend.Unauthorized, Code: "role", Err: errors.New("profile is the owner's"),
		Text: "Die Stammdaten ändert nur, wer Inhaberin oder Inhaber ist. Es ist nichts geändert worden. Bitte fragen Sie dort.",
	}
}

func errChanged() error {
	return &feierabend.Error{
		Kind: feierabend.Conflict, Code: "profile_changed",
		Text: "Diese Angaben sind inzwischen an anderer Stelle geändert worden. Ihre Eingabe steht noch da, gespeichert ist sie nicht. Bitte vergleichen Sie und speichern Sie dann noch einmal.",
	}
}
