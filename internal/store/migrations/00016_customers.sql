-- Customers' own voices (J-20, J-21), off until the firm instructs otherwise.

-- +goose Up
-- The instructions, 0 or 1: forwarded messages may be evaluated.
ALTER TABLE tenant ADD COLUMN forwarded BIGINT NOT NULL DEFAULT 0;
-- What this person once answered for forwarded messages: '', take or drop.
ALTER TABLE sender_link ADD COLUMN forwarded TEXT NOT NULL DEFAULT '';
