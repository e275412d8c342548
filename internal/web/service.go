package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"feierabend"
)

// operations is what whoever runs the service may see and do: counts, states, sizes and
// ages; no content view exists (ADM-01).
type operations interface {
	QueueView(ctx context.Context) (feierabend.QueueView, error)
	FirmViews(ctx context.Context, from, n int) (page []feierabend.FirmView, all, blocked int, err error)
	FirmView(ctx context.Context, t feierabend.TenantID) (feierabend.FirmView, error)
	BlockTenant(ctx context.Context, t feierabend.TenantID, at time.Time, by feierabend.Actor) error
}

// servicePage is GET /betrieb.
type servicePage struct {
	At, Oldest        string
	Waiting, Running  int
	Health            []healthRow
	Kinds             []kindRow
	Errors            []errorRow
	Processes         []processRow
	Firms             []firmRow
	FirmsAll, Blocked int
	More, Back        string
}

type healthRow struct{ Name, Word, Level, Meta string }

type kindRow struct {
	Kind, Meta string
	Jobs       int
}

type errorRow struct {
	Kind, Code string
	Jobs       int
}

type processRow struct {
	ID, Meta string
	Silent   bool
}

type firmRow struct {
	URL, ID, Meta string
	Blocked       bool
}

// firmsPerPage is how many firms a page lists.
const firmsPerPage = 30

// silentAfter is how long a process may not have beaten before the page marks it.
const silentAfter = 6 * time.Second

// service shows the state of the whole.
func (s *server) service(w http.ResponseWriter, r *http.Request, v *visit) error {
	queue, err := s.Operations.QueueView(r.Context())
	if err != nil {
		return err
	}
	number := pageNumber(r.URL.Query().Get("seite"))
	firms, all, blocked, err := s.Operations.FirmViews(r.Context(), (number-1)*firmsPerPage, firmsPerPage)
	if err != nil {
		return err
	}
	var health []feierabend.Health
	for _, check := range s.Health {
		health = append(health, check(r.Context())...)
	}
	p := serviceOf(queue, health, s.Now(), format{s.Zone})
	p.FirmsAll, p.Blocked = all, blocked
	for _, f := range firms {
		p.Firms = append(p.Firms, firmRowOf(f, s.Now(), format{s.Zone}))
	}
	if number*firmsPerPage < all {
		p.More = "/betrieb?seite=" + strconv.Itoa(number+1)
	}
	if number > 1 {
		p.Back = "/betrieb?seite=" + strconv.Itoa(number-1)
	}
	return s.show(w, v, http.StatusOK, page{View: "service", Title: "Betrieb", Nav: "betrieb", Content: p})
}

// partNames are the parts of the service in words.
var partNames = map[string]string{
	"database": "Datenbank", "workers": "Prozesse", "queue": "Warteschlange", "clock": "Uhr", "sweep": "Fristen prüfen", "scrub": "Löschung beweisen", "mail": "Mails",
}

func serviceOf(v feierabend.QueueView, health []feierabend.Health, now time.Time, f format) servicePage {
	p := servicePage{At: f.minute(now)}
	for _, h := range health {
		row := healthRow{Name: h.Name, Word: h.Level.German(), Level: string(h.Level), Meta: h.Code}
		if n := partNames[h.Name]; n != "" {
			row.Name = n
		}
		if !h.Since.IsZero() {
			row.Meta = strings.TrimPrefix(row.Meta+" · zuletzt "+f.ago(now, h.Since), " · ")
		}
		p.Health = append(p.Health, row)
	}
	oldest := time.Time{}
	for _, k := range v.Kinds {
		switch {
		case k.State == "running":
			p.Running += k.Jobs
		case k.Waiting():
			p.Waiting += k.Jobs
			if oldest.IsZero() || k.Oldest.Before(oldest) {
				oldest = k.Oldest
			}
		}
		p.Kinds = append(p.Kinds, kindRow{Kind: k.Kind.German(), Meta: k.GermanState() + " · die älteste " + f.ago(v.At, k.Oldest), Jobs: k.Jobs})
	}
	if !oldest.IsZero() {
		p.Oldest = f.ago(v.At, oldest)
	}
	for _, e := range v.Errors {
		p.Errors = append(p.Errors, errorRow{Kind: e.Kind.German(), Code: e.Code, Jobs: e.Jobs})
	}
	for _, x := range v.Processes {
		silence := v.At.Sub(x.SeenAt)
		p.Processes = append(p.Processes, processRow{
			ID: x.ID[:min(8, len(x.ID))], Silent: silence > silentAfter,
			Meta: fmt.Sprintf("%s · läuft seit %s · Lebenszeichen vor %d s · Hauptschlüssel %d", strings.Join(x.Roles, ", "), f.minute(x.StartedAt), int(max(silence, 0).Seconds()), x.Master),
		})
	}
	return p
}

func firmRowOf(v feierabend.FirmView, now time.Time, f format) firmRow {
	r := firmRow{URL: "/betrieb/firma/" + v.ID.String(), ID: v.ID.String(), Blocked: !v.BlockedAt.IsZero()}
	n := 0
	for _, k := range v.Cases {
		n += k
	}
	r.Meta = count(v.People, "Person", "Personen") + " · " + count(n, "Vorgang", "Vorgänge")
	if !v.Oldest.IsZero() {
		r.Meta += " · der älteste " + f.ago(now, v.Oldest)
	}
	return r
}

// serviceFirmPage is one firm: its state and the block.
type serviceFirmPage struct {
	ID, Since, Blocked, Oldest, Bytes string
	People, Numbers, Failed           int
	Cases                             []kindRow
	Fresh                             bool // the last proof is fresh: the button works at once
}

// serviceFirm is GET /betrieb/firma/{tenant}.
func (s *server) serviceFirm(w http.ResponseWriter, r *http.Request, v *visit) error {
	t, err := feierabend.ParseTenantID(r.PathValue("tenant"))
	if err != nil {
		return errNotFound()
	}
	f, err := s.Operations.FirmView(r.Context(), t)
	if err != nil {
		return err
	}
	p := serviceFirmOf(f, s.Now(), format{s.Zone})
	p.Fresh = s.Now().Sub(v.session.ProvedAt) < proofTerm
	return s.show(w, v, http.StatusOK, page{View: "service_firm", Title: "Firma", Nav: "betrieb", Detail: true, Content: p})
}

func serviceFirmOf(v feierabend.FirmView, now time.Time, f format) serviceFirmPage {
	p := serviceFirmPage{ID: v.ID.String(), Since: f.date(v.CreatedAt), People: v.People, Numbers: v.Numbers, Failed: v.Failed, Bytes: bytesText(v.Bytes)}
	if !v.BlockedAt.IsZero() {
		p.Blocked = f.minute(v.BlockedAt)
	}
	if !v.Oldest.IsZero() {
		p.Oldest = f.ago(now, v.Oldest)
	}
	for _, state := range []struct {
		state feierabend.CaseState
		word  string
	}{{feierabend.CaseOpen, "In Arbeit"}, {feierabend.CaseReady, "Bereit"}, {feierabend.CaseIssued, "Ausgestellt"}, {feierabend.CaseDownloaded, "Geladen"}} {
		p.Cases = append(p.Cases, kindRow{Kind: state.word, Jobs: v.Cases[state.state]})
	}
	return p
}

// bytesText is a size for people.
func bytesText(n int64) string {
	switch {
	case n < 1<<10:
		return fmt.Sprintf("%d%sByte", n, nbsp)
	case n < 1<<20:
		return fmt.Sprintf("%d%sKB", n>>10, nbsp)
	}
	return strings.Replace(fmt.Sprintf("%.1f%sMB", float64(n)/(1<<20), nbsp), ".", ",", 1)
}

// serviceBlock is POST /betrieb/firma/{tenant}/sperren; it is undone by serviceUnblock.
func (s *server) serviceBlock(w http.ResponseWriter, r *http.Request, v *visit) error {
	return s.block(w, r, v, s.Now())
}

// serviceUnblock is POST /betrieb/firma/{tenant}/freigeben.
func (s *server) serviceUnblock(w http.ResponseWriter, r *http.Request, v *visit) error {
	return s.block(w, r, v, time.Time{})
}

func (s *server) block(w http.ResponseWriter, r *http.Request, v *visit, at time.Time) error {
	t, err := feierabend.ParseTenantID(r.PathValue("tenant"))
	if err != nil {
		return errNotFound()
	}
	if v.session.Duty != feierabend.DutyOperator { // the door has asked already
		return errors.New("a firm is blocked by an operator only")
	}
	if err := s.Operations.BlockTenant(r.Context(), t, at, v.by()); err != nil {
		return err
	}
	http.Redirect(w, r, "/betrieb/firma/"+t.String(), http.StatusSeeOther)
	return nil
}
