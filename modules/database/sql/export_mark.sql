-- Marks the rows of a chunk once its object is in S3 and a HEAD request has returned its checksum.
--
-- :ids   ids of the chunk
--
-- The second condition makes a second run harmless: a row keeps the moment of its first export.
UPDATE appointment_logs
SET exported_to_s3_at = now()
WHERE id = ANY (:ids::uuid[])
  AND exported_to_s3_at IS NULL;
