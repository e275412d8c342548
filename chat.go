package feierabend

import (
	"fmt"
	"strconv"
	"time"
	"unicode/utf8"
)

// ChatMessage is one outgoing chat message in a form that names no provider.
// One message carries a text, up to three buttons and at most one document.
type ChatMessage struct {
	To      string // E.164 with +; wins over ToBSUID
	ToBSUID string // for people without a known number
	// Text is the body; with a document it stands below it as the caption.
	Text    string
	Buttons []ChatButton
	// AskContact has the chat offer to share the person's own number; without buttons or document.
	AskContact bool
	// DocumentMedia is the id that the channel's Upload gave, "" = no document.
	DocumentMedia string
	DocumentName  string // "RE-2026-0042.pdf"
	ReplyTo       string // the provider's id of the quoted message, "" = none
	Callback      string // comes back in every delivery status: Outbox.Callback
}

// ChatButton is a reply button.
type ChatButton struct {
	ID    string // Button.String
	Title string
}

// Limits of a chat message (WhatsApp Cloud API, messages reference), in characters.
const (
	ChatTextMax     = 4096 // plain text
	ChatBodyMax     = 1024 // body with buttons or a request for the number, and caption of a document
	ChatTitleMax    = 20
	ChatButtonIDMax = 256
	ChatButtonsMax  = 3
	ChatCallbackMax = 512
)

// Check says whether the message keeps the limits; the error is Invalid.
func (m ChatMessage) Check() error {
	limit := ChatTextMax
	if len(m.Buttons) > 0 || m.DocumentMedia != "" || m.AskContact {
		limit = ChatBodyMax
	}
	n := utf8.RuneCountInString(m.Text)
	switch {
	case m.To == "" && m.ToBSUID == "":
		return chatInvalid("no recipient")
	case m.To != "" && m.To[0] != '+':
		return chatInvalid("recipient without +")
	case n > limit:
		return chatInvalid(fmt.Sprintf("text of %d characters, %d allowed", n, limit))
	case n == 0 && (len(m.Buttons) > 0 || m.DocumentMedia == ""):
		return chatInvalid("no text")
	case m.AskContact && (n == 0 || len(m.Buttons) > 0 || m.DocumentMedia != ""):
		return chatInvalid("a request for the number goes with a text alone")
	case len(m.Buttons) > ChatButtonsMax:
		return chatInvalid(fmt.Sprintf("%d buttons", len(m.Buttons)))
	case len(m.Callback) > ChatCallbackMax:
		return chatInvalid("callback too long")
	}
	seen := map[string]bool{}
	for _, b := range m.Buttons {
		t := utf8.RuneCountInString(b.Title)
		if t == 0 || t > ChatTitleMax || b.ID == "" || len(b.ID) > ChatButtonIDMax || seen[b.ID] || seen["title:"+b.Title] {
			return chatInvalid(fmt.Sprintf("button title of %d, id of %d characters, or one of them twice", t, len(b.ID)))
		}
		seen[b.ID], seen["title:"+b.Title] = true, true
	}
	return nil
}

func chatInvalid(why string) error {
	return &Error{Kind: Invalid, Code: "chat_message", Err: fmt.Errorf("chat message: %s", why)}
}

// MediaInfo is what a channel tells about a file before it is fetched.
type MediaInfo struct {
	ID     string // the provider's media id: Download resolves it again when the address has expired
	URL    string // short-lived address (WhatsApp: 5 minutes)
	Type   string // MIME type as announced, parameters included
	SHA256 string // hex or base64 as announced, "" = not said
	Size   int64  // bytes as announced, 0 = not said
}

// ChatError is a failed call to a chat provider. It unwraps to an *Error, so
// KindOf, CodeOf and TextOf work on it; delivery decides by the fields.
type ChatError struct {
	Code int // the provider's error code, 0 = none was given
	// Retry: the same call may succeed later, not before After.
	Retry bool
	After time.Duration
	// Lost: the request was sent and no answer came. It may have been accepted:
	// wait for a status with the callback before sending again.
	Lost bool
	// Window: the 24-hour window is closed; only another way (mail, page) helps.
	Window bool
	// Park: an operator must act (token, payment, restriction); keep the queue.
	Park bool
	// Media: the file is gone or unusable at the provider.
	Media bool
	Err   *Error
}

func (e *ChatError) Error() string {
	s := "chat " + strconv.Itoa(e.Code)
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

// Unwrap gives the *Error for people and logs.
func (e *ChatError) Unwrap() error {
	if e.Err == nil {
		return nil
	}
	return e.Err
}
