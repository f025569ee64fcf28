// A study that an earlier version and this one train in turn, on one store.
// SINTONIA_EARLIER_VERSION names a built checkout of the earlier version.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { pathToFileURL } from "node:url";
import { freePorts } from "@sintonia/cli/system/ports";
import { StudyState, type Trial, TrialState, WaitReason } from "@sintonia/proto/sintonia/v1/study";
import { type NatsServer, startNatsServer } from "../support/nats-server.js";
import { CoordinatorProcess, TrainerProcess } from "../support/service-process.js";

/** Time limit of a test, far above its duration on a busy machine. */
const LIMIT = { timeout: 240_000 };

const TRIALS = 3;

/** A study whose trials take some seconds, so that the change of versions is inside one. */
const spec = (name: string): string => `
name: ${name}
dataset: { name: mnist, split: { train: [0, 2000], validation: [50000, 50500] } }
objective: { metric: val_accuracy, goal: maximize }
budget: { maxTrials: ${TRIALS} }
oracle: { type: bayesian }
seed: 3
parameters: { stddev: { type: double, min: 0.01, max: 0.10 } }
model:
  layers:
    - { units: 32, activation: relu, kernelInitializer: { type: RandomNormal, stddev: $stddev } }
    - { units: 10, activation: softmax }
training:
  optimizer: { type: adam, learningRate: 0.001 }
  loss: categorical_crossentropy
  batchSize: 64
  maxEpochs: 40
`;

type Version = "earlier" | "this";

/** Versions of the services in one part of a study. */
interface Versions {
  readonly coordinator: Version;
  readonly trainer: Version;
}

const EARLIER: Versions = { coordinator: "earlier", trainer: "earlier" };
const THIS: Versions = { coordinator: "this", trainer: "this" };

/** The changes, by what they are called. */
const CHANGES: Readonly<Record<string, readonly [begin: Versions, end: Versions]>> = {
  "begins in the earlier version and ends in this one": [EARLIER, THIS],
  "begins in this version and ends in the earlier one": [THIS, EARLIER],
  "keeps earlier trainers under a new coordinator": [EARLIER, { coordinator: "this", trainer: "earlier" }],
  "gets new trainers under an earlier coordinator": [EARLIER, { coordinator: "earlier", trainer: "this" }],
};

const folderOfEarlier = process.env["SINTONIA_EARLIER_VERSION"] ?? "";
const skip =
  folderOfEarlier !== "" && existsSync(path.join(folderOfEarlier, "services/coordinator/dist/main.js"))
    ? false
    : "set SINTONIA_EARLIER_VERSION to a built checkout of an earlier version";

describe("an upgrade: a study", { skip }, () => {
  let nats: NatsServer;
  let folder: string;
  let settings: Readonly<Record<string, string>>;
  const running: Services[] = [];

  beforeEach(async () => {
    nats = await startNatsServer();
    folder = await mkdtemp(path.join(tmpdir(), "sintonia-upgrade-"));
    settings = await settingsIn(folder, nats.url);
  });
  afterEach(async () => {
    for (const services of running.splice(0)) await services.end("SIGKILL");
    await nats.stop();
    await rm(folder, { recursive: true });
  });

  function start(versions: Versions): Services {
    const services = new Services(settings, versions);
    running.push(services);
    return services;
  }

  for (const [title, [begin, end]] of Object.entries(CHANGES)) {
    it(title, LIMIT, async () => {
      const studyId = "upgraded";
      const first = start(begin);
      await first.coordinator.withAdmin((client) => client.createStudy({ spec: spec(studyId), studyId }));
      await first.coordinator.line("trial completed");
      await first.coordinator.line("trial leased", 2);
      const early = (await first.trials(studyId)).filter(({ state }) => state === TrialState.COMPLETED);
      assert.deepEqual(await first.end("SIGTERM"), [0, 0]);

      const second = start(end);
      await second.coordinator.line("study ended");
      const trials = await second.trials(studyId);
      assert.equal(trials.filter(({ state }) => state === TrialState.COMPLETED).length, TRIALS);
      for (const { id, objective, attempt } of early) {
        const later = trials.find((trial) => trial.id === id);
        assert.deepEqual([later?.objective, later?.attempt], [objective, attempt]);
      }
      const { study } = await second.coordinator.withAdmin((client) => client.getStudy({ studyId }));
      assert.equal(study?.state, StudyState.COMPLETED);
    });
  }

  it("that asks for resources leaves earlier trainers alone, and goes on with one of this version", LIMIT, async () => {
    const studyId = "asking";
    const services = start({ coordinator: "this", trainer: "earlier" });
    const { coordinator } = services;
    await coordinator.line("trainer appeared");
    const asking = `${spec(studyId)}resources: { memory: 64MiB }\n`;
    await coordinator.withAdmin((client) => client.createStudy({ spec: asking, studyId }));
    const { message = "" } = await coordinator.withAdmin(async (client) => {
      for await (const { study } of client.watchStudy({ studyId }))
        if (study?.waiting?.reason === WaitReason.RESOURCES) return study.waiting;
      throw new Error("The study has ended.");
    });
    assert.match(message, /No trainer fits: the spec asks for 64MiB of memory\. .*memory unknown/);
    services.addTrainer("this");
    await coordinator.line("study ended");
    const [earlier, later, ...others] = coordinator.lines.filter((line) => line.message === "trainer appeared");
    assert.deepEqual(others, []);
    const holders = coordinator.lines
      .filter((line) => line.message === "trial leased")
      .map((line) => line["trainerId"]);
    assert.deepEqual(new Set(holders), new Set([later?.["trainerId"]]));
    assert.notEqual(earlier?.["trainerId"], later?.["trainerId"]);
  });
});

/** Returns variables of both services. */
async function settingsIn(folder: string, natsUrl: string): Promise<Readonly<Record<string, string>>> {
  const [port] = await freePorts(1);
  return {
    SINTONIA_NATS_URL: natsUrl,
    SINTONIA_GRPC_PORT: String(port),
    SINTONIA_COORDINATOR_ADDRESS: `127.0.0.1:${port}`,
    SINTONIA_STATE_DIR: path.join(folder, "state"),
    SINTONIA_CACHE_DIR: path.join(folder, "cache"),
    SINTONIA_ALLOW_DOWNLOAD: "false",
    // A trainer of a flavour takes the trials of every trainer too, also from an earlier
    // coordinator.
    SINTONIA_FLAVOUR: "large",
  };
}

/** A coordinator and a trainer. */
class Services {
  readonly coordinator: CoordinatorProcess;
  readonly #settings: Readonly<Record<string, string>>;
  readonly #trainers: TrainerProcess[] = [];

  constructor(settings: Readonly<Record<string, string>>, { coordinator, trainer }: Versions) {
    this.#settings = settings;
    this.coordinator = new CoordinatorProcess(settings, mainOf("coordinator", coordinator));
    this.addTrainer(trainer);
  }

  /** Starts a further trainer. */
  addTrainer(version: Version): void {
    this.#trainers.push(new TrainerProcess(this.#settings, mainOf("trainer", version)));
  }

  /** Returns all trials of a study. */
  async trials(studyId: string): Promise<readonly Trial[]> {
    const { trials } = await this.coordinator.withAdmin((client) => client.listTrials({ studyId }));
    return trials;
  }

  /**
   * Ends the trainers before the coordinator, to which they give their trials back. Returns the
   * exit codes, that of the coordinator last.
   */
  async end(signal: NodeJS.Signals): Promise<readonly (number | null)[]> {
    const ended = await Promise.all(this.#trainers.map((trainer) => trainer.end(signal)));
    return [...ended, await this.coordinator.end(signal)];
  }
}

/** Returns the composition root of a service; undefined for that of this checkout. */
function mainOf(service: string, version: Version): string | undefined {
  if (version === "this") return undefined;
  return pathToFileURL(path.join(folderOfEarlier, "services", service, "dist/main.js")).href;
}
