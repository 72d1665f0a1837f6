-- Version 5: for which people the holder of a key speaks. Keys of before speak for nobody.
ALTER TABLE api_key ADD COLUMN people TEXT NOT NULL DEFAULT '[]';
