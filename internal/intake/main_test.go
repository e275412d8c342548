package intake_test

import (
	"os"
	"testing"

	"feierabend/internal/storetest"
)

// databases are used by one test after the other.
var databases storetest.Databases

func TestMain(m *testing.M) { os.Exit(databases.Main(m)) }
