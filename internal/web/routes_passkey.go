package web

import "feierabend"

// passkeyRoutes are the rows of passkeys: sign-in, proof, a person's own ones.
func passkeyRoutes() []route {
	return []route{
		on("POST", "/anmelden/passkey/frage", anyone, "", classData, formBody, (*server).signInAsk),
		on("POST", "/anmelden/passkey", anyone, "", classPage, formBody, (*server).signInPasskey),
		on("POST", "/bestaetigung/passkey/frage", person, "", classData, formBody, (*server).proofAsk),
		on("POST", "/bestaetigung/passkey", person, "", classPage, formBody, (*server).proofPasskey),

		on("GET", "/passkeys/neu", person, "", classPage, noBody, (*server).passkeyNew).fresh(),
		on("POST", "/passkeys/frage", person, "", classData, formBody, (*server).passkeyAsk).fresh(),
		on("POST", "/passkeys", person, "", classPage, formBody, (*server).passkeyMake).fresh().logged(feierabend.SecurityPasskey),
		on("GET", "/passkeys/{passkey}/entfernen", person, "", classPage, noBody, (*server).passkeyRemoveForm).fresh(),
		on("POST", "/passkeys/{passkey}/entfernen", person, "", classPage, formBody, (*server).passkeyRemove).fresh().logged(feierabend.SecurityPasskey),
	}
}

// operatorRoutes are the rows of whoever runs the service: counts, states, sizes and
// ages (ADM-01).
func operatorRoutes() []route {
	return []route{
		on("GET", "/betrieb/einladung", anyone, "", classPage, noBody, (*server).dutyInvite),
		on("POST", "/betrieb/einladung", anyone, "", classPage, formBody, (*server).dutyAnswer),
		on("GET", "/betrieb/anmelden", person, "", classPage, noBody, (*server).dutyForm),
		on("POST", "/betrieb/anmelden", person, "", classPage, formBody, (*server).dutyEnter).logged(feierabend.SecuritySignedIn),

		on("GET", "/betrieb", operator, "", classPage, noBody, (*server).service),
		on("GET", "/betrieb/firma/{tenant}", operator, "", classPage, noBody, (*server).serviceFirm),
		on("POST", "/betrieb/firma/{tenant}/sperren", operator, "", classPage, formBody, (*server).serviceBlock).fresh().logged(feierabend.SecurityAdmin),
		on("POST", "/betrieb/firma/{tenant}/freigeben", operator, "", classPage, formBody, (*server).serviceUnblock).fresh().logged(feierabend.SecurityAdmin),
	}
}
