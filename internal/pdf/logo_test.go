package pdf_test

import (
	"bytes"
	"strings"
	"testing"

	"feierabend"
	"feierabend/internal/pdf"
)

// TestLogoOnTheLetter: the picture is an object of the file, carries its alternative text,
// and stands on the first page only; without one nothing of it is there.
func TestLogoOnTheLetter(t *testing.T) {
	r, err := pdf.New()
	if err != nil {
		t.Fatal(err)
	}
	d := feierabend.Document{Kind: feierabend.KindInvoice, Number: "RE-1", IssuedOn: "2026-02-10", Seller: feierabend.Party{Name: strings.Repeat("Haustechnik ", 9)}, Buyer: feierabend.Party{Name: "Petersen"}}
	d.Compute()
	plain, err := r.Render(d, nil)
	if err != nil || bytes.Contains(plain, []byte("/Subtype/Image")) {
		t.Errorf("without a logo: %v", err)
	}
	d.Logo = &feierabend.Logo{Width: 40, Height: 20, Pixels: []byte("zlib")}
	with, err := r.Render(d, nil)
	if err != nil || bytes.Count(with, []byte("/Subtype/Image/Width 40/Height 20/ColorSpace/DeviceRGB")) != 1 || !bytes.Contains(with, []byte("/XObject<</Logo")) {
		t.Errorf("with a logo: %v", err)
	}
	if again, err := r.Render(d, nil); err != nil || !bytes.Equal(with, again) {
		t.Errorf("same input, other bytes: %v", err)
	}
}
