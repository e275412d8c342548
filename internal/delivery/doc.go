// Package delivery tells people what is there and hands documents out. Send
// works the outbox off: the row says what is to be told, the words are made at
// send time from sealed data (design §4.1), so nothing stale goes out and no row
// holds content. Download, Hold and Forget keep the countdown of J-31.
//
// One message per step: a bot message costs money, and nobody reads two where
// one serves. Each kind has a pure render function (render_*.go); the German
// words of failures are those of feierabend.ReasonText, the same as on pages.
package delivery
