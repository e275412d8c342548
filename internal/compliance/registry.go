package compliance

import (
	"slices"
	"time"

	"feierabend"
)

// The keys of the recipients.
const (
	Local    feierabend.ProviderID = "local"    // our own engines on this host
	WhatsApp feierabend.ProviderID = "whatsapp" // Meta's Cloud API, or the simulator in demo
	Mail     feierabend.ProviderID = "smtp"     // the operator's mail provider
	Models   feierabend.ProviderID = "models"   // where the speech model is fetched from
)

// Registry is the list of recipients that the running configuration can reach.
type Registry []feierabend.Recipient

// Settings say which recipients a configuration has. The zero value is a service
// with local engines only, that reaches nobody.
type Settings struct {
	// WhatsApp: the chat is configured.
	WhatsApp bool
	// Simulator are the host:port pairs that stand in for Meta in demo and tests,
	// on loopback only; empty = Meta itself.
	Simulator []string
	// SMTP is host:port of the mail server, "" = no mail.
	SMTP string
	// SMTPName is the mail provider's legal name as the operator states it.
	SMTPName string
	// SMTPLoopback: the mail server is on this host (demo and tests).
	SMTPLoopback bool
	// Models: the speech model may be fetched from upstream.
	Models bool
}

// Meta's hosts (whatsapp.md §3): the token goes to the exact hosts of the API and
// the media host only, never to the content networks that they redirect to.
var (
	metaHosts  = []string{"graph.facebook.com", "lookaside.fbsbx.com", "*.fbsbx.com", "*.fbcdn.net", "*.whatsapp.net"}
	metaBearer = []string{"graph.facebook.com", "lookaside.fbsbx.com"}
	modelHosts = []string{"huggingface.co", "cdn-lfs.huggingface.co", "*.hf.co"}
)

// NewRegistry lists the recipients of a configuration, each once, in fixed order.
func NewRegistry(s Settings) Registry {
	r := Registry{{
		ID: Local, Name: "Dieser Server", Class: feierabend.OwnServer,
		Purposes: []feierabend.Purpose{feierabend.PurposeSpeech, feierabend.PurposeDrafting},
	}}
	if s.WhatsApp {
		r = append(r, whatsAppRow(s.Simulator))
	}
	if s.SMTP != "" {
		name := s.SMTPName
		if name == "" {
			name = "E-Mail-Anbieter des Betreibers"
		}
		class := feierabend.Subprocessor
		if s.SMTPLoopback {
			class = feierabend.OwnServer
		}
		r = append(r, feierabend.Recipient{
			ID: Mail, Name: name, Class: class, Purposes: []feierabend.Purpose{feierabend.PurposeMail},
			Hosts: []string{s.SMTP}, Loopback: s.SMTPLoopback,
		})
	}
	if s.Models {
		r = append(r, feierabend.Recipient{
			ID: Models, Name: "Hugging Face (Sprachmodell, ohne personenbezogene Daten)", Class: feierabend.Infrastructure,
			Purposes: []feierabend.Purpose{feierabend.PurposeModel}, Hosts: modelHosts[:len(modelHosts):len(modelHosts)],
		})
	}
	return r
}

func whatsAppRow(simulator []string) feierabend.Recipient {
	row := feierabend.Recipient{
		ID: WhatsApp, Name: "Meta Platforms Ireland Ltd. (WhatsApp)", Class: feierabend.Subprocessor,
		Purposes: []feierabend.Purpose{feierabend.PurposeMessaging},
		Hosts:    append([]string(nil), metaHosts...), BearerHosts: append([]string(nil), metaBearer...),
	}
	if len(simulator) > 0 {
		row.Name, row.Class, row.Loopback = "WhatsApp-Simulator auf diesem Rechner", feierabend.OwnServer, true
		row.Hosts = append([]string(nil), simulator...)
		row.BearerHosts = append([]string(nil), simulator...)
	}
	return row
}

// Recipient gives the row of an id; ok is false where nobody has it.
func (r Registry) Recipient(id feierabend.ProviderID) (row feierabend.Recipient, ok bool) {
	for _, row := range r {
		if row.ID == id {
			return row, true
		}
	}
	return feierabend.Recipient{}, false
}

// For lists the recipients that serve a purpose.
func (r Registry) For(p feierabend.Purpose) []feierabend.ProviderID {
	var ids []feierabend.ProviderID
	for _, row := range r {
		for _, q := range row.Purposes {
			if q == p {
				ids = append(ids, row.ID)
				break
			}
		}
	}
	return ids
}

// phone is the key of the copy on the person's own phone: no recipient of ours,
// but an honest receipt names it (J-10).
const phone = "phone"

// metaKeeps is how long Meta holds chat messages at most (whatsapp.md §7).
const metaKeeps = 30 * 24 * time.Hour

// Copies names, for a receipt, where copies may still be after an erasure and
// until when: last is when the last message of the case came or went, at the
// latest the moment of the erasure, which is the safe value. A copy without an
// end is the person's own.
func (r Registry) Copies(channels []string, last time.Time) []feierabend.ResidualCopy {
	var out []feierabend.ResidualCopy
	if !slices.Contains(channels, string(WhatsApp)) {
		return nil
	}
	if row, ok := r.Recipient(WhatsApp); ok && row.Class == feierabend.Subprocessor {
		out = append(out, feierabend.ResidualCopy{Recipient: string(WhatsApp), Until: last.Add(metaKeeps)})
	}
	return append(out, feierabend.ResidualCopy{Recipient: phone})
}

// Name says whom a key of the registry or of a receipt means.
func (r Registry) Name(key string) string {
	if key == phone {
		return "Ihr Telefon (Chat und gespeicherte Dateien)"
	}
	if row, ok := r.Recipient(feierabend.ProviderID(key)); ok {
		return row.Name
	}
	return key
}
