package web

import "feierabend"

// customerSamples are the pages about customers' own words in all their states.
func (s *server) customerSamples() (out []sample) {
	add := func(name, view, title string, content any) {
		out = append(out, sample{name, page{View: view, Title: title, Nav: "einstellungen", Content: content}})
	}
	on := feierabend.CustomerVoices{Forwarded: true}
	add("kunden", "customers", "Nachrichten von Kunden", customersPage{MayEdit: true})
	add("kunden-an", "customers", "Nachrichten von Kunden", customersPage{MayEdit: true, Voices: on, Flash: "Gespeichert. Es gilt ab der nächsten Nachricht."})
	add("kunden-mitarbeiter", "customers", "Nachrichten von Kunden", customersPage{Voices: on})
	add("kunden-mitarbeiter-aus", "customers", "Nachrichten von Kunden", customersPage{})
	return out
}
