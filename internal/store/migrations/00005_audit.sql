-- +goose Up
-- The chain of audit records (docs/decisions/0016): n counts a firm's records from 1,
-- mac covers a record and the one before; rows from before this migration have n = 0
-- and are covered by the first record of the chain.
ALTER TABLE audit ADD COLUMN n BIGINT NOT NULL DEFAULT 0;
ALTER TABLE audit ADD COLUMN mac @blob@;
DROP INDEX audit_tenant;
CREATE INDEX audit_chain ON audit(tenant_id, n);
-- The end of each chain, and its beginning once old records went (base). tenant_id '' is the service's own.
CREATE TABLE audit_head(tenant_id TEXT PRIMARY KEY, n BIGINT NOT NULL, mac @blob@ NOT NULL, base_n BIGINT NOT NULL, base_mac @blob@ NOT NULL,
  oldest BIGINT NOT NULL, mark @blob@ NOT NULL);
CREATE INDEX audit_head_oldest ON audit_head(oldest);

-- Numbers that were never given out by this database, with the reason.
CREATE TABLE number_gap(tenant_id TEXT NOT NULL, series TEXT NOT NULL, first BIGINT NOT NULL, last BIGINT NOT NULL, reason TEXT NOT NULL,
  at BIGINT NOT NULL, by_user TEXT NOT NULL, by_role TEXT NOT NULL, by_via TEXT NOT NULL, PRIMARY KEY(tenant_id, series, first));
-- When this database was restored from a backup, of what time, and how far series jump.
CREATE TABLE restoration(at BIGINT PRIMARY KEY, backup_at BIGINT NOT NULL, gap BIGINT NOT NULL);

@pg@ALTER TABLE number_gap ENABLE ROW LEVEL SECURITY;
@pg@ALTER TABLE number_gap FORCE ROW LEVEL SECURITY;
@pg@CREATE POLICY firm ON number_gap USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), ''))
@pg@  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant_id', true), ''));
-- Acts of no firm are seen by a transaction that has named none on purpose.
@pg@DROP POLICY firm ON audit;
@pg@CREATE POLICY firm ON audit USING (tenant_id = CASE current_setting('app.tenant_id', true) WHEN 'none' THEN '' WHEN '' THEN NULL ELSE current_setting('app.tenant_id', true) END)
@pg@  WITH CHECK (tenant_id = '' OR tenant_id = NULLIF(current_setting('app.tenant_id', true), ''));
