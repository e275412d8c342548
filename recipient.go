package feierabend

// ProviderID is the key of a recipient in the registry: "local", "whatsapp", "smtp".
type ProviderID string

// Purpose is what a recipient gets data for.
type Purpose string

// The purposes.
const (
	PurposeSpeech    Purpose = "speech"
	PurposeDrafting  Purpose = "drafting"
	PurposeMessaging Purpose = "messaging"
	PurposeMail      Purpose = "mail"
	PurposeModel     Purpose = "model" // fetching the speech model: no personal data
)

// RecipientClass says in which role a recipient gets data (day-one decision 13).
type RecipientClass string

// The classes of recipients.
const (
	Subprocessor   RecipientClass = "subprocessor"
	OwnServer      RecipientClass = "own_server"
	Firm           RecipientClass = "firm"
	Infrastructure RecipientClass = "infrastructure"
)

// Recipient is a row of the registry: the one place with names and hosts. It is
// the egress allow-list and, from part 4 on, the annex of the agreement.
type Recipient struct {
	ID       ProviderID
	Name     string
	Class    RecipientClass
	Purposes []Purpose
	// Hosts are the exact hosts (or host:port) that may be reached.
	Hosts []string
	// BearerHosts get the credentials; redirects elsewhere go without (day-one decision 13).
	BearerHosts []string
	// Loopback allows plain http to loopback addresses: demo and tests only.
	Loopback bool
}
