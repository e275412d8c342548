// Package registration lets a firm in that nobody has invited (contract S2): a form
// becomes an application, and the application becomes a firm with its owner once
// the mail to the given address is answered in the asking browser.
//
// Known and unknown addresses get the same answer and the same work (AUTH-06); the
// mail tells the one from the other. The rules of the form are pure (form.go,
// place.go) and know no store.
//
// The terms of use and the processing agreement are concluded in the first session
// (contract.go). While there is no text for them, nobody can register.
//
// What it does not do: HTTP, cookies and limits per IP address are web's; token,
// code and session are signin's.
package registration
