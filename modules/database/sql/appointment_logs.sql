-- appointment_logs: what happened to an appointment, in order, for as long as the law asks (PostgreSQL 15 and later).
--
-- It needs appointments(id uuid) and users(id uuid). A migration of the application runs it as
-- DB::unprepared(file_get_contents(...)): it is one statement after another and can stand in a transaction.

CREATE TABLE appointment_logs (
    id uuid PRIMARY KEY,
    -- An appointment with a history cannot be deleted: the history is what the audit is about.
    appointment_id uuid NOT NULL REFERENCES appointments (id) ON DELETE RESTRICT,
    -- A person may ask to be forgotten. Who acted, and as what, stays in the payload: actor_id and actor_role.
    user_id uuid NULL REFERENCES users (id) ON DELETE SET NULL,
    event varchar(32) NOT NULL,
    payload jsonb NULL,
    -- Set by the monthly export once the object is safely in S3; what is NULL has never left this table.
    exported_to_s3_at timestamptz NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT appointment_logs_event_check CHECK (event IN (
        'created', 'cancelled', 'started', 'ended', 'rescheduled', 'no_show', 'updated', 'deleted'
    ))
);

-- Names of indexes are one namespace for the whole schema, hence the table's name in each.
CREATE INDEX idx_appointment_logs_appointment_event ON appointment_logs (appointment_id, event);
CREATE INDEX idx_appointment_logs_user_id ON appointment_logs (user_id);
CREATE INDEX idx_appointment_logs_event_created ON appointment_logs (event, created_at);
CREATE INDEX idx_appointment_logs_created_at ON appointment_logs (created_at);
-- The export's own: small, because rows leave it when they are exported.
CREATE INDEX idx_appointment_logs_unexported ON appointment_logs (created_at, id) WHERE exported_to_s3_at IS NULL;
