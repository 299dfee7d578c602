import { OPCACHE_MIB, REQUEST_LIMIT_MIB } from "./fpm-pool.js";
import type { HostFile } from "./host-file.js";
import { REQUEST_SECONDS } from "./nginx.js";
import { FPM_LOG, FPM_SLOW_LOG, LARGEST_REQUEST_MIB, SCRATCH } from "./paths.js";
import { type HostSettings, hasRole } from "./settings.js";
import { lines } from "./text.js";

/** Memory of a job or a command: reports and exports hold more than a request. */
const COMMAND_LIMIT_MIB = 512;

/** php-fpm's pool where there is a web server, and PHP's settings for requests and commands alike. */
export function phpFiles(settings: HostSettings): HostFile[] {
  const { php } = settings.distribution;
  const ini = php.iniDirectories.map(
    (directory): HostFile => ({
      path: `${directory}/99-telemedicina.ini`,
      content: iniSettings(),
      mode: "0644",
    }),
  );
  if (!hasRole(settings, "web")) return ini;
  return [{ path: php.poolFile, content: pool(settings), mode: "0644" }, ...ini];
}

function pool({ distribution, fpm }: HostSettings): string {
  const { web, php } = distribution;
  return lines(
    "[global]",
    `error_log = ${FPM_LOG}`,
    "; A reload, as every release makes one, lets running requests end.",
    `process_control_timeout = ${REQUEST_SECONDS}s`,
    "",
    "[www]",
    `user = ${web.user}`,
    `group = ${web.group}`,
    `listen = ${php.socket}`,
    `listen.owner = ${web.user}`,
    `listen.group = ${web.group}`,
    "listen.mode = 0660",
    "; Sized to the smallest instance type's memory.",
    "pm = dynamic",
    `pm.max_children = ${fpm.maxChildren}`,
    `pm.start_servers = ${fpm.startServers}`,
    `pm.min_spare_servers = ${fpm.minSpareServers}`,
    `pm.max_spare_servers = ${fpm.maxSpareServers}`,
    "; Whatever leaks is given back in the end.",
    "pm.max_requests = 1000",
    "pm.status_path = /fpm-status",
    `pm.status_listen = ${php.statusSocket}`,
    `request_terminate_timeout = ${REQUEST_SECONDS}s`,
    "request_slowlog_timeout = 5s",
    `slowlog = ${FPM_SLOW_LOG}`,
    "; The environment is Laravel's .env, nothing of the system's.",
    "clear_env = yes",
    "catch_workers_output = yes",
    "decorate_workers_output = no",
    "security.limit_extensions = .php",
    `php_admin_value[error_log] = ${FPM_LOG}`,
    "php_admin_flag[log_errors] = on",
    `php_admin_value[memory_limit] = ${REQUEST_LIMIT_MIB}M`,
  );
}

function iniSettings(): string {
  return lines(
    "expose_php = Off",
    "display_errors = Off",
    "log_errors = On",
    "date.timezone = UTC",
    `memory_limit = ${COMMAND_LIMIT_MIB}M`,
    "; As nginx: what it lets through, PHP takes.",
    `upload_max_filesize = ${LARGEST_REQUEST_MIB}M`,
    `post_max_size = ${LARGEST_REQUEST_MIB}M`,
    `upload_tmp_dir = ${SCRATCH}`,
    `sys_temp_dir = ${SCRATCH}`,
    "realpath_cache_size = 4096K",
    "realpath_cache_ttl = 600",
    `opcache.memory_consumption = ${OPCACHE_MIB}`,
    "opcache.interned_strings_buffer = 16",
    "opcache.max_accelerated_files = 20000",
    "; Files change with a release only, and it reloads php-fpm.",
    "opcache.validate_timestamps = 0",
  );
}
