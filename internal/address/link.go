package address

import "strings"

// HasLink says that a name would lead somewhere in a mail: programs make a link of
// "http://…" and of "www.…" by themselves. The name of a firm stands in the mails
// that we send to people who do not know it.
func HasLink(name string) bool {
	name = strings.ToLower(name)
	return strings.Contains(name, "://") || strings.Contains(name, "www.")
}
