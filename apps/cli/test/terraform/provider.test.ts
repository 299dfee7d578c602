import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { findProvider, mirrorRoots, type ProviderPlaces } from "../../src/terraform/provider.js";
import { program, scratch, write } from "../scratch.js";

const TREE = "registry.terraform.io/hashicorp/aws";
const CONSTRAINT = ">= 6.25.0, < 7.0.0";

function unpacked(root: string, version: string, target = "linux_amd64"): string {
  return program(join(root, TREE, version, target, `terraform-provider-aws_v${version}_x5`), "");
}

function setUp(init: string): { places: ProviderPlaces; directory: string; terraform: string } {
  const directory = scratch();
  const terraform = program(join(directory, "terraform"), init);
  const places: ProviderPlaces = {
    env: { PATH: process.env["PATH"], TF_PROVIDER_MIRROR: join(directory, "mirror") },
    home: join(directory, "home"),
    platform: "linux",
    arch: "x64",
    opt: join(directory, "opt"),
  };
  return { places, directory, terraform };
}

function find({ places, directory, terraform }: ReturnType<typeof setUp>) {
  return findProvider({
    terraform: { binary: terraform, product: "Terraform", version: "1.11.4" },
    constraint: CONSTRAINT,
    cacheDirectory: join(directory, "cache"),
    say: () => undefined,
    places,
  });
}

/** Whether this machine has it is not the test's to decide. */
function systemDirectory(path: string): string {
  return `    ${path}${existsSync(path) ? "" : " (no such directory)"}`;
}

const UNREACHABLE = `cat >&2 <<'END'
╷
│ Error: Failed to query available provider packages
│
│ Could not retrieve the list of available versions for provider hashicorp/aws: could not connect to
│ registry.terraform.io: no such host
│
│ To see which modules are currently depending on hashicorp/aws, run the following command:
│     terraform providers
╵
END
exit 1`;

describe("findProvider", () => {
  it("takes a local version that meets the constraint before a newer one that does not", async () => {
    const machine = setUp("echo must not run >&2; exit 1");
    unpacked(join(machine.directory, "mirror"), "7.1.0");
    const wanted = unpacked(join(machine.directory, "opt/tf-plugins"), "6.30.0");
    unpacked(join(machine.directory, "opt/tf-plugins"), "5.100.0");
    expect(await find(machine)).toEqual({
      binary: wanted,
      version: "6.30.0",
      mirror: join(machine.directory, "opt/tf-plugins"),
      satisfiesConstraint: true,
    });
  });

  it("takes what the registry gives when no local version meets the constraint", async () => {
    const download = `mkdir -p "$TF_PLUGIN_CACHE_DIR/${TREE}/6.40.0/linux_amd64"
touch "$TF_PLUGIN_CACHE_DIR/${TREE}/6.40.0/linux_amd64/terraform-provider-aws_v6.40.0_x5"`;
    const machine = setUp(download);
    unpacked(join(machine.directory, "mirror"), "5.100.0");
    expect(await find(machine)).toMatchObject({ version: "6.40.0", satisfiesConstraint: true });
  });

  it("takes the newest local version when the registry is out of reach", async () => {
    const machine = setUp(UNREACHABLE);
    unpacked(join(machine.directory, "mirror"), "5.9.0");
    const newest = unpacked(join(machine.directory, "home/.terraform.d/plugins"), "5.100.0");
    expect(await find(machine)).toEqual({
      binary: newest,
      version: "5.100.0",
      mirror: join(machine.directory, "home/.terraform.d/plugins"),
      satisfiesConstraint: false,
    });
  });

  it("leaves alone what was built for another machine", async () => {
    const machine = setUp(UNREACHABLE);
    unpacked(join(machine.directory, "mirror"), "6.99.0", "darwin_arm64");
    const own = unpacked(join(machine.directory, "mirror"), "5.100.0");
    expect(await find(machine)).toMatchObject({ binary: own });
  });

  it("fails with every place it searched", async () => {
    const machine = setUp(UNREACHABLE);
    const { directory } = machine;
    mkdirSync(join(directory, "opt/tools"), { recursive: true });
    const zip = `${TREE}/terraform-provider-aws_6.30.0_linux_amd64.zip`;
    write(join(directory, "mirror", zip), "");
    await expect(find(machine)).rejects.toThrow(
      [
        "The AWS provider (hashicorp/aws) is missing: no directory of this machine has it, and the registry gave none.",
        "  wanted: >= 6.25.0, < 7.0.0, for linux_amd64; any version will do for a rehearsal",
        `  searched: <directory>/${TREE}/<version>/linux_amd64/ below`,
        `    ${directory}/mirror`,
        `    ${directory}/home/.terraform.d/plugins (no such directory)`,
        `    ${directory}/home/.local/share/terraform/plugins (no such directory)`,
        systemDirectory("/usr/local/share/terraform/plugins"),
        systemDirectory("/usr/share/terraform/plugins"),
        `    ${directory}/opt/tools`,
        `    ${directory}/cache`,
        `  packed, not used: ${directory}/mirror/${zip} (unpack it into <version>/linux_amd64/ beside it)`,
        "  registry: Could not retrieve the list of available versions for provider hashicorp/aws: could not connect to registry.terraform.io: no such host",
        "  do: on a machine that reaches the registry run `terraform providers mirror DIRECTORY`, unpack the archive there,",
        "      copy DIRECTORY here and set TF_PROVIDER_MIRROR=DIRECTORY.",
      ].join("\n"),
    );
  });
});

describe("mirrorRoots", () => {
  it("follows Terraform's own rules, then looks one level below /opt", () => {
    const opt = scratch();
    mkdirSync(join(opt, "b"));
    mkdirSync(join(opt, "a"));
    const env = { TF_PROVIDER_MIRROR: "/m", TF_PLUGIN_CACHE_DIR: "/c", XDG_DATA_HOME: "/x" };
    expect(mirrorRoots({ env, home: "/home/u", platform: "linux", arch: "x64", opt })).toEqual([
      "/m",
      "/home/u/.terraform.d/plugins",
      "/x/terraform/plugins",
      "/usr/local/share/terraform/plugins",
      "/usr/share/terraform/plugins",
      "/c",
      `${opt}/a`,
      `${opt}/b`,
    ]);
  });

  it("knows the places of macOS", () => {
    const places = { env: {}, home: "/Users/u", platform: "darwin", arch: "arm64", opt: "/nowhere" } as const;
    expect(mirrorRoots(places)).toEqual([
      "/Users/u/.terraform.d/plugins",
      "/Users/u/Library/Application Support/io.terraform/plugins",
      "/Library/Application Support/io.terraform/plugins",
    ]);
  });
});
