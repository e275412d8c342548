-- Who asked for a sign-in mail: a keyed hash of the device, session or network, so that
-- strangers' links and mails do not end those of the person (docs/decisions/0047).

-- +goose Up
ALTER TABLE sign_in_request ADD COLUMN origin @blob@;
ALTER TABLE sign_in_request ADD COLUMN known BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE sign_in_link ADD COLUMN origin @blob@;
ALTER TABLE sign_in_link ADD COLUMN known BOOLEAN NOT NULL DEFAULT FALSE;

-- Mails to owners about what happened, sealed until they are sent.
CREATE TABLE notice(id TEXT PRIMARY KEY, at BIGINT NOT NULL, body @blob@ NOT NULL);
@pg@ALTER TABLE notice ALTER COLUMN body SET STATISTICS 0;

-- An owner on the way back in without the mailbox: a code shown, the number proved, the
-- new address confirmed, three days of waiting. Done and stopped ones have no row.
CREATE TABLE recovery(id TEXT PRIMARY KEY, user_id TEXT NOT NULL, state TEXT NOT NULL, bind_hash @blob@ NOT NULL, code_hash @blob@ UNIQUE, tries BIGINT NOT NULL,
  browser TEXT NOT NULL, at BIGINT NOT NULL, expires_at BIGINT NOT NULL, due_at BIGINT NOT NULL, told_at BIGINT NOT NULL, body @blob@);
CREATE INDEX recovery_bind ON recovery(bind_hash);
CREATE INDEX recovery_user ON recovery(user_id);
@pg@ALTER TABLE recovery ALTER COLUMN body SET STATISTICS 0;
