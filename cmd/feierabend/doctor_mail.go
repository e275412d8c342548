package main

import "feierabend"

// mails says which mails did not go out, by code and without an address.
func (r report) mails(v feierabend.QueueView) {
	for _, e := range v.MailFailures() {
		switch {
		case e.OfSettings():
			r.finding("Mails gehen nicht hinaus: %d warten (%s, %s). FEIERABEND_SMTP_* und das Zertifikat des Mailservers prüfen; danach gehen sie von selbst.", e.Jobs, e.Kind, e.Code)
		case e.Code == "mail_refused":
			r.note("%d Mails hat der Mailserver des Empfängers abgelehnt (%s, %s). Sie werden nicht noch einmal versucht.", e.Jobs, e.Kind, e.Code)
		case e.Code == "mail_late":
			r.finding("%d Mails gingen nicht rechtzeitig hinaus (%s, %s). War der Mailserver weg?", e.Jobs, e.Kind, e.Code)
		default:
			r.note("%d Mails sind noch nicht hinausgegangen (%s, %s). Sie werden von selbst wieder versucht.", e.Jobs, e.Kind, e.Code)
		}
	}
}
