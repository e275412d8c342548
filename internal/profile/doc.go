// Package profile is what a firm says about itself, step by step: letterhead, tax
// numbers, account, prices.
//
//	Step.Values, Save   fields of a form, read and written together, with optimistic locking
//	IBAN, TaxNumber, …  the checks of single values, each with the sentence for the form
//
// A field is a name with the two ways between its text and feierabend.Profile; which
// fields stand together on a page is the pages' business. Nothing is guessed: an empty
// field stays unsaid.
package profile
