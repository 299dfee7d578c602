-- The months that have rows to export, oldest first, with their first moment and that of the month after.
--
-- :before   first moment of the current month, so that a month is exported once and in full parts. Rows that come
--           late make parts of their own at the next run.
SELECT DISTINCT
    month AT TIME ZONE 'UTC' AS month_start,
    (month + interval '1 month') AT TIME ZONE 'UTC' AS month_end
FROM (
    SELECT date_trunc('month', created_at AT TIME ZONE 'UTC') AS month
    FROM appointment_logs
    WHERE exported_to_s3_at IS NULL
      AND created_at < :before
) AS unexported
ORDER BY month_start;
