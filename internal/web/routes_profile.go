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

// priceListRoutes are the rows of the price list: a part of the Stammdaten with pages of
// its own.
func priceListRoutes() []route {
	return []route{
		on("GET", "/preisliste", office, "", classPage, noBody, (*server).priceList),
		on("POST", "/preisliste/suche", office, "", classPage, formBody, (*server).priceSearch),
		on("GET", "/preisliste.csv", office, "", classFile, noBody, (*server).priceExport),
		on("GET", "/preisliste/vorlage.csv", office, "", classFile, noBody, (*server).priceTemplate),
		on("GET", "/preisliste/neu", owner, "", classPage, noBody, (*server).priceNew),
		on("POST", "/preisliste/posten", owner, "", classPage, formBody, (*server).priceSave),
		on("GET", "/preisliste/{nr}", owner, "", classPage, noBody, (*server).priceItem),
		on("GET", "/preisliste/{nr}/entfernen", owner, "", classPage, noBody, (*server).priceAsk),
		on("POST", "/preisliste/entfernen", owner, "", classPage, formBody, (*server).priceRemove),
		on("GET", "/preisliste/datei", owner, "", classPage, noBody, (*server).importForm),
		on("POST", "/preisliste/datei", owner, "", classPage, listBody, (*server).importRead),
		on("POST", "/preisliste/vorschau", owner, "", classPage, listAgain, (*server).importAgain),
		on("POST", "/preisliste/uebernehmen", owner, "", classPage, listAgain, (*server).importTake),
	}
}
