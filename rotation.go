package feierabend

// MasterKey is one master key as the operator sees it: by its number, never its bytes.
type MasterKey struct {
	ID        int16 `json:"id"`
	Known     bool  `json:"known"`     // it stands in the settings of the process that was asked
	Wraps     bool  `json:"wraps"`     // the process that was asked wraps new data keys with it
	Processes int   `json:"processes"` // living processes that wrap with it
	Keys      int   `json:"keys"`      // data keys that are wrapped by it now
	Unproved  int   `json:"unproved"`  // data keys that it wrapped and whose old form no search has missed yet
}

// Rotation is the outcome of wrapping all data keys anew.
type Rotation struct {
	To       int16  `json:"to"`       // the master key that wraps them all now
	Keys     int    `json:"keys"`     // data keys wrapped anew by this call
	Orphans  int    `json:"orphans"`  // data keys without a case, which open nothing: deleted
	Searched int    `json:"searched"` // old forms that the search looked for, those of broken-off calls too
	Method   string `json:"method"`   // how the database was scrubbed
	Sure     bool   `json:"sure"`     // its files could be searched
	Files    int    `json:"files"`    // files searched
	Bytes    int64  `json:"bytes"`    // bytes searched
	Hits     int    `json:"hits"`     // old forms found
}
