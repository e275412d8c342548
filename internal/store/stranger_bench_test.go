package store_test

import (
	"context"
	"fmt"
	"testing"

	"feierabend"
	"feierabend/internal/storetest"
)

// BenchmarkStrangers is a text of a number that nobody has linked, each from another one,
// where a thousand Kundenlinks have been used: a counter is written, and the read that
// tells most strangers from those who concern us (decision 0044).
func BenchmarkStrangers(b *testing.B) {
	for _, e := range storetest.Engines(b) {
		b.Run(e.Name, func(b *testing.B) {
			st := storetest.Open(b, e.DSN(b), storetest.NewClock())
			a, _ := storetest.Seed(b, st)
			must(b, st.SetCustomers(context.Background(), a.Tenant.ID, feierabend.CustomerVoices{Links: true}, a.Owner))
			for n := range 1000 {
				code := feierabend.LinkCode([]byte(fmt.Sprintf("%09d code", n*7919)))
				c := kundenlink(st.Now(), a, "")
				must(b, st.AddCustomerLink(context.Background(), a.Tenant.ID, c, code))
				heard(b, st, kunde(st, fmt.Sprintf("+4917200%06d", n), withCode(code), "", c))
			}
			cpu := used()
			b.ResetTimer()
			for n := range b.N {
				in := kunde(st, fmt.Sprintf("+4917100%06d", n), "Guten Tag, haben Sie morgen Zeit?", "", feierabend.CustomerLink{})
				in.BSUID = fmt.Sprintf("DE.%d", n)
				if got := heard(b, st, in); got.Code != feierabend.UnknownSender {
					b.Fatalf("%+v", got)
				}
			}
			b.StopTimer()
			b.ReportMetric(float64((used()-cpu).Microseconds())/float64(b.N), "cpu-µs/stranger")
		})
	}
}
