// Package intake is a fixture: a step that reaches into the store.
package intake

import _ "feierabend/internal/store"
