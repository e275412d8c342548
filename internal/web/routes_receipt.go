package web

// receiptRoutes are the rows of the receipts of erased cases.
func receiptRoutes() []route {
	return []route{
		on("GET", "/quittungen", member, "", classPage, noBody, (*server).receiptList),
		on("GET", "/q/{receipt}", member, "receipt", classPage, noBody, (*server).receiptShow),
		on("GET", "/q/{receipt}/stand", member, "receipt", classData, noBody, (*server).receiptStand),
		on("GET", "/q/{receipt}/quittung.json", member, "receipt", classFile, noBody, (*server).receiptSend),
	}
}
