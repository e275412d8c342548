// Package journal decides what may stand in a log.
//
// There are three logs, and nothing of one can be matched with another (LOG-02):
//
//   - the log of the service (Handler): an allow-list of attribute keys, each with the
//     form of its values. Whatever is not on it is dropped and counted. No words of
//     people, providers or errors; of an error the codes and types.
//   - the access log (Access): browser, system, referring site, minute, network.
//   - the security log (Security): acts with the whole address and a keyed hash of the
//     person.
//
// The last two go into files by day, which end after at most 30 days (Days).
package journal
