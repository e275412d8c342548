package web

import (
	"net/http"
	"net/url"
	"strings"

	"feierabend"
)

// documentPage is an issued document: amount and state first, one primary button,
// the sheet beside it. The file is never shown inline (day-one decision 12).
type documentPage struct {
	Case, Word, Number string
	Amount, Line       string
	Tag                tag
	Left               left
	Files              []fileView
	Issued             bool // not downloaded yet
	Counting           bool
	Held               bool
	Rest               string // "23 Std. 41 Min."
	Ends               string // "Mittwoch, 11. Februar 2026, 18:09 Uhr"
	EndsUnix           int64  // for the script that keeps the time
	RuleWidth          int
	Expires            string // day of the last promise
	MayErase           bool
	CanBook            bool // the buyer can be taken over into the address book
	Booked             bool // that has just been done
	CustomerLink       bool // a Kundenlink may be made for it
	Steps              []step
	Sheet              sheet
}

type fileView struct {
	Name, URL, What string
}

// issuedPage is a document for a person who may see no prices (J-15).
type issuedPage struct {
	Word, Number, Buyer string
	Left                left
}

func (s *server) documentShow(w http.ResponseWriter, r *http.Request, v *visit, l loaded, p page) error {
	d, err := s.Documents.CaseDocument(r.Context(), v.session.Tenant, l.ID)
	if err != nil {
		return err
	}
	if v.hidesPrices() {
		p.View, p.Title = "issued", d.Kind.German()+" "+d.Number
		p.Content = issuedPage{d.Kind.German(), d.Number, d.Buyer.Name, leftOf(s.Now(), l.Case)}
		return s.show(w, v, http.StatusOK, p)
	}
	files, err := s.Documents.Files(r.Context(), v.session.Tenant, d.ID)
	if err != nil {
		return err
	}
	dp := s.documentPage(l, d, files)
	dp.MayErase, dp.CustomerLink = v.session.Role.MayIssue(), v.mayLinkCustomers()
	profile, err := s.Directory.Profile(r.Context(), v.session.Tenant)
	if err != nil {
		return err
	}
	dp.CanBook, dp.Booked = canTake(l.draft.Draft, profile, v.session.Role), r.URL.Query().Has("buch")
	if dp.Issued { // the page learns of the download it cannot see
		p.Live.Seconds = 2
	}
	p.View, p.Title, p.Content = "document", dp.Word+" "+d.Number, dp
	return s.show(w, v, http.StatusOK, p)
}

func (s *server) documentPage(l loaded, d feierabend.Document, files []feierabend.File) documentPage {
	f := format{s.Zone}
	now := s.Now()
	p := documentPage{
		Case: string(l.ID), Word: d.Kind.German(), Number: d.Number, Amount: f.euro(d.Sums.Payable), Tag: tagOf(l.stage, 0), Left: leftOf(now, l.Case),
		Issued: l.stage == feierabend.StageIssued, Counting: l.stage == feierabend.StageCounting, Held: l.stage == feierabend.StageHeld, Expires: f.date(l.ExpiresAt), Sheet: sheetOf(d),
	}
	who := []string{strings.TrimSpace(d.Buyer.Salutation + " " + d.Buyer.Name)}
	switch {
	case d.Sums.Payable <= 0 && d.Prepaid > 0: // the sum is the picture, not the zero
		p.Amount, who = f.euro(d.Sums.Gross), append(who, "schon bezahlt")
	case d.Prepaid > 0:
		who = append(who, f.euro(d.Prepaid)+" sind schon bezahlt")
	}
	if d.DueOn != "" && d.Sums.Payable > 0 {
		who = append(who, "fällig "+d.DueOn.German())
	}
	p.Line = strings.Join(who, " · ")
	for _, file := range files {
		fv := fileView{Name: file.Name, URL: "/f/" + string(d.ID) + "/" + url.PathEscape(file.Name), What: "E-Rechnung als PDF (ZUGFeRD)"}
		if file.Type == "application/xml" {
			fv.What = "nur die Daten der E-Rechnung (XML)"
		}
		if d.Kind != feierabend.KindInvoice && file.Type == "application/pdf" {
			fv.What = "PDF"
		}
		p.Files = append(p.Files, fv)
	}
	if p.Counting {
		end := l.EndsAt()
		p.Rest, p.Ends, p.EndsUnix, p.RuleWidth = span(end.Sub(now)), f.longDay(end)+", "+f.clock(end), end.Unix(), p.Left.Width
		if !p.Left.Hours {
			p.RuleWidth = 240
		}
	}
	p.Steps = documentSteps(l, f)
	return p
}

func documentSteps(l loaded, f format) []step {
	out := []step{{Icon: "check", Text: "Empfangen, " + f.clock(l.CreatedAt), Past: true}}
	if l.draft.Version > 1 {
		out = append(out, step{Icon: "check", Text: "Rückfragen beantwortet", Past: true})
	}
	issued := l.stage == feierabend.StageIssued
	out = append(out, step{Icon: "file", Text: "Ausgestellt", Past: !issued, Now: issued})
	if !issued {
		out[len(out)-1].Icon = "check"
	}
	return append(out, step{Icon: "down", Text: "Geladen", Now: !issued}, step{Icon: "trash", Text: "Gelöscht, mit Quittung"})
}

// sheet is the letter as HTML: the same values as in the file.
type sheet struct {
	Seller, Tagline, From string
	To                    []string
	Facts                 []fact
	Heading, Greeting     string
	Lines                 []sheetLine
	Sums                  []sumRow
	Notes                 []string
	Foot                  string
}

type fact struct{ Label, Text string }

type sheetLine struct {
	N                                int
	Name, Text, Quantity, Price, Net string
}

func sheetOf(d feierabend.Document) sheet {
	f := format{}
	sh := sheet{Seller: d.Seller.Name, Tagline: d.Seller.Tagline, Heading: d.Kind.German() + " " + d.Number, Greeting: d.Greeting, Notes: d.Notes}
	sh.From = strings.Join(nonEmpty(d.Seller.Name, d.Seller.Street, strings.TrimSpace(d.Seller.Postcode+" "+d.Seller.City)), " · ")
	sh.To = nonEmpty(d.Buyer.Salutation, d.Buyer.Name, d.Buyer.Contact, d.Buyer.Street, d.Buyer.Extra, strings.TrimSpace(d.Buyer.Postcode+" "+d.Buyer.City))
	add := func(label, text string) {
		if text != "" {
			sh.Facts = append(sh.Facts, fact{label, text})
		}
	}
	add(d.Kind.German(), d.Number)
	add("Datum", d.IssuedOn.German())
	add("Leistung", periodText(feierabend.Period{From: string(d.SupplyFrom), To: string(d.SupplyTo)}))
	add("Ort", d.Site)
	add("Ihre Nummer", d.BuyerReference)
	add("Steuernummer", d.Seller.TaxNumber)
	add("USt-IdNr.", d.Seller.VATID)
	for i, l := range d.Lines {
		sh.Lines = append(sh.Lines, sheetLine{N: i + 1, Name: l.Name, Text: l.Text, Quantity: quantity(l.Quantity, l.Unit), Price: price(l.Price), Net: f.euro(l.Net)})
	}
	sh.sums(d)
	if d.DueOn != "" && d.Sums.Payable > 0 && d.PaymentTerms == "" {
		sh.Notes = append(append([]string{}, d.Notes...), "Bitte überweisen Sie bis zum "+d.DueOn.German()+".")
	} else if d.PaymentTerms != "" {
		sh.Notes = append(append([]string{}, d.Notes...), d.PaymentTerms)
	}
	sh.Foot = strings.Join(nonEmpty(ibanText(d.IBAN), d.Account, d.Seller.LegalInfo), " · ")
	return sh
}

func (sh *sheet) sums(d feierabend.Document) {
	f := format{}
	if d.Sums.Allowances != 0 {
		sh.Sums = append(sh.Sums, sumRow{Label: "Nachlass", Amount: "−" + f.euro(d.Sums.Allowances)})
	}
	sh.Sums = append(sh.Sums, sumRow{Label: "Netto", Amount: f.euro(d.Sums.Net)})
	for _, t := range d.Sums.Taxes {
		if t.Amount != 0 || t.Rate != 0 {
			sh.Sums = append(sh.Sums, sumRow{Label: "Umsatzsteuer " + t.Rate.German(0) + nbsp + "%", Amount: f.euro(t.Amount)})
		}
	}
	if d.Prepaid != 0 {
		sh.Sums = append(sh.Sums, sumRow{Label: "Brutto", Amount: f.euro(d.Sums.Gross)}, sumRow{Label: "Schon bezahlt", Amount: "−" + f.euro(d.Prepaid)})
	}
	sh.Sums = append(sh.Sums, sumRow{Label: "Zu zahlen", Amount: f.euro(d.Sums.Payable), Total: true})
}

func nonEmpty(parts ...string) (out []string) {
	for _, p := range parts {
		if p != "" {
			out = append(out, p)
		}
	}
	return out
}

func ibanText(iban string) string {
	if iban == "" {
		return ""
	}
	return "IBAN " + groups(iban)
}
