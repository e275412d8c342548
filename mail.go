package feierabend

// Mail is one message to one person, as a step asks for it. Headers are made by
// the adapter; no field may hold a line break except the bodies.
type Mail struct {
	To      string // one address
	Subject string
	Text    string // plain text, the whole message
	HTML    string // the same message for programs that show HTML
	// Ref names the mail: two with the same name are one sent twice, and mail programs
	// show one. "" = it is sent once.
	Ref string
	// Off is the page that ends mails of this kind, also for a mail program's own button
	// (RFC 8058); "" = they cannot be ended.
	Off string
}

// LogValue hides the content.
func (m Mail) LogValue() string { return "mail" }
