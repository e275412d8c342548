package web

// signInRoutes are the rows of signing in, the way back in, choosing a firm, signing out.
func signInRoutes() []route {
	return append(recoveryRoutes(), []route{
		on("GET", "/anmelden", anyone, "", classPage, noBody, (*server).signInForm),
		on("POST", "/anmelden", anyone, "", classPage, formBody, (*server).signInRequest),
		on("GET", "/anmelden/code", anyone, "", classPage, noBody, (*server).codeForm),
		on("POST", "/anmelden/code", anyone, "", classPage, formBody, (*server).codeRedeem),
		on("GET", "/anmelden/link", anyone, "", classPage, noBody, (*server).linkForm),
		on("POST", "/anmelden/link", anyone, "", classPage, formBody, (*server).linkRedeem),
		on("GET", "/firma", person, "", classPage, noBody, (*server).firmForm),
		on("POST", "/firma", person, "", classPage, formBody, (*server).firmChoose),
		on("POST", "/abmelden", anyone, "", classPage, formBody, (*server).signOut),
	}...)
}
