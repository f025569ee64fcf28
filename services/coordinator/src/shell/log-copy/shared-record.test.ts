import assert from "node:assert/strict";
import { test } from "node:test";
import { MemoryStudyLog } from "../../adapters/memory/study-log.js";
import { sharesRecord } from "./shared-record.js";

/** Makes a log of some studies' records. */
async function logOf(studies: Record<string, readonly string[]>): Promise<MemoryStudyLog> {
  const log = new MemoryStudyLog();
  for (const [studyId, bodies] of Object.entries(studies)) {
    let after = 0;
    for (const body of bodies) {
      const result = await log.append(studyId, Buffer.from(body), { after, id: body });
      after = result.kind === "appended" ? result.revision : after;
    }
  }
  return log;
}

/** Tells whether a log and copies share a record. Both are given by their studies' records. */
async function shares(logged: Record<string, readonly string[]>, copied: Record<string, readonly string[]>) {
  return await sharesRecord(await logOf(logged), await logOf(copied));
}

test("one study of several is enough, also if the log has lost its beginning or the copy its end", async () => {
  assert.ok(await shares({ s: ["2", "3"] }, { s: ["1", "2"] }));
  assert.ok(await shares({ s: ["x"], t: ["1"] }, { s: ["1"], t: ["1"] }));
});

test("an empty log, and studies of the same ids with other records, share none", async () => {
  assert.equal(await shares({}, { s: ["1"] }), false);
  assert.equal(await shares({ s: ["1"] }, {}), false);
  assert.equal(await shares({ s: ["1"], t: ["2"] }, { s: ["2"], u: ["1"] }), false);
});
