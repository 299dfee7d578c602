import type { LaravelRule } from "@telemedicina/cache";

/** What files of the application must say about being served behind nginx and a load balancer. */
export const webRules: readonly LaravelRule[] = [
  {
    id: "health-route",
    file: "bootstrap/app.php",
    rule: "->withRouting(health: '/health')",
    because:
      "the load balancer asks /health and replaces hosts that do not answer 200. It must not ask the database: its failover would end every host at once",
  },
  {
    id: "trusted-proxies",
    file: "bootstrap/app.php",
    rule: "$middleware->trustProxies(at: '*')",
    because:
      "TLS ends at the load balancer: otherwise Laravel makes http:// links and takes the load balancer for the visitor. Only the load balancer reaches the hosts",
  },
  {
    id: "page-nonce",
    file: "app/Http/Middleware/ContentSecurityPolicy.php",
    rule: "Vite::useCspNonce(); and the header Content-Security-Policy = str_replace('{nonce}', Vite::cspNonce(), config('app.csp'))",
    because:
      "CONTENT_SECURITY_POLICY admits inline scripts by the nonce of the answer alone. Without the header CloudFront sends its own policy, under which none runs",
  },
  {
    id: "reverb-origins",
    file: "config/reverb.php",
    rule: "'allowed_origins' => explode(',', env('REVERB_ALLOWED_ORIGINS'))",
    because: "Laravel's own value is '*': any web site could open WebSockets in a visitor's name",
  },
  {
    id: "reverb-limit",
    file: "config/reverb.php",
    rule: "'max_connections' => env('REVERB_APP_MAX_CONNECTIONS')",
    because:
      "beyond about 1000 connections PHP's own event loop fails for all of them instead of refusing the next",
  },
];
