package main

import (
	"context"
	"net/http"

	"feierabend"
	"feierabend/internal/outbound"
)

// outside is what the service takes from the world around it, besides the time, which
// the store has: chance and the providers. A field left empty is the real thing; the
// simulation of a week sets them all, so that one seed decides everything.
type outside struct {
	newID  func() string
	chat   chatLine
	mail   postman
	speech recogniser // nil = the local engine
}

// chatLine carries the calls of the chat provider's API.
type chatLine interface {
	Do(ctx context.Context, t feierabend.TenantID, id feierabend.ProviderID, req *http.Request) (*http.Response, error)
}

// postman sends mails.
type postman interface {
	Send(ctx context.Context, t feierabend.TenantID, m feierabend.Mail) error
}

// recogniser turns speech into text.
type recogniser interface {
	Transcribe(context.Context, []byte, feierabend.RecognitionOptions) (feierabend.Recognition, error)
}

// orReal fills in what is empty.
func (o outside) orReal(cfg config, out *outbound.Client) (outside, error) {
	if o.newID == nil {
		o.newID = feierabend.NewID
	}
	if o.chat == nil {
		o.chat = out
	}
	var err error
	if o.mail == nil {
		o.mail, err = mailer(cfg, out)
	}
	return o, err
}
