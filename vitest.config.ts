import { configDefaults, defineConfig } from "vitest/config";

/** They start and kill processes by the dozen. */
const processTests = "apps/cli/test/relay/{children,pass-through}.test.ts";

/**
 * Two lanes. `unit` reads no network, starts no server and stays under a minute; `system` runs real
 * programs (Terraform, the AWS provider, moto, npm, cdktf) and is what `npm test` adds to it.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: [
            "{apps,modules}/*/test/**/*.test.ts",
            "config/test/**/*.test.ts",
            "test/unit/**/*.test.ts",
          ],
          exclude: [...configDefaults.exclude, processTests],
          testTimeout: 20_000,
          // The engine and the bindings load once for all files instead of once for each: five times faster.
          isolate: false,
          // Vitest would keep one core for itself, which is half of a small machine.
          maxWorkers: "100%",
        },
      },
      {
        test: {
          name: "system",
          include: ["test/system/**/*.test.ts", processTests],
          testTimeout: 600_000,
          hookTimeout: 600_000,
          // Each of these already uses both cores: Terraform and the provider are the load.
          fileParallelism: false,
        },
      },
    ],
  },
});
