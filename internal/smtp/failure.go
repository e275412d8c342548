package smtp

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/textproto"
	"strings"

	gomail "github.com/wneessen/go-mail"

	"feierabend"
)

// Codes of failures, as the operator sees them in the queue and in `feierabend doctor`.
// An error of Options.Dial keeps its own.
const (
	codeRefused = "mail_refused" // 5xx for this recipient or this text: final
	codeLater   = "mail_later"   // 4xx: greylisting, full, busy
	codeSender  = "mail_sender"  // 5xx for our sender address: a matter of settings
	codeAuth    = "mail_auth"    // user or password refused, or no way to sign in offered
	codeTLS     = "mail_tls"     // no STARTTLS, or a certificate that proves nothing
	codeTimeout = "mail_timeout" // too slow or silent
	codeLost    = "mail_lost"    // the connection broke; the mail may be there all the same
	codeServer  = "mail_server"  // anything else that is no conversation in SMTP
)

// failure keeps code and reply number and drops the words, which may hold the address.
func (l *line) failure(ctx context.Context, err error) error {
	var own *feierabend.Error
	if errors.As(l.refused, &own) {
		return l.refused
	}
	reply := replyOf(err)
	out := &feierabend.Error{Kind: feierabend.Unavailable, Code: l.code(ctx, err, reply)}
	switch {
	case reply != 0:
		out.Err = fmt.Errorf("reply %d", reply)
	case ctx.Err() != nil:
		out.Err = ctx.Err()
	}
	if out.Code == codeRefused {
		return feierabend.Permanent(out)
	}
	return out
}

func (l *line) code(ctx context.Context, err error, reply int) string {
	var send *gomail.SendError
	switch {
	case reply >= 400 && reply < 500:
		return codeLater
	case errors.As(err, &send) && reply >= 500 && reply < 600:
		if send.Reason == gomail.ErrSMTPMailFrom {
			return codeSender
		}
		return codeRefused
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return codeTimeout
	case l.refused != nil, send != nil:
		return codeLost
	case l.insecure || insecure(err):
		return codeTLS
	case errors.Is(err, gomail.ErrNoSupportedAuthDiscovered) || strings.Contains(err.Error(), "SMTP AUTH"): // the library has no value for the others
		return codeAuth
	case reply == 0 && l.broken() && !errors.As(err, new(textproto.ProtocolError)):
		return codeLost
	}
	return codeServer
}

func replyOf(err error) int {
	var send *gomail.SendError
	if errors.As(err, &send) {
		return send.ErrorCode()
	}
	var proto *textproto.Error
	if errors.As(err, &proto) {
		return proto.Code
	}
	return 0
}

// insecure says that the connection could not be secured.
func insecure(err error) bool {
	var certificate *tls.CertificateVerificationError
	var header tls.RecordHeaderError
	var alert tls.AlertError
	var unknown x509.UnknownAuthorityError
	return errors.As(err, &certificate) || errors.As(err, &header) || errors.As(err, &alert) || errors.As(err, &unknown) || strings.Contains(err.Error(), "STARTTLS")
}
