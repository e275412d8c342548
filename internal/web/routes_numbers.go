package web

// numberRoutes are the rows of the WhatsApp numbers of a firm.
func numberRoutes() []route {
	return []route{
		on("GET", "/nummern", member, "", classPage, noBody, (*server).numbers),
		on("GET", "/nummern/neu", member, "", classPage, noBody, (*server).numberForm).fresh(),
		on("POST", "/nummern/neu", member, "", classPage, formBody, (*server).numberBegin).fresh(),
		on("GET", "/nummern/verbinden", member, "", classPage, noBody, (*server).linking),
		on("GET", "/nummern/verbinden/stand", member, "", classData, noBody, (*server).linkingStand),
		on("POST", "/nummern/verbinden/ja", member, "", classPage, formBody, (*server).linkingConfirm),
		on("POST", "/nummern/verbinden/abbrechen", member, "", classPage, formBody, (*server).linkingCancel),
		on("GET", "/nummern/{sender}/neu", member, "sender", classPage, noBody, (*server).numberAgainForm).fresh(),
		on("POST", "/nummern/{sender}/neu", member, "sender", classPage, formBody, (*server).numberAgain).fresh(),
		on("GET", "/nummern/{sender}/trennen", member, "sender", classPage, noBody, (*server).unlinkForm).fresh(),
		on("POST", "/nummern/{sender}/trennen", member, "sender", classPage, formBody, (*server).unlink).fresh(),
	}
}
