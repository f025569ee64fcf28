import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import type { KernelFolders } from "./control-group.js";
import { MachineMemoryReader } from "./machine-memory.js";

const MIB = 2 ** 20;
const MEMINFO = "MemTotal:        8192 kB\nMemFree:          100 kB\nMemAvailable:    6144 kB\n";

/** Holds 64 MiB, says so, and waits. */
const HOLDER = `
globalThis.held = Buffer.alloc(64 * 2 ** 20, 1);
require("node:fs").writeSync(1, "x");
setInterval(() => {}, 1e6);
`;

/** Starts a child that runs its argument, and ends with it once standard input closes. */
const PARENT = `
const stdio = ["ignore", "inherit", "inherit"];
const child = require("node:child_process").spawn(process.execPath, ["-e", process.argv[1]], { stdio });
process.stdin.on("end", () => child.kill("SIGKILL")).resume();
child.on("exit", () => process.exit());
`;

describe("the memory of the machine", () => {
  let folder: string;
  let folders: KernelFolders;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "sintonia-machine-"));
    folders = { groups: join(folder, "cgroup"), processes: join(folder, "proc") };
    write("proc/meminfo", MEMINFO);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function write(path: string, text: string | number): void {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), `${text}`);
  }

  function group(path: string, files: Readonly<Record<string, string | number>>): void {
    for (const [name, text] of Object.entries(files)) write(`cgroup/${path}/${name}`, `${text}\n`);
  }

  const read = async (slots = new Map<number, readonly number[]>()) => {
    const { heldBytes, ...sum } = (await new MachineMemoryReader(folders).read(slots)) ?? {};
    return sum;
  };

  it("is that of the whole machine without a limit", async () => {
    const whole = { usedBytes: 2 * MIB, totalBytes: 8 * MIB };
    assert.deepEqual(await read(), whole);
    write("proc/self/cgroup", "0::/session\n");
    group("session", { "memory.max": "max", "memory.current": MIB });
    assert.deepEqual(await read(), whole);
    write("proc/self/cgroup", "4:memory:/session\n");
    group("memory/session", { "memory.limit_in_bytes": "9223372036854771712", "memory.usage_in_bytes": MIB });
    assert.deepEqual(await read(), whole);
  });

  it("is that of the nearest group with a limit, without the pages of files", async () => {
    write("proc/self/cgroup", "0::/pods/trainer\n");
    const stat = "anon 900000\ninactive_file 1048576\nactive_file 524288\n";
    group("pods", { "memory.max": 4 * MIB, "memory.current": 3 * MIB, "memory.stat": stat });
    group("pods/trainer", { "memory.max": "max", "memory.current": 2 * MIB });
    assert.deepEqual(await read(), { usedBytes: 1.5 * MIB, totalBytes: 4 * MIB });
  });

  it("is that of the visible group in a container of version 1, whose path is another machine's", async () => {
    write("proc/self/cgroup", "9:cpu,cpuacct:/kubepods/a\n4:memory:/kubepods/a\n0::/\n");
    const stat = "inactive_file 1\ntotal_inactive_file 1048576\ntotal_active_file 0\n";
    const files = { "memory.limit_in_bytes": 4 * MIB, "memory.usage_in_bytes": 3 * MIB, "memory.stat": stat };
    group("memory", files);
    assert.deepEqual(await read(), { usedBytes: 2 * MIB, totalBytes: 4 * MIB });
  });

  it("is that of the machine if the group's limit leaves more", async () => {
    write("proc/self/cgroup", "0::/\n");
    group("", { "memory.max": 64 * MIB, "memory.current": MIB });
    assert.deepEqual(await read(), { usedBytes: 2 * MIB, totalBytes: 8 * MIB });
  });

  it("is unknown where the kernel does not tell it", async () => {
    rmSync(join(folder, "proc"), { recursive: true });
    assert.deepEqual(await read(), {});
  });
});

describe("the memory that a slot holds", { skip: process.platform !== "linux" && "reads processes of Linux" }, () => {
  it("is that of its processes and their descendants, and 0 of a process that has ended", async () => {
    const child = spawn(process.execPath, ["-e", PARENT, HOLDER], { stdio: ["pipe", "pipe", "inherit"] });
    try {
      await once(child.stdout, "data");
      const slots = new Map([
        [1, [child.pid as number]],
        [2, [2 ** 30]],
        [3, []],
      ]);
      const { heldBytes } = (await new MachineMemoryReader().read(slots)) ?? {};
      assert.ok((heldBytes?.get(1) ?? 0) > 64 * MIB, `${heldBytes?.get(1)} bytes`);
      assert.deepEqual([heldBytes?.get(2), heldBytes?.get(3)], [0, 0]);
    } finally {
      child.stdin.end();
      await once(child, "exit");
    }
  });
});
