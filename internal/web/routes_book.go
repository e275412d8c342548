package web

// bookRoutes are the rows of the address book. What is searched for is sent as a form:
// it is a name, and addresses of pages hold none.
func bookRoutes() []route {
	return []route{
		on("GET", "/adressbuch", office, "", classPage, noBody, (*server).bookShow),
		on("POST", "/adressbuch/suche", office, "", classPage, formBody, (*server).bookSearch),
		on("POST", "/adressbuch/an", owner, "", classPage, formBody, (*server).bookSwitch),
		on("GET", "/adressbuch/aus", owner, "", classPage, noBody, (*server).bookOffForm),
		on("POST", "/adressbuch/aus", owner, "", classPage, formBody, (*server).bookOff),
		on("GET", "/adressbuch/neu", office, "", classPage, noBody, (*server).entryNew),
		on("POST", "/adressbuch/neu", office, "", classPage, formBody, (*server).entryAdd),
		on("GET", "/adressbuch/{address}", office, "address", classPage, noBody, (*server).entryShow),
		on("POST", "/adressbuch/{address}", office, "address", classPage, formBody, (*server).entrySave),
		on("GET", "/adressbuch/{address}/loeschen", office, "address", classPage, noBody, (*server).entryDeleteForm),
		on("POST", "/adressbuch/{address}/loeschen", office, "address", classPage, formBody, (*server).entryDelete),
		on("POST", "/v/{case}/adressbuch", office, "case", classPage, formBody, (*server).caseBook),
	}
}
