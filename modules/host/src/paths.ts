/** Where things lie on every host. */
export const APPLICATION = "/var/www/html";
export const APPLICATION_LOGS = `${APPLICATION}/storage/logs`;
/** Settings of our own programs. */
export const SETTINGS = "/etc/telemedicina";
export const PROGRAMS = "/usr/local/sbin";
export const SETUP_LOG = "/var/log/host-setup.log";
export const FPM_LOG = "/var/log/php-fpm/error.log";
export const FPM_SLOW_LOG = "/var/log/php-fpm/slow.log";
/** On the data volume: uploads on their way, and what jobs write beside. */
export const SCRATCH = "/data/scratch";
/** Where database clients look for the authorities that sign RDS's certificates. */
export const RDS_CA = "/etc/pki/rds/global-bundle.pem";
/** Held by every turn of the scheduler, so that whoever stops it can wait for the end. */
export const SCHEDULER_LOCK = "/run/laravel-scheduler.lock";
/** Loopback's only, so no rule of the platform knows it. */
export const STATUS_PORT = 8082;
/** Largest request, MiB: nginx and PHP must say the same. */
export const LARGEST_REQUEST_MIB = 50;
