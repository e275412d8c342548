package web

import (
	"time"

	"feierabend"
)

// passkeySamples are the pages of a person's passkeys and of the way to the operator's pages.
func passkeySamples() []sample {
	f := format{sampleZone}
	set := func(view, title, nav string, content any) page {
		return page{View: view, Title: title, Nav: nav, Firm: "Deichgrün Haustechnik", Scripts: []string{passkeyScript}, Content: content}
	}
	plain := func(view, title string, content any) page {
		return page{View: view, Title: title, Scripts: []string{passkeyScript}, Content: content}
	}
	failed := errPasskeyText
	own := feierabend.Session{TokenHash: []byte("a"), Browser: "Safari", System: "iPhone", CreatedAt: sampleNow, SeenAt: sampleNow}
	keys := []feierabend.Passkey{
		{ID: []byte("1"), Name: "Safari auf iPhone", CreatedAt: sampleNow.AddDate(0, 0, -9), UsedAt: sampleNow.Add(-time.Hour)},
		{ID: []byte("2"), Name: longOne + evil, CreatedAt: sampleNow, Duty: feierabend.DutyOperator},
	}
	devices := devicesOf([]feierabend.Session{own}, own, sampleNow, f)
	devices.Passkeys, devices.Notice = passkeyRows(keys, f), deviceNotices["passkey"]
	onDuty := devices
	onDuty.Operator, onDuty.Notice = true, ""
	checked := devices
	checked.Notice, checked.Check = deviceNotices["andere"], true
	enter := passkeyForm{Ask: "/x", Action: "/betrieb/anmelden", Button: "Mit Passkey anmelden", Main: true, Without: withoutOther}
	again, first, wrong := enter, makePasskey("/betrieb", "Chrome auf Linux", "", ""), makePasskey("/geraete", longOne+evil, "Bitte einen Namen mit höchstens 60 Zeichen eingeben.", "")
	again.Error = failed
	prove := passkeyForm{Ask: "/x", Action: "/bestaetigung/passkey", Next: "/team", Button: "Mit Passkey bestätigen", Main: true, Without: withoutMail}
	row := passkeyRows(keys[1:], f)[0]
	return []sample{
		{"anmelden-passkey-fehler", plain("signin", "Anmelden", mailForm{Form: addressForm(), Register: true, Try: true, Passkey: signInKey("/v/x", failed)})},
		{"geraete-passkeys", set("devices", "Geräte", "einstellungen", devices)},
		{"geraete-andere-beendet", set("devices", "Geräte", "einstellungen", checked)},
		{"geraete-betrieb", set("devices", "Geräte", "geraete", onDuty)},
		{"passkey", set("passkey", "Passkey anlegen", "einstellungen", passkeyPage{makePasskey("/geraete", "Safari auf iPhone", "", ""), "/geraete"})},
		{"passkey-fehler", set("passkey", "Passkey anlegen", "einstellungen", passkeyPage{wrong, "/geraete"})},
		{"passkey-entfernen", set("passkey_end", "Passkey entfernen", "einstellungen", passkeyEnd{URL: row.URL, Name: row.Name, Meta: row.Meta})},
		{"passkey-entfernen-letzter", set("passkey_end", "Passkey entfernen", "geraete", passkeyEnd{row.URL, row.Name, row.Meta, "Das ist Ihr letzter Passkey für den Betrieb, ohne ihn kämen Sie nicht mehr hinein. Es ist nichts geändert worden."})},
		{"bestaetigung-passkey", set("proof", "Bestätigen, dass Sie es sind", "einstellungen", proofPage{Next: "/team", Email: "hauke@deichgruen.example", Passkey: &prove})},
		{"bestaetigung-betrieb", set("proof", "Bestätigen, dass Sie es sind", "geraete", proofPage{Email: "olga@betrieb.example", Passkey: &prove, Only: true, Error: failed})},
		{"betrieb-einladung", plain("duty_invite", "Einladung", dutyInvitePage{evil})},
		{"betrieb-anmelden", plain("duty", "Betrieb", dutyPage{Enter: &enter, Notice: "Der Passkey ist angelegt. Jetzt einmal damit anmelden."})},
		{"betrieb-anmelden-fehler", plain("duty", "Betrieb", dutyPage{Enter: &again})},
		{"betrieb-erster", plain("duty", "Betrieb", dutyPage{First: &first})},
		{"betrieb-ohne", plain("duty", "Betrieb", dutyPage{})},
		{"betrieb-vorfuehrung", plain("duty", "Betrieb", dutyPage{Demo: true})},
		{"firma-betrieb", plain("firm", "Firma wählen", firmPage{Firms: []feierabend.Tenant{{Name: "Deichgrün Haustechnik"}}, Operator: true})},
	}
}

const errPasskeyText = "Das hat mit diesem Passkey nicht geklappt: Er ist hier nicht eingetragen, oder es hat länger als fünf Minuten gedauert. Es ist nichts geändert worden."

// serviceSamples are the pages of whoever runs the service.
func serviceSamples() []sample {
	f := format{sampleZone}
	tenant := func(n byte) feierabend.TenantID {
		t, err := feierabend.ParseTenantID(id(n))
		if err != nil {
			panic(err)
		}
		return t
	}
	show := func(view string, content any) page {
		return page{View: view, Title: "Betrieb", Nav: "betrieb", Detail: view == "service_firm", Content: content}
	}
	firm := feierabend.FirmView{ID: tenant(1), CreatedAt: sampleNow.AddDate(0, -3, 0), People: 3, Numbers: 2, Cases: map[feierabend.CaseState]int{feierabend.CaseOpen: 2, feierabend.CaseIssued: 1}, Oldest: sampleNow.AddDate(0, 0, -12), Bytes: 3 << 20, Failed: 1}
	blocked := feierabend.FirmView{ID: tenant(2), CreatedAt: sampleNow.AddDate(0, 0, -1), BlockedAt: sampleNow.Add(-time.Hour), People: 1}
	queue := feierabend.QueueView{
		At: sampleNow,
		Kinds: []feierabend.QueueKind{
			{Kind: feierabend.JobDraft, State: "available", Jobs: 2, Oldest: sampleNow.Add(-3 * time.Minute)},
			{Kind: feierabend.JobSend, State: "running", Jobs: 1, Oldest: sampleNow.Add(-time.Second)},
			{Kind: "neu", State: "discarded", Jobs: 1200, Oldest: sampleNow.AddDate(0, 0, -2)},
		},
		Errors:    []feierabend.QueueError{{Kind: feierabend.JobSend, Code: "unavailable whatsapp", Jobs: 1}},
		Processes: []feierabend.Process{{ID: id(3), Roles: []string{"web", "worker"}, Master: 1, StartedAt: sampleNow.AddDate(0, 0, -4), SeenAt: sampleNow.Add(-2 * time.Second)}, {ID: id(4), Roles: []string{"worker"}, Master: 2, StartedAt: sampleNow.AddDate(0, 0, -4), SeenAt: sampleNow.Add(-8 * time.Second)}},
	}
	health := []feierabend.Health{
		{Name: "database", Level: feierabend.HealthGreen},
		{Name: "sweep", Level: feierabend.HealthRed, Code: "sweep_late", Since: sampleNow.Add(-3 * time.Hour)},
		{Name: "neu", Level: feierabend.HealthYellow, Code: longOne},
	}
	full := serviceOf(queue, health, sampleNow, f)
	full.FirmsAll, full.Blocked, full.More, full.Back = 1204, 1, "/betrieb?seite=3", "/betrieb?seite=1"
	full.Firms = []firmRow{firmRowOf(firm, sampleNow, f), firmRowOf(blocked, sampleNow, f)}
	open, stale, shut := serviceFirmOf(firm, sampleNow, f), serviceFirmOf(firm, sampleNow, f), serviceFirmOf(blocked, sampleNow, f)
	open.Fresh, shut.Fresh = true, true
	return []sample{
		{"betrieb-leer", show("service", serviceOf(feierabend.QueueView{At: sampleNow}, nil, sampleNow, f))},
		{"betrieb", show("service", full)},
		{"betrieb-firma", show("service_firm", open)},
		{"betrieb-firma-bestaetigen", show("service_firm", stale)},
		{"betrieb-firma-gesperrt", show("service_firm", shut)},
	}
}
