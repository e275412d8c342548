package web

// Body limits of a try: a minute of uncompressed sound, or the words of one with
// their places and all answers.
const (
	recordingBody = 8<<20 + formBody
	wordsBody     = 4 * formBody
)

// tryRoutes are the rows of the page on which strangers try the product.
func tryRoutes() []route {
	return []route{
		on("GET", "/ausprobieren", anyone, "", classRecorder, noBody, (*server).tryForm),
		on("POST", "/ausprobieren", anyone, "", classPage, recordingBody, (*server).tryListen),
		on("POST", "/ausprobieren/antwort", anyone, "", classPage, wordsBody, (*server).tryAnswer),
		on("POST", "/ausprobieren/muster", anyone, "", classFile, wordsBody, (*server).trySample),
	}
}
