import type { Distribution } from "./distribution.js";
import type { DistributionName } from "./props.js";

/** PHP's parts as Amazon Linux and Fedora cut them. */
const amazonParts = [
  "cli",
  "common",
  "pgsql",
  "pdo",
  "mbstring",
  "xml",
  "intl",
  "bcmath",
  "gd",
  "opcache",
  // pcntl and posix: a worker without them ends its job when it is told to stop.
  "process",
  "zip",
  "sodium",
  "pecl-redis6",
];

const debianParts = ["cli", "pgsql", "mbstring", "xml", "intl", "bcmath", "gd", "opcache", "zip", "curl"];

/** The newest long-lived PHP of its repositories, and no supervisor there: systemd keeps the programs running. */
const amazonLinux2023: Distribution = {
  name: "amazonLinux2023",
  processManager: "systemd",
  packages: {
    base: [
      ...amazonParts.map((part) => `php8.4-${part}`),
      "python3-boto3",
      "amazon-cloudwatch-agent",
      "logrotate",
    ],
    web: ["nginx", "php8.4-fpm"],
    pgbouncer: ["pgbouncer"],
  },
  // AWS's rebuild of EPEL 9. Once: bootcmd runs at every boot.
  repositories: [["cloud-init-per", "once", "spal", "dnf", "install", "-y", "spal-release"]],
  web: { user: "nginx", group: "nginx" },
  nginx: { configurationFile: "/etc/nginx/nginx.conf" },
  php: {
    version: "8.4",
    fpmUnit: "php-fpm",
    fpmProgram: "php-fpm",
    poolFile: "/etc/php-fpm.d/www.conf",
    iniDirectories: ["/etc/php.d"],
    socket: "/run/php-fpm/www.sock",
    statusSocket: "/run/php-fpm/status.sock",
  },
  pgbouncer: { user: "pgbouncer", unit: "pgbouncer", preparedStatements: true },
  supervisor: { directory: "/etc/supervisord.d", unit: "supervisord" },
};

const ubuntu2404 = debianLike("ubuntu2404", {
  php: "8.3",
  nginx: "nginx",
  folder: "ubuntu",
  preparedStatements: true,
});

/** So that tests can run what is rendered with Debian's own packages. CodeDeploy does not support it. */
const debian12 = debianLike("debian12", {
  php: "8.2",
  nginx: "nginx-light",
  folder: "debian",
  preparedStatements: false,
});

export const distributions: Readonly<Record<DistributionName, Distribution>> = {
  amazonLinux2023,
  ubuntu2404,
  debian12,
};

interface DebianDifferences {
  readonly php: string;
  readonly nginx: string;
  readonly folder: "ubuntu" | "debian";
  readonly preparedStatements: boolean;
}

function debianLike(name: DistributionName, differences: DebianDifferences): Distribution {
  const { php, nginx, folder, preparedStatements } = differences;
  return {
    name,
    processManager: "supervisor",
    packages: {
      base: [
        ...debianParts.map((part) => `php${php}-${part}`),
        "php-redis",
        "supervisor",
        "python3-boto3",
        "curl",
        "logrotate",
      ],
      web: [nginx, `php${php}-fpm`],
      pgbouncer: ["pgbouncer"],
    },
    cloudWatchAgentFolder: folder,
    repositories: [],
    web: { user: "www-data", group: "www-data" },
    nginx: { configurationFile: "/etc/nginx/nginx.conf" },
    php: {
      version: php,
      fpmUnit: `php${php}-fpm`,
      fpmProgram: `php-fpm${php}`,
      poolFile: `/etc/php/${php}/fpm/pool.d/www.conf`,
      iniDirectories: [`/etc/php/${php}/fpm/conf.d`, `/etc/php/${php}/cli/conf.d`],
      socket: `/run/php/php${php}-fpm.sock`,
      statusSocket: "/run/php/status.sock",
    },
    // Debian's package runs it as the database's own user.
    pgbouncer: { user: "postgres", unit: "pgbouncer", preparedStatements },
    supervisor: { directory: "/etc/supervisor/conf.d", unit: "supervisor" },
  };
}
