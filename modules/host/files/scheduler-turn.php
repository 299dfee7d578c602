#!/usr/bin/php
<?php
// Every minute on every scheduler host: the first to set the minute's key in the queue's store runs schedule:run.
// Without the store nobody does: reminders sent by each host are worse than a minute left out.
declare(strict_types=1);

$options = getopt('', ['config:', 'minute:']);
$host = json_decode(file_get_contents($options['config'] ?? '/etc/telemedicina/host.json'), true, 16, JSON_THROW_ON_ERROR);
$minute = $options['minute'] ?? gmdate('Y-m-d\TH:i');
$application = $host['applicationDirectory'];

/** Reads what render-env writes, as Laravel's env() gives it. */
function environment(string $file): array
{
    $values = [];
    foreach (file($file, FILE_IGNORE_NEW_LINES) ?: [] as $line) {
        if (preg_match('/^(\w+)="((?:[^"\\\\]|\\\\.)*)"$/D', $line, $part)) {
            $value = strtr($part[2], ['\\\\' => '\\', '\\"' => '"', '\\$' => '$', '\\n' => "\n", '\\r' => "\r"]);
            $values[$part[1]] = preg_replace('/\A([\'"])(.*)\1\z/', '$2', $value);
        }
    }
    return $values;
}

/** @throws RedisException, RedisClusterException */
function store(array $env): Redis|RedisCluster
{
    $tls = $env['REDIS_SCHEME'] === 'tls';
    $address = ($tls ? 'tls://' : '') . $env['REDIS_HOST'];
    $redis = new Redis();
    $redis->connect($address, (int) $env['REDIS_PORT'], 3, null, 0, 3);
    if (($env['REDIS_PASSWORD'] ?? '') !== '') {
        $redis->auth($env['REDIS_PASSWORD']);
    }
    if ((int) ($redis->info('cluster')['cluster_enabled'] ?? 0) === 0) {
        return $redis;
    }
    // Without a context, be it empty, phpredis speaks plain text to the nodes.
    $node = "$address:{$env['REDIS_PORT']}";
    return new RedisCluster(null, [$node], 3, 3, false, $env['REDIS_PASSWORD'] ?? null, $tls ? [] : null);
}

function send(string $statsd, array $lines): void
{
    $socket = stream_socket_client("udp://$statsd");
    fwrite($socket, implode("\n", $lines));
}

if (!is_file("$application/artisan") || !is_readable($host['environmentFile'])) {
    echo "scheduler-turn: no release in $application yet, no turn taken\n";
    exit(0);
}
try {
    $env = environment($host['environmentFile']);
    $store = store($env);
    if (!$store->set("scheduler:turn:$minute", gethostname(), ['nx', 'ex' => 300])) {
        exit(0);
    }
} catch (Throwable $error) {
    fwrite(STDERR, "scheduler-turn: $minute left out, the queue's store cannot be asked whose turn it is: "
        . "{$error->getMessage()}. See REDIS_* in {$host['environmentFile']}, the store and its security group.\n");
    exit(1);
}
try {
    $queue = $host['queueName'];
    $key = ($env['REDIS_PREFIX'] ?? '') . "queues:$queue";
    send($host['statsd'], [
        'QueueDepth:' . $store->lLen($key) . "|g|#Queue:$queue",
        'DelayedJobs:' . $store->zCard("$key:delayed") . "|g|#Queue:$queue",
        'ReservedJobs:' . $store->zCard("$key:reserved") . "|g|#Queue:$queue",
    ]);
} catch (Throwable $error) {
    fwrite(STDERR, "scheduler-turn: no figures of queue $queue: {$error->getMessage()}\n");
}
$store->close();
chdir($application);
pcntl_exec(PHP_BINARY, ['artisan', 'schedule:run']);
exit(1);
