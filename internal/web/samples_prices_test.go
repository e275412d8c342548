package web

import (
	"strconv"
	"testing"

	"feierabend"
	"feierabend/internal/pricelist"
)

func sampleItems() []feierabend.PriceItem {
	return []feierabend.PriceItem{
		{Name: "Röhrensiphon", Kind: feierabend.LineMaterial, Unit: "H87", Price: *dec("28.5"), Aliases: []string{"Siphon", "Geruchsverschluss"}},
		{Name: "Eckventil", Kind: feierabend.LineMaterial, Unit: "H87", Price: *dec("14.9")},
		{Name: "Heizungswartung", Kind: feierabend.LineLump, Unit: "LS", Price: *dec("1149")},
		{Name: "Kupferrohr 18 mm", Kind: feierabend.LineMaterial, Unit: "MTR", Price: *dec("9.125"), VAT: dec("7")},
	}
}

// samplePlan is the preview of a text, read as the handlers read it.
func samplePlan(t *testing.T, text string, change func(*pricelist.Reading)) planPage {
	t.Helper()
	table, err := pricelist.ReadTable(text)
	if err != nil {
		t.Fatal(err)
	}
	layout, sure := pricelist.Recognise(table)
	r := pricelist.Reading{Layout: layout, Kind: feierabend.LineMaterial}
	if change != nil {
		change(&r)
	}
	p := newPlanPage(text, false, table, r)
	p.Asked = !sure
	if sure {
		plan, err := pricelist.NewPlan(sampleItems(), table, r)
		if err != nil {
			t.Fatal(err)
		}
		p.fill(plan)
	}
	return p
}

func priceSamples(t *testing.T) (out []sample) {
	boss, desk := feierabend.RoleOwner, feierabend.RoleOffice
	add := func(name, view, title string, content any) {
		out = append(out, sample{name, page{View: view, Title: title, Nav: "einstellungen", Detail: view != "pricelist", Content: content}})
	}
	wild := append(sampleItems(), feierabend.PriceItem{Name: longOne + evil, Kind: feierabend.LineLabour, Unit: "LM", Price: *dec("123456.7891"), Aliases: []string{longOne, evil}})
	var many []feierabend.PriceItem
	for i := range 120 {
		many = append(many, feierabend.PriceItem{Name: "Bogen " + strconv.Itoa(i+10) + " mm", Kind: feierabend.LineMaterial, Unit: "H87", Price: feierabend.Dec(i + 1)})
	}
	saved := priceListView(sampleItems(), 1, boss)
	saved.Saved = "Gespeichert. Ab jetzt gilt dieser Preis in neuen Entwürfen."
	add("preisliste", "pricelist", "Preisliste", saved)
	add("preisliste-leer", "pricelist", "Preisliste", priceListView(nil, 1, boss))
	add("preisliste-leer-buero", "pricelist", "Preisliste", priceListView(nil, 1, desk))
	add("preisliste-wild-buero", "pricelist", "Preisliste", priceListView(wild, 1, desk))
	add("preisliste-seite", "pricelist", "Preisliste", priceListView(many, 2, boss))
	add("preisliste-suche", "pricelist", "Preisliste", priceSearchView(many, "bogen 1", boss))
	add("preisliste-suche-nichts", "pricelist", "Preisliste", priceSearchView(many, evil, boss))

	add("preisliste-neu", "priceitem", "Neuer Posten", newItemPage())
	add("preisliste-posten", "priceitem", "Posten ändern", itemPage(sampleItems(), 0))
	mistaken := itemPage(wild, 4)
	mistaken.Form = wrongForm(mistaken.Form, map[string]string{"bezeichnung": evil, "preis": longOne}, "bezeichnung", "preis", "einheit", "art", "namen", "steuer")
	add("preisliste-posten-fehler", "priceitem", "Posten ändern", mistaken)
	behind := itemPage(sampleItems(), 0)
	behind.Form.set("preis", "31")
	behind.changed(sampleItems())
	add("preisliste-posten-geaendert", "priceitem", "Posten ändern", behind)
	gone := itemPage(sampleItems(), 0)
	gone.changed(nil)
	add("preisliste-posten-weg", "priceitem", "Neuer Posten", gone)
	add("preisliste-entfernen", "priceremove", "Posten herausnehmen?", newPriceRemove(wild, 4))
	again := newPriceRemove(wild, 0)
	again.Changed = true
	add("preisliste-entfernen-geaendert", "priceremove", "Posten herausnehmen?", again)

	add("preisliste-datei", "priceimport", "Preisliste aus Datei", newImportPage())
	bad := newImportPage()
	bad.Form.fail("datei", feierabend.TextOf(pricelist.TooLarge()))
	add("preisliste-datei-fehler", "priceimport", "Preisliste aus Datei", bad)

	mixed := "Bezeichnung;Einheit;Preis;Andere Namen\nRöhrensiphon;Stk;31,00;Siphon, Traps\nEckventil;Stk;14,90;\nThermostatkopf;Stk;24,50;Thermostat\nRohr;;4;\n=A1;Stk;1;\n" + longOne + ";Stk;-5;\n" + `"` + `<script>alert(1)</script>&"";'";m;2;` + "\n"
	add("preisliste-vorschau", "priceplan", "Vorschau", samplePlan(t, mixed, nil))
	replace := samplePlan(t, mixed, func(r *pricelist.Reading) { r.Replace = true })
	replace.Windows, replace.Problem = true, "Das ist eine neue Vorschau: Die Liste hat sich seit der letzten geändert."
	add("preisliste-vorschau-ersetzen", "priceplan", "Vorschau", replace)
	add("preisliste-vorschau-nichts", "priceplan", "Vorschau", samplePlan(t, "Bezeichnung;Einheit;Preis\nEckventil;Stk;14,90\n", nil))
	asked := samplePlan(t, "Nr;Ding;"+evil+"\n7;Röhre "+longOne+";28,50\n", nil)
	add("preisliste-spalten", "priceplan", "Vorschau", asked)
	asked.Problem = "Bitte wählen Sie, in welcher Spalte die Bezeichnung steht. An Ihrer Preisliste hat sich nichts geändert."
	add("preisliste-spalten-fehler", "priceplan", "Vorschau", asked)
	return out
}
