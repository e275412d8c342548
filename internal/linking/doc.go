// Package linking ties WhatsApp numbers to people of a firm, by inbound proof
// (whatsapp.md §9.2, OTP-01): the page shows a code, the person sends it from the
// number, answers a question in the chat, and the number is theirs.
//
// The code is worked out of the session's own token and the challenge's id, so that
// only the browser that asked can show it, as often as it likes, while nothing but a
// keyed hash is stored. What arrives in the chat is taken by the store, before the
// provider gets its 200; this package asks, answers and tells.
//
// The second way, a code of six digits that we send (OTP-02 … OTP-04), has its rules
// in the step-up of the package that signs people in; nothing here sends one.
package linking
