// Package drafting turns what was said or typed into a draft, and answers and
// corrections into new versions of it (design §4.1–§4.3).
//
// A message takes the first way that fits:
//
//	command    Hilfe, Status, Löschen, Mensch, Stopp                  command.go
//	button     the typed title of a button: „Ausstellen“, „Passt so“  command.go
//	answer     it answers the question that was asked last            join.go
//	correction it changes the draft that is open                      join.go
//	addition   more lines for it, within minutes                      join.go
//	dictation  a new draft in a case of its own                       run.go
//
// Whatever engine reads the words, the same rules hold afterwards: every number
// is read again in its evidence, sums and questions are worked out here, and a
// value without evidence becomes a question (check.go). Buttons and pages change
// a draft by path and value (set.go).
//
// The step does not issue documents and sends nothing itself: it leaves outbox
// rows whose words delivery makes.
package drafting
