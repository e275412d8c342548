package web

import "net/http"

// who says who may call a route.
type who string

const (
	anyone   who = "anyone"  // no session is looked at
	person   who = "person"  // signed in, firm perhaps not chosen yet
	member   who = "member"  // signed in to a firm
	provider who = "channel" // a provider, known by its signature
)

// class chooses the content security policy and the caching of the answer.
type class string

const (
	classPage  class = "page"  // HTML, no-store, script by nonce
	classFile  class = "file"  // download or media, no-store, sandboxed
	classData  class = "data"  // JSON or empty, no-store
	classAsset class = "asset" // public, immutable, content hash in the name
)

// handler serves one route. An error becomes an error page (or a bare status for
// other classes); a handler that has begun to write returns nil.
type handler func(s *server, w http.ResponseWriter, r *http.Request, v *visit) error

// route is a row of the table.
type route struct {
	method  string
	pattern string
	who     who
	tenant  string // path parameter whose row must belong to the session's firm, "" = none
	class   class
	limit   int64 // bytes of body that are read at most
	handler handler
}

// Body limits: forms are small, a webhook batch is at most 3 MB (whatsapp.md §2).
const (
	noBody      = 0
	formBody    = 64 << 10
	webhookBody = 4 << 20
)

// table is everything that is served.
func (s *server) table() []route {
	return []route{
		{"GET", "/{$}", anyone, "", classPage, noBody, (*server).start},
		{"GET", "/stand", member, "", classData, noBody, (*server).startStand},

		{"GET", "/anmelden", anyone, "", classPage, noBody, (*server).signInForm},
		{"POST", "/anmelden", anyone, "", classPage, formBody, (*server).signInRequest},
		{"GET", "/anmelden/code", anyone, "", classPage, noBody, (*server).codeForm},
		{"POST", "/anmelden/code", anyone, "", classPage, formBody, (*server).codeRedeem},
		{"GET", "/anmelden/link", anyone, "", classPage, noBody, (*server).linkForm},
		{"POST", "/anmelden/link", anyone, "", classPage, formBody, (*server).linkRedeem},
		{"GET", "/firma", person, "", classPage, noBody, (*server).firmForm},
		{"POST", "/firma", person, "", classPage, formBody, (*server).firmChoose},
		{"POST", "/abmelden", anyone, "", classPage, formBody, (*server).signOut},

		{"GET", "/v/{case}", member, "case", classPage, noBody, (*server).caseShow},
		{"GET", "/v/{case}/stand", member, "case", classData, noBody, (*server).caseStand},
		{"POST", "/v/{case}/antwort", member, "case", classPage, formBody, (*server).caseAnswer},
		{"POST", "/v/{case}/ausstellen", member, "case", classPage, formBody, (*server).caseIssue},
		{"GET", "/v/{case}/verwerfen", member, "case", classPage, noBody, (*server).discardForm},
		{"POST", "/v/{case}/verwerfen", member, "case", classPage, formBody, (*server).caseDiscard},
		{"GET", "/v/{case}/gespeichert", member, "case", classPage, noBody, (*server).savedForm},
		{"POST", "/v/{case}/gespeichert", member, "case", classPage, formBody, (*server).caseSaved},
		{"POST", "/v/{case}/noch-nicht", member, "case", classPage, formBody, (*server).caseHold},

		{"POST", "/f/{doc}/{file}/download", member, "doc", classPage, formBody, (*server).fileRequest},
		{"GET", "/f/{doc}/{file}", member, "doc", classFile, noBody, (*server).fileSend},
		{"GET", "/m/{message}/clip", member, "message", classFile, noBody, (*server).clip},

		{"GET", "/quittungen", member, "", classPage, noBody, (*server).receiptList},
		{"GET", "/q/{receipt}", member, "receipt", classPage, noBody, (*server).receiptShow},
		{"GET", "/q/{receipt}/stand", member, "receipt", classData, noBody, (*server).receiptStand},
		{"GET", "/q/{receipt}/quittung.json", member, "receipt", classFile, noBody, (*server).receiptSend},

		{"GET", "/webhooks/whatsapp", provider, "", classData, noBody, (*server).webhookVerify},
		{"POST", "/webhooks/whatsapp", provider, "", classData, webhookBody, (*server).webhook},
		{"GET", "/healthz", anyone, "", classData, noBody, (*server).health},
		{"GET", "/static/{file}", anyone, "", classAsset, noBody, (*server).asset},
	}
}
