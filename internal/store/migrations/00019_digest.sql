-- The mail at the end of a working day (J-15): who gets it, and that it goes out once.

-- +goose Up
-- When the person last proved to read the mailbox; 0 = not since this is noted. Who is
-- signed in has done so.
ALTER TABLE person ADD COLUMN confirmed_at BIGINT NOT NULL DEFAULT 0;
UPDATE person SET confirmed_at = COALESCE((SELECT min(s.created_at) FROM session s WHERE s.user_id = person.id), 0);

-- Whether the person wants none, 0 or 1, and the hash of the token by which a mail can be
-- answered so (NULL = none was sent).
ALTER TABLE membership ADD COLUMN digest_off BIGINT NOT NULL DEFAULT 0;
ALTER TABLE membership ADD COLUMN digest_hash @blob@;
CREATE UNIQUE INDEX membership_digest ON membership(digest_hash);

-- The last day whose evening was looked at, as 20261124.
ALTER TABLE tenant ADD COLUMN digest_day BIGINT NOT NULL DEFAULT 0;
-- A mail of a day: one a person and firm. taken_at 0 = nobody is sending it, sent_at 0 = not sent.
CREATE TABLE digest(id TEXT PRIMARY KEY, tenant_id TEXT NOT NULL, user_id TEXT NOT NULL, day BIGINT NOT NULL, until_at BIGINT NOT NULL, taken_at BIGINT NOT NULL, sent_at BIGINT NOT NULL,
  UNIQUE(tenant_id, user_id, day));
@pg@ALTER TABLE digest ENABLE ROW LEVEL SECURITY;
@pg@ALTER TABLE digest FORCE ROW LEVEL SECURITY;
@pg@CREATE POLICY firm ON digest USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), ''))
@pg@  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant_id', true), ''));
