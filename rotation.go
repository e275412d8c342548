package feierabend

// MasterKey is one master key as the operator sees it: by its number, never its bytes.
type MasterKey struct {
	ID        int16
	Known     bool // it stands in the settings of the process that was asked
	Wraps     bool // the process that was asked wraps new data keys with it
	Processes int  // living processes that wrap with it
	Keys      int  // data keys that are wrapped by it now
	Unproved  int  // data keys that it wrapped and whose old form no search has missed yet
}

// Rotation is the outcome of wrapping all data keys anew.
type Rotation struct {
	To       int16  // the master key that wraps them all now
	Keys     int    // data keys wrapped anew by this call
	Orphans  int    // data keys without a case, which open nothing: deleted
	Searched int    // old forms that the search looked for, those of broken-off calls too
	Method   string // how the database was scrubbed
	Sure     bool   // its files could be searched
	Files    int    // files searched
	Bytes    int64  // bytes searched
	Hits     int    // old forms found
}
