// A coordinator process whose NATS loses what it has acknowledged: an older copy of the store, an
// empty store.

import assert from "node:assert/strict";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { StudyState } from "@sintonia/proto/sintonia/v1/study";
import { connect } from "nats";
import { type NatsServer, startNatsServer } from "../support/nats-server.js";
import { CoordinatorProcess, tinySpec } from "../support/service-process.js";

/** Time limit of a test, far above its duration on a busy machine. */
const LIMIT = { timeout: 120_000 };

const SPEC = tinySpec("lost");

describe("a NATS that loses acknowledged records", () => {
  let nats: NatsServer;
  let folder: string;
  let coordinator: CoordinatorProcess | undefined;

  beforeEach(async () => {
    nats = await startNatsServer();
    folder = await mkdtemp(path.join(tmpdir(), "sintonia-lost-"));
  });
  afterEach(async () => {
    await coordinator?.end("SIGKILL");
    await nats.stop();
    await rm(folder, { recursive: true });
  });

  function begin(settings: Readonly<Record<string, string>> = {}): CoordinatorProcess {
    coordinator = new CoordinatorProcess({
      SINTONIA_NATS_URL: nats.url,
      SINTONIA_STATE_DIR: path.join(folder, "state"),
      ...settings,
    });
    return coordinator;
  }

  /** Returns the state of each study by its id. */
  async function studies(running: CoordinatorProcess): Promise<Record<string, StudyState>> {
    const { studies: found } = await running.withAdmin((client) => client.listStudies({}));
    return Object.fromEntries(found.map(({ id, state }) => [id, state]));
  }

  /** Runs a coordinator that creates a study, ends another one, and is then killed with NATS. */
  async function loseTheLastEvents(): Promise<void> {
    const running = begin();
    await running.withAdmin((client) => client.createStudy({ spec: SPEC, studyId: "one" }));
    await running.end();
    await nats.kill();
    await cp(nats.store, path.join(folder, "older"), { recursive: true });
    await nats.restart();
    const later = begin();
    await later.withAdmin(async (client) => {
      await client.stopStudy({ studyId: "one", reason: "enough" });
      await client.createStudy({ spec: SPEC, studyId: "two" });
    });
    await later.end();
    await nats.kill();
  }

  it("gets them back from the coordinator's copy, with a line in the log", LIMIT, async () => {
    await loseTheLastEvents();
    await rm(nats.store, { recursive: true });
    await cp(path.join(folder, "older"), nats.store, { recursive: true });
    await nats.restart();
    const running = begin();
    assert.deepEqual(await studies(running), { one: StudyState.STOPPED, two: StudyState.ACTIVE });
    const restored = "acknowledged records are missing from the study log, restored from the copy";
    assert.deepEqual(
      running.lines
        .flatMap(({ message, level, studyId }) => (message === restored ? `${level} ${studyId}` : []))
        .sort(),
      ["error one", "error two"],
    );
    await running.end();
    const again = begin();
    assert.deepEqual(await studies(again), { one: StudyState.STOPPED, two: StudyState.ACTIVE });
    assert.ok(!again.lines.some(({ level }) => level === "error"));
  });

  it("is not taken for the former one if it is empty, until a person decides", LIMIT, async () => {
    await loseTheLastEvents();
    await rm(nats.store, { recursive: true });
    await nats.restart();
    const refused = begin();
    assert.equal(await refused.ended(), 1);
    assert.match(refused.errors, /^coordinator: the state folder .* has no studies of it.*SINTONIA_ADOPT_NATS=true/);
    assert.equal(refused.errors.trim().split("\n").length, 1);
    const adopted = begin({ SINTONIA_ADOPT_NATS: "true" });
    assert.deepEqual(await studies(adopted), { one: StudyState.STOPPED, two: StudyState.ACTIVE });
  });

  it("may also lose its store and its server while the coordinator waits", LIMIT, async () => {
    const running = begin();
    await running.withAdmin(async (client) => {
      await client.createStudy({ spec: SPEC, studyId: "one" });
      await nats.kill();
      await nats.restart();
      for (;;) {
        const study = await client.stopStudy({ studyId: "one", reason: "enough" }).catch(() => undefined);
        if (study !== undefined) break;
        await delay(100);
      }
    });
    assert.deepEqual(await studies(running), { one: StudyState.STOPPED });
  });

  it("sets aside what is no log of a study, and starts", LIMIT, async () => {
    const first = begin();
    await first.withAdmin((client) => client.createStudy({ spec: SPEC, studyId: "one" }));
    await first.end();
    const stranger = await connect({ servers: nats.url });
    for (const name of ["Odd$", "odd%2e"]) await stranger.jetstream().publish(`sintonia.events.${name}`, "garbage");
    await stranger.close();
    const running = begin();
    assert.deepEqual(await studies(running), { one: StudyState.ACTIVE });
    const aside = running.lines.filter(({ message }) => message === "study log cannot be read, study set aside");
    assert.deepEqual(
      aside.map(({ reason }) => reason),
      Array(2).fill("The log's name is no id of a study."),
    );
  });
});
