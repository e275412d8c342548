package web

// settingsRoutes are the rows of the page that leads to everything about the firm.
func settingsRoutes() []route {
	return []route{
		on("GET", "/einstellungen", member, "", classPage, noBody, (*server).settings),
	}
}
