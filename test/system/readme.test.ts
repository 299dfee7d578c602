import { readFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { root } from "../src/project.js";

/** Run here, in place: on a tree that is current they write what is there already. */
const run = ["npm run validate", "npm run synth", "npm run golden:update", "npm run schema", "npm run bench"];

/** Run by another file, which must name the command or what it stands for. */
const elsewhere: Readonly<Record<string, { readonly file: string; readonly by: string }>> = {
  "npm test": { file: ".ci/run", by: "npm test" },
  "npm run check": { file: "scripts/test.mjs", by: "npm run --silent test:unit" },
  "npm run docs": { file: "scripts/test.mjs", by: "npm run --silent docs" },
  "npm run rehearse -- development": { file: "scripts/test.mjs", by: "npm run --silent rehearse -- " },
  "npm run rehearse -- production --quick": { file: "scripts/test.mjs", by: "--quick" },
  "npm run rehearse -- staging --quick": { file: "scripts/test.mjs", by: "--quick" },
  "npm run rehearse -- <name>": { file: "scripts/test.mjs", by: "npm run --silent rehearse -- " },
  "npm run rehearse -- --help": { file: "test/system/readme.test.ts", by: "--help" },
  "npm run emulator -- --environment production": { file: "test/system/cdktf.test.ts", by: '"emulator"' },
  "npm run bootstrap -- production": { file: "test/system/cdktf.test.ts", by: '"bootstrap"' },
  "npm run bootstrap -- <environment>": { file: "test/system/cdktf.test.ts", by: '"bootstrap"' },
  "npm run hcp -- plan <environment>": { file: "test/system/hcp-cli.test.ts", by: '"hcp", "plan"' },
  "npm run hcp -- apply <environment>": { file: "test/system/hcp-cli.test.ts", by: '"hcp", "apply"' },
  "cd cdktf.out/stacks/production-network": { file: "test/system/cdktf.test.ts", by: "cdktf.out/stacks" },
  "terraform init": { file: "test/system/cdktf.test.ts", by: '["init"' },
  "terraform plan -out plan.tfplan": { file: "test/system/cdktf.test.ts", by: '["plan"' },
  "terraform apply plan.tfplan": { file: "test/system/cdktf.test.ts", by: '["apply"' },
  "npx cdktf list": { file: "test/system/cdktf.test.ts", by: '["list"' },
  "npx cdktf synth": { file: "test/system/cdktf.test.ts", by: '["synth"' },
  "npx cdktf diff production-network": { file: "test/system/cdktf.test.ts", by: '["diff"' },
  "npx cdktf deploy production-network": { file: "test/system/cdktf.test.ts", by: '["deploy"' },
};

describe("README", () => {
  it("has no command that no test runs", () => {
    const unknown = commands().filter(
      (command) => !run.includes(command) && elsewhere[command] === undefined,
    );
    expect(unknown).toEqual([]);
  });

  it.each(Object.entries(elsewhere))("%s is run elsewhere", (command, { file, by }) => {
    expect(commands(), `the README no longer has it`).toContain(command);
    expect(readFileSync(join(root, file), "utf8")).toContain(by);
  });

  it.each(run)("%s works", async (command) => {
    expect(commands()).toContain(command);
    const [program = "", ...args] = command.split(" ");
    await execa(program, args, { cwd: root });
  });

  it("npm run rehearse -- --help lists what it can do", async () => {
    const { stdout } = await execa("npm", ["run", "--silent", "rehearse", "--", "--help"], { cwd: root });
    for (const flag of ["--stack", "--quick", "--keep", "--port", "--report", "--plan-only"]) {
      expect(stdout).toContain(flag);
    }
  });
});

/** Lines of shell blocks, and code in the text that starts with a program of ours. */
function commands(): string[] {
  const text = readFileSync(join(root, "README.md"), "utf8");
  const blocks = [...text.matchAll(/^```sh\n([\s\S]*?)^```/gm)].flatMap(([, block = ""]) =>
    block.trim().split("\n"),
  );
  const inline = [...text.matchAll(/`((?:npm (?:run|test)|npx )[^`]*)`/g)].map(([, command = ""]) => command);
  return [...new Set([...blocks, ...inline])];
}
