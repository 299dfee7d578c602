import { mkdirSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { findPrograms, HostDirectory } from "./host-programs-support.js";

const programs = findPrograms("mount-data", { bash: "bash", python: "python3" }, "bash python3");

const GIB = 1024 ** 3;

/** A block device as the stubs know it: its size, and what blkid says of it. */
interface Disk {
  readonly name: string;
  readonly gib: number;
  readonly mounted?: string;
  readonly partitions?: number;
  /** Lines of blkid. Empty: nothing is on it. */
  readonly contents?: string;
}

const root: Disk = { name: "/dev/nvme0n1", gib: 30, partitions: 2, contents: "PTTYPE=gpt" };
const data: Disk = { name: "/dev/nvme1n1", gib: 100 };
const UUID = "1b2c3d4e-0000-4000-8000-123456789abc";

/** No machine gives a test block devices: the programs that touch them stand in, with their own way of answering. */
describe.skipIf(!programs)("mount-data", () => {
  let host: HostDirectory;

  beforeEach(() => {
    host = new HostDirectory();
    host.configure({ dataVolume: { gib: 100, mount: host.file("data") } });
    for (const directory of ["bin", "disks"]) mkdirSync(host.file(directory));
    host.write("fstab", "UUID=aaaa / ext4 defaults 0 1");
    host.write("calls", "");
    stub("blkid", `contents=${host.path}/disks/\${4##*/}; [ -s "$contents" ] || exit 2; cat "$contents"`);
    stub(
      "mkfs.xfs",
      `printf 'DEVNAME=%s\\nLABEL=%s\\nUUID=${UUID}\\nTYPE=xfs\\n' "$4" "$3" >${host.path}/disks/\${4##*/}`,
    );
    stub("mount", `touch ${host.file("mounted")}`);
    stub("mountpoint", `[ -e ${host.file("mounted")} ]`);
  });
  afterEach(() => host.remove());

  /** A program that notes how it was called. */
  function stub(name: string, body: string): void {
    host.write(`bin/${name}`, `#!/bin/bash\necho "${name} $*" >>${host.file("calls")}\n${body}\n`, 0o755);
  }

  function attach(...disks: readonly Disk[]): void {
    const column = ({ name, gib, mounted = "" }: Disk) => `${name} disk ${gib * GIB} ${mounted}`;
    const parts = disks.map(({ name, partitions = 0 }) => `${name}) printf 'x\\n%.0s' {0..${partitions}} ;;`);
    stub(
      "lsblk",
      `case "$*" in
        *NAME,TYPE,SIZE,MOUNTPOINT) printf '%s\\n' ${disks.map((disk) => `'${column(disk)}'`).join(" ")} ;;
        *NAME,SIZE) printf '%s\\n' ${disks.map(({ name, gib }) => `'${name} ${gib * GIB}'`).join(" ")} ;;
        *) case "$3" in ${parts.join(" ")} esac ;;
      esac`,
    );
    for (const { name, contents = "" } of disks) host.write(`disks/${name.replace("/dev/", "")}`, contents);
  }

  const mount = () =>
    host.run("mount-data.sh", ["--fstab", host.file("fstab")], {
      PATH: `${host.file("bin")}:${process.env["PATH"]}`,
    });
  const changing = () =>
    host
      .read("calls")
      .split("\n")
      .filter((call) => /^(mkfs|mount )/.test(call));
  const fstabLine = () => `UUID=${UUID} ${host.file("data")} xfs defaults,nofail,nodev,nosuid 0 2`;

  it("CMP-04: formats the empty disk of that size, has it mounted at every boot, and makes its directory", async () => {
    attach(root, data);

    expect(await mount()).toMatchObject({
      exitCode: 0,
      stdout: `mount-data: /dev/nvme1n1 is on ${host.file("data")}`,
      stderr: "",
    });

    expect(changing()).toEqual(["mkfs.xfs -q -L app-data /dev/nvme1n1", `mount ${host.file("data")}`]);
    expect(host.read("fstab")).toBe(`UUID=aaaa / ext4 defaults 0 1\n${fstabLine()}\n`);
    expect(host.has("data/scratch")).toBe(true);
  });

  it("changes nothing when run again", async () => {
    attach(root, data);
    await mount();
    const [calls, fstab] = [changing(), host.read("fstab")];

    expect(await mount()).toMatchObject({ exitCode: 0, stdout: "" });

    expect(changing()).toEqual(calls);
    expect(host.read("fstab")).toBe(fstab);
  });

  it("mounts what it has formatted before it was broken off, without formatting again", async () => {
    attach(root, { ...data, contents: `LABEL=app-data\nUUID=${UUID}\nTYPE=xfs` });

    expect((await mount()).exitCode).toBe(0);

    expect(changing()).toEqual([`mount ${host.file("data")}`]);
    expect(host.read("fstab")).toContain(fstabLine());
  });

  it("forgets the volume of the host that its image was made from", async () => {
    const old = `UUID=old ${host.file("data")} xfs defaults,nofail 0 2`;
    host.write("fstab", `UUID=aaaa / ext4 defaults 0 1\n${old}\n`);
    attach(root, data);

    await mount();

    expect(host.read("fstab")).toBe(`UUID=aaaa / ext4 defaults 0 1\n${fstabLine()}\n`);
  });

  it("takes the disk by its size, whatever its name", async () => {
    attach({ ...data, name: "/dev/nvme0n1" }, { ...root, name: "/dev/nvme1n1" });

    expect((await mount()).stdout).toBe(`mount-data: /dev/nvme0n1 is on ${host.file("data")}`);
  });

  const cases: readonly (readonly [string, readonly Disk[], string])[] = [
    ["no disk has the size", [root], "none. … Disks: /dev/nvme0n1 32212254720"],
    [
      "two disks have it",
      [data, { ...data, name: "/dev/nvme2n1" }],
      "/dev/nvme1n1 /dev/nvme2n1. … Disks: /dev/nvme1n1 107374182400,/dev/nvme2n1 107374182400",
    ],
    [
      "the disk of that size has partitions",
      [{ ...data, partitions: 1 }],
      "none. … Disks: /dev/nvme1n1 107374182400",
    ],
    [
      "the disk of that size is the root",
      [{ ...data, mounted: "/" }],
      "none. … Disks: /dev/nvme1n1 107374182400",
    ],
  ];
  for (const [when, disks, found] of cases) {
    it(`fails when ${when}`, async () => {
      attach(...disks);
      const advice = `Make dataVolume in ${host.config} say what the launch template attaches.`;

      expect(await mount()).toEqual({
        exitCode: 1,
        stdout: "",
        stderr: `mount-data: wanted is one disk of 100 GiB without partitions and not mounted; found: ${found.replace("…", advice)}`,
      });
      expect(changing()).toEqual([]);
      expect(host.read("fstab")).toBe("UUID=aaaa / ext4 defaults 0 1");
    });
  }

  for (const contents of ["TYPE=ext4\nUUID=bbbb", "LABEL=app-data-old\nTYPE=xfs\nUUID=bbbb", "PTTYPE=dos"]) {
    it(`fails when on the disk is ${contents.replaceAll("\n", " ")}, and does not format it`, async () => {
      attach(root, { ...data, contents });

      expect(await mount()).toEqual({
        exitCode: 1,
        stdout: "",
        stderr: `mount-data: /dev/nvme1n1 is not empty and not ours, so it is not formatted; found: ${contents.replaceAll("\n", " ")}. Attach an empty volume, or empty this one: wipefs -a /dev/nvme1n1`,
      });
      expect(changing()).toEqual([]);
    });
  }

  it("fails when blkid is not sure, and does not format", async () => {
    attach(root, data);
    stub("blkid", "exit 8");

    expect((await mount()).stderr).toBe(
      "mount-data: /dev/nvme1n1 is not empty and not ours, so it is not formatted; found: blkid ended with 8. Attach an empty volume, or empty this one: wipefs -a /dev/nvme1n1",
    );
    expect(changing()).toEqual([]);
  });
});
