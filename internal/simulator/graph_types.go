package simulator

// outMessage is the body of POST /{version}/{phone_number_id}/messages; unknown
// fields are refused, as Meta does.
type outMessage struct {
	Product       string          `json:"messaging_product"`
	RecipientType string          `json:"recipient_type"`
	To            string          `json:"to"`
	Recipient     string          `json:"recipient"`
	Type          string          `json:"type"`
	Context       *outContext     `json:"context"`
	Callback      string          `json:"biz_opaque_callback_data"`
	IdentityKey   string          `json:"recipient_identity_key_hash"`
	Text          *outText        `json:"text"`
	Document      *outDocument    `json:"document"`
	Interactive   *outInteractive `json:"interactive"`
	Reaction      *outReaction    `json:"reaction"`
	Status        string          `json:"status"`
	MessageID     string          `json:"message_id"`
	Typing        *outTyping      `json:"typing_indicator"`
}

type outContext struct {
	MessageID string `json:"message_id"`
}

type outText struct {
	Preview bool   `json:"preview_url"`
	Body    string `json:"body"`
}

type outDocument struct {
	ID       string `json:"id"`
	Link     string `json:"link"`
	Filename string `json:"filename"`
	Caption  string `json:"caption"`
}

type outReaction struct {
	MessageID string `json:"message_id"`
	Emoji     string `json:"emoji"`
}

type outTyping struct {
	Type string `json:"type"`
}

type outInteractive struct {
	Type   string     `json:"type"`
	Header *outHeader `json:"header"`
	Body   *struct {
		Text string `json:"text"`
	} `json:"body"`
	Footer *struct {
		Text string `json:"text"`
	} `json:"footer"`
	Action *struct {
		Name    string `json:"name"`
		Buttons []struct {
			Type  string `json:"type"`
			Reply Button `json:"reply"`
		} `json:"buttons"`
	} `json:"action"`
}

type outHeader struct {
	Type     string       `json:"type"`
	Text     string       `json:"text"`
	Document *outDocument `json:"document"`
}
