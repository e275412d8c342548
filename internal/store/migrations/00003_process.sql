-- Which processes live. The times are those of the database's clock.

-- +goose Up
CREATE TABLE process(id TEXT PRIMARY KEY, roles TEXT NOT NULL, master_id SMALLINT NOT NULL, started_at BIGINT NOT NULL, seen_at BIGINT NOT NULL);
