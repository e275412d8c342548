-- Customers' own voices (J-20, J-21), off until the firm instructs otherwise.

-- +goose Up
-- The instructions, 0 or 1: forwarded messages may be evaluated.
ALTER TABLE tenant ADD COLUMN forwarded BIGINT NOT NULL DEFAULT 0;
-- What this person once answered for forwarded messages: '', take or drop.
ALTER TABLE sender_link ADD COLUMN forwarded TEXT NOT NULL DEFAULT '';

-- The instruction, 0 or 1, that customers may be sent a link of their own (J-21).
ALTER TABLE tenant ADD COLUMN customer_links BIGINT NOT NULL DEFAULT 0;
-- A customer's own message; sender_id is then the id of the customer's link.
ALTER TABLE message ADD COLUMN customer BOOLEAN NOT NULL DEFAULT false;
-- A Kundenlink. case_id '' until its code has come, where it opens a case of its own (own).
-- The hashes find firm and case of the number that has sent the code; who is that number,
-- sealed with the case.
CREATE TABLE customer_link(id TEXT PRIMARY KEY, tenant_id TEXT NOT NULL, case_id TEXT NOT NULL, own BOOLEAN NOT NULL, by_user TEXT NOT NULL, session_hash @blob@ NOT NULL,
  code_hash @blob@ NOT NULL UNIQUE, phone_hash @blob@ UNIQUE, bsuid_hash @blob@ UNIQUE, who @blob@, state TEXT NOT NULL, created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL, asked_at BIGINT NOT NULL, agreed_at BIGINT NOT NULL);
CREATE INDEX customer_link_case ON customer_link(tenant_id, case_id);
@pg@ALTER TABLE customer_link ALTER COLUMN who SET STATISTICS 0;
