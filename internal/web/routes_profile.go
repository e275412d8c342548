package web

// profileRoutes are the rows of what a firm says about itself.
func profileRoutes() []route {
	return []route{
		on("GET", "/stammdaten", office, "", classPage, noBody, (*server).profileShow),
		on("GET", "/stammdaten/logo", office, "", classPage, noBody, (*server).logoShow),
		on("POST", "/stammdaten/logo", owner, "", classPage, logoBody, (*server).logoSave),
		on("POST", "/stammdaten/logo/entfernen", owner, "", classPage, formBody, (*server).logoRemove),
		on("GET", "/stammdaten/logo.png", office, "", classFile, noBody, (*server).logoSend),
		on("GET", "/stammdaten/bank", office, "", classPage, noBody, (*server).bankPart).fresh(),
		on("POST", "/stammdaten/bank", owner, "", classPage, formBody, (*server).bankSave).fresh(),
		on("GET", "/stammdaten/{teil}", office, "", classPage, noBody, (*server).profilePart),
		on("POST", "/stammdaten/{teil}", owner, "", classPage, formBody, (*server).profileSave),
	}
}
