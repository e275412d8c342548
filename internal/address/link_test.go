package address_test

import (
	"testing"

	"feierabend/internal/address"
)

func TestHasLink(t *testing.T) {
	for name, want := range map[string]bool{
		"": false, "Deichgrün Haustechnik": false, "Wwwiese & Söhne": false, "Holz: Möbel/Bau": false, "Deichgruen.de": false,
		"http://boese.example": true, "Hier HTTPS://boese.example klicken": true, "x://y": true, "WWW.boese.example": true, "Gewinn: www.boese.example": true,
	} {
		if got := address.HasLink(name); got != want {
			t.Errorf("%q: %v", name, got)
		}
	}
}
