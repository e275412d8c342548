// Package invoicing turns an approved draft into an issued document.
//
//	FromDraft  pure: draft + profile + number + day → Document, sums as the draft's, to the cent
//	Step       loads the draft, reserves the number, renders XML and PDF, checks and stores
//
// Only invoices are issued so far; offers, reports and part invoices say so. What
// is missing is an Invalid error whose code begins with missing_ and whose Text
// says in German what to do; nothing is guessed. Notes for the law (§ 14b, § 19,
// § 13b UStG, § 35a EStG, § 12 Abs. 3 UStG) are added here by rule.
package invoicing
