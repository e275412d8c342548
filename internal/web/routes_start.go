package web

// startRoutes are the rows of the dashboard.
func startRoutes() []route {
	return []route{
		on("GET", "/{$}", anyone, "", classPage, noBody, (*server).start),
		on("GET", "/stand", member, "", classData, noBody, (*server).startStand),
	}
}
