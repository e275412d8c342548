package web

// customerRoutes are the rows about customers' own words.
func customerRoutes() []route {
	return []route{
		on("GET", "/kunden", member, "", classPage, noBody, (*server).customersShow),
		on("POST", "/kunden", owner, "", classPage, formBody, (*server).customersSave),
		on("POST", "/kunden/link", office, "", classPage, formBody, (*server).customerOffer),
		on("POST", "/v/{case}/kundenlink", office, "case", classPage, formBody, (*server).caseCustomer),
		on("GET", "/kunden/link/{kunde}", office, "kunde", classPage, noBody, (*server).customerLink),
		on("POST", "/kunden/link/{kunde}/beenden", office, "kunde", classPage, formBody, (*server).customerEnd),
	}
}
