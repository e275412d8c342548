package signin

import (
	"context"
	"fmt"
	htmltemplate "html/template"
	"strings"
	"time"

	"feierabend"
)

// Mail is the handler of JobMail: it makes token and code, stores their hashes
// (which voids older links of the user) and sends the mail. A retry makes new
// ones. Requests of unknown addresses and requests older than a link's term end
// without a mail.
func (s *Step) Mail(ctx context.Context, j feierabend.Job) error {
	r, err := s.o.Links.SignInRequest(ctx, j.Ref)
	if feierabend.KindOf(err) == feierabend.NotFound {
		return nil
	}
	if err != nil {
		return fmt.Errorf("load sign-in request %s: %w", j.Ref, err)
	}
	now := s.o.Now()
	if r.User == "" || now.Sub(r.At) >= LinkTerm {
		return nil
	}
	user, err := s.o.Directory.User(ctx, r.User)
	if err != nil {
		return fmt.Errorf("load user %s: %w", r.User, err)
	}
	members, err := s.o.Directory.Memberships(ctx, r.User)
	if err != nil {
		return fmt.Errorf("load memberships of %s: %w", r.User, err)
	}
	var firm feierabend.TenantID // in whose name the mail goes out
	if len(members) > 0 {
		firm = members[0].Tenant
	} else {
		waits, err := s.o.Directory.InvitationsOf(ctx, r.User, now)
		if err != nil {
			return fmt.Errorf("load invitations of %s: %w", r.User, err)
		}
		if len(waits) == 0 { // nothing to sign in to
			return nil
		}
		firm = waits[0].Tenant
	}
	token, code := NewToken(), newCode()
	l := feierabend.SignInLink{User: user.ID, TokenHash: Hash(token), CodeHash: s.codeHash(code), BindHash: r.BindHash, ExpiresAt: now.Add(LinkTerm)}
	if err := s.o.Links.AddSignInLink(ctx, l); err != nil {
		return fmt.Errorf("store sign-in link of %s: %w", r.User, err)
	}
	return s.o.Mailer.Send(ctx, firm, s.compose(user, r, token, code, now))
}

// mailText is the mail in words. The code stands in the subject and in the first
// line, so that a notification on the lock screen is enough (J-05).
const mailText = `%[1]s ist Ihr Code für Feierabend.

Tippen Sie ihn auf der Seite ein, auf der Sie sich anmelden.
Oder öffnen Sie diesen Link in demselben Browser:

%[2]s

Angefragt um %[3]s Uhr mit %[4]s. Code und Link gelten %[5]d Minuten und nur dort, wo Sie angefragt haben.

Das waren nicht Sie? Dann müssen Sie nichts tun. Ohne Ihr Postfach kommt niemand hinein.

Feierabend
`

var mailHTML = htmltemplate.Must(htmltemplate.New("mail").Parse(`<!doctype html>
<html lang="de">
<head><meta charset="utf-8"><title>Anmelden bei Feierabend</title></head>
<body style="margin:0;padding:24px;background:#eceae4;color:#1b1c1e;font:17px/1.5 system-ui,sans-serif">
<div style="max-width:30em;margin:0 auto;padding:24px;background:#fff;border:1px solid #d5d2c9;border-radius:8px">
<p style="margin:0 0 8px"><b style="font-size:28px;letter-spacing:1px">{{.Code}}</b><br>ist Ihr Code für Feierabend.</p>
<p>Tippen Sie ihn auf der Seite ein, auf der Sie sich anmelden. Oder öffnen Sie den Link in demselben Browser:</p>
<p><a href="{{.Link}}" style="display:inline-block;padding:14px 18px;background:#ffbf1f;color:#1b1c1e;border:1px solid #aa7400;border-radius:8px;font-weight:bold;text-decoration:none">Bei Feierabend anmelden</a></p>
<p style="font-size:14px;color:#585954">Angefragt um {{.Time}} Uhr mit {{.Browser}}. Code und Link gelten {{.Minutes}} Minuten und nur dort, wo Sie angefragt haben.</p>
<p style="font-size:14px;color:#585954">Das waren nicht Sie? Dann müssen Sie nichts tun. Ohne Ihr Postfach kommt niemand hinein.</p>
</div>
</body>
</html>
`))

func (s *Step) compose(user feierabend.User, r feierabend.SignInRequest, token, code string, now time.Time) feierabend.Mail {
	v := struct {
		Code, Link, Time, Browser string
		Minutes                   int
	}{showCode(code), s.o.PublicURL + "/anmelden/link?t=" + token, r.At.In(s.o.Zone).Format("15:04"), r.Browser, int(LinkTerm / time.Minute)}
	var html strings.Builder
	mailHTML.Execute(&html, v) // a strings.Builder takes everything, and the fields exist
	return feierabend.Mail{
		To:      user.Email,
		Subject: v.Code + " ist Ihr Code für Feierabend",
		Text:    fmt.Sprintf(mailText, v.Code, v.Link, v.Time, v.Browser, v.Minutes),
		HTML:    html.String(),
	}
}
