package feierabend

// CustomerVoices are a firm's instructions about its customers' own words: all off
// until the owner switches them on (journeys.md §3).
type CustomerVoices struct {
	Forwarded bool // members may forward what customers sent them (J-20)
}

// ForwardChoice is what a member wants done with what they forward.
type ForwardChoice string

// The choices; the first answer in the chat is remembered.
const (
	ForwardTake ForwardChoice = "take" // Auswerten
	ForwardDrop ForwardChoice = "drop" // Verwerfen
)
