import { ports } from "@telemedicina/core";
import type { HostFile } from "./host-file.js";
import { ORIGIN_HEADER } from "./origin-header.js";
import { APPLICATION, LARGEST_REQUEST_MIB, STATUS_PORT } from "./paths.js";
import type { HostSettings } from "./settings.js";

/** Seconds after which php-fpm cuts a request off. */
export const REQUEST_SECONDS = 60;

/** Seconds after which nginx answers for PHP, at the latest. Whoever asks nginx has to wait longer to hear it. */
export const LONGEST_ANSWER_SECONDS = REQUEST_SECONDS + 5;

/** A WebSocket is two connections, the browser's and Reverb's, and one worker may get all of them. */
export function workerConnections(reverbMaxConnections: number): number {
  return Math.max(4096, 2 * reverbMaxConnections + 2048);
}

/** nginx's configuration as a whole. Requests come from the load balancer only, where TLS ends. */
export function nginxFile(settings: HostSettings): HostFile {
  return {
    path: settings.distribution.nginx.configurationFile,
    content: configuration(settings),
    mode: "0644",
  };
}

function configuration({ distribution, vpcCidr, reverbMaxConnections }: HostSettings): string {
  const { web, php } = distribution;
  const connections = workerConnections(reverbMaxConnections);
  return `user ${web.user} ${web.group};
worker_processes auto;
worker_rlimit_nofile ${2 * connections};
# After a reload WebSockets keep the old workers; five minutes, then they connect anew.
worker_shutdown_timeout 300s;
pid /run/nginx.pid;
error_log /var/log/nginx/error.log warn;

events {
    worker_connections ${connections};
}

http {
    include /etc/nginx/mime.types;
    default_type application/octet-stream;
    charset utf-8;
    server_tokens off;
    sendfile on;
    tcp_nopush on;
    # Longer than the load balancer may keep an idle connection, or it would send a request into one that closes.
    keepalive_timeout 4060s;
    keepalive_requests 10000;
    client_max_body_size ${LARGEST_REQUEST_MIB}m;

    gzip on;
    gzip_proxied any;
    gzip_min_length 1000;
    gzip_types text/css text/plain application/javascript text/javascript application/json image/svg+xml;

    # Only what comes from the VPC may say who the client is and how it came.
    geo $realip_remote_addr $proxied {
        default 0;
        ${vpcCidr} 1;
    }
    set_real_ip_from ${vpcCidr};
    real_ip_header X-Forwarded-For;
    real_ip_recursive on;
    map $proxied:$http_x_forwarded_proto $client_scheme {
        default http;
        1:https https;
    }
    map $client_scheme $client_https {
        default "";
        https on;
    }
    map $client_scheme $client_port {
        default 80;
        https 443;
    }
    map $http_upgrade $connection_upgrade {
        default upgrade;
        "" "";
    }

    # No query string and no referer: they hold signatures, e-mail addresses and search words. Nor a reset's token.
    map $request_uri $logged_path {
        "~^(?<head>/reset-password/)" "\${head}-";
        "~^(?<path>[^?]*)" $path;
    }
    log_format access escape=json '{"time":"$time_iso8601","client":"$remote_addr","method":"$request_method",'
        '"path":"$logged_path","status":$status,"bytes":$body_bytes_sent,"seconds":$request_time,'
        '"upstream":"$upstream_response_time","agent":"$http_user_agent","request":"$request_id"}';
    access_log /var/log/nginx/access.log access;

    server {
        listen ${ports.app} default_server;
        root ${APPLICATION}/public;

        fastcgi_read_timeout ${LONGEST_ANSWER_SECONDS}s;
        fastcgi_hide_header X-Powered-By;
        fastcgi_buffers 16 16k;
        fastcgi_buffer_size 32k;
        fastcgi_param SCRIPT_FILENAME $realpath_root/index.php;
        fastcgi_param SCRIPT_NAME /index.php;
        fastcgi_param DOCUMENT_ROOT $realpath_root;
        fastcgi_param REQUEST_URI $request_uri;
        fastcgi_param QUERY_STRING $query_string;
        fastcgi_param REQUEST_METHOD $request_method;
        fastcgi_param CONTENT_TYPE $content_type;
        fastcgi_param CONTENT_LENGTH $content_length;
        fastcgi_param SERVER_PROTOCOL $server_protocol;
        fastcgi_param SERVER_NAME $host;
        fastcgi_param REMOTE_ADDR $remote_addr;
        # As the viewer sees it, so that Laravel makes https URLs.
        fastcgi_param HTTPS $client_https if_not_empty;
        fastcgi_param REQUEST_SCHEME $client_scheme;
        fastcgi_param SERVER_PORT $client_port;
        # Laravel trusts its proxy, so what it is told must be true: one address, and nothing that a viewer chose.
        fastcgi_param HTTP_X_FORWARDED_FOR $remote_addr;
        fastcgi_param HTTP_X_FORWARDED_PROTO $client_scheme;
        fastcgi_param HTTP_X_FORWARDED_PORT $client_port;
        fastcgi_param HTTP_X_FORWARDED_HOST "" if_not_empty;
        fastcgi_param HTTP_X_FORWARDED_PREFIX "" if_not_empty;
        fastcgi_param HTTP_FORWARDED "" if_not_empty;
        fastcgi_param HTTP_PROXY "" if_not_empty;
        fastcgi_param HTTP_${ORIGIN_HEADER.toUpperCase().replaceAll("-", "_")} "" if_not_empty;
        fastcgi_param HTTP_X_REQUEST_ID $request_id;

        error_page 502 = @unavailable;

        # Alive: nginx and php-fpm answer. Asks no database, or its failover would take every host out.
        location = /health {
            access_log off;
            error_page 502 504 = @unavailable;
            fastcgi_read_timeout 5s;
            fastcgi_pass unix:${php.socket};
        }

        location ~ ^/apps?/ {
            proxy_pass http://127.0.0.1:${ports.reverb};
            proxy_http_version 1.1;
            proxy_set_header Host $host;
            proxy_set_header Upgrade $http_upgrade;
            proxy_set_header Connection $connection_upgrade;
            proxy_set_header X-Forwarded-For $remote_addr;
            proxy_set_header X-Forwarded-Proto $client_scheme;
            proxy_set_header X-Forwarded-Host "";
            proxy_set_header Forwarded "";
            proxy_set_header ${ORIGIN_HEADER} "";
            proxy_connect_timeout 5s;
            # Silence between two of Reverb's pings is normal.
            proxy_read_timeout 3600s;
            proxy_send_timeout 3600s;
        }

        location ~ /\\.(?!well-known/) {
            return 404;
        }

        location = /index.php {
            internal;
            fastcgi_pass unix:${php.socket};
        }

        location ~ \\.php(/|$) {
            return 404;
        }

        # Vite's names change with the content.
        location /build/ {
            expires 1y;
            add_header Cache-Control "public, immutable";
            try_files $uri =404;
        }

        location / {
            try_files $uri /index.php$is_args$args;
        }

        location @unavailable {
            add_header Retry-After 10 always;
            default_type text/plain;
            return 503 "unavailable\\n";
        }
    }

    server {
        listen 127.0.0.1:${STATUS_PORT};
        access_log off;

        location = /fpm-status {
            fastcgi_param SCRIPT_FILENAME /fpm-status;
            fastcgi_param SCRIPT_NAME /fpm-status;
            fastcgi_param QUERY_STRING $query_string;
            fastcgi_param REQUEST_METHOD $request_method;
            fastcgi_pass unix:${php.statusSocket};
        }

        location / {
            return 404;
        }
    }
}
`;
}
