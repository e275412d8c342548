package web

import (
	"time"

	"feierabend"
)

// numberSamples are the pages of the numbers in all their states.
func (s *server) numberSamples() (out []sample) {
	add := func(name, view, title string, content any, l *live) {
		out = append(out, sample{name, page{View: view, Title: title, Nav: "einstellungen", Live: l, Content: content}})
	}
	owner := feierabend.Session{User: "u", Role: feierabend.RoleOwner}
	people := []feierabend.Colleague{{User: feierabend.User{ID: "u", Name: "Hauke Deichgrün"}, Role: feierabend.RoleOwner}, {User: feierabend.User{ID: "v", Name: evil}, Role: feierabend.RoleStaff}}
	at := sampleNow.AddDate(0, 0, -9)
	links := []feierabend.SenderLink{
		{ID: feierabend.SenderID(id(1)), User: "u", Phone: "+4917139200155", LinkedAt: at},
		{ID: feierabend.SenderID(id(2)), User: "v", Phone: "+4917139200177", LinkedAt: at, Standing: feierabend.SenderSuspended, Why: feierabend.SuspendedDevice, Since: sampleNow},
		{ID: feierabend.SenderID(id(3)), User: "w", BSUID: "DE.1", LinkedAt: at},
	}
	add("nummern", "numbers", "WhatsApp-Nummern", s.numbersPage(links, people, owner), nil)
	done := s.numbersPage(nil, people, owner)
	done.Flash, done.Waiting = numberFlashes["getrennt"], true
	add("nummern-leer", "numbers", "WhatsApp-Nummern", done, nil)
	add("nummern-mitarbeiter", "numbers", "WhatsApp-Nummern", s.numbersPage(links, people, feierabend.Session{User: "v", Role: feierabend.RoleStaff}), nil)

	first := numberFields(owner, people[:1], nil)
	first.set("nummer", "+4917139200155")
	add("nummer", "number", "Nummer verbinden", numberPage{Form: first, First: true, Action: "/nummern/neu"}, nil)
	wrong := numberFields(owner, people, links)
	wrong.set("nummer", evil)
	wrong.fail("nummer", "Diese Nummer ist nicht vollständig. Bitte mit Vorwahl eingeben, zum Beispiel 0171 3920015.")
	add("nummer-fehler", "number", "Nummer verbinden", numberPage{Form: wrong, Action: "/nummern/neu"}, nil)
	again := numberFields(owner, nil, nil)
	again.set("nummer", "+4917139200177")
	add("nummer-wieder", "number", "Nummer verbinden", numberPage{Form: again, Action: "/nummern/" + id(2) + "/neu", Who: evil}, nil)

	pending := func(state feierabend.LinkState) feierabend.LinkPending {
		return feierabend.LinkPending{
			LinkChallenge: feierabend.LinkChallenge{ID: id(5), User: "u", Phone: "+4917139200155", State: state, CreatedAt: sampleNow, ExpiresAt: sampleNow.Add(feierabend.LinkTerm), AskedAt: sampleNow},
			Code:          "K7QF-2M9X-ATE4R", Text: "Ich verbinde meine Nummer mit dem Konto „Deichgrün Haustechnik“ bei Feierabend. Code: K7QF-2M9X-ATE4R",
			URL:  "https://wa.me/4930231250420?text=Ich%20verbinde%20meine%20Nummer%20mit%20dem%20Konto%20%E2%80%9EDeichgr%C3%BCn%20Haustechnik%E2%80%9C%20bei%20Feierabend.%20Code%3A%20K7QF-2M9X-ATE4R",
			Made: feierabend.SenderLink{Phone: "+4917139200155"},
		}
	}
	link := func(name string, c feierabend.LinkPending, who string) {
		p, err := s.linkingPage(c, who)
		if err != nil {
			panic(err)
		}
		var l *live
		if c.Waits(sampleNow) {
			l = &live{URL: "/nummern/verbinden/stand", Stand: s.linkStand(c), Seconds: 1, Refresh: 10}
		}
		add(name, "number_link", "Nummer verbinden", p, l)
	}
	link("verbinden", pending(feierabend.LinkOpen), "")
	bare := pending(feierabend.LinkOpen)
	bare.URL, bare.Text = "", longOne+evil
	link("verbinden-ohne-nummer", bare, evil)
	link("verbinden-teilen", pending(feierabend.LinkAsked), "")
	numbered := pending(feierabend.LinkAsked)
	numbered.Numbered = true
	link("verbinden-gefragt", numbered, "")
	link("verbinden-andere-nummer", pending(feierabend.LinkOther), "")
	link("verbinden-bestaetigen", pending(feierabend.LinkConfirm), "")
	link("verbinden-fertig", pending(feierabend.LinkDone), "Malte Ünsal")
	hidden := pending(feierabend.LinkDone)
	hidden.Made.Phone = ""
	link("verbinden-fertig-ohne-nummer", hidden, "")
	link("verbinden-abgelehnt", pending(feierabend.LinkRefused), "")
	link("verbinden-vergeben", pending(feierabend.LinkTaken), "")
	late := pending(feierabend.LinkOpen)
	late.ExpiresAt = sampleNow.Add(-time.Minute)
	link("verbinden-abgelaufen", late, "")

	add("nummer-trennen", "number_unlink", "Nummer trennen?", unlinkPage{ID: id(1), Mask: "+49 171 ••• 55", Own: true}, nil)
	add("nummer-trennen-andere", "number_unlink", "Nummer trennen?", unlinkPage{ID: id(2), Who: evil, Mask: "+49 171 ••• 77"}, nil)
	return out
}
