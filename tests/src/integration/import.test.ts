// A study that is exported from one installation and imported into another one, by the program
// `sintonia` and coordinator processes with a real NATS and real state folders.

import assert from "node:assert/strict";
import { copyFile, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { PassThrough, Readable } from "node:stream";
import { afterEach, beforeEach, describe, it } from "node:test";
import { runProgram } from "@sintonia/cli/program";
import { connectAdminService } from "@sintonia/runtime/grpc/client";
import { collect } from "../support/collect.js";
import { type NatsServer, startNatsServer } from "../support/nats-server.js";
import { CoordinatorProcess, tinySpec } from "../support/service-process.js";

/** Time limit of a test, far above its duration on a busy machine. */
const LIMIT = { timeout: 120_000 };

describe("an exported study", () => {
  let nats: NatsServer;
  let folder: string;
  let file: string;
  let coordinator: CoordinatorProcess | undefined;

  beforeEach(async () => {
    nats = await startNatsServer();
    folder = await mkdtemp(path.join(tmpdir(), "sintonia-import-"));
    file = path.join(folder, "one.sintonia.tar");
  });
  afterEach(async () => {
    await coordinator?.end("SIGKILL");
    await nats.stop();
    await rm(folder, { recursive: true });
  });

  function begin(): CoordinatorProcess {
    const state = path.join(folder, "state");
    coordinator = new CoordinatorProcess({ SINTONIA_NATS_URL: nats.url, SINTONIA_STATE_DIR: state });
    return coordinator;
  }

  async function sintonia(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
    const [stdout, stderr] = [new PassThrough(), new PassThrough()];
    const code = await runProgram(args, { stdin: Readable.from([]), stdout, stderr, env: {} });
    return { code, stdout: String(stdout.read() ?? ""), stderr: String(stderr.read() ?? "") };
  }

  /** Returns the records of a study's log. */
  async function recordsOf(address: string, studyId: string): Promise<readonly string[]> {
    const { client, close } = connectAdminService(address);
    try {
      return (await collect(client.readStudyLog({ studyId }))).map(({ record }) => record.toString("utf8"));
    } finally {
      close();
    }
  }

  /** Starts a coordinator with an ended study, and exports the study. */
  async function exported(): Promise<{ running: CoordinatorProcess; at: string[]; records: readonly string[] }> {
    const running = begin();
    await running.line("coordinator ready");
    const address = await running.address();
    const { client, close } = connectAdminService(address);
    await client.createStudy({ spec: tinySpec("one"), studyId: "one" });
    const at = ["--coordinator", address];
    const open = await sintonia("export", "one", "--output", file, ...at);
    assert.match(open.stderr, /^error: study one is active: only ended studies can be exported/);
    await client.stopStudy({ studyId: "one", reason: "enough" });
    close();
    assert.deepEqual(await sintonia("export", "one", "--output", file, ...at), {
      code: 0,
      stdout: `Wrote study one into ${file}\n`,
      stderr: "",
    });
    assert.deepEqual((await readdir(folder)).sort(), ["one.sintonia.tar", "state"]);
    return { running, at, records: await recordsOf(address, "one") };
  }

  it("comes back after its deletion, byte for byte, and stays after a restart", LIMIT, async () => {
    const { running, at, records } = await exported();
    const present = await sintonia("import", file, ...at);
    assert.equal(present.stdout, "Study one is there already, with the same log\n");
    await sintonia("delete", "one", "--yes", ...at);
    assert.deepEqual(await sintonia("import", file, ...at), { code: 0, stdout: "Imported study one\n", stderr: "" });
    assert.deepEqual(await recordsOf(await running.address(), "one"), records);
    assert.ok(!running.lines.some(({ level }) => level === "error"));
    await running.end("SIGKILL");
    const again = begin();
    await again.line("coordinator ready");
    assert.deepEqual(await recordsOf(await again.address(), "one"), records);
    assert.match((await sintonia("list", "--coordinator", await again.address())).stdout, /^one +stopped/m);
  });

  it("is read without a coordinator", LIMIT, async () => {
    await exported();
    const shown = await sintonia("show", "--dir", file, "--json");
    assert.equal(JSON.parse(shown.stdout).study.state, "stopped");
    assert.equal((await sintonia("list", "--dir", file)).code, 0);
  });

  it("is refused beside another study of its id, and if it is damaged, cut or something else", LIMIT, async () => {
    const { at } = await exported();
    await sintonia("delete", "one", "--yes", ...at);
    const content = await readFile(file);
    const other = path.join(folder, "other");
    const log = content.indexOf('{"version":1,"studyId":"one"');
    const cases: readonly [Buffer, RegExp][] = [
      [Buffer.from(content).fill("x", log + 40, log + 41), /Record 1 of study one|does not continue/],
      [content.subarray(0, log + 100), /is not a whole file of "sintonia export"/],
      [Buffer.alloc(0), /is not a whole file of "sintonia export"/],
      [Buffer.from("something else".repeat(1_000)), /is not a whole file of "sintonia export"/],
    ];
    for (const [bytes, reason] of cases) {
      await writeFile(other, bytes);
      const { code, stderr } = await sintonia("import", other, ...at);
      assert.match(stderr, reason);
      assert.deepEqual([code, stderr.trim().split("\n").length], [1, 1]);
    }
    assert.match((await sintonia("import", path.join(folder, "none"), ...at)).stderr, /there is no such file/);
    assert.equal((await sintonia("list", ...at, "--json")).stdout.includes('"one"'), false);
    await copyFile(file, other);
    await writeFile(path.join(folder, "spec.yaml"), tinySpec("one"));
    const { client, close } = connectAdminService(at[1] as string);
    await client.createStudy({ spec: tinySpec("one"), studyId: "one" });
    close();
    const refused = await sintonia("import", other, ...at);
    assert.match(refused.stderr, /^error: Study one exists with another log\./);
  });
});
