// Studies that ask for resources, on trainers of two flavours: in real processes, across the death
// of a trainer and of the coordinator.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import type { AdminServiceClient } from "@sintonia/proto/sintonia/v1/admin";
import { TrialState, WaitReason } from "@sintonia/proto/sintonia/v1/study";
import { connectAdminService } from "@sintonia/runtime/grpc/client";
import { Installation } from "../chaos/installation.js";
import { fetchStudy, untilAnswered, untilCompleted, untilCreated } from "../chaos/watch.js";

/** Time limit of a test, far above its duration on a busy machine. */
const LIMIT = { timeout: 240_000 };
/** Interval between two looks, in ms. */
const LOOK_MS = 100;

/** Reports two epochs, with some time between them in which faults strike. */
const PROGRAM = `
echo '{"metrics":{"score":0},"epoch":0}' >&3; read answer <&4 || exit 75
sleep 0.3
echo "{\\"metrics\\":{\\"score\\":$1},\\"epoch\\":1}" >&3; read answer <&4 || exit 75
`;

function specOf(name: string, resources?: object, maxTrials = 6): string {
  return JSON.stringify({
    name,
    program: { command: ["sh", "-c", PROGRAM, "trial", `\${x}`] },
    objective: { metric: "score", goal: "maximize" },
    budget: { maxTrials },
    ...(resources && { resources }),
    selection: { rule: "observed" },
    oracle: { type: "random" },
    seed: 1,
    parameters: { x: { type: "integer", min: 0, max: 1_000_000 } },
  });
}

describe("studies that ask for resources", () => {
  let folder: string;
  let installation: Installation | undefined;
  let admin: ReturnType<typeof connectAdminService>;

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "sintonia-resources-"));
  });
  afterEach(async () => {
    admin.close();
    assert.deepEqual(await installation?.close(), []);
    rmSync(folder, { recursive: true });
  });

  async function start(flavours: readonly string[]): Promise<AdminServiceClient> {
    const extraTrainers = Object.fromEntries(flavours.map((flavour) => [flavour, { SINTONIA_FLAVOUR: flavour }]));
    const counts = { trainer: 0, coordinator: 1, nats: 1 };
    installation = await Installation.start({ folder, counts, leaseTtlMs: 3_000, extraTrainers });
    admin = connectAdminService(installation.addresses);
    return admin.client as AdminServiceClient;
  }

  async function until<T>(look: () => Promise<T>, isWanted: (value: T) => boolean): Promise<T> {
    for (;;) {
      const value = await untilAnswered(look);
      if (isWanted(value)) return value;
      await delay(LOOK_MS);
    }
  }

  const leasesOf = async (studyId: string): Promise<readonly string[]> => {
    const { events } = await fetchStudy(admin.client, studyId);
    return events.flatMap(({ event }) => (event.type === "lease-granted" ? [event.trainerId] : []));
  };

  it("run on the trainers that fit, when a trainer and the coordinator die in between", LIMIT, async () => {
    const client = await start(["large", "small"]);
    await untilCreated(client, "wants-large", specOf("wants-large", { flavour: "large", memory: "64MiB" }));
    await untilCreated(client, "wants-small", specOf("wants-small", { flavour: "small" }));
    await untilCreated(client, "wants-any", specOf("wants-any"));
    await until(
      () => client.listTrials({ studyId: "wants-large" }),
      ({ trials }) => trials.some(({ state }) => state === TrialState.COMPLETED),
    );
    await installation?.process("extra", 0).restart("SIGKILL", 0);
    await until(
      () => client.listTrials({ studyId: "wants-small" }),
      ({ trials }) => trials.filter(({ state }) => state === TrialState.COMPLETED).length > 1,
    );
    await installation?.process("coordinator", 0).restart("SIGKILL", 0);
    for (const studyId of ["wants-large", "wants-small", "wants-any"]) await untilCompleted(client, studyId);
    for (const flavour of ["large", "small"]) {
      const strangers = (await leasesOf(`wants-${flavour}`)).filter(
        (trainerId) => !trainerId.startsWith(`${flavour}-`),
      );
      assert.deepEqual(strangers, [], `only trainers of the flavour ${flavour} train its study`);
    }
    const { trainers } = await client.listTrainers({});
    const flavours = new Set(trainers.map(({ equipment }) => equipment?.flavour));
    assert.deepEqual(flavours, new Set(["large", "small"]));
    assert.ok(trainers.every(({ equipment }) => (equipment?.memoryBytes ?? 0) > 2 ** 26));
  });

  it(
    "wait with the reason while no trainer fits, hold up no other study, and begin when one comes",
    LIMIT,
    async () => {
      const client = await start(["small"]);
      await untilCreated(client, "wants-huge", specOf("wants-huge", { flavour: "huge" }, 1));
      await untilCreated(client, "wants-memory", specOf("wants-memory", { memory: "9000TiB" }, 1));
      await untilCreated(client, "wants-any", specOf("wants-any"));
      await untilCompleted(client, "wants-any");
      const { study } = await until(
        () => client.getStudy({ studyId: "wants-huge" }),
        ({ study }) => study?.waiting?.reason === WaitReason.RESOURCES,
      );
      assert.match(study?.waiting?.message ?? "", /^No trainer fits: the spec asks for flavour huge\. .*flavour small/);
      assert.equal(study?.waiting?.trainers?.unfit, 1);
      const { trials } = await client.listTrials({ studyId: "wants-memory" });
      assert.equal(trials[0]?.waiting?.reason, WaitReason.RESOURCES);
      await installation?.addTrainer("huge", { SINTONIA_FLAVOUR: "huge" });
      await untilCompleted(client, "wants-huge");
      const huge = (await leasesOf("wants-huge")).map((trainerId) => trainerId.replace(/-.*/, ""));
      assert.deepEqual(new Set(huge), new Set(["huge"]));
    },
  );
});
