-- +goose Up
-- The days before its end at which the sender of a case was last warned (9, 3 or 1);
-- 0 = not yet. Set in the transaction that stores the warning.
ALTER TABLE cases ADD COLUMN warned BIGINT NOT NULL DEFAULT 0;
