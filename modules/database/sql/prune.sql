-- Deletes what is old and safely in S3, 1000 rows at a time: repeat until it deletes none.
--
-- :before   two years ago. A row that was never exported stays, however old it is; so does one exported in the last
--           week, for the time that somebody needs to notice a bad export.
DELETE FROM appointment_logs
WHERE id IN (
    SELECT id
    FROM appointment_logs
    WHERE created_at < :before
      AND exported_to_s3_at < now() - interval '7 days'
    ORDER BY created_at
    LIMIT 1000
);
