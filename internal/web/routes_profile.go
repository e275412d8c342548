package web

// profileRoutes are the rows of what a firm says about itself.
func profileRoutes() []route {
	return []route{
		on("GET", "/stammdaten", office, "", classPage, noBody, (*server).profileShow),
		on("GET", "/stammdaten/{teil}", office, "", classPage, noBody, (*server).profilePart),
		on("POST", "/stammdaten/{teil}", owner, "", classPage, formBody, (*server).profileSave),
	}
}
