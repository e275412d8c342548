// Package outbound is the one way out: every call of the product to another
// system goes through its Client (security OUT-01 … OUT-03).
//
// What it enforces, before and while dialling:
//
//   - the allow-list: only hosts of the registry row that the caller names
//   - https on the default port; plain http only to loopback for demo and tests,
//     and to private addresses for the operator's own servers
//   - redirects by hand, at most three, each checked like a first request;
//     credentials never follow to another host
//   - the address that is really dialled (after DNS): public unicast only, so a
//     name that resolves to 169.254.169.254 or 10.0.0.1 is refused
//   - no proxy from the environment, a deadline on every call, HTTP/1.1 only
//
// It does not cap bodies: the caller knows its limit and reads with
// io.LimitReader. It does not retry.
package outbound
