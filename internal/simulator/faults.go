package simulator

// Faults are what can go wrong on the way. The zero value is a quiet day.
type Faults struct {
	Duplicate     bool `json:"duplicate"`      // every delivery comes twice, at the same time
	Reorder       bool `json:"reorder"`        // deliveries of one moment arrive in the wrong order
	Hold          bool `json:"hold"`           // nothing is delivered; it waits and comes afterwards
	Batch         int  `json:"batch"`          // so many changes come in one delivery, at most 1000
	Forge         bool `json:"forge"`          // before each delivery comes a changed copy with a wrong signature
	Unsigned      bool `json:"unsigned"`       // deliveries carry no signature at all
	MediaLate     bool `json:"media_late"`     // every media address answers 404 the first time
	MediaBusy     int  `json:"media_busy"`     // so many downloads answer 503
	GraphBusy     bool `json:"graph_busy"`     // the Graph API answers 503
	LostAnswer    int  `json:"lost_answer"`    // so many accepted messages get no answer
	SkipDelivered bool `json:"skip_delivered"` // "read" comes without "delivered"
	Revoked       bool `json:"revoked"`        // the token is no longer valid
	LooseAgent    bool `json:"loose_agent"`    // the media host takes any User-Agent
}

// SetFaults replaces all faults.
func (s *Simulator) SetFaults(f Faults) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = f
	s.signal()
	s.wakeUp()
}

// Faults gives the faults that are on.
func (s *Simulator) Faults() Faults {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.faults
}
