-- Who runs the service, and passkeys: of operators, and of whoever wants one.

-- +goose Up
-- What a session is for beside a firm: '', invited or operator. One with a duty has no firm.
ALTER TABLE session ADD COLUMN duty TEXT NOT NULL DEFAULT '';

-- The invitation is a token of a link (hash), bound to the browser that answers it; 0 and
-- NULL = none waits.
CREATE TABLE service_operator(user_id TEXT PRIMARY KEY, added_at BIGINT NOT NULL, token_hash @blob@ UNIQUE, bind_hash @blob@, invited_until BIGINT NOT NULL);

CREATE TABLE passkey(id @blob@ PRIMARY KEY, user_id TEXT NOT NULL, name TEXT NOT NULL, public_key @blob@ NOT NULL, count BIGINT NOT NULL, synced BOOLEAN NOT NULL,
  duty TEXT NOT NULL, created_at BIGINT NOT NULL, used_at BIGINT NOT NULL);
CREATE INDEX passkey_user ON passkey(user_id);

-- A challenge that waits for its answer: taken once, whatever comes of it.
CREATE TABLE passkey_ask(hash @blob@ PRIMARY KEY, purpose TEXT NOT NULL, user_id TEXT NOT NULL, bind_hash @blob@ NOT NULL, expires_at BIGINT NOT NULL);
