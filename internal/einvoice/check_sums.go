package einvoice

import "feierabend"

// limitCents is the largest amount that we believe: ten billion euro.
const limitCents feierabend.Cents = 1_000_000_000_000

func (f *findings) lines() {
	d := f.doc
	if len(d.Lines) == 0 {
		f.err("BR-16", "Die Rechnung hat keine Position.")
	}
	for i := range d.Lines {
		l, n := &d.Lines[i], i+1
		if l.Name == "" {
			f.err("BR-25", "Position %d hat keine Bezeichnung.", n)
		}
		if !unitCode(l.Unit) {
			f.err("BR-23", "Position %d hat keine Einheit nach UN/ECE Rec 20.", n)
		}
		if l.Price < 0 {
			f.err("BR-27", "Position %d hat einen negativen Einzelpreis; negativ darf nur die Menge sein.", n)
		}
		if l.Net > limitCents || l.Net < -limitCents {
			f.err("LIMIT", "Position %d hat einen unglaubhaft hohen Betrag.", n)
		}
		if diff := l.Net - l.Amount(); diff > 2 || diff < -2 {
			f.warn("PEPPOL-EN16931-R120", "Position %d: Menge × Einzelpreis ist %s €, angegeben sind %s €.", n, l.Amount().German(), l.Net.German())
		}
		f.category(l.Category, l.Rate, "Position", n)
	}
	for i := range d.Allowances {
		a, n := &d.Allowances[i], i+1
		if a.Reason == "" && a.Code == "" {
			f.err("BR-33", "Nachlass oder Zuschlag %d hat keinen Grund.", n)
		}
		if a.Amount < 0 {
			f.warn("PEPPOL-EN16931-R041", "Nachlass oder Zuschlag %d ist negativ.", n)
		}
		f.category(a.Category, a.Rate, "Nachlass oder Zuschlag", n)
	}
}

// unitCode checks the form only: two or three capital letters or digits.
func unitCode(s string) bool {
	if len(s) < 2 || len(s) > 3 {
		return false
	}
	for i := range len(s) {
		if c := s[i]; !upper(c) && (c < '0' || c > '9') {
			return false
		}
	}
	return true
}

// category: rate and VAT category must fit (BR-S-05, BR-E-05, BR-AE-05, BR-Z-05 …).
func (f *findings) category(category string, rate feierabend.Dec4, what string, n int) {
	switch category {
	case "S":
		switch {
		case rate <= 0:
			f.err("BR-S-05", "%s %d: Umsatzsteuerpflichtig, aber ohne Steuersatz.", what, n)
		case rate != feierabend.Dec(19) && rate != feierabend.Dec(7):
			f.warn("§ 12 UStG", "%s %d: %s %% ist kein heutiger deutscher Steuersatz.", what, n, rate.German(0))
		}
	case "Z", "E", "AE", "K", "G", "O":
		if rate != 0 {
			f.err("BR-"+category+"-05", "%s %d: steuerfrei oder ohne Steuerausweis, aber mit Steuersatz.", what, n)
		}
	case "L", "M":
	default:
		f.err("BR-CO-04", "%s %d hat keine Steuerkategorie.", what, n)
	}
}

// sums: BR-CO-10 to BR-CO-16, to the cent.
func (f *findings) sums() {
	d, s := f.doc, &f.doc.Sums
	var lines, allowances, charges, vat feierabend.Cents
	for i := range d.Lines {
		lines += d.Lines[i].Net
	}
	for _, a := range d.Allowances {
		if a.Charge {
			charges += a.Amount
		} else {
			allowances += a.Amount
		}
	}
	for _, t := range s.Taxes {
		vat += t.Amount
	}
	for _, x := range []struct {
		rule, name   string
		stated, want feierabend.Cents
	}{
		{"BR-CO-10", "Summe der Positionen", s.Lines, lines},
		{"BR-CO-11", "Summe der Nachlässe", s.Allowances, allowances},
		{"BR-CO-12", "Summe der Zuschläge", s.Charges, charges},
		{"BR-CO-13", "Nettobetrag", s.Net, s.Lines - s.Allowances + s.Charges},
		{"BR-CO-14", "Umsatzsteuer", s.VAT, vat},
		{"BR-CO-15", "Bruttobetrag", s.Gross, s.Net + s.VAT},
		{"BR-CO-16", "Zahlbetrag", s.Payable, s.Gross - d.Prepaid + d.Rounding},
	} {
		if x.stated != x.want {
			f.err(x.rule, "%s: angegeben sind %s €, richtig wären %s €.", x.name, x.stated.German(), x.want.German())
		}
		if x.stated > limitCents || x.stated < -limitCents {
			f.err("LIMIT", "%s: der Betrag ist unglaubhaft hoch.", x.name)
		}
	}
}

// taxes: BG-23 against lines, allowances and rates (BR-CO-17, BR-S-08, BR-E-10 …).
func (f *findings) taxes() {
	d, s := f.doc, &f.doc.Sums
	if len(s.Taxes) == 0 {
		f.err("BR-CO-18", "Die Aufschlüsselung der Umsatzsteuer fehlt.")
	}
	for _, t := range s.Taxes {
		var basis feierabend.Cents
		for i := range d.Lines {
			if d.Lines[i].Category == t.Category && d.Lines[i].Rate == t.Rate {
				basis += d.Lines[i].Net
			}
		}
		for _, a := range d.Allowances {
			if a.Category == t.Category && a.Rate == t.Rate {
				if a.Charge {
					basis += a.Amount
				} else {
					basis -= a.Amount
				}
			}
		}
		if t.Basis != basis {
			f.err("BR-"+t.Category+"-08", "Steuer %s %%: Bemessungsgrundlage ist %s €, Positionen und Nachlässe ergeben %s €.", t.Rate.German(0), t.Basis.German(), basis.German())
		}
		if want := feierabend.Percent(t.Basis, t.Rate); t.Amount != want {
			report := f.err
			if diff := t.Amount - want; diff == 1 || diff == -1 { // the official rule lets it pass
				report = f.warn
			}
			report("BR-CO-17", "Steuer %s %% auf %s €: angegeben sind %s €, richtig wären %s €.", t.Rate.German(0), t.Basis.German(), t.Amount.German(), want.German())
		}
		f.category(t.Category, t.Rate, "Steuerzeile", 1)
		f.exemption(t)
	}
	f.everyRateBroken()
}

// exemption: reasons are needed for E, AE, K, G, O and forbidden for S and Z.
func (f *findings) exemption(t feierabend.Tax) {
	d := f.doc
	switch t.Category {
	case "E", "AE", "K", "G", "O":
		if t.Reason == "" && t.Code == "" {
			f.err("BR-"+t.Category+"-10", "Der Grund fehlt, warum keine Umsatzsteuer ausgewiesen ist.")
		}
	case "S", "Z":
		if t.Reason != "" || t.Code != "" {
			f.err("BR-"+t.Category+"-10", "Ein Befreiungsgrund steht bei steuerpflichtigen Leistungen.")
		}
	}
	if t.Category == "AE" && d.Buyer.VATID == "" && d.Buyer.LegalID == "" {
		f.err("BR-AE-02", "Bei § 13b UStG fehlt die USt-IdNr. oder Registernummer des Empfängers.")
	}
}

// everyRateBroken finds lines whose category and rate the breakdown lacks.
func (f *findings) everyRateBroken() {
	for i := range f.doc.Lines {
		l, found := &f.doc.Lines[i], false
		for _, t := range f.doc.Sums.Taxes {
			found = found || t.Category == l.Category && t.Rate == l.Rate
		}
		if !found {
			f.err("BR-"+l.Category+"-01", "Position %d: ihr Steuersatz fehlt in der Aufschlüsselung.", i+1)
		}
	}
}
