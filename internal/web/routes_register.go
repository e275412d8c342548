package web

// registerRoutes are the rows of a firm that comes in: form, mail, contract.
func registerRoutes() []route {
	return []route{
		on("GET", "/registrieren", anyone, "", classPage, noBody, (*server).registerShow),
		on("POST", "/registrieren", anyone, "", classPage, formBody, (*server).registerRequest),
		on("GET", "/registrieren/code", anyone, "", classPage, noBody, (*server).registerCode),
		on("POST", "/registrieren/mail", anyone, "", classPage, formBody, (*server).registerAgain),
		on("GET", "/vertrag", member, "", classPage, noBody, (*server).contractShow).beforeContract(),
		on("POST", "/vertrag", owner, "", classPage, formBody, (*server).contractConclude).fresh().beforeContract(),
	}
}
