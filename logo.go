package feierabend

// Logo is the firm's picture on letters, as it was made from an uploaded file: flattened
// on white, without any metadata.
type Logo struct {
	Width, Height int    // pixels
	Pixels        []byte // zlib stream of 3 bytes a pixel, red, green, blue: as PDF takes it
	PNG           []byte // the same picture for pages
}

// LogValue says that there is one.
func (l Logo) LogValue() string { return "logo" }
