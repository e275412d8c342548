package web

import "feierabend"

// customerSamples are the pages about customers' own words in all their states.
func (s *server) customerSamples() (out []sample) {
	add := func(name, view, title string, content any) {
		out = append(out, sample{name, page{View: view, Title: title, Nav: "einstellungen", Content: content}})
	}
	on := feierabend.CustomerVoices{Forwarded: true}
	links := feierabend.CustomerVoices{Forwarded: true, Links: true}
	made := feierabend.CustomerLink{ID: id(5), State: feierabend.CustomerOpen, CreatedAt: sampleNow, ExpiresAt: sampleNow.Add(feierabend.CustomerTerm)}
	asked, agreed, ended := made, made, made
	asked.State, asked.Case, asked.Own, asked.Phone = feierabend.CustomerAsked, feierabend.CaseID(id(1)), true, "+4917139200999"
	agreed.State, agreed.Case, agreed.BSUID = feierabend.CustomerAgreed, feierabend.CaseID(id(1)), "DE.1"
	ended.State = feierabend.CustomerEnded
	list := customersPage{MayEdit: true, MayLink: true, Voices: links}
	for _, c := range []feierabend.CustomerLink{made, asked, agreed, ended} {
		list.Links = append(list.Links, s.customerRow(c))
	}
	add("kunden-links", "customers", "Nachrichten von Kunden", list)
	add("kunden-buero", "customers", "Nachrichten von Kunden", customersPage{MayLink: true, Voices: feierabend.CustomerVoices{Links: true}, Flash: customerFlashes["beendet"]})
	link := func(name string, c feierabend.CustomerPending) {
		p, err := s.customerLinkPage(c)
		if err != nil {
			panic(err)
		}
		add(name, "customer_link", "Kundenlink", p)
	}
	pending := feierabend.CustomerPending{
		CustomerLink: made, Code: "K7QF-2M9X-ATE4R", Text: "Meine Nachricht an „Deichgrün Haustechnik“. Code: K7QF-2M9X-ATE4R",
		URL: "https://wa.me/4930231250420?text=Meine%20Nachricht%20an%20%E2%80%9EDeichgr%C3%BCn%20Haustechnik%E2%80%9C.%20Code%3A%20K7QF-2M9X-ATE4R",
	}
	link("kundenlink", pending)
	bare := pending
	bare.URL, bare.Text, bare.Case = "", longOne+evil, feierabend.CaseID(id(1))
	link("kundenlink-ohne-nummer", bare)
	link("kundenlink-anderswo", feierabend.CustomerPending{CustomerLink: made})
	link("kundenlink-gefragt", feierabend.CustomerPending{CustomerLink: asked})
	link("kundenlink-einverstanden", feierabend.CustomerPending{CustomerLink: agreed})
	link("kundenlink-beendet", feierabend.CustomerPending{CustomerLink: ended})
	waiting := loaded{entry: entry{Case: feierabend.Case{ID: feierabend.CaseID(id(1)), CreatedAt: sampleNow, ExpiresAt: feierabend.ExpiresAt(sampleNow, 30)}, stage: feierabend.StageCustomer}}
	out = append(out, sample{"kundenlink-vorgang", page{View: "wait", Title: "Nachricht", Nav: "start", Detail: true, Content: s.waitPage(waiting, true)}})
	note := feierabend.Draft{Kind: feierabend.KindNote, Customer: true, Tasks: []feierabend.Task{{Text: sampleText}, {Text: "Frau Claasen", Kind: "call", Due: "2026-02-11"}}}
	l := sampleCase(feierabend.CaseReady, &note)
	l.messages[0].Customer, l.sender = true, ""
	out = append(out, sample{"kunde-notiz", page{View: "draft", Title: "Notiz", Nav: "start", Detail: true, Content: s.draftBase(l, nil, feierabend.RoleOwner, problem{})}})
	add("kunden", "customers", "Nachrichten von Kunden", customersPage{MayEdit: true})
	add("kunden-an", "customers", "Nachrichten von Kunden", customersPage{MayEdit: true, Voices: on, Flash: "Gespeichert. Es gilt ab der nächsten Nachricht."})
	add("kunden-mitarbeiter", "customers", "Nachrichten von Kunden", customersPage{Voices: on})
	add("kunden-mitarbeiter-aus", "customers", "Nachrichten von Kunden", customersPage{})
	return out
}
