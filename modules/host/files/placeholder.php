<?php
// Until the first release: alive, and nothing else.
header('Content-Type: text/plain; charset=utf-8');
if (strtok($_SERVER['REQUEST_URI'] ?? '', '?') === '/health') {
    echo "no release yet\n";
    exit;
}
http_response_code(503);
header('Retry-After: 60');
echo "no release yet\n";
