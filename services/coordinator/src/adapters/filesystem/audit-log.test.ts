import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { createLogger } from "@sintonia/runtime/logger";
import type { AuditEntry } from "../../ports/audit-log.js";
import { FilesystemAuditLog } from "./audit-log.js";

const ENTRY: AuditEntry = { caller: "ada", role: "operator", peer: "127.0.0.1:1", call: "StopStudy", outcome: "OK" };

/** An audit log whose time stands still until a test moves it. */
function open(context: TestContext, limits = { fileMaxBytes: 1_000_000, filesMax: 3 }) {
  const folder = mkdtempSync(join(tmpdir(), "sintonia-audit-"));
  context.after(() => rmSync(folder, { recursive: true }));
  const time = { ms: 0 };
  const logged: string[] = [];
  const logger = createLogger({
    service: "test",
    instance: "test",
    level: "error",
    destination: { write: (line) => void logged.push(line) },
  });
  const clock = { monotonicMs: () => time.ms, wallTime: () => new Date(time.ms) };
  const log = new FilesystemAuditLog(join(folder, "audit"), { clock, logger, limits });
  const read = (name = "audit.jsonl") =>
    readFileSync(join(folder, "audit", name), "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as AuditEntry & { time: string; omittedBefore?: number });
  return { log, folder, time, logged, read };
}

test("an entry says when, who, what, on which study, and how it ended", async (context) => {
  const { log, read, folder } = open(context);
  log.record({ ...ENTRY, study: "mnist", details: 'a "quoted"\nline' });
  log.record({ ...ENTRY, call: "CreateStudy" });
  await log.close();
  assert.deepEqual(read(), [
    { time: "1970-01-01T00:00:00.000Z", ...ENTRY, study: "mnist", details: 'a "quoted"\nline' },
    { time: "1970-01-01T00:00:00.000Z", ...ENTRY, call: "CreateStudy" },
  ]);
  assert.equal(statSync(join(folder, "audit", "audit.jsonl")).mode & 0o077, 0);
});

test("full files move on, and the oldest go", async (context) => {
  const { log, read, folder } = open(context, { fileMaxBytes: 100, filesMax: 3 });
  for (const study of ["a", "b", "c", "d", "e"]) {
    log.record({ ...ENTRY, study });
    await log.close();
  }
  assert.deepEqual(readdirSync(join(folder, "audit")).sort(), ["audit.1.jsonl", "audit.2.jsonl", "audit.jsonl"]);
  const studies = ["audit.jsonl", "audit.1.jsonl", "audit.2.jsonl"].map((name) => read(name)[0]?.study);
  assert.deepEqual(studies, ["e", "d", "c"]);
});

test("a flood of failed calls leaves twenty entries a second, and their number", async (context) => {
  const { log, read, time } = open(context);
  for (let count = 0; count < 1_000; count += 1) log.record({ ...ENTRY, outcome: "PERMISSION_DENIED" });
  log.record(ENTRY);
  time.ms = 1_000;
  log.record({ ...ENTRY, outcome: "PERMISSION_DENIED" });
  await log.close();
  const entries = read();
  assert.equal(entries.length, 22);
  assert.equal(entries[20]?.outcome, "OK");
  assert.equal(entries[20]?.omittedBefore, 980);
});

test("a folder that cannot be written costs entries, one line in the log, and nothing else", async (context) => {
  const { log, folder, logged } = open(context);
  writeFileSync(join(folder, "audit"), "a file");
  for (let count = 0; count < 3; count += 1) {
    log.record(ENTRY);
    await log.close();
  }
  assert.equal(logged.length, 1);
  rmSync(join(folder, "audit"));
  log.record(ENTRY);
  await log.close();
  const [entry] = readFileSync(join(folder, "audit", "audit.jsonl"), "utf8")
    .trimEnd()
    .split("\n");
  assert.equal((JSON.parse(entry as string) as { omittedBefore: number }).omittedBefore, 3);
});
