// The whole proof, in the order in which a fault is cheapest to find. `.ci/run` calls it and nothing else.
import { spawnSync } from "node:child_process";

const steps = [
  ["types", "npm run --silent typecheck"],
  ["format, lint, dead code", "npm run --silent lint"],
  ["unit tests", "npm run --silent test:unit"],
  ["workflows", "npm run --silent lint:workflows"],
  ["synth within its budget", "npm run --silent bench -- --check"],
  ["real Terraform, provider, emulator and servers", "npm run --silent test:system"],
  ["generated pages are current", "npm run --silent docs -- --check"],
  ...["development", "staging", "production"].map((name) => [
    `rehearsal of ${name}`,
    `npm run --silent rehearse -- ${name}`,
  ]),
  ["quick rehearsal of production", "npm run --silent rehearse -- production --quick"],
];

const started = Date.now();
const results = steps.map(([title, command]) => {
  const from = Date.now();
  console.log(`\n── ${title}: ${command}`);
  const { status } = spawnSync(command, { shell: true, stdio: "inherit" });
  return { title, command, ok: status === 0, seconds: (Date.now() - from) / 1000 };
});

console.log("\n── summary");
for (const { title, ok, seconds, command } of results) {
  console.log(
    `${ok ? "ok    " : "FAILED"} ${seconds.toFixed(0).padStart(4)} s  ${title}${ok ? "" : `: ${command}`}`,
  );
}
const failed = results.filter(({ ok }) => !ok).length;
console.log(`${((Date.now() - started) / 60_000).toFixed(1)} minutes`);
console.log(`${results.length - failed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
