package feierabend

// Mail is one message to one person, as a step asks for it. Headers are made by
// the adapter; no field may hold a line break except the bodies.
type Mail struct {
	To      string // one address
	Subject string
	Text    string // plain text, the whole message
	HTML    string // the same message for programs that show HTML
}

// LogValue hides the content.
func (m Mail) LogValue() string { return "mail" }
