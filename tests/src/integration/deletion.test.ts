// The deletion of studies by a coordinator process with a real NATS and a real state folder. The
// process is killed in the middle, and its stores are restored from older copies.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { StudyState } from "@sintonia/proto/sintonia/v1/study";
import { Directive } from "@sintonia/proto/sintonia/v1/trainer";
import { connectTrainerService } from "@sintonia/runtime/grpc/client";
import { ClientError, Status } from "nice-grpc-common";
import { collect } from "../support/collect.js";
import { type NatsServer, startNatsServer } from "../support/nats-server.js";
import { type AdminClient, CoordinatorProcess, tinySpec } from "../support/service-process.js";

/** Time limit of a test, far above its duration on a busy machine. */
const LIMIT = { timeout: 120_000 };

describe("a deleted study", () => {
  let nats: NatsServer;
  let folder: string;
  let state: string;
  let coordinator: CoordinatorProcess | undefined;

  beforeEach(async () => {
    nats = await startNatsServer();
    folder = await mkdtemp(path.join(tmpdir(), "sintonia-deletion-"));
    state = path.join(folder, "state");
  });
  afterEach(async () => {
    await coordinator?.end("SIGKILL");
    await nats.stop();
    await rm(folder, { recursive: true });
  });

  function begin(): CoordinatorProcess {
    coordinator = new CoordinatorProcess({ SINTONIA_NATS_URL: nats.url, SINTONIA_STATE_DIR: state });
    return coordinator;
  }

  /** Creates a study with an id and stops it. */
  async function ended(client: AdminClient, studyId: string): Promise<void> {
    await client.createStudy({ spec: tinySpec(studyId), studyId });
    await client.stopStudy({ studyId, reason: "enough" });
  }

  /** Returns the ids of the studies, and of those that are set aside. */
  async function listed(running: CoordinatorProcess): Promise<readonly string[]> {
    const { studies, setAside } = await running.withAdmin((client) => client.listStudies({}));
    return [...studies, ...setAside].map(({ id }) => id).sort();
  }

  async function recordsOfCopy(studyId: string): Promise<readonly { events: { type: string }[] }[]> {
    const text = await readFile(path.join(state, "logs", `${studyId}.jsonl`), "utf8");
    return text
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
  }

  it("is gone after any restart, and its id is free", LIMIT, async () => {
    const running = begin();
    await running.withAdmin(async (client) => {
      await ended(client, "one");
      await ended(client, "two");
      const { deletedAt } = await client.deleteStudy({ studyId: "one" });
      assert.ok(deletedAt instanceof Date);
      assert.deepEqual((await client.deleteStudy({ studyId: "one" })).deletedAt, deletedAt);
      await assert.rejects(client.getStudy({ studyId: "one" }), refusal(Status.NOT_FOUND, /was deleted at 20/));
      await assert.rejects(client.deleteStudy({ studyId: "none" }), refusal(Status.NOT_FOUND, /does not exist/));
    });
    const records = await recordsOfCopy("one");
    assert.deepEqual(
      records.flatMap(({ events }) => events.map(({ type }) => type)),
      ["study-deleted"],
    );
    await running.end("SIGKILL");
    const again = begin();
    assert.deepEqual(await listed(again), ["two"]);
    await again.withAdmin((client) => ended(client, "one"));
    await again.end();
    const last = begin();
    assert.deepEqual(await listed(last), ["one", "two"]);
    await last.withAdmin(async (client) => {
      assert.equal((await client.getStudy({ studyId: "one" })).study?.state, StudyState.STOPPED);
      const records = await collect(client.readStudyLog({ studyId: "one" }));
      assert.match(String(records[0]?.record), /"sequence":1,"previous":""/);
    });
    assert.ok(!last.lines.some(({ level, message }) => level === "error" || /copy|deleted/.test(message)));
  });

  it("is refused while it runs, unless its trials are cancelled; a late trainer loses its lease", LIMIT, async () => {
    const running = begin();
    const trainer = { id: "trainer-1" };
    await running.withAdmin(async (client) => {
      await client.createStudy({ spec: tinySpec("one"), studyId: "one" });
      await assert.rejects(client.deleteStudy({ studyId: "one" }), refusal(Status.FAILED_PRECONDITION, /is active/));
      const { client: calls, close } = connectTrainerService(await running.address());
      try {
        const key = { studyId: "one", trialId: "0", attempt: 1, token: 7, secret: "" };
        await client.deleteStudy({ studyId: "one", cancel: true });
        assert.equal((await calls.heartbeat({ trainer, lease: key })).directive, Directive.LEASE_LOST);
        const acquired = await calls.acquireLease({ studyId: "one", trialId: "0", attempt: 1, trainer });
        assert.equal(acquired.outcome?.$case, "refusal");
      } finally {
        close();
      }
    });
    assert.deepEqual(await listed(running), []);
  });

  for (const store of ["NATS", "the state folder"]) {
    it(`does not come back with an older copy of ${store}`, LIMIT, async () => {
      const place = store === "NATS" ? nats.store : state;
      const running = begin();
      await running.withAdmin((client) => ended(client, "one"));
      await running.end();
      await nats.kill();
      await cp(place, path.join(folder, "older"), { recursive: true });
      await nats.restart();
      const deleting = begin();
      await deleting.withAdmin((client) => client.deleteStudy({ studyId: "one" }));
      await deleting.end();
      await nats.kill();
      await rm(place, { recursive: true });
      await cp(path.join(folder, "older"), place, { recursive: true });
      await nats.restart();
      for (let time = 0; time < 2; time++) {
        const restored = begin();
        assert.deepEqual(await listed(restored), []);
        await restored.end();
      }
      assert.equal((await recordsOfCopy("one")).length, 1);
    });
  }

  it("is erased by the next start if the coordinator is killed right after the request", LIMIT, async () => {
    const running = begin();
    await running.withAdmin(async (client) => {
      await ended(client, "one");
      const deletion = client.deleteStudy({ studyId: "one" }).catch(() => undefined);
      await running.line("study deleted");
      await running.end("SIGKILL");
      await deletion;
    });
    const next = begin();
    assert.deepEqual(await listed(next), []);
    await next.line("deleted study erased");
    assert.equal((await recordsOfCopy("one")).length, 1);
  });

  it("leaves no artifacts or files behind: what nothing names and is a day old goes at the start", LIMIT, async () => {
    const first = begin();
    await first.withAdmin((client) => ended(client, "one"));
    await first.end();
    const content = Buffer.from("orphan");
    const sha256 = createHash("sha256").update(content).digest("hex");
    const old = new Date(Date.now() - 25 * 3_600_000);
    const place = (store: string): string => path.join(state, store, sha256.slice(0, 2), sha256);
    for (const store of ["artifacts", "checkpoints", "files"]) {
      await mkdir(path.dirname(place(store)), { recursive: true });
      await writeFile(place(store), content);
      await utimes(place(store), old, old);
    }
    const young = path.join(state, "artifacts", "00", "0".repeat(64));
    await mkdir(path.dirname(young), { recursive: true });
    await writeFile(young, "young");
    const running = begin();
    const line = await running.line("content that nothing names deleted");
    assert.deepEqual([line["artifacts"], line["checkpoints"], line["files"], line["sizeBytes"]], [1, 1, 1, 18]);
    for (const store of ["artifacts", "checkpoints", "files"]) {
      assert.deepEqual(await readdir(path.dirname(place(store))), [], store);
    }
    assert.equal(await readFile(young, "utf8"), "young");
  });
});

function refusal(code: Status, details: RegExp): (error: unknown) => boolean {
  return (error) => error instanceof ClientError && error.code === code && details.test(error.details);
}
