package feierabend

// Asking says where a wish for a mail to sign in comes from. What it holds is counted
// and compared; of Network and Known only keyed hashes are stored.
type Asking struct {
	BindHash []byte // SHA-256 of the browser's binding cookie (AUTH-04)
	Browser  string // User-Agent header
	Network  string // "203.0.113.7/32"; "" = none is known
	Known    string // cookie of a browser in which somebody has signed in before; "" = none
}
