// Package transcription is the step that turns the recording of a message into a
// Transcript, or into a clear outcome: no speech, not German, not readable.
//
// Run is the job handler: it reads the sealed audio, keeps the limits, asks the
// speech engine and stores transcript and next job in one transaction. Without a
// model the message waits and says so once; two failed tries end with "bitte
// abtippen" and the recording kept.
//
// Judge holds the guards of speech.md §6.2, §6.3 and §6.5 as a pure function: what
// is known to be invented is dropped, what is doubtful is marked, nothing is
// corrected. Speech that is only quiet or unclear is marked rather than dropped.
// Amounts and names are checked later, by drafting and by people.
package transcription
