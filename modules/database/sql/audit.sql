-- Who read what: pgaudit logs every statement that touches a table granted to rds_pgaudit, by whomever, reads included,
-- to the log group /aws/rds/instance/<identifier>/postgresql. Run once for each database, as the master user.
--
-- The parameter group sets pgaudit.role; the role has no password and nobody is made a member of it.
CREATE EXTENSION IF NOT EXISTS pgaudit;
CREATE ROLE rds_pgaudit NOLOGIN;
GRANT SELECT, INSERT, UPDATE, DELETE ON appointment_logs TO rds_pgaudit;
