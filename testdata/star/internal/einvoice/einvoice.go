// Package einvoice is a fixture: a pure package with a wrong arrow.
package einvoice

import _ "feierabend/internal/pdf"
