-- One chunk of the export: the next 1000 rows of one month that were never exported, as lines of one S3 object.
--
-- :month_start, :month_end       first moments of the month and of the one after it, UTC
-- :after_created_at, :after_id   last row of the chunk before, as the text that this query gave (PHP's dates lose
--                                microseconds); '-infinity' and the nil uuid for the first chunk
--
-- Keyset, not OFFSET: rows drop out of the filter as they are marked, and an offset would skip as many. It walks
-- idx_appointment_logs_unexported and sorts nothing.
--
-- The part in the key is the id of the chunk's first row: it can begin one object only, so no two objects collide, and
-- a run that broke off between upload and mark writes the same object again.
WITH chunk AS (
    SELECT id, appointment_id, user_id, event, payload, created_at, updated_at
    FROM appointment_logs
    WHERE exported_to_s3_at IS NULL
      AND created_at >= :month_start
      AND created_at < :month_end
      AND (created_at, id) > (:after_created_at, :after_id)
    ORDER BY created_at, id
    LIMIT 1000
)
SELECT
    id,
    created_at::text AS created_at,
    first_value(
        to_char(created_at AT TIME ZONE 'UTC', '"appointment-logs/"YYYY"/"MM"/appointment_logs_"YYYYMM"_"')
            || id || '.json.gz'
    ) OVER (ORDER BY created_at, id) AS object_key,
    jsonb_build_object(
        'id', id,
        'appointment_id', appointment_id,
        'user_id', user_id,
        'event', event,
        'payload', payload,
        'created_at', to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        'updated_at', to_char(updated_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
    )::text AS line
FROM chunk
ORDER BY chunk.created_at, chunk.id;
