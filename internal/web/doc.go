// Package web is the edge that people and Meta see: the dashboard in German, the
// webhook of the WhatsApp Cloud API and the health page.
//
// Everything that is served stands in one table (route.go): method, pattern, who
// may call it, whose row the path names, its content-security class and its body
// limit. Nothing outside the table is served, and tests walk over it.
//
// Rules that hold everywhere:
//   - GET and HEAD change nothing (AUTH-03, WEB-01). Every change is a POST that
//     answers 303, guarded by http.CrossOriginProtection as the outermost handler.
//   - Every page works without JavaScript; the one small script (static/app.js)
//     only saves a page load: it plays the tapped second and looks for news.
//   - A foreign id and an absent id get the same 404, byte for byte (TEN).
//   - No content in URLs or logs: ids and codes only. Pages are never cached.
//   - Pages are rendered into a buffer first and then sent, so a fault in a
//     template is a clean error page and never half an invoice.
//
// What it does not do: decide. Reading goes to the store, acts go to the steps.
package web
