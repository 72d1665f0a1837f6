-- Messages of one target, the next one first: who sends looks at one message of each target.
CREATE INDEX outbox_to ON outbox (is_dead, target, next_ms, id);
