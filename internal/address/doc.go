// Package address reads what people type where they can be reached: e-mail
// addresses and phone numbers, each to the one form in which it is compared.
//
// It says whether a form can be right, not whether somebody answers there: that
// is proved by a mail or a message. Own corpora with the expected result of each
// line stand in testdata (T-09).
package address
