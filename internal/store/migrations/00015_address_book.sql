-- The address book of a firm (J-33): entries are content, each with a key of its own,
-- and live longer than cases. expires_at follows the last use.

-- +goose Up
-- The firm's instruction to keep one: months after the last use; 0 = none.
ALTER TABLE tenant ADD COLUMN book_months BIGINT NOT NULL DEFAULT 0;
CREATE TABLE address_entry(tenant_id TEXT NOT NULL, id TEXT NOT NULL, key_id BIGINT NOT NULL, version BIGINT NOT NULL,
  created_at BIGINT NOT NULL, used_at BIGINT NOT NULL, expires_at BIGINT NOT NULL, body @blob@ NOT NULL, PRIMARY KEY(tenant_id, id));
CREATE INDEX address_entry_expires ON address_entry(expires_at);
-- The start-up check and the rotation look up which key has an entry.
CREATE INDEX address_entry_key ON address_entry(key_id);
-- What a receipt is about: '' = the case in case_id, 'address' = the entry whose id
-- stands there, 'address_book' = all entries (case_id is the receipt's own id).
ALTER TABLE receipt ADD COLUMN subject TEXT NOT NULL DEFAULT '';
@pg@ALTER TABLE address_entry ALTER COLUMN body SET STATISTICS 0, ALTER COLUMN body SET STORAGE EXTERNAL;
@pg@ALTER TABLE address_entry ENABLE ROW LEVEL SECURITY;
@pg@ALTER TABLE address_entry FORCE ROW LEVEL SECURITY;
@pg@CREATE POLICY firm ON address_entry USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), ''))
@pg@  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant_id', true), ''));
@pg@CREATE INDEX address_entry_firm_expires ON address_entry(tenant_id, expires_at);
