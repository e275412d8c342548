-- Old forms of data keys that were wrapped anew: fingerprints and SHA-256 of their
-- pieces, until a search has proved them gone. key_id is the row that took the place,
-- 0 where none did.

-- +goose Up
CREATE TABLE rotated_key(id @serial@, key_id BIGINT NOT NULL, master_id SMALLINT NOT NULL, pieces @blob@ NOT NULL);
CREATE INDEX rotated_key_of ON rotated_key(key_id);
