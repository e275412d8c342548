-- A Kundenlink that has ended still lets its customer take their words back: keyed hashes
-- of the number that gave them, kept as long as the case (docs/decisions/0051).

-- +goose Up
ALTER TABLE customer_link ADD COLUMN past_phone_hash @blob@;
ALTER TABLE customer_link ADD COLUMN past_bsuid_hash @blob@;
CREATE INDEX customer_link_past_phone ON customer_link(past_phone_hash) WHERE past_phone_hash IS NOT NULL;
CREATE INDEX customer_link_past_bsuid ON customer_link(past_bsuid_hash) WHERE past_bsuid_hash IS NOT NULL;
