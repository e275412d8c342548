-- Placeholders: @serial@ automatic number, @blob@ bytes, @pg@ line for PostgreSQL only.
-- Times are microseconds since 1970 UTC, 0 = never; absent ids are ''. The class of
-- each table and column stands in docs/data-map.md.

-- +goose Up
CREATE TABLE meta(name TEXT PRIMARY KEY, value @blob@ NOT NULL);
CREATE TABLE clock(name TEXT PRIMARY KEY, done_at BIGINT NOT NULL, took BIGINT NOT NULL, planned_at BIGINT NOT NULL);

CREATE TABLE tenant(id TEXT PRIMARY KEY, name TEXT NOT NULL, created_at BIGINT NOT NULL, retention_days BIGINT NOT NULL, countdown BIGINT NOT NULL);
CREATE TABLE profile(tenant_id TEXT PRIMARY KEY, body TEXT NOT NULL, changed_at BIGINT NOT NULL);
CREATE TABLE agreement(tenant_id TEXT NOT NULL, version TEXT NOT NULL, hash @blob@ NOT NULL, concluded_at BIGINT NOT NULL,
  by_user TEXT NOT NULL, by_role TEXT NOT NULL, by_via TEXT NOT NULL, PRIMARY KEY(tenant_id, version));
CREATE TABLE person(id TEXT PRIMARY KEY, email TEXT NOT NULL, email_normal TEXT NOT NULL UNIQUE, name TEXT NOT NULL);
CREATE TABLE membership(user_id TEXT NOT NULL, tenant_id TEXT NOT NULL, role TEXT NOT NULL, PRIMARY KEY(user_id, tenant_id));
CREATE INDEX membership_tenant ON membership(tenant_id);
CREATE TABLE sender_link(id TEXT PRIMARY KEY, tenant_id TEXT NOT NULL, user_id TEXT NOT NULL, phone @blob@, bsuid @blob@,
  phone_hash @blob@ UNIQUE, bsuid_hash @blob@ UNIQUE, linked_at BIGINT NOT NULL);
CREATE INDEX sender_link_tenant ON sender_link(tenant_id);

CREATE TABLE sign_in_request(id TEXT PRIMARY KEY, user_id TEXT NOT NULL, bind_hash @blob@ NOT NULL, browser TEXT NOT NULL, at BIGINT NOT NULL);
CREATE TABLE sign_in_link(token_hash @blob@ PRIMARY KEY, user_id TEXT NOT NULL, code_hash @blob@ NOT NULL, bind_hash @blob@ NOT NULL,
  expires_at BIGINT NOT NULL, used_at BIGINT NOT NULL, misses BIGINT NOT NULL, tries BIGINT NOT NULL);
CREATE INDEX sign_in_link_user ON sign_in_link(user_id);
CREATE INDEX sign_in_link_bind ON sign_in_link(bind_hash);
CREATE TABLE session(token_hash @blob@ PRIMARY KEY, user_id TEXT NOT NULL, tenant_id TEXT NOT NULL, stay BOOLEAN NOT NULL,
  created_at BIGINT NOT NULL, seen_at BIGINT NOT NULL, expires_at BIGINT NOT NULL);
CREATE INDEX session_person ON session(user_id);
CREATE TABLE counter(hash @blob@ PRIMARY KEY, n BIGINT NOT NULL, started_at BIGINT NOT NULL, ends_at BIGINT NOT NULL);
CREATE TABLE seen_message(hash @blob@ PRIMARY KEY, at BIGINT NOT NULL);
CREATE INDEX seen_message_at ON seen_message(at);
CREATE TABLE lease(tenant_id TEXT NOT NULL, sender_id TEXT NOT NULL, holder TEXT NOT NULL, until BIGINT NOT NULL, PRIMARY KEY(tenant_id, sender_id));

CREATE TABLE number_series(tenant_id TEXT NOT NULL, series TEXT NOT NULL, last BIGINT NOT NULL, PRIMARY KEY(tenant_id, series));
CREATE TABLE number_ledger(tenant_id TEXT NOT NULL, series TEXT NOT NULL, n BIGINT NOT NULL, number TEXT NOT NULL, case_id TEXT NOT NULL,
  document_id TEXT NOT NULL, reserved_at BIGINT NOT NULL, issued_at BIGINT NOT NULL, PRIMARY KEY(tenant_id, series, n),
  UNIQUE(tenant_id, number), UNIQUE(tenant_id, case_id), UNIQUE(tenant_id, document_id));

CREATE TABLE receipt(tenant_id TEXT NOT NULL, id TEXT NOT NULL, case_id TEXT NOT NULL, reason TEXT NOT NULL,
  by_user TEXT NOT NULL, by_role TEXT NOT NULL, by_via TEXT NOT NULL, erased_at BIGINT NOT NULL, erased TEXT NOT NULL, first_content_at BIGINT NOT NULL,
  verification TEXT NOT NULL, verified_at BIGINT NOT NULL, method TEXT NOT NULL, searched_files BIGINT NOT NULL, searched_bytes BIGINT NOT NULL,
  hits BIGINT NOT NULL, copies TEXT NOT NULL, signature @blob@, public_key @blob@, PRIMARY KEY(tenant_id, id), UNIQUE(tenant_id, case_id));
CREATE TABLE receipt_check(tenant_id TEXT NOT NULL, receipt_id TEXT NOT NULL, pieces @blob@ NOT NULL, PRIMARY KEY(tenant_id, receipt_id));
CREATE TABLE audit(id @serial@, at BIGINT NOT NULL, tenant_id TEXT NOT NULL, by_user TEXT NOT NULL, by_role TEXT NOT NULL, by_via TEXT NOT NULL,
  act TEXT NOT NULL, ref TEXT NOT NULL);
CREATE INDEX audit_tenant ON audit(tenant_id, id);

CREATE TABLE content_key(id @serial@, master_id SMALLINT NOT NULL, wrapped @blob@ NOT NULL);
CREATE TABLE cases(tenant_id TEXT NOT NULL, id TEXT NOT NULL, key_id BIGINT NOT NULL, sender_id TEXT NOT NULL, state TEXT NOT NULL, version BIGINT NOT NULL,
  created_at BIGINT NOT NULL, changed_at BIGINT NOT NULL, expires_at BIGINT NOT NULL, erase_at BIGINT NOT NULL, held BOOLEAN NOT NULL,
  attention TEXT NOT NULL, summary @blob@, PRIMARY KEY(tenant_id, id));
CREATE INDEX cases_expires ON cases(expires_at);
CREATE INDEX cases_erase ON cases(erase_at) WHERE erase_at > 0;
CREATE INDEX cases_sender ON cases(tenant_id, sender_id, changed_at);
CREATE TABLE message(tenant_id TEXT NOT NULL, id TEXT NOT NULL, case_id TEXT NOT NULL, sender_id TEXT NOT NULL, channel TEXT NOT NULL, kind TEXT NOT NULL,
  state TEXT NOT NULL, reason TEXT NOT NULL, button TEXT NOT NULL, media_size BIGINT NOT NULL, voice BOOLEAN NOT NULL, forwarded BOOLEAN NOT NULL,
  audio_type TEXT NOT NULL, audio_bytes BIGINT NOT NULL, audio_length BIGINT NOT NULL, audio_complete BOOLEAN NOT NULL,
  at BIGINT NOT NULL, received_at BIGINT NOT NULL, body @blob@, PRIMARY KEY(tenant_id, id));
CREATE INDEX message_case ON message(tenant_id, case_id, received_at);
CREATE INDEX message_outcome ON message(received_at) WHERE case_id = '';
CREATE TABLE audio_chunk(tenant_id TEXT NOT NULL, message_id TEXT NOT NULL, seq BIGINT NOT NULL, body @blob@ NOT NULL, PRIMARY KEY(tenant_id, message_id, seq));
CREATE TABLE transcript(tenant_id TEXT NOT NULL, message_id TEXT NOT NULL, body @blob@ NOT NULL, PRIMARY KEY(tenant_id, message_id));
CREATE TABLE draft(tenant_id TEXT NOT NULL, case_id TEXT NOT NULL, version BIGINT NOT NULL, by_user TEXT NOT NULL, by_role TEXT NOT NULL, by_via TEXT NOT NULL,
  engine TEXT NOT NULL, at BIGINT NOT NULL, body @blob@ NOT NULL, PRIMARY KEY(tenant_id, case_id, version));
CREATE TABLE document(tenant_id TEXT NOT NULL, id TEXT NOT NULL, case_id TEXT NOT NULL, version BIGINT NOT NULL, at BIGINT NOT NULL, body @blob@ NOT NULL,
  PRIMARY KEY(tenant_id, id), UNIQUE(tenant_id, case_id));
CREATE TABLE document_file(tenant_id TEXT NOT NULL, document_id TEXT NOT NULL, seq BIGINT NOT NULL, bytes BIGINT NOT NULL, head @blob@ NOT NULL, body @blob@ NOT NULL,
  PRIMARY KEY(tenant_id, document_id, seq));
CREATE TABLE outbox(tenant_id TEXT NOT NULL, id TEXT NOT NULL, case_id TEXT NOT NULL, sender_id TEXT NOT NULL, kind TEXT NOT NULL, ref TEXT NOT NULL,
  reply_to TEXT NOT NULL, state TEXT NOT NULL, code BIGINT NOT NULL, tries BIGINT NOT NULL, created_at BIGINT NOT NULL, attempted_at BIGINT NOT NULL,
  external @blob@, media @blob@, PRIMARY KEY(tenant_id, id));
CREATE INDEX outbox_case ON outbox(tenant_id, case_id);
CREATE INDEX outbox_loose ON outbox(created_at) WHERE case_id = '';

-- Statistics would copy values into pg_statistic, where no scrub reaches them.
@pg@ALTER TABLE content_key ALTER COLUMN wrapped SET STATISTICS 0;
@pg@ALTER TABLE cases ALTER COLUMN summary SET STATISTICS 0;
@pg@ALTER TABLE message ALTER COLUMN body SET STATISTICS 0;
@pg@ALTER TABLE audio_chunk ALTER COLUMN body SET STATISTICS 0, ALTER COLUMN body SET STORAGE EXTERNAL;
@pg@ALTER TABLE transcript ALTER COLUMN body SET STATISTICS 0, ALTER COLUMN body SET STORAGE EXTERNAL;
@pg@ALTER TABLE draft ALTER COLUMN body SET STATISTICS 0, ALTER COLUMN body SET STORAGE EXTERNAL;
@pg@ALTER TABLE document ALTER COLUMN body SET STATISTICS 0, ALTER COLUMN body SET STORAGE EXTERNAL;
@pg@ALTER TABLE document_file ALTER COLUMN head SET STATISTICS 0, ALTER COLUMN body SET STATISTICS 0, ALTER COLUMN body SET STORAGE EXTERNAL;
@pg@ALTER TABLE outbox ALTER COLUMN external SET STATISTICS 0, ALTER COLUMN media SET STATISTICS 0;
@pg@ALTER TABLE sender_link ALTER COLUMN phone SET STATISTICS 0, ALTER COLUMN bsuid SET STATISTICS 0;
