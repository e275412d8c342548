package web

// customerRoutes are the rows about customers' own words.
func customerRoutes() []route {
	return []route{
		on("GET", "/kunden", member, "", classPage, noBody, (*server).customersShow),
		on("POST", "/kunden", owner, "", classPage, formBody, (*server).customersSave),
	}
}
