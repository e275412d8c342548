// Package secret holds values that nobody may see, and the sealed form in which they
// stand in environment variables (KEY-01 to KEY-04).
//
// A sealed value is `NAME=age:<base64 of an age file>`. The plaintext of the age file
// is `NAME\0value`: a value is bound to its name, so that two settings cannot change
// places. The header of the age file names the day of sealing in a stanza of its own
// (`-> feierabend.sealed 2026-11-24`); it is covered by the header's MAC, and any age
// program passes over it: `age -d` opens the file.
//
// The package reads no environment, no file and no clock. It does not erase memory:
// a process that can be read from outside gives its secrets away.
//
// Compatible for ever: the prefix, the plaintext and the stanza; docs/vectors/sealed.json.
package secret
