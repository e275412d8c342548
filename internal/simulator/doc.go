// Package simulator stands in for Meta's WhatsApp Cloud API, for the phone of the
// person who dictates and for a mailbox: in the demo, in tests and as a process
// of its own (feierabend simulate whatsapp).
//
// One http.Handler serves
//
//	/vNN.N/…                      the Graph API: messages, read marks, media    graph*.go
//	/whatsapp_business/…          the media host with addresses of 5 minutes    mediahost.go
//	/                             the phone in the browser                      page*.go
//	/postfach                     the mails that ServeSMTP received             inbox.go
//	/sim/v1/…                     the same for scripts                          api.go
//
// and Run sends the webhooks: signed over ASCII-escaped JSON exactly as Meta
// does, repeated until the answer is 200, with faults that can be switched on.
//
// For scripts (all answers JSON unless said otherwise; phone is E.164 or 1, 2 …):
//
//	POST /sim/v1/voice?phone=&note=shk-05.ogg        sends a shipped note → {"id":"wamid.…"}
//	POST /sim/v1/voice?phone=&title=  (body: audio)  sends the body (Ogg/Opus, or WebM/Opus, which is remuxed)
//	POST /sim/v1/text   phone=&text=                 sends a text; forwarded=1, also with a shipped note: as forwarded
//	POST /sim/v1/press  phone=&button=               presses a button by id or title, the newest that shows it
//	GET  /sim/v1/chat?phone=&wait=30s&since=N        {"version":N,"typing":false,"bubbles":[…]}; wait holds the answer until version > N
//	GET  /sim/v1/file?phone=&id=b7                   the bytes of a document or note
//	GET  /sim/v1/notes                               the shipped notes
//	GET  /sim/v1/mails?wait=30s&since=N              {"version":N,"mails":[…]}, newest first
//	POST /sim/v1/faults duplicate=on&…               sets all faults; absent = off (names: Faults)
//	POST /sim/v1/clock  skip=24h                     moves the simulator's clock
//	GET  /sim/v1/settings                            the made-up credentials and the mailbox's address
//	POST /sim/v1/connect webhook=                    registers a webhook
//
// It keeps everything in memory, imports no adapter, and dials only loopback and
// private addresses: never a real provider. The simulated clock moves windows and
// expiries; the times in webhooks are real ones, since the product has its own clock.
package simulator
