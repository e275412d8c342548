package feierabend

// German is what an operator reads of a kind of job.
func (k JobKind) German() string {
	if w, ok := map[JobKind]string{
		JobFetch: "Aufnahme holen", JobTranscribe: "Sprache erkennen", JobDraft: "Entwurf schreiben",
		JobAnswer: "Antwort übernehmen", JobIssue: "Ausstellen", JobConfirm: "Löschen bestätigen", JobHold: "Löschen anhalten",
		JobSend: "Nachricht senden", JobMail: "Mail senden", JobAddress: "Mail zur neuen Adresse senden", JobRegister: "Mail zur Registrierung senden", JobInvite: "Einladung senden", JobNotice: "Hinweis an Inhaber senden", JobRecover: "Zugang wiederherstellen",
		JobLinkAsk: "Nach der Nummer fragen", JobLinkMail: "Mail zur Nummer senden", JobLinkPause: "Mail zur angehaltenen Nummer senden", JobLinkPress: "Knopf zur Nummer",
		JobForget: "Datei beim Anbieter löschen", JobScrub: "Löschung beweisen", JobRewrite: "Tabellen neu schreiben", JobDigests: "Feierabend-Mails planen", JobDigest: "Feierabend-Mail senden", JobSweep: "Fristen prüfen",
	}[k]; ok {
		return w
	}
	return string(k)
}

// GermanState is what an operator reads of the state of jobs.
func (k QueueKind) GermanState() string {
	if w, ok := map[string]string{
		"available": "wartet", "running": "läuft", "scheduled": "wartet auf ihre Zeit", "retryable": "wartet auf neuen Versuch", "pending": "wartet",
		"discarded": "aufgegeben", "cancelled": "abgebrochen",
	}[k.State]; ok {
		return w
	}
	return k.State
}

// German is what an operator reads of a level.
func (l HealthLevel) German() string {
	switch l {
	case HealthGreen:
		return "in Ordnung"
	case HealthYellow:
		return "ansehen"
	}
	return "Störung"
}
