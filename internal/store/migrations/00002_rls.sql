-- +goose Up
-- Row-level security of PostgreSQL (docs/data-map.md): a transaction sees the rows of
-- the firm that it has named, and no others; without one it sees none. It holds for
-- the owner of the tables too (FORCE), not for superusers. NULLIF: once a
-- connection has named a firm, the setting is '' in later transactions, not NULL.
@pg@ALTER TABLE profile ENABLE ROW LEVEL SECURITY;
@pg@ALTER TABLE profile FORCE ROW LEVEL SECURITY;
@pg@CREATE POLICY firm ON profile USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), ''))
@pg@  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant_id', true), ''));
@pg@ALTER TABLE agreement ENABLE ROW LEVEL SECURITY;
@pg@ALTER TABLE agreement FORCE ROW LEVEL SECURITY;
@pg@CREATE POLICY firm ON agreement USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), ''))
@pg@  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant_id', true), ''));
@pg@ALTER TABLE lease ENABLE ROW LEVEL SECURITY;
@pg@ALTER TABLE lease FORCE ROW LEVEL SECURITY;
@pg@CREATE POLICY firm ON lease USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), ''))
@pg@  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant_id', true), ''));
@pg@ALTER TABLE number_series ENABLE ROW LEVEL SECURITY;
@pg@ALTER TABLE number_series FORCE ROW LEVEL SECURITY;
@pg@CREATE POLICY firm ON number_series USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), ''))
@pg@  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant_id', true), ''));
@pg@ALTER TABLE number_ledger ENABLE ROW LEVEL SECURITY;
@pg@ALTER TABLE number_ledger FORCE ROW LEVEL SECURITY;
@pg@CREATE POLICY firm ON number_ledger USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), ''))
@pg@  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant_id', true), ''));
@pg@ALTER TABLE receipt ENABLE ROW LEVEL SECURITY;
@pg@ALTER TABLE receipt FORCE ROW LEVEL SECURITY;
@pg@CREATE POLICY firm ON receipt USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), ''))
@pg@  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant_id', true), ''));
@pg@ALTER TABLE receipt_check ENABLE ROW LEVEL SECURITY;
@pg@ALTER TABLE receipt_check FORCE ROW LEVEL SECURITY;
@pg@CREATE POLICY firm ON receipt_check USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), ''))
@pg@  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant_id', true), ''));
@pg@ALTER TABLE cases ENABLE ROW LEVEL SECURITY;
@pg@ALTER TABLE cases FORCE ROW LEVEL SECURITY;
@pg@CREATE POLICY firm ON cases USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), ''))
@pg@  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant_id', true), ''));
@pg@ALTER TABLE message ENABLE ROW LEVEL SECURITY;
@pg@ALTER TABLE message FORCE ROW LEVEL SECURITY;
@pg@CREATE POLICY firm ON message USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), ''))
@pg@  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant_id', true), ''));
@pg@ALTER TABLE audio_chunk ENABLE ROW LEVEL SECURITY;
@pg@ALTER TABLE audio_chunk FORCE ROW LEVEL SECURITY;
@pg@CREATE POLICY firm ON audio_chunk USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), ''))
@pg@  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant_id', true), ''));
@pg@ALTER TABLE transcript ENABLE ROW LEVEL SECURITY;
@pg@ALTER TABLE transcript FORCE ROW LEVEL SECURITY;
@pg@CREATE POLICY firm ON transcript USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), ''))
@pg@  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant_id', true), ''));
@pg@ALTER TABLE draft ENABLE ROW LEVEL SECURITY;
@pg@ALTER TABLE draft FORCE ROW LEVEL SECURITY;
@pg@CREATE POLICY firm ON draft USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), ''))
@pg@  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant_id', true), ''));
@pg@ALTER TABLE document ENABLE ROW LEVEL SECURITY;
@pg@ALTER TABLE document FORCE ROW LEVEL SECURITY;
@pg@CREATE POLICY firm ON document USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), ''))
@pg@  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant_id', true), ''));
@pg@ALTER TABLE document_file ENABLE ROW LEVEL SECURITY;
@pg@ALTER TABLE document_file FORCE ROW LEVEL SECURITY;
@pg@CREATE POLICY firm ON document_file USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), ''))
@pg@  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant_id', true), ''));
@pg@ALTER TABLE outbox ENABLE ROW LEVEL SECURITY;
@pg@ALTER TABLE outbox FORCE ROW LEVEL SECURITY;
@pg@CREATE POLICY firm ON outbox USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), ''))
@pg@  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant_id', true), ''));
@pg@ALTER TABLE audit ENABLE ROW LEVEL SECURITY;
@pg@ALTER TABLE audit FORCE ROW LEVEL SECURITY;
-- Acts of no firm (tenant_id '') may be written by everyone and are read past the policies only.
@pg@CREATE POLICY firm ON audit USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), ''))
@pg@  WITH CHECK (tenant_id = '' OR tenant_id = NULLIF(current_setting('app.tenant_id', true), ''));
-- The sweep asks firm by firm.
@pg@CREATE INDEX cases_firm_expires ON cases(tenant_id, expires_at);
