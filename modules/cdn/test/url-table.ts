/** What has to become of a URL: the line of the table, the origin's host, cache and headers policy. */
export type Expected = readonly [
  url: string,
  pattern: string,
  origin: "application" | "assets" | "files",
  cache: "cachingDisabled" | "cachingOptimized" | "cache-short",
  headers: string,
];

const page = ["default", "application", "cachingDisabled", "headers-page"] as const;
const api = ["/api/*", "application", "cachingDisabled", "headers-api"] as const;
const hashed = ["/build/assets/*", "assets", "cachingOptimized", "headers-hashed-asset"] as const;
const asset = (pattern: string) => [pattern, "assets", "cache-short", "headers-asset"] as const;
const socket = (pattern: string) => [pattern, "application", "cachingDisabled", "none"] as const;
const file = ["/files/*", "files", "cachingDisabled", "headers-file"] as const;

export const urls: readonly Expected[] = [
  // Pages
  ["/", ...page],
  ["/login", ...page],
  ["/register", ...page],
  ["/dashboard?page=2", ...page],
  ["/appointments/42", ...page],
  ["/appointments/42/video", ...page],
  ["/video-call/request/7", ...page],
  ["/broadcasting/auth", ...page],
  ["/sanctum/csrf-cookie", ...page],
  ["/reset-password/abc?email=a%40example.com", ...page],
  ["/storage/avatars/7.jpg", ...page],
  ["/up", ...page],
  ["/app", ...page],
  ["/apps", ...page],
  ["/api", ...page],
  ["/apidocs", ...page],
  ["/application/new", ...page],
  ["/healthy", ...page],
  ["/health/", ...page],
  ["/files", ...page],
  ["/index.php", ...page],
  ["/favicon.ico.bak", ...page],
  ["/BUILD/assets/app-4f2a.js", ...page],
  ["/Api/users", ...page],
  ["/profile?next=/build/assets/app.js", ...page],
  ["/profile#/api/x", ...page],
  // API
  ["/api/", ...api],
  ["/api/user", ...api],
  ["/api/v1/appointments/7?include=doctor", ...api],
  ["https://telemedicina.example.com/api/v1/slots", ...api],
  ["/%61pi/user", ...api],
  ["/api/files/7", ...api],
  // Health
  ["/health", "/health", "application", "cachingDisabled", "headers-api"],
  ["/health?deep=1", "/health", "application", "cachingDisabled", "headers-api"],
  // WebSockets
  ["/app/local-key?protocol=7&client=js", ...socket("/app/*")],
  ["wss://telemedicina.example.com/app/key", ...socket("/app/*")],
  ["/apps/1/events", ...socket("/apps/*")],
  ["/apps/1/connections", ...socket("/apps/*")],
  // Assets with a hash
  ["/build/assets/app-4f2a9c1e.js", ...hashed],
  ["/build/assets/app-4f2a9c1e.css?x", ...hashed],
  ["/build/assets/fonts/inter-77aa.woff2", ...hashed],
  ["/build/../build/assets/app-4f2a.js", ...hashed],
  ["//build//assets/app-4f2a.js", ...hashed],
  ["/%62uild/assets/app-4f2a.js", ...hashed],
  // Assets without one
  ["/build/manifest.json", ...asset("/build/*")],
  ["/build/.vite/manifest.json", ...asset("/build/*")],
  ["/build/assets", ...asset("/build/*")],
  ["/build/assets/../manifest.json", ...asset("/build/*")],
  ["/assets/logo.svg", ...asset("/assets/*")],
  ["/assets/img/a/b/c.png", ...asset("/assets/*")],
  ["/favicon.ico", ...asset("/favicon.ico")],
  ["/favicon.svg", ...asset("/favicon.svg")],
  ["/apple-touch-icon.png", ...asset("/apple-touch-icon.png")],
  ["/robots.txt", ...asset("/robots.txt")],
  ["/maintenance.html", "/maintenance.html", "assets", "cachingDisabled", "headers-page"],
  // Patients' files
  ["/files/7/exam.pdf?Expires=1&Signature=x&Key-Pair-Id=K1", ...file],
  ["/files/", ...file],
  ["/files/../files/a.pdf", ...file],
  ["/files/%2e%2e/login", ...page],
];
