package drafting

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"feierabend"
)

// schemes are the words by which people say whether they show VAT, without case and
// punctuation. „§ 19“ is looked for before: without its sign it would be a rate.
var schemes = map[string]string{
	"standard": feierabend.SchemeStandard, "ja": feierabend.SchemeStandard, "mit umsatzsteuer": feierabend.SchemeStandard, "ja mit umsatzsteuer": feierabend.SchemeStandard,
	"mit mehrwertsteuer": feierabend.SchemeStandard, "19 prozent": feierabend.SchemeStandard, "19": feierabend.SchemeStandard,
	"ja mit 19": feierabend.SchemeStandard, "mit 19 prozent": feierabend.SchemeStandard, "ja 19 prozent": feierabend.SchemeStandard,
	"small business": feierabend.SchemeSmallBusiness, "nein": feierabend.SchemeSmallBusiness, "ohne umsatzsteuer": feierabend.SchemeSmallBusiness, "nein ohne umsatzsteuer": feierabend.SchemeSmallBusiness,
	"kleinunternehmer": feierabend.SchemeSmallBusiness, "kleinunternehmerin": feierabend.SchemeSmallBusiness, "ich bin kleinunternehmer": feierabend.SchemeSmallBusiness,
	"ich bin kleinunternehmerin": feierabend.SchemeSmallBusiness, "nein kleinunternehmer": feierabend.SchemeSmallBusiness,
}

// setScheme takes the answer whether the firm shows VAT. It is asked once and is a fact
// about the firm: keepScheme writes it to the profile.
func (e *edit) setScheme(path, value string) error {
	scheme := schemes[plain(value)]
	if strings.Contains(value, "§") || strings.HasPrefix(plain(value), "paragraf 19") {
		scheme = feierabend.SchemeSmallBusiness
	}
	if e.profile.VATScheme != "" || !e.d.Kind.Priced() || scheme == "" {
		return bad(path, "vat_scheme", "Bitte antworten Sie mit „Ja“, wenn Sie Umsatzsteuer ausweisen, oder mit „Nein“ als Kleinunternehmer. Übernommen ist noch nichts.")
	}
	e.profile.SetScheme(scheme)
	if scheme == feierabend.SchemeSmallBusiness {
		e.d.VATScheme = scheme
	}
	if e.d.Prices == "gross" { // list prices were net when the rate was not known yet
		e.turnLists("gross")
	}
	e.got(path)
	return nil
}

// keepScheme writes the tax scheme that before was asked for and after is answered to the
// profile, and p with it. Only the owner may say it: for others it is Unauthorized.
func (s *Step) keepScheme(ctx context.Context, by feierabend.Actor, t feierabend.TenantID, before, after feierabend.Draft, p *feierabend.Profile) error {
	if !asks(before, "vat_scheme") || after.Evidence["vat_scheme"].Source != sourceAnswered {
		return nil
	}
	scheme := feierabend.SchemeStandard
	if after.VATScheme == feierabend.SchemeSmallBusiness {
		scheme = after.VATScheme
	}
	if by.Role != feierabend.RoleOwner {
		return &feierabend.Error{
			Kind: feierabend.Unauthorized, Code: feierabend.ReasonOwner, Text: feierabend.ReasonText(feierabend.ReasonOwner),
			Err: errors.New("the tax scheme is the owner's to say"),
		}
	}
	for {
		now, version, err := s.store.ProfileVersion(ctx, t)
		if err != nil {
			return fmt.Errorf("load profile: %w", err)
		}
		if now.VATScheme == "" {
			now.SetScheme(scheme)
			err := s.store.ChangeProfile(ctx, t, by, version, "profile.scheme", now)
			if feierabend.CodeOf(err) == "profile_version" {
				continue // somebody saved another part: look again
			}
			if err != nil {
				return fmt.Errorf("keep tax scheme: %w", err)
			}
		} else if now.VATScheme != scheme { // said elsewhere in this very moment, and otherwise
			return &feierabend.Error{
				Kind: feierabend.Conflict, Code: "draft_version", Err: errors.New("another tax scheme was said meanwhile"),
				Text: "In den Stammdaten steht es inzwischen anders. Ihre Antwort ist nicht übernommen. Bitte sehen Sie sich den Entwurf noch einmal an.",
			}
		}
		*p = now
		return nil
	}
}
