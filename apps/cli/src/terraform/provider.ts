import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { UserError } from "../errors.js";
import type { TerraformProgram } from "./find.js";
import { compareVersions, satisfies } from "./versions.js";

const run = promisify(execFile);

/** Terraform's and OpenTofu's name for the same provider. */
const ADDRESSES = ["registry.terraform.io/hashicorp/aws", "registry.opentofu.org/hashicorp/aws"];

/** An AWS provider on this machine. */
export interface ProviderBinary {
  readonly binary: string;
  readonly version: string;
  /** Root of the tree it was found in. */
  readonly mirror: string;
  /** Whether it meets the constraint of the JSON; a provider that the relay attaches need not. */
  readonly satisfiesConstraint: boolean;
}

/** What of the machine decides where a provider is searched. */
export interface ProviderPlaces {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  readonly platform: NodeJS.Platform;
  readonly arch: string;
  /** Its subdirectories are searched too. */
  readonly opt: string;
}

export interface FindProviderOptions {
  readonly terraform: TerraformProgram;
  /** What the JSON asks for, such as `>= 6.25.0, < 7.0.0`. */
  readonly constraint: string;
  /** Where a provider from the registry is kept. */
  readonly cacheDirectory: string;
  readonly say: (message: string) => void;
  /** Stops a download. */
  readonly signal?: AbortSignal;
  readonly places?: ProviderPlaces;
}

/**
 * The AWS provider that judges: a local one that meets the constraint; else the registry's; else,
 * without registry, the newest local one.
 */
export async function findProvider(options: FindProviderOptions): Promise<ProviderBinary> {
  const places = options.places ?? thisMachine();
  const roots = [...mirrorRoots(places), options.cacheDirectory];
  const local = roots
    .flatMap((root) => providersBelow(root, places, options.constraint))
    .sort((a, b) => compareVersions(b.version, a.version));
  const fitting = local.find((provider) => provider.satisfiesConstraint);
  if (fitting !== undefined) return fitting;

  const registry = await fromRegistry(options, places);
  if (typeof registry !== "string") return registry;
  const newest = local[0];
  if (newest !== undefined) return newest;
  throw noProvider(options.constraint, roots, places, registry);
}

/** Every directory that may hold a `registry.terraform.io` tree, in the order they are searched. */
export function mirrorRoots(places: ProviderPlaces): readonly string[] {
  const { env, home, platform, opt } = places;
  const implied =
    platform === "darwin"
      ? [
          join(home, "Library/Application Support/io.terraform/plugins"),
          "/Library/Application Support/io.terraform/plugins",
        ]
      : [
          join(env["XDG_DATA_HOME"] || join(home, ".local/share"), "terraform/plugins"),
          "/usr/local/share/terraform/plugins",
          "/usr/share/terraform/plugins",
        ];
  return [
    ...set(env["TF_PROVIDER_MIRROR"]),
    join(home, ".terraform.d/plugins"),
    ...implied,
    ...set(env["TF_PLUGIN_CACHE_DIR"]),
    ...subdirectories(opt).map((name) => join(opt, name)),
  ];
}

function set(value: string | undefined): string[] {
  return value === undefined || value === "" ? [] : [value];
}

function thisMachine(): ProviderPlaces {
  return { env: process.env, home: homedir(), platform: process.platform, arch: process.arch, opt: "/opt" };
}

/** Unpacked providers only: `<root>/<address>/<version>/<os>_<arch>/terraform-provider-aws_v…`. */
function providersBelow(root: string, places: ProviderPlaces, constraint: string): ProviderBinary[] {
  const versions = ADDRESSES.flatMap((address) =>
    subdirectories(join(root, address)).map((version) => ({
      version,
      directory: join(root, address, version, target(places)),
    })),
  );
  return versions.flatMap(({ version, directory }) => {
    const file = files(directory).find((name) => name.startsWith("terraform-provider-aws"));
    if (file === undefined) return [];
    return [
      {
        binary: join(directory, file),
        version,
        mirror: root,
        satisfiesConstraint: satisfies(version, constraint),
      },
    ];
  });
}

function target({ platform, arch }: ProviderPlaces): string {
  return `${platform}_${arch === "x64" ? "amd64" : arch}`;
}

function subdirectories(directory: string): string[] {
  return entries(directory, (entry) => entry.isDirectory() || entry.isSymbolicLink());
}

function files(directory: string): string[] {
  return entries(directory, (entry) => entry.isFile() || entry.isSymbolicLink());
}

function entries(directory: string, wanted: (entry: import("node:fs").Dirent) => boolean): string[] {
  try {
    return readdirSync(directory, { withFileTypes: true })
      .filter(wanted)
      .map((entry) => entry.name)
      .sort();
  } catch {
    return [];
  }
}

/** Downloads into the cache with Terraform itself, so with the user's own CLI configuration; else why not. */
async function fromRegistry(
  options: FindProviderOptions,
  places: ProviderPlaces,
): Promise<ProviderBinary | string> {
  const directory = mkdtempSync(join(tmpdir(), "aws-provider-"));
  const required = { aws: { source: "hashicorp/aws", version: options.constraint } };
  writeFileSync(
    join(directory, "main.tf.json"),
    JSON.stringify({ terraform: { required_providers: required } }),
  );
  mkdirSync(options.cacheDirectory, { recursive: true });
  const slow = setTimeout(
    () => options.say(`Fetching the AWS provider (${options.constraint}), once …`),
    3_000,
  );
  try {
    await run(options.terraform.binary, ["init", "-backend=false", "-input=false", "-no-color"], {
      cwd: directory,
      timeout: 600_000,
      ...(options.signal === undefined ? {} : { signal: options.signal }),
      env: {
        ...places.env,
        TF_PLUGIN_CACHE_DIR: options.cacheDirectory,
        TF_REGISTRY_CLIENT_TIMEOUT: "5",
        TF_REGISTRY_DISCOVERY_RETRY: "0",
        CHECKPOINT_DISABLE: "1",
        TF_REATTACH_PROVIDERS: "",
      },
    });
    const found = providersBelow(options.cacheDirectory, places, options.constraint);
    return (
      found.find((provider) => provider.satisfiesConstraint) ??
      "terraform init fetched no provider for this machine"
    );
  } catch (error) {
    return reason((error as Error & { stderr?: string }).stderr || (error as Error).message);
  } finally {
    clearTimeout(slow);
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Terraform's message without its box and its advice about modules. */
function reason(output: string): string {
  const text = output.replace(/[│╷╵]/g, "").replace(/\s+/g, " ").trim();
  const detail = /Could not retrieve .*?(?= To see which modules| If you |$)/.exec(text)?.[0];
  return detail ?? text.slice(0, 400);
}

function noProvider(
  constraint: string,
  roots: readonly string[],
  places: ProviderPlaces,
  registry: string,
): UserError {
  const packed = roots
    .flatMap((root) => ADDRESSES.map((address) => join(root, address)))
    .flatMap((directory) => files(directory).map((name) => join(directory, name)))
    .filter((file) => file.endsWith(".zip"));
  return new UserError(
    [
      "The AWS provider (hashicorp/aws) is missing: no directory of this machine has it, and the registry gave none.",
      `  wanted: ${constraint}, for ${target(places)}; any version will do for a rehearsal`,
      `  searched: <directory>/${ADDRESSES[0]}/<version>/${target(places)}/ below`,
      ...roots.map((root) => `    ${root}${existsSync(root) ? "" : " (no such directory)"}`),
      ...packed.map(
        (file) => `  packed, not used: ${file} (unpack it into <version>/${target(places)}/ beside it)`,
      ),
      `  registry: ${registry}`,
      "  do: on a machine that reaches the registry run `terraform providers mirror DIRECTORY`, unpack the archive there,",
      "      copy DIRECTORY here and set TF_PROVIDER_MIRROR=DIRECTORY.",
    ].join("\n"),
  );
}
