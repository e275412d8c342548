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
