package feierabend

// ReasonText is the German sentence for a reason code of a message: what
// happened, what it means for the data, what to do. Chat and pages show the same
// words. Unknown codes get a general sentence, never an empty one.
func ReasonText(code string) string {
	switch code {
	case ReasonDrafted:
		return "Aus Ihrer Nachricht ist ein Entwurf geworden. Er wartet auf Ihren Blick."
	case ReasonAnswered:
		return "Ihre Antwort ist im Entwurf eingetragen."
	case ReasonCorrected:
		return "Ihre Änderung ist im Entwurf eingetragen. Die Fassung davor bleibt bis zum Löschen erhalten."
	case ReasonNote:
		return "Notiert. Zu berechnen war nichts dabei, deshalb gibt es keinen Beleg."
	case ReasonCommand:
		return "Das war ein Befehl an mich. Er ist erledigt, aufgehoben wurde davon nichts."
	case ReasonNothing:
		return "Ich habe in dieser Nachricht nichts zu berechnen gefunden. Sie liegt unverändert bei Ihren Vorgängen. Sagen Sie mir zum Beispiel: „Rechnung für Frau Muster, zwei Stunden Arbeit und Anfahrt“."
	case ReasonNoSpeech:
		return "In der Aufnahme war keine Sprache zu hören. Ich habe nichts daraus übernommen. Bitte sprechen Sie noch einmal, etwas näher am Telefon, oder tippen Sie den Text."
	case ReasonNotGerman:
		return "Ich verstehe bisher nur Deutsch, und diese Aufnahme klang anders. Ich habe nichts daraus übernommen. Bitte sprechen oder tippen Sie es auf Deutsch."
	case ReasonTooLarge:
		return "Die Datei ist größer als 16 MB, deshalb habe ich sie nicht abgeholt. Bei mir ist nichts davon gespeichert. Bitte teilen Sie die Aufnahme in kürzere Nachrichten."
	case ReasonTooLong:
		return "Die Aufnahme ist länger als 10 Minuten. Ich habe nichts daraus übernommen. Bitte sprechen Sie je Auftrag eine eigene, kürzere Nachricht."
	case ReasonEmpty:
		return "Die Aufnahme kam leer an. Es ist nichts da, was ich auswerten könnte. Bitte senden Sie sie noch einmal."
	case ReasonNotAudio:
		return "Diese Datei ist keine Tonaufnahme, die ich lesen kann. Ich habe nichts daraus übernommen. Bitte senden Sie eine Sprachnachricht oder tippen Sie den Text."
	case ReasonDamaged:
		return "Die Aufnahme ist beschädigt und lässt sich nicht abspielen. Ich habe nichts daraus übernommen. Bitte senden Sie sie noch einmal oder tippen Sie den Text."
	case ReasonMediaExpired:
		return "WhatsApp hat die Aufnahme nicht mehr, ich konnte sie nicht abholen. Übernommen ist davon nichts. Bitte senden Sie sie noch einmal."
	case ReasonMediaWrong:
		return "Die Aufnahme ist unterwegs verändert worden, die Prüfsumme stimmt nicht. Ich habe nichts daraus übernommen. Bitte senden Sie sie noch einmal."
	case ReasonUnsupported:
		return "Mit dieser Art von Nachricht kann ich noch nichts anfangen. Ich habe nichts daraus übernommen. Bitte sprechen Sie es mir auf oder tippen Sie den Text."
	case ReasonSpeechFailed:
		return "Ich konnte die Aufnahme zweimal nicht in Text umsetzen. Sie liegt unverändert bei Ihren Vorgängen. Bitte tippen Sie den Text, dann geht es gleich weiter."
	case ReasonDraftFailed:
		return "Beim Auswerten Ihrer Nachricht ist bei uns etwas schiefgegangen, auch beim Wiederholen. Sie liegt unverändert bei Ihren Vorgängen. Bitte sagen oder tippen Sie es noch einmal in anderen Worten."
	case ReasonPressFailed:
		return "Ihren Knopfdruck konnte ich auch beim Wiederholen nicht ausführen, das liegt an uns. Verloren ist nichts. Wie der Vorgang jetzt steht, sehen Sie auf der Seite. Bitte tippen Sie dort noch einmal."
	case ReasonWaitsModel:
		return "Ihre Aufnahme ist sicher angekommen und wartet, weil die Spracherkennung noch eingerichtet wird. Verloren geht nichts, es geht danach von selbst weiter. Wer nicht warten mag, tippt den Text."
	case ReasonStale:
		return "Der Entwurf hat sich geändert, seit dieser Knopf kam. Deshalb habe ich ihn nicht ausgeführt, der Entwurf ist unverändert. Bitte nehmen Sie die Knöpfe der neuesten Nachricht."
	case ReasonNotAllowed:
		return "Ausstellen und löschen dürfen in Ihrem Betrieb nur Inhaber und Büro. Der Vorgang ist unverändert da. Bitte geben Sie dort kurz Bescheid."
	case ReasonIncomplete:
		return "Ausgestellt ist noch nichts: Für eine gültige Rechnung fehlt eine Angabe im Entwurf oder in Ihren Stammdaten. Der Entwurf ist unverändert. Wenn Sie den Vorgang öffnen und dort „Ausstellen“ tippen, steht da, welche."
	case ReasonGone:
		return "Dieser Vorgang ist schon gelöscht, bei uns ist nichts mehr davon da. Wenn Sie ihn noch brauchen, sprechen Sie ihn bitte neu auf."
	case ReasonResend:
		return "Der Vertrag zur Auftragsverarbeitung ist jetzt geschlossen. Ihre Sprachnachrichten der letzten sieben Tage hole ich nach. Was Sie geschrieben haben, hatte ich ohne Vertrag nicht gespeichert: Bitte senden Sie es noch einmal."
	case ReasonUnblocked:
		return "Der Zugang Ihres Betriebs ist wieder frei. Ihre Sprachnachrichten der letzten sieben Tage hole ich nach. Was Sie geschrieben haben, hatte ich in der Sperre nicht gespeichert: Bitte senden Sie es noch einmal."
	case ReasonFacts:
		return "Ausgestellt ist noch nichts: Für Ihre erste Rechnung fehlen noch Angaben zum Betrieb, zum Beispiel Steuernummer oder IBAN. Der Entwurf ist unverändert. Bitte tragen Sie sie auf der verlinkten Seite ein; von dort wird die Rechnung auch gleich ausgestellt."
	case ReasonOwner:
		return "Ob Ihr Betrieb Umsatzsteuer ausweist, sagt nur, wer Inhaberin oder Inhaber ist. Der Entwurf ist unverändert. Bitte geben Sie dort kurz Bescheid."
	case ReasonForwarded:
		return "Das war eine weitergeleitete Nachricht. Nachrichten anderer Leute werte ich nicht aus, davon ist nichts übernommen. Bitte sagen Sie mir mit eigenen Worten, worum es geht."
	}
	switch code {
	case ReasonForwardAsk:
		return "Weitergeleitet: Ist das die Nachricht eines Kunden? Bisher ist nichts davon abgeholt. Bitte antworten Sie im Chat mit „Auswerten“ oder „Verwerfen“."
	case ReasonCustomer:
		return "Eine Nachricht Ihres Kunden zu diesem Vorgang. Sie steht bei seinen Worten, am Entwurf hat sie nichts geändert."
	case ReasonForwardDrop:
		return "Weitergeleitet und verworfen, wie Sie es gewählt haben. Davon ist nichts abgeholt und nichts behalten."
	}
	if code == string(NoAgreement) {
		return "Für Ihren Betrieb ist noch kein Vertrag zur Auftragsverarbeitung geschlossen. Deshalb habe ich den Inhalt dieser Nachricht nicht gespeichert. Bitte schließen Sie ihn auf der Seite „Datenschutz“ ab. Sprachnachrichten der letzten sieben Tage hole ich danach von selbst nach, Texte senden Sie bitte noch einmal."
	}
	if code == string(FirmBlocked) {
		return "Der Zugang Ihres Betriebs ist gesperrt. Deshalb habe ich den Inhalt dieser Nachricht nicht gespeichert; was schon da ist, bleibt bis zu seiner Löschfrist. Bitte wenden Sie sich an den Betreiber. Ist der Zugang wieder frei, hole ich Sprachnachrichten der letzten sieben Tage von selbst nach, Texte senden Sie bitte noch einmal."
	}
	if code == string(TooOld) {
		return "Diese Nachricht kam erst mehr als acht Tage nach dem Absenden bei mir an. Ich habe nichts daraus übernommen. Wenn sie noch gilt, senden Sie sie bitte neu."
	}
	return "Mit dieser Nachricht konnte ich nichts anfangen. Ich habe nichts daraus übernommen. Bitte sprechen Sie sie noch einmal auf oder tippen Sie den Text."
}
