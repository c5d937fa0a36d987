-- migrate:up
SET LOCAL lock_timeout = '2s';

-- Why the current verdict has no second opinion although it should (schemas/enums.py, SecondOpinionState). Null: it
-- has one, or needs none; unknown for verdicts of older versions. NOT VALID: the new column is null everywhere.
ALTER TABLE stories
    ADD COLUMN second_opinion text,
    ADD CONSTRAINT stories_second_opinion CHECK (
        second_opinion IN ('pending', 'unavailable', 'budget_spent', 'withheld', 'rejected')) NOT VALID;

-- migrate:down
ALTER TABLE stories DROP COLUMN second_opinion;
