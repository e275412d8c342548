// Package feierabend is the ground floor: the nouns, states and pure rules that
// every other package shares. It imports the standard library only and knows
// neither HTTP nor SQL nor the file system.
//
// The flow, in ten lines:
//
//	webhook   an Inbound message of a linked sender opens a Case with its own key   (store.Receive)
//	fetch     the voice note's bytes are downloaded and sealed                      (intake)
//	transcribe audio becomes a Transcript: words with times and probabilities      (transcription)
//	draft     the transcript becomes a Draft: values with Evidence, and questions   (drafting)
//	send      one chat message tells the sender what is there and what is asked     (delivery)
//	answer    button, text or voice: a new version of the draft                     (drafting)
//	issue     an approved draft becomes a Document: number, PDF/A-3, EN 16931 XML    (invoicing)
//	download  the firm fetches the file; the countdown starts                       (delivery)
//	confirm   "gespeichert": rows and key go, the database is scrubbed and searched  (erasure)
//	receipt   an ErasureReceipt, signed, without content, is what remains
//
// The nouns:
//
//	Tenant    the craft firm that signs up (controller)       tenant.go
//	User      a person who signs in                            user.go
//	Profile   rates, price list, letterhead of a tenant        profile.go
//	SenderLink ties a WhatsApp identity to a person            sender.go
//	Case      messages, transcript, draft and document that are erased together; owns one data key
//	Message, Transcript, Draft, Document                       the stages, a type each
//	Job       what runs next: a kind, a tenant, one id         job.go
//	ErasureReceipt, ProcessingAgreement, Recipient             what the law asks for
package feierabend
