// A study of a real run is exported, deleted, read from its file, and imported into another
// installation, by the built command line.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { type TestContext, test } from "node:test";
import { waitUntil } from "@sintonia/cli/system/waiting";
import { readTar } from "@sintonia/files/archive/tar-entries";
import { type Header, pack } from "tar-stream";
import { CommandFolder, resultsOf } from "../support/cli.js";
import { startNatsServer } from "../support/nats-server.js";
import { CoordinatorProcess } from "../support/service-process.js";

/** Upper limit of the time until a broken upload leaves no file, in ms. */
const STRAYS_MS = 30_000;
/** Id of the study of the example. */
const STUDY = "node-example";

test("an exported run", async (context) => {
  const run = await exported(context);
  await context.test("is whole in another installation, also after kill -9, with the same best model", (sub) =>
    imported(sub, run),
  );
  await context.test("is refused with one line if its file is damaged, cut or hostile, and nothing is stored", (sub) =>
    refused(sub, run),
  );
  await context.test("is read from its file once all that is stored of it is deleted", () => deleted(run));
});

async function imported(context: TestContext, { folder, file, bestId }: Exported): Promise<void> {
  const other = await Other.start(context);
  const first = await folder.command("import", file, ...(await other.at())).ended;
  assert.equal(first.stdout, `Imported study ${STUDY}\n`);
  await other.restart();
  const shown = await folder.command("show", STUDY, "--json", ...(await other.at())).ended;
  const { trials, best } = JSON.parse(shown.stdout);
  assert.deepEqual([trials.length, best.id], [3, bestId]);
  const download = folder.path("elsewhere");
  const got = await folder.command("best", STUDY, "--download", download, ...(await other.at())).ended;
  assert.equal(got.code, 0, got.lines.join("\n"));
  assert.equal(modelIn(download), modelIn(folder.path("model")));
  const again = await folder.command("export", STUDY, "--output", `${file}.again`, ...(await other.at())).ended;
  assert.equal(again.code, 0, again.lines.join("\n"));
  const [before, after] = [await entriesOf(file), await entriesOf(`${file}.again`)];
  for (const name of ["study.json", "log.jsonl"]) assert.deepEqual(textOf(after, name), textOf(before, name));
  assert.deepEqual(after.map(({ name }) => name).sort(), before.map(({ name }) => name).sort());
}

async function refused(context: TestContext, { folder, file }: Exported): Promise<void> {
  const other = await Other.start(context);
  const entries = await entriesOf(file);
  const artifact = entries.find(({ name }) => name.startsWith("artifacts/")) as Entry;
  const whole = new Set(entries.map(({ name }) => name.slice("artifacts/".length)));
  const log = entries.findIndex(({ name }) => name === "log.jsonl");
  const content = readFileSync(file);
  const foreign = Buffer.from("content of another study");
  const named = `artifacts/${createHash("sha256").update(foreign).digest("hex")}`;
  const flipped = Buffer.from(artifact.bytes);
  flipped[flipped.length >> 1] = (flipped[flipped.length >> 1] as number) ^ 1;
  const tail = [{ ...artifact, bytes: flipped }];
  const with_ = (...more: readonly Partial<Entry>[]): readonly Partial<Entry>[] => [...entries, ...more];
  const cases: readonly (readonly [string, Buffer, RegExp])[] = [
    ["cut in the log", content.subarray(0, content.indexOf('{"version"') + 200), /is not a whole file of/],
    ["cut in an artifact", content.subarray(0, content.length - 3_000), /is not a whole file of|is not the one/],
    [
      "a changed artifact",
      await tarOf(entries.map((one) => (one === artifact ? tail[0] : one) as Entry)),
      /[0-9a-f]{64}/,
    ],
    ["a foreign artifact", await tarOf(with_({ name: named, bytes: foreign })), /is none of study node-example/],
    [
      "a name that leads out",
      await tarOf(with_({ name: "artifacts/../../evil", bytes: foreign })),
      /which no export has/,
    ],
    ["an absolute name", await tarOf(with_({ name: "/tmp/evil", bytes: foreign })), /which no export has/],
    ["a link", await tarOf(with_({ name: "artifacts/x", type: "symlink", linkname: "/etc" })), /which no export has/],
    ["a hard link", await tarOf(with_({ name: "x", type: "link", linkname: "/etc/passwd" })), /which no export has/],
    ["two logs", await tarOf(with_(entries[log] as Entry)), /has "log.jsonl" twice/],
    ["no log", await tarOf(entries.toSpliced(log, 1)), /is not complete|is empty/],
    ["no manifest", await tarOf(entries.slice(1)), /does not begin with study.json/],
    ["a huge size", hugeSize(content), /is not a whole file of/],
  ];
  for (const [what, bytes, reason] of cases) {
    const damaged = folder.path("damaged.tar");
    writeFileSync(damaged, bytes);
    const { code, lines } = await folder.command("import", damaged, ...(await other.at())).ended;
    assert.equal(code, 1, what);
    assert.equal(lines.length, 1, `${what}: ${lines.join("\n")}`);
    assert.match(lines[0] as string, reason, what);
    // The artifacts before the fault stay until they are collected: no study names them. The
    // coordinator removes a file that was under way once it sees that the command has ended.
    const strays = () => filesBelow(join(other.state, "artifacts")).filter((name) => !whole.has(name));
    const options = { signal: context.signal, timeoutMs: STRAYS_MS, what: `${what}: ${strays()}` };
    await waitUntil(async () => strays().length === 0, options);
  }
  await other.restart();
  const list = await folder.command("list", "--json", ...(await other.at())).ended;
  assert.deepEqual(JSON.parse(list.stdout).studies, []);
}

async function deleted({ folder, file, bestId }: Exported): Promise<void> {
  const contents = (store: string): readonly string[] => filesBelow(folder.path("state", store));
  assert.ok(contents("artifacts").length > 0 && contents("files").length > 0);
  assert.equal((await folder.read("delete", "--yes").ended).code, 0);
  for (const store of ["artifacts", "checkpoints", "files", "output", "snapshots"]) {
    assert.deepEqual(contents(store), [], store);
  }
  const shown = await folder.command("show", "--dir", file, "--json").ended;
  const { trials, best } = JSON.parse(shown.stdout);
  assert.deepEqual([trials.length, best.id], [3, bestId]);
  const download = folder.path("again");
  assert.equal((await folder.command("best", "--dir", file, "--download", download).ended).code, 0);
  assert.equal(modelIn(download), modelIn(folder.path("model")));
  assert.deepEqual(folder.leftProcesses(), []);
}

/** A study that has ended, and the file of its export. */
interface Exported {
  readonly folder: CommandFolder;
  readonly file: string;
  readonly bestId: string;
}

/** Runs a study to its end, and exports it. */
async function exported(context: TestContext): Promise<Exported> {
  const folder = new CommandFolder(context);
  folder.writeExample("node");
  const results = resultsOf(await folder.runSpec("study.yaml", "--trials", "3").ended);
  const file = folder.path("exported.tar");
  assert.equal((await folder.read("export", "--output", file).ended).code, 0);
  return { folder, file, bestId: results.best.id };
}

/** Another installation: a NATS and a coordinator of its own. */
class Other {
  readonly state: string;
  readonly #natsUrl: string;
  #coordinator: CoordinatorProcess;

  private constructor(natsUrl: string, state: string) {
    this.#natsUrl = natsUrl;
    this.state = state;
    this.#coordinator = this.#begin();
  }

  static async start(context: TestContext): Promise<Other> {
    const nats = await startNatsServer();
    const folder = mkdtempSync(join(tmpdir(), "sintonia-other-"));
    const other = new Other(nats.url, join(folder, "state"));
    context.after(async () => {
      await other.#coordinator.end("SIGKILL");
      await nats.stop();
      rmSync(folder, { recursive: true });
    });
    return other;
  }

  /** Returns the options with which a command finds the coordinator. */
  async at(): Promise<readonly string[]> {
    await this.#coordinator.line("coordinator ready");
    return ["--coordinator", await this.#coordinator.address()];
  }

  async restart(): Promise<void> {
    await this.#coordinator.end("SIGKILL");
    this.#coordinator = this.#begin();
  }

  #begin(): CoordinatorProcess {
    return new CoordinatorProcess({ SINTONIA_NATS_URL: this.#natsUrl, SINTONIA_STATE_DIR: this.state });
  }
}

/** An entry of an archive with its content. */
interface Entry {
  readonly name: string;
  readonly bytes: Buffer;
  readonly type?: Header["type"];
  readonly linkname?: string;
}

async function entriesOf(file: string): Promise<readonly Entry[]> {
  const entries: Entry[] = [];
  for await (const { name, bytes } of readTar(Readable.from([readFileSync(file)])))
    entries.push({ name, bytes: await buffer(bytes) });
  return entries;
}

function textOf(entries: readonly Entry[], name: string): string | undefined {
  return entries.find((entry) => entry.name === name)?.bytes.toString("utf8");
}

async function tarOf(entries: readonly Partial<Entry>[]): Promise<Buffer> {
  const stream = pack();
  for (const { name = "", bytes = Buffer.alloc(0), ...header } of entries) stream.entry({ name, ...header }, bytes);
  stream.finalize();
  return await buffer(stream);
}

/** Returns an archive whose first entry claims to have 8 GiB. */
function hugeSize(archive: Buffer): Buffer {
  const changed = Buffer.from(archive);
  changed.write("77777777777", 124, "latin1");
  changed.fill(" ", 148, 156);
  const sum = changed.subarray(0, 512).reduce((total, byte) => total + byte, 0);
  changed.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  return changed;
}

function filesBelow(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
}

/** Returns the model that the example's program leaves. */
function modelIn(folder: string): string {
  return readFileSync(join(folder, "line.json"), "utf8");
}
