package feierabend

// LegalForm is how a firm is constituted; it decides what must stand on its letters.
type LegalForm string

// The legal forms that a craft firm of up to 20 people has.
const (
	FormSole        LegalForm = "einzelunternehmen"
	FormMerchant    LegalForm = "ek"
	FormGbR         LegalForm = "gbr"
	FormEGbR        LegalForm = "egbr"
	FormOHG         LegalForm = "ohg"
	FormKG          LegalForm = "kg"
	FormGmbHCoKG    LegalForm = "gmbh_co_kg"
	FormGmbH        LegalForm = "gmbh"
	FormUG          LegalForm = "ug"
	FormAG          LegalForm = "ag"
	FormCooperative LegalForm = "eg"
)

// LegalForms lists them as a form offers them, most frequent first.
func LegalForms() []LegalForm {
	return []LegalForm{FormSole, FormGmbH, FormGbR, FormUG, FormMerchant, FormGmbHCoKG, FormOHG, FormKG, FormEGbR, FormAG, FormCooperative}
}

// German names the form; "" for one that is not known.
func (f LegalForm) German() string {
	switch f {
	case FormSole:
		return "Einzelunternehmen"
	case FormMerchant:
		return "Eingetragener Kaufmann (e. K.)"
	case FormGbR:
		return "GbR"
	case FormEGbR:
		return "Eingetragene GbR (eGbR)"
	case FormOHG:
		return "OHG"
	case FormKG:
		return "KG"
	case FormGmbHCoKG:
		return "GmbH & Co. KG"
	case FormGmbH:
		return "GmbH"
	case FormUG:
		return "UG (haftungsbeschränkt)"
	case FormAG:
		return "AG"
	case FormCooperative:
		return "Genossenschaft (eG)"
	}
	return ""
}

// Registered says that court and register number stand on business letters
// (§ 37a, § 125 HGB, § 35a GmbHG, § 80 AktG, § 25a GenG, § 707b BGB).
func (f LegalForm) Registered() bool {
	return f.German() != "" && f != FormSole && f != FormGbR
}

// Represented says that the letter also names who manages the firm (§ 35a GmbHG,
// § 80 AktG, § 25a GenG; of a GmbH & Co. KG its GmbH with its managers, § 177a HGB).
func (f LegalForm) Represented() bool {
	switch f {
	case FormGmbH, FormUG, FormGmbHCoKG, FormAG, FormCooperative:
		return true
	}
	return false
}
