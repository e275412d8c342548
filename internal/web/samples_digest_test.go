package web

// digestSamples are the pages of the mail at the end of a working day.
func (s *server) digestSamples() []sample {
	own := func(p digestPage) page {
		return page{View: "digest", Title: "Mail am Feierabend", Nav: "einstellungen", Firm: "Deichgrün Haustechnik", Content: p}
	}
	link := func(p digestPage) page { return page{View: "digest", Title: "Mails abbestellen", Content: p} }
	return []sample{
		{"mails", own(digestPage{State: "on", Firm: "Deichgrün Haustechnik", Email: "hauke@deichgruen.example"})},
		{"mails-aus", own(digestPage{State: "off", Firm: longOne + evil, Notice: "Gespeichert. Es kommt keine mehr."})},
		{"mails-an-lang", own(digestPage{State: "on", Firm: "Deichgrün Haustechnik", Email: longOne + "@" + longOne + ".example", Notice: "Gespeichert. Die Mails kommen wieder."})},
		{"mails-abbestellen", link(digestPage{State: "ask", Token: evil})},
		{"mails-abbestellt", link(digestPage{State: "done", Token: "t"})},
		{"mails-wieder", link(digestPage{State: "again", Token: "t"})},
		{"mails-fehler", link(digestPage{State: "done", Error: "Dieser Link gilt nicht, oder Sie gehören nicht mehr zu dem Betrieb. Es hat sich nichts geändert."})},
	}
}
