// Package pricelist reads and checks what a firm sells at a fixed price: single items as
// they are typed, and whole lists as CSV.
//
//	Decimal, Price    numbers as Germans write them
//	Units, Kinds      the units and kinds of lines that a list may have, with their words
//	Read, Show        an item ↔ the texts of its form
//	ReadFile, Text    a CSV file of any program → rows; what is no list is told apart
//	Recognise         which column holds what; unsure means that a person is asked
//	NewPlan           rows and list → what would be added, changed, removed or refused
//	Write             the list as a file that no spreadsheet runs as a formula
//
// Nothing is guessed: a row that leaves a doubt is refused with a sentence. The package
// keeps and logs nothing.
package pricelist
