package store

import (
	"slices"

	"feierabend"
)

// classes sorts our tables (docs/data-map.md, which a test compares with this). On
// PostgreSQL a table lies in the schema of its class's name. The tables of River and
// goose belong to the queue.
var classes = map[feierabend.RetentionClass][]string{
	feierabend.ClassAccount: {
		"meta",
		"clock",
		"tenant",
		"profile",
		"logo",
		"agreement",
		"person",
		"membership",
		"sender_link",
		"link_challenge",
		"sign_in_request",
		"sign_in_link",
		"registration",
		"address_change",
		"notice",
		"recovery",
		"session",
		"step_up",
		"number_code",
		"service_operator",
		"passkey",
		"passkey_ask",
		"invitation",
		"digest",
		"counter",
		"seen_message",
		"lease",
		"number_series",
		"number_ledger",
		"receipt",
		"receipt_check",
		"audit",
		"audit_head",
		"number_gap",
		"restoration",
	},
	feierabend.ClassContent: {
		"content_key",
		"customer_link",
		"cases",
		"message",
		"audio_chunk",
		"transcript",
		"draft",
		"document",
		"document_file",
		"outbox",
		"address_entry",
	},
	feierabend.ClassQueue: {
		"process",
		"rotated_key",
		"river_job",
		"river_leader",
		"river_queue",
		"river_client",
		"river_client_queue",
		"river_notification",
		"river_migration",
		"goose_db_version",
	},
}

// schemas are the schemas of PostgreSQL in the order of the search path: one per class.
var schemas = []string{string(feierabend.ClassAccount), string(feierabend.ClassContent), string(feierabend.ClassQueue)}

// classOf gives the class of a table; "" = none of ours.
func classOf(table string) feierabend.RetentionClass {
	for class, tables := range classes {
		if slices.Contains(tables, table) {
			return class
		}
	}
	return ""
}
