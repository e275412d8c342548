package web

// accessRoutes are the rows of who may come in: own browsers and account, the proof
// before what is sensitive, the team and its invitations.
func accessRoutes() []route {
	return []route{
		on("GET", "/geraete", person, "", classPage, noBody, (*server).deviceList),
		on("POST", "/geraete/beenden", person, "", classPage, formBody, (*server).deviceEnd),
		on("POST", "/geraete/andere", person, "", classPage, formBody, (*server).deviceEndOthers),

		on("GET", "/bestaetigung", person, "", classPage, noBody, (*server).proofForm),
		on("GET", "/bestaetigung/stand", person, "", classData, noBody, (*server).proofState),
		on("POST", "/bestaetigung/telefon", person, "", classPage, formBody, (*server).proofCodeBegin),
		on("POST", "/bestaetigung/mail", person, "", classPage, formBody, (*server).proofMail),
		on("GET", "/bestaetigung/code", person, "", classPage, noBody, (*server).proofCodeForm),
		on("POST", "/bestaetigung/code", person, "", classPage, formBody, (*server).proofCode),
		on("POST", "/bestaetigung/chat", person, "", classPage, formBody, (*server).proofChat),

		on("GET", "/konto", person, "", classPage, noBody, (*server).account),
		on("POST", "/konto/name", person, "", classPage, formBody, (*server).accountName),
		on("GET", "/konto/verlassen", member, "", classPage, noBody, (*server).leaveForm).fresh(),
		on("POST", "/konto/verlassen", member, "", classPage, formBody, (*server).leave).fresh(),

		on("GET", "/team", owner, "", classPage, noBody, (*server).teamList),
		on("POST", "/team/preise", owner, "", classPage, formBody, (*server).teamPrices),
		on("GET", "/team/einladen", owner, "", classPage, noBody, (*server).inviteForm).fresh(),
		on("POST", "/team/einladen", owner, "", classPage, formBody, (*server).invite).fresh(),
		on("POST", "/team/einladung/{invitation}/zurueck", owner, "invitation", classPage, formBody, (*server).inviteWithdraw),
		on("GET", "/team/{person}", owner, "person", classPage, noBody, (*server).memberForm).fresh(),
		on("POST", "/team/{person}/rolle", owner, "person", classPage, formBody, (*server).memberRole).fresh(),
		on("POST", "/team/{person}/entfernen", owner, "person", classPage, formBody, (*server).memberRemove).fresh(),

		on("GET", "/einladung", anyone, "", classPage, noBody, (*server).offerShow),
		on("POST", "/einladung", anyone, "", classPage, formBody, (*server).offerAnswer),
		on("POST", "/firma/annehmen", person, "", classPage, formBody, (*server).offerAccept),
	}
}
