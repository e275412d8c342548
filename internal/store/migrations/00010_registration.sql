-- Applications of firms until their mail is answered, and changes of a mail address
-- until they can no longer be undone (docs/decisions/0030, 0031).

-- +goose Up
ALTER TABLE person ADD COLUMN phone TEXT NOT NULL DEFAULT '';
CREATE TABLE registration(id TEXT PRIMARY KEY, user_id TEXT NOT NULL UNIQUE, email_hash @blob@ NOT NULL, bind_hash @blob@ NOT NULL,
  browser TEXT NOT NULL, at BIGINT NOT NULL, body @blob@ NOT NULL);
CREATE INDEX registration_email ON registration(email_hash);
CREATE INDEX registration_bind ON registration(bind_hash);
CREATE INDEX registration_at ON registration(at);
-- hash columns are NULL until the mail is sent and once they are used up.
CREATE TABLE address_change(id TEXT PRIMARY KEY, user_id TEXT NOT NULL, bind_hash @blob@ NOT NULL, code_hash @blob@, tries BIGINT NOT NULL,
  browser TEXT NOT NULL, at BIGINT NOT NULL, expires_at BIGINT NOT NULL, changed_at BIGINT NOT NULL, undo_hash @blob@ UNIQUE, keep_until BIGINT NOT NULL, body @blob@ NOT NULL);
CREATE INDEX address_change_user ON address_change(user_id);
CREATE INDEX address_change_keep ON address_change(keep_until);
@pg@ALTER TABLE registration ALTER COLUMN body SET STATISTICS 0;
@pg@ALTER TABLE address_change ALTER COLUMN body SET STATISTICS 0;
