-- Who may come in: sessions that name their browser and the last proof of the person,
-- blocked people and firms, invitations, codes of the step-up.

-- +goose Up
ALTER TABLE session ADD COLUMN proved_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE session ADD COLUMN browser TEXT NOT NULL DEFAULT '';
ALTER TABLE session ADD COLUMN system TEXT NOT NULL DEFAULT '';

-- Since when nobody gets in; 0 = not blocked. code_misses counts wrong codes of the
-- step-up in a row (OTP-03): no new code and no new day sets it back, a right one does.
ALTER TABLE person ADD COLUMN blocked_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE person ADD COLUMN code_misses BIGINT NOT NULL DEFAULT 0;
ALTER TABLE tenant ADD COLUMN blocked_at BIGINT NOT NULL DEFAULT 0;
-- The firm's instruction that its staff see prices (J-15), 0 or 1.
ALTER TABLE tenant ADD COLUMN staff_prices BIGINT NOT NULL DEFAULT 0;

-- An invitation ends by being accepted or withdrawn, or at expires_at. made_user is the
-- person that was made for it, '' where the address was known.
CREATE TABLE invitation(id TEXT PRIMARY KEY, tenant_id TEXT NOT NULL, email TEXT NOT NULL, email_normal TEXT NOT NULL, role TEXT NOT NULL,
  token_hash @blob@ UNIQUE, made_user TEXT NOT NULL, by_user TEXT NOT NULL, created_at BIGINT NOT NULL, expires_at BIGINT NOT NULL,
  UNIQUE(tenant_id, email_normal));
CREATE INDEX invitation_email ON invitation(email_normal);

-- A code that a session shows, to be sent from the person's verified number (AUTH-13).
CREATE TABLE step_up(session_hash @blob@ PRIMARY KEY, user_id TEXT NOT NULL, tenant_id TEXT NOT NULL, code_hash @blob@ NOT NULL UNIQUE,
  expires_at BIGINT NOT NULL, proved_at BIGINT NOT NULL);

-- A code of six digits that was sent to a number (OTP-02): one a number.
CREATE TABLE number_code(number_hash @blob@ PRIMARY KEY, user_id TEXT NOT NULL, code_hash @blob@ NOT NULL, expires_at BIGINT NOT NULL, tries BIGINT NOT NULL);
