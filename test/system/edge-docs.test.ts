import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  applicationCsp,
  contentSecurityPolicy,
  contentSecurityPolicyTemplate,
  NONCE_PLACEHOLDER,
} from "@telemedicina/cdn";
import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { root } from "../src/project.js";
import { findPrograms } from "./host-programs-support.js";

const page = readFileSync(join(root, "docs/edge.md"), "utf8");
const programs = findPrograms("edge documentation", { php: "php" }, "php-cli");

/** The classes of Laravel that the middleware meets, as far as it meets them. */
const framework = `
namespace Illuminate\\Http { class Request {} }
namespace Symfony\\Component\\HttpFoundation {
    class Headers { public array $set = []; function set($name, $value) { $this->set[$name] = $value; } }
    class Response { public Headers $headers; function __construct() { $this->headers = new Headers(); } }
}
namespace Illuminate\\Support\\Facades {
    class Vite {
        public static ?string $nonce = null;
        static function useCspNonce() { return self::$nonce = 'c2l4dGVlbi1ieXRlcy4u'; }
    }
}
`;

describe.skipIf(programs === undefined)("the middleware of docs/edge.md, run by PHP", () => {
  const directives = applicationCsp({ domain: "telemedicina.example.com" });

  it("CDN-10, T-48: sends the policy with the nonce that the page was rendered with", async () => {
    const { headers, duringPage } = await run(contentSecurityPolicyTemplate(directives));

    expect(duringPage).toBe("c2l4dGVlbi1ieXRlcy4u");
    expect(headers).toEqual({
      "Content-Security-Policy": contentSecurityPolicy(directives, { nonce: "c2l4dGVlbi1ieXRlcy4u" }),
    });
  });

  it("fills the placeholder that the contract's policy has", () => {
    expect(snippet()).toContain(`str_replace('${NONCE_PLACEHOLDER}'`);
  });

  async function run(template: string) {
    const directory = mkdtempSync(join(tmpdir(), "edge-docs-"));
    const write = (name: string, text: string) => writeFileSync(join(directory, name), `<?php\n${text}`);
    try {
      write("framework.php", framework);
      write("middleware.php", snippet().replace(/^<\?php\n/, ""));
      write(
        "run.php",
        `require __DIR__ . '/framework.php';
        function config($key) { return $key === 'app.csp' ? $GLOBALS['argv'][1] : null; }
        require __DIR__ . '/middleware.php';
        $during = null;
        $next = function () use (&$during) {
            $during = Illuminate\\Support\\Facades\\Vite::$nonce;
            return new Symfony\\Component\\HttpFoundation\\Response();
        };
        $response = (new App\\Http\\Middleware\\ContentSecurityPolicy())->handle(new Illuminate\\Http\\Request(), $next);
        echo json_encode(['headers' => $response->headers->set, 'duringPage' => $during], JSON_UNESCAPED_SLASHES);`,
      );
      const { stdout, stderr } = await execa(programs?.php ?? "", [
        ...["-d", "error_reporting=-1", join(directory, "run.php")],
        template,
      ]);
      expect(stderr).toBe("");
      return JSON.parse(stdout) as { headers: Record<string, string>; duringPage: string };
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  }
});

function snippet(): string {
  const found = /```php\n([\s\S]*?)```/.exec(page)?.[1];
  if (found === undefined) throw new Error("docs/edge.md has no PHP");
  return found;
}
