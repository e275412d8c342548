package main

import _ "time/tzdata" // Europe/Berlin also where the machine has no zone files
