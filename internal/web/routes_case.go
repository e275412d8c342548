package web

// caseRoutes are the rows of a case, its document and its sound.
func caseRoutes() []route {
	return []route{
		on("GET", "/v/{case}", member, "case", classPage, noBody, (*server).caseShow),
		on("GET", "/v/{case}/stand", member, "case", classData, noBody, (*server).caseStand),
		on("POST", "/v/{case}/antwort", member, "case", classPage, formBody, (*server).caseAnswer),
		on("POST", "/v/{case}/ausstellen", member, "case", classPage, formBody, (*server).caseIssue),
		on("GET", "/v/{case}/angaben", member, "case", classPage, noBody, (*server).factsForm),
		on("POST", "/v/{case}/angaben", member, "case", classPage, formBody, (*server).factsSave),
		on("GET", "/v/{case}/verwerfen", member, "case", classPage, noBody, (*server).discardForm),
		on("POST", "/v/{case}/verwerfen", member, "case", classPage, formBody, (*server).caseDiscard),
		on("GET", "/v/{case}/gespeichert", member, "case", classPage, noBody, (*server).savedForm),
		on("POST", "/v/{case}/gespeichert", member, "case", classPage, formBody, (*server).caseSaved),
		on("POST", "/v/{case}/noch-nicht", member, "case", classPage, formBody, (*server).caseHold),
		on("POST", "/f/{doc}/{file}/download", member, "doc", classPage, formBody, (*server).fileRequest),
		on("GET", "/f/{doc}/{file}", member, "doc", classFile, noBody, (*server).fileSend),
		on("GET", "/m/{message}/clip", member, "message", classFile, noBody, (*server).clip),
	}
}
