-- What the firm says about itself is saved in parts, by several people and tabs: the
-- version tells a form that it is behind. The logo is a row of its own, since it is read
-- for documents only.

-- +goose Up
ALTER TABLE profile ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
CREATE TABLE logo(tenant_id TEXT PRIMARY KEY, width BIGINT NOT NULL, height BIGINT NOT NULL, pixels @blob@ NOT NULL, png @blob@ NOT NULL, changed_at BIGINT NOT NULL);
@pg@ALTER TABLE logo ENABLE ROW LEVEL SECURITY;
@pg@ALTER TABLE logo FORCE ROW LEVEL SECURITY;
@pg@CREATE POLICY firm ON logo USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), ''))
@pg@  WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant_id', true), ''));
