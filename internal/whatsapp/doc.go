// Package whatsapp is the adapter to Meta's WhatsApp Cloud API: a thin client on
// net/http and the reader of its webhooks.
//
// Webhooks. Parse checks the signature over the raw bytes before anything is
// read, walks all four levels of the batch and never fails because of an
// unknown type, field or a value of another JSON type: what cannot be read is
// left out or becomes InboundUnsupported, so that one odd message never costs
// its 999 neighbours. Statuses and messages are told apart by their key only.
//
// Calls. Media is fetched in two steps; Send, Read, Upload and Delete are one
// call each. Nothing is retried here except one new resolution of a media
// address that has gone: retries belong to jobs. Failed calls are
// *feierabend.ChatError, sorted by Meta's error code, never by HTTP status
// where a code was given.
//
// What it does not do: it stores nothing, logs nothing, and does not filter by
// phone_number_id, since one operator has one number.
package whatsapp
