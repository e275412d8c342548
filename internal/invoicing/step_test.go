package invoicing_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"strings"
	"sync"
	"testing"
	"time"

	"feierabend"
	"feierabend/internal/einvoice"
	"feierabend/internal/invoicing"
	"feierabend/internal/pdf"
	"feierabend/internal/store"
	"feierabend/internal/storetest"
)

var renderer = sync.OnceValues(pdf.New)

// world is a store with two firms and a step.
type world struct {
	t    *testing.T
	st   *store.Store
	a, b storetest.Firm
	step *invoicing.Step
	n    int
}

func newWorld(t *testing.T, st *store.Store, clock *storetest.Clock) *world {
	t.Helper()
	r, err := renderer()
	if err != nil {
		t.Fatal(err)
	}
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, st: st, step: invoicing.New(invoicing.Options{Store: st, Renderer: r, Now: clock.Now, Zone: berlin})}
	w.a, w.b = storetest.Seed(t, st)
	return w
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// receive lets the firm's owner send a message.
func (w *world) receive(in feierabend.Inbound) feierabend.Message {
	w.t.Helper()
	outcomes, err := w.st.Receive(context.Background(), []feierabend.Inbound{in})
	w.must(err)
	m, err := w.st.Message(context.Background(), w.a.Tenant.ID, outcomes[0].Message)
	w.must(err)
	return m
}

func (w *world) id() string { w.n++; return "wamid." + strings.Repeat("x", w.n) }

// drafted is a case of the first firm with a draft, version 1.
func (w *world) drafted(dr feierabend.Draft) feierabend.CaseID {
	w.t.Helper()
	m := w.receive(w.a.Inbound(w.id(), "Rechnung"))
	_, err := w.st.AddDraft(context.Background(), w.a.Tenant.ID, feierabend.NewDraft{
		Case: m.Case, Draft: dr, By: w.a.Owner, Engine: "local",
		State: feierabend.CaseReady, Summary: feierabend.CaseSummary{Title: "Frau Petersen", Questions: 1}, Message: m.ID, Reason: feierabend.ReasonDrafted,
	})
	w.must(err)
	return m.Case
}

// press lets the owner tap „Ausstellen“ and works the job off.
func (w *world) press(c feierabend.CaseID, version int) (feierabend.Message, error) {
	w.t.Helper()
	in := w.a.Inbound(w.id(), "")
	in.Kind, in.Button = feierabend.InboundButton, feierabend.Button{Act: feierabend.ActIssue, Case: c, Version: version}.String()
	m := w.receive(in)
	err := w.step.Press(context.Background(), feierabend.Job{K: feierabend.JobIssue, Tenant: w.a.Tenant.ID.String(), Ref: string(m.ID)})
	after, loadErr := w.st.Message(context.Background(), w.a.Tenant.ID, m.ID)
	w.must(loadErr)
	return after, err
}

func TestIssue(t *testing.T) {
	databases.Each(t, func(t *testing.T, st *store.Store, clock *storetest.Clock) {
		w, ctx := newWorld(t, st, clock), context.Background()
		c := w.drafted(siphon())
		d, err := w.step.Issue(ctx, w.a.Owner, w.a.Tenant.ID, c, 1)
		w.must(err)
		if d.Number != "RE-2026-0042" || d.Sums.Gross != 227_89 || d.IssuedOn != "2026-11-24" || d.Case != c {
			t.Errorf("document %s of %s over %s", d.Number, d.IssuedOn, d.Sums.Gross)
		}
		page, err := st.File(ctx, w.a.Tenant.ID, d.ID, "RE-2026-0042.pdf")
		w.must(err)
		xml, err := st.File(ctx, w.a.Tenant.ID, d.ID, "RE-2026-0042.xml")
		w.must(err)
		_, inside, err := pdf.ExtractXML(page.Bytes)
		w.must(err)
		if !bytes.Equal(inside, xml.Bytes) || page.SHA256 != sha256.Sum256(page.Bytes) {
			t.Error("PDF and XML file differ, or the hash is wrong")
		}
		read, err := einvoice.Parse(xml.Bytes)
		w.must(err)
		if read.Sums.Gross != d.Sums.Gross || read.Number != d.Number {
			t.Errorf("XML says %s over %s", read.Number, read.Sums.Gross)
		}
		entry, err := st.Case(ctx, w.a.Tenant.ID, c)
		w.must(err)
		if entry.State != feierabend.CaseIssued || entry.Summary.Number != d.Number || *entry.Summary.Gross != 227_89 || entry.Summary.Questions != 0 {
			t.Errorf("case %s, summary %+v", entry.State, entry.Summary)
		}
		again, err := w.step.Issue(ctx, w.a.Owner, w.a.Tenant.ID, c, 1)
		w.must(err)
		if again.ID != d.ID {
			t.Errorf("second call made %s, want %s", again.ID, d.ID)
		}
	})
}

func TestIssueRefuses(t *testing.T) {
	databases.Each(t, func(t *testing.T, st *store.Store, clock *storetest.Clock) {
		w, ctx := newWorld(t, st, clock), context.Background()
		c := w.drafted(siphon())
		staff := w.a.Owner
		staff.Role = feierabend.RoleStaff
		bad := siphon()
		bad.Supply = nil
		incomplete := w.drafted(bad)
		for name, x := range map[string]struct {
			by      feierabend.Actor
			tenant  feierabend.TenantID
			c       feierabend.CaseID
			version int
			kind    feierabend.Kind
			code    string
		}{
			"staff":       {staff, w.a.Tenant.ID, c, 1, feierabend.Unauthorized, "not_allowed"},
			"stale":       {w.a.Owner, w.a.Tenant.ID, c, 2, feierabend.Conflict, "draft_version"},
			"other firm":  {w.b.Owner, w.b.Tenant.ID, c, 1, feierabend.NotFound, ""},
			"no supply":   {w.a.Owner, w.a.Tenant.ID, incomplete, 1, feierabend.Invalid, "missing_supply"},
			"no such one": {w.a.Owner, w.a.Tenant.ID, feierabend.CaseID(feierabend.NewID()), 1, feierabend.NotFound, ""},
		} {
			_, err := w.step.Issue(ctx, x.by, x.tenant, x.c, x.version)
			if feierabend.KindOf(err) != x.kind || x.code != "" && feierabend.CodeOf(err) != x.code {
				t.Errorf("%s: error %v, want %s %s", name, err, x.kind, x.code)
			}
		}
		// What was refused took no number.
		if n, err := st.PeekNumber(ctx, w.a.Tenant.ID, "RE-2026"); err != nil || n != "RE-2026-0042" {
			t.Errorf("next number %s (%v), want RE-2026-0042", n, err)
		}
	})
}

// Ten taps and calls at once make one document.
func TestIssueOnce(t *testing.T) {
	databases.Each(t, func(t *testing.T, st *store.Store, clock *storetest.Clock) {
		w := newWorld(t, st, clock)
		c := w.drafted(siphon())
		ids := make([]feierabend.DocumentID, 10)
		var wg sync.WaitGroup
		for i := range ids {
			wg.Go(func() {
				d, err := w.step.Issue(context.Background(), w.a.Owner, w.a.Tenant.ID, c, 1)
				if err != nil {
					t.Error(err)
				}
				ids[i] = d.ID
			})
		}
		wg.Wait()
		for _, id := range ids {
			if id != ids[0] {
				t.Fatalf("documents %v, want one", ids)
			}
		}
		if n, err := st.PeekNumber(context.Background(), w.a.Tenant.ID, "RE-2026"); err != nil || n != "RE-2026-0043" {
			t.Errorf("next number %s (%v), want RE-2026-0043", n, err)
		}
	})
}

func TestPress(t *testing.T) {
	databases.Each(t, func(t *testing.T, st *store.Store, clock *storetest.Clock) {
		w := newWorld(t, st, clock)
		c := w.drafted(siphon())
		bad := siphon()
		bad.Supply = nil
		incomplete := w.drafted(bad)
		for _, x := range []struct {
			name    string
			c       feierabend.CaseID
			version int
			state   feierabend.MessageState
			reason  string
		}{
			{"stale", c, 7, feierabend.MessageFailed, feierabend.ReasonStale},
			{"first", c, 1, feierabend.MessageDone, feierabend.ReasonAnswered},
			{"again", c, 1, feierabend.MessageDone, feierabend.ReasonAnswered},
			{"incomplete", incomplete, 1, feierabend.MessageFailed, feierabend.ReasonIncomplete},
			{"gone", feierabend.CaseID(feierabend.NewID()), 1, feierabend.MessageFailed, feierabend.ReasonGone},
		} {
			m, err := w.press(x.c, x.version)
			if err != nil || m.State != x.state || m.Reason != x.reason {
				t.Errorf("%s: message %s %s (%v), want %s %s", x.name, m.State, m.Reason, err, x.state, x.reason)
			}
		}
		if d, err := st.CaseDocument(context.Background(), w.a.Tenant.ID, c); err != nil || d.Number != "RE-2026-0042" {
			t.Errorf("document %s (%v)", d.Number, err)
		}
	})
}

// TestFactsOfTheFirm: what a first invoice needs of the firm is named all at once, takes no
// number, and the chat is led to the page that asks for it (J-02).
func TestFactsOfTheFirm(t *testing.T) {
	databases.Each(t, func(t *testing.T, st *store.Store, clock *storetest.Clock) {
		w, ctx := newWorld(t, st, clock), context.Background()
		p, err := st.Profile(ctx, w.a.Tenant.ID)
		w.must(err)
		whole := p
		for name, c := range map[string]struct {
			change func(*feierabend.Profile)
			text   string
		}{
			"tax and account": {func(p *feierabend.Profile) { p.Seller.TaxNumber, p.Seller.IBAN = "", "" }, "Steuernummer, IBAN."},
			"scheme":          {func(p *feierabend.Profile) { p.VATScheme, p.VATRate = "", 0 }, "ob Sie Umsatzsteuer ausweisen."},
			"register":        {func(p *feierabend.Profile) { p.Seller.LegalForm = feierabend.FormGmbH }, "Registergericht und Nummer, Vertretung des Betriebs."},
		} {
			p := whole
			c.change(&p)
			w.must(st.SetProfile(ctx, w.a.Tenant.ID, p))
			id := w.drafted(siphon())
			_, err := w.step.Issue(ctx, w.a.Owner, w.a.Tenant.ID, id, 1)
			if feierabend.CodeOf(err) != "missing_facts" || !strings.Contains(feierabend.TextOf(err), c.text) {
				t.Errorf("%s: %v, %q", name, err, feierabend.TextOf(err))
			}
			m, err := w.press(id, 1)
			if err != nil || m.Reason != feierabend.ReasonFacts {
				t.Errorf("%s, tapped: %s, %v", name, m.Reason, err)
			}
		}
		w.must(st.SetProfile(ctx, w.a.Tenant.ID, whole))
		if d, err := w.step.Issue(ctx, w.a.Owner, w.a.Tenant.ID, w.drafted(siphon()), 1); err != nil || d.Number != "RE-2026-0042" {
			t.Errorf("with all facts: %s, %v", d.Number, err)
		}
	})
}

// TestPaidNeedsNoAccount: whoever has the money needs no account to pay to.
func TestPaidNeedsNoAccount(t *testing.T) {
	databases.Each(t, func(t *testing.T, st *store.Store, clock *storetest.Clock) {
		w, ctx := newWorld(t, st, clock), context.Background()
		p, err := st.Profile(ctx, w.a.Tenant.ID)
		w.must(err)
		p.Seller.IBAN = ""
		w.must(st.SetProfile(ctx, w.a.Tenant.ID, p))
		dr := siphon()
		dr.Paid = &feierabend.Paid{All: true, Method: "cash"}
		if _, err := w.step.Issue(ctx, w.a.Owner, w.a.Tenant.ID, w.drafted(dr), 1); err != nil {
			t.Error(err)
		}
	})
}
