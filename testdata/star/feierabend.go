// Package feierabend is a fixture: a ground floor that knows HTTP.
package feierabend

import _ "net/http"
