-- Numbers and people: challenges that wait for a code or an answer, and sender links
-- that are suspended or ended. A link that is not active has no hashes, so that its
-- number is that of an unknown sender and may be proved anew, here or elsewhere.

-- +goose Up
ALTER TABLE sender_link ADD COLUMN standing TEXT NOT NULL DEFAULT '';
ALTER TABLE sender_link ADD COLUMN why TEXT NOT NULL DEFAULT '';
ALTER TABLE sender_link ADD COLUMN stands_since BIGINT NOT NULL DEFAULT 0;
ALTER TABLE sender_link ADD COLUMN heard_at BIGINT NOT NULL DEFAULT 0;

-- Of the code only a keyed hash is kept. phone_hash is that of the entered number;
-- bsuid_hash that of the sender who sent the code. numbered: this sender's number was
-- to be seen, and is the entered one.
CREATE TABLE link_challenge(id TEXT PRIMARY KEY, tenant_id TEXT NOT NULL, user_id TEXT NOT NULL, by_user TEXT NOT NULL, session_hash @blob@ NOT NULL,
  code_hash @blob@ NOT NULL UNIQUE, phone_hash @blob@ NOT NULL, bsuid_hash @blob@, phone @blob@ NOT NULL, bsuid @blob@, numbered BOOLEAN NOT NULL,
  state TEXT NOT NULL, created_at BIGINT NOT NULL, expires_at BIGINT NOT NULL, asked_at BIGINT NOT NULL, link_id TEXT NOT NULL);
CREATE INDEX link_challenge_firm ON link_challenge(tenant_id, created_at);
CREATE INDEX link_challenge_phone ON link_challenge(phone_hash);
CREATE INDEX link_challenge_bsuid ON link_challenge(bsuid_hash) WHERE bsuid_hash IS NOT NULL;
CREATE INDEX link_challenge_age ON link_challenge(created_at);
@pg@ALTER TABLE link_challenge ALTER COLUMN phone SET STATISTICS 0, ALTER COLUMN bsuid SET STATISTICS 0;
