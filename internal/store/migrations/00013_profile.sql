-- What the firm says about itself is saved in parts, by several people and tabs: the
-- version tells a form that it is behind. The logo is a row of its own, since it is read
-- for documents only.

-- +goose Up
ALTER TABLE profile ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
