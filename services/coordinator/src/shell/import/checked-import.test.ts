import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { describe, it } from "node:test";
import { sha256Of, studyIdOf } from "@sintonia/protocol/names.fixture";
import { specOf, WEIGHTS } from "../../core/scenario.fixture.js";
import type { StudyEvent } from "../../core/state/event.js";
import { ArtifactMismatchError } from "../../ports/artifact-store.js";
import { DamagedLogError } from "../study/journal.js";
import { checkedImport, type ImportedArtifact, OpenStudyError, type StudyImport } from "./checked-import.js";

const STUDY = studyIdOf("study");
const ENDED: readonly StudyEvent[] = [
  { type: "study-created", studyId: STUDY, spec: specOf() },
  { type: "study-ended", status: "stopped", models: [WEIGHTS] },
];

/** Returns the records of a log, one for each event. */
function recordsOf(events: readonly StudyEvent[]): Buffer[] {
  let previous = "";
  return events.map((event, index) => {
    const body = Buffer.from(
      JSON.stringify({ version: 1, studyId: STUDY, at: 1, events: [event], sequence: index + 1, previous }),
    );
    previous = digestOf(body);
    return body;
  });
}

function digestOf(body: Uint8Array | undefined): string {
  return createHash("sha256")
    .update(body ?? "")
    .digest("hex");
}

function importOf(records: readonly Uint8Array[], changes: Partial<StudyImport> = {}): StudyImport {
  return {
    studyId: STUDY,
    digest: digestOf(records.at(-1)),
    records: Readable.from(records),
    artifacts: Readable.from([]),
    put: async () => undefined,
    ...changes,
  };
}

async function passed(incoming: StudyImport): Promise<Uint8Array[]> {
  const bodies: Uint8Array[] = [];
  for await (const body of checkedImport(incoming)) bodies.push(body);
  return bodies;
}

function artifact(key: ImportedArtifact["key"]): AsyncIterable<ImportedArtifact> {
  return Readable.from([{ key, chunks: Readable.from([Buffer.alloc(8)]) }]);
}

describe("the import of a study", () => {
  it("passes the records on, byte for byte, and stores the artifacts after the last one", async () => {
    const records = recordsOf(ENDED);
    const put: unknown[] = [];
    const artifacts = artifact(WEIGHTS);
    const bodies = await passed(importOf(records, { artifacts, put: async (_, key) => void put.push(key.sha256) }));
    assert.deepEqual(bodies, records);
    assert.deepEqual(put, [WEIGHTS.sha256]);
  });

  const records = recordsOf(ENDED);
  const [first, second] = records as [Buffer, Buffer];
  const flipped = Buffer.from(first);
  flipped[60] = (flipped[60] as number) ^ 1;
  const damaged: Readonly<Record<string, StudyImport>> = {
    "no record": importOf([], { digest: digestOf(second) }),
    "a missing end": importOf([first], { digest: digestOf(second) }),
    "a missing beginning": importOf([second]),
    "a changed byte": importOf([flipped, second]),
    garbage: importOf([first, Buffer.from("garbage")]),
    "records of another study": importOf(records, { studyId: studyIdOf("other") }),
    "events that contradict each other": importOf(recordsOf([...ENDED, { type: "study-ended", status: "stopped" }])),
    "a deletion": importOf(recordsOf([...ENDED, { type: "study-deleted" }])),
  };
  for (const [name, incoming] of Object.entries(damaged)) {
    it(`refuses a log with ${name}`, async () => {
      await assert.rejects(passed(incoming), DamagedLogError);
    });
  }

  it("refuses a study that has not ended", async () => {
    await assert.rejects(passed(importOf([first])), OpenStudyError);
  });

  it("refuses an artifact that is none of the study, before it stores the artifact", async () => {
    for (const key of [
      { sha256: sha256Of("cd".repeat(32)), sizeBytes: 8 },
      { ...WEIGHTS, sizeBytes: 9 },
    ]) {
      const put = () => assert.fail("stored");
      await assert.rejects(passed(importOf(records, { artifacts: artifact(key), put })), ArtifactMismatchError);
    }
  });
});
