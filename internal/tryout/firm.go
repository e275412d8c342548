package tryout

import (
	_ "embed"
	"encoding/json"
	"fmt"

	"feierabend"
)

//go:embed firm.json
var firm []byte

// SampleFirm is the firm for which strangers dictate: its prices and its letterhead
// are made up and say so.
func SampleFirm() (p feierabend.Profile, err error) {
	if err := json.Unmarshal(firm, &p); err != nil {
		return p, fmt.Errorf("read sample firm: %w", err)
	}
	return p, nil
}
