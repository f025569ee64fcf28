import assert from "node:assert/strict";
import { test } from "node:test";
import type { RecordPosition, StoredRecord } from "../ports/study-log.js";
import { type EventQuery, LoggedEvents } from "./logged-events.js";
import { DamagedLogError } from "./study/journal.js";

type Event = { readonly type: string } & Readonly<Record<string, unknown>>;

const ALL: EventQuery = { after: 0, limit: 1_000, withEpochs: true };
const WITHOUT_EPOCHS: EventQuery = { ...ALL, withEpochs: false };
const CREATED: Event = { type: "study-created", spec: {} };
const queued = (trialId: string): Event => ({ type: "trial-queued", trialId });
const leased = (trialId: string): Event => ({ type: "lease-granted", trialId, token: 1, secret: "hidden" });
const epoch = (trialId: string): Event => ({ type: "epoch-reported", trialId, measurement: { metrics: { type: 1 } } });

test("returns the events of a log with the numbers of their records, without the secrets of leases", async () => {
  const { events } = logOf([[CREATED, queued("0")], [leased("0")], [epoch("0")]]);
  const page = await events.page("study", ALL);
  assert.deepEqual(page, {
    events: [
      { sequence: 1, at: 1_000, event: CREATED },
      { sequence: 1, at: 1_000, event: queued("0") },
      { sequence: 2, at: 2_000, event: { type: "lease-granted", trialId: "0", token: 1 } },
      { sequence: 3, at: 3_000, event: epoch("0") },
    ],
    last: 3,
    more: false,
  });
});

test("leaves out the events of epochs and those of other trials, and counts their records", async () => {
  const records = [[CREATED], [epoch("0")], [epoch("0"), queued("1")], [{ type: "checkpoint-saved", trialId: "1" }]];
  const { events } = logOf(records);
  const types = async (query: EventQuery) => {
    const page = await events.page("study", query);
    assert.deepEqual([page.last, page.more], [4, false]);
    return page.events.map(({ sequence, event }) => `${sequence} ${event.type}`);
  };
  assert.deepEqual(await types(WITHOUT_EPOCHS), ["1 study-created", "3 trial-queued"]);
  assert.deepEqual(await types({ ...WITHOUT_EPOCHS, trialId: "1" }), ["3 trial-queued"]);
  assert.deepEqual(await types({ ...ALL, trialId: "1" }), ["3 trial-queued", "4 checkpoint-saved"]);
  assert.deepEqual(await types({ ...ALL, after: 4 }), []);
});

test("pages end with whole records, follow each other, and begin at the place of the one before", async () => {
  const { events, froms } = logOf(Array.from({ length: 5 }, (_, i) => [queued(String(i)), epoch(String(i))]));
  const read: string[] = [];
  let [after, more] = [0, true];
  while (more) {
    const page = await events.page("study", { ...ALL, after, limit: 3 });
    read.push(page.events.map(({ sequence, event }) => `${sequence}${event.type.at(0)}`).join(" "));
    ({ last: after, more } = page);
  }
  assert.deepEqual(read, ["1t 1e 2t 2e", "3t 3e 4t 4e", "5t 5e"]);
  assert.deepEqual(froms, [undefined, { revision: 20, sequence: 2 }, { revision: 40, sequence: 4 }]);
});

test("finds the events that were stored since, also where the log no longer has the known record", async () => {
  const { events, records } = logOf([[CREATED], [queued("0")]]);
  assert.equal((await events.page("study", ALL)).last, 2);
  records.push(recordOf(3, [queued("1")]));
  const later = await events.page("study", { ...ALL, after: 2 });
  assert.deepEqual([later.events.map(({ sequence }) => sequence), later.last], [[3], 3]);
  // The store has lost record 3, and has others after it.
  const others = [3, 4].map((sequence, i) => ({ ...recordOf(sequence, [epoch("0")]), revision: 25 + 10 * i }));
  records.splice(2, 1, ...others);
  await events.page("study", { ...WITHOUT_EPOCHS, after: 2 });
  records.splice(2, 2, ...others.map(({ body, revision }) => ({ body, revision: revision + 12 })));
  assert.deepEqual(await events.page("study", { ...WITHOUT_EPOCHS, after: 4 }), { events: [], last: 4, more: false });
  records.splice(2);
  assert.equal((await events.page("study", { ...ALL, after: 4 })).last, 2);
});

test("begins anew after the record that deleted a former study", async () => {
  const { events, records } = logOf([[CREATED, queued("0")], [{ type: "study-deleted" }]]);
  records.push({ ...recordOf(1, [CREATED]), revision: 30 }, { ...recordOf(2, [queued("5")]), revision: 40 });
  for (const query of [ALL, WITHOUT_EPOCHS]) {
    const page = await events.page("study", query);
    assert.deepEqual(
      page.events.map(({ sequence, event }) => [sequence, event.type]),
      [
        [1, "study-created"],
        [2, "trial-queued"],
      ],
    );
  }
  assert.deepEqual((await events.page("study", { ...WITHOUT_EPOCHS, trialId: "5" })).last, 2);
});

test("a log of nothing but epochs ends a page after 50,000 records", async () => {
  const reports = Array.from({ length: 50_010 }, () => [epoch("0")]);
  const { events } = logOf(reports);
  const page = await events.page("study", WITHOUT_EPOCHS);
  assert.deepEqual(page, { events: [], last: 50_000, more: true });
  assert.deepEqual(await events.page("study", { ...WITHOUT_EPOCHS, after: page.last }), {
    events: [],
    last: 50_010,
    more: false,
  });
});

test("names the place of a record that cannot be read", async () => {
  const { events, records } = logOf([[CREATED]]);
  records.push({ revision: 20, body: Buffer.from('{"type":"x"') });
  await assert.rejects(
    events.page("study", ALL),
    (error) => error instanceof DamagedLogError && /near number 2/.test(error.message),
  );
});

/** A log of one study, which notes where its readings begin. */
function logOf(groups: readonly (readonly Event[])[]) {
  const records = groups.map((events, i) => recordOf(i + 1, events));
  const froms: (RecordPosition | undefined)[] = [];
  async function* read(_: string, from?: RecordPosition): AsyncGenerator<StoredRecord> {
    froms.push(from);
    for (const record of records) if (record.revision >= (from?.revision ?? 0)) yield record;
  }
  return { events: new LoggedEvents({ records: read }), records, froms };
}

/** Revisions have gaps: ten times the number of the record. */
function recordOf(sequence: number, events: readonly Event[]): StoredRecord {
  const record = { version: 1, studyId: "study", at: 1_000 * sequence, events, sequence, previous: "" };
  return { revision: 10 * sequence, body: Buffer.from(JSON.stringify(record)) };
}
