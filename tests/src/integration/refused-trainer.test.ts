// A trainer whose token the coordinator does not know: it says so, leaves the work to other
// trainers, and works once the token is known.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { connectAdminService } from "@sintonia/runtime/grpc/client";
import { clientSecurity } from "@sintonia/runtime/grpc/security/client-security";
import { createToken } from "@sintonia/runtime/grpc/security/token-list";
import { fetchStudy, untilOver } from "../chaos/watch.js";
import { type NatsServer, startNatsServer } from "../support/nats-server.js";
import { type AdminClient, CoordinatorProcess, TrainerProcess } from "../support/service-process.js";

const LIMIT = { timeout: 180_000 };
const TRIALS = 6;

/** A trial that ends at once. A lost attempt would fail it. */
const SPEC = JSON.stringify({
  name: "refused",
  program: {
    command: ["sh", "-c", 'echo "{\\"metrics\\":{\\"score\\":1}}" >&3; echo 1 > "$SINTONIA_ARTIFACT_DIR/score"'],
  },
  objective: { metric: "score", goal: "maximize" },
  budget: { maxTrials: TRIALS, maxAttemptsPerTrial: 1 },
  selection: { rule: "observed" },
  oracle: { type: "random" },
  parameters: { x: { type: "integer", min: 0, max: 1_000 } },
});

describe("a trainer whose token is not known", LIMIT, () => {
  const folder = mkdtempSync(join(tmpdir(), "sintonia-refused-"));
  const tokens = join(folder, "tokens");
  const knownLines = makeToken("ada", "operator") + makeToken("known", "trainer");
  const trainers: TrainerProcess[] = [];
  let nats: NatsServer;
  let coordinator: CoordinatorProcess;
  let address: string;
  let admin: { readonly client: AdminClient; readonly close: () => void };

  /** Makes a token. @returns its line for the coordinator */
  function makeToken(name: string, role: "operator" | "trainer"): string {
    const { token, line } = createToken({ name, role });
    writeFileSync(tokenFile(name), token);
    return `${line}\n`;
  }

  function tokenFile(name: string): string {
    return join(folder, `${name}.token`);
  }

  function startTrainer(name: string): TrainerProcess {
    const trainer = new TrainerProcess({
      SINTONIA_NATS_URL: nats.url,
      SINTONIA_COORDINATOR_ADDRESS: address,
      SINTONIA_COORDINATOR_TOKEN_FILE: tokenFile(name),
      SINTONIA_TRAINER_NAME: name,
      SINTONIA_ALLOW_PROGRAMS: "true",
      SINTONIA_CACHE_DIR: join(folder, name),
    });
    trainers.push(trainer);
    return trainer;
  }

  /** Runs a study to its end. @returns the names of the trainers that had a lease */
  async function holdersOf(studyId: string): Promise<readonly string[]> {
    await untilOver(admin.client, studyId, () => undefined);
    const { study, events } = await fetchStudy(admin.client, studyId);
    assert.equal(study.status, "completed");
    assert.ok(study.trials.every(({ state, attempt }) => state === "completed" && attempt === 1));
    const holders = events.flatMap(({ event }) => (event.type === "lease-granted" ? [event.trainerId] : []));
    return [...new Set(holders)].map((id) => id.replace(/-[0-9a-f]{6}$/, ""));
  }

  before(async () => {
    nats = await startNatsServer();
    writeFileSync(tokens, knownLines);
    coordinator = new CoordinatorProcess({
      SINTONIA_NATS_URL: nats.url,
      SINTONIA_STATE_DIR: join(folder, "state"),
      SINTONIA_GRPC_TOKENS_FILE: tokens,
    });
    address = await coordinator.address();
    await coordinator.line("coordinator ready");
    admin = connectAdminService(address, clientSecurity({ coordinatorTokenFile: tokenFile("ada") }, address));
  });
  after(async () => {
    for (const trainer of trainers) await trainer.end();
    admin.close();
    await coordinator.end();
    await nats.stop();
    rmSync(folder, { recursive: true });
  });

  it("says so in one line, takes no work, and works once the coordinator knows the token", async () => {
    const line = makeToken("stranger", "trainer");
    const stranger = startTrainer("stranger");
    const refused = await stranger.line("trainer refused by coordinator");
    assert.match(
      String(refused["reason"]),
      /^The coordinator at 127\.0\.0\.1:\d+ refuses this trainer\. .*does not know the bearer token\. Make a token.*$/,
    );
    assert.equal(refused["code"], "unauthenticated");
    await admin.client.createStudy({ studyId: "first", spec: SPEC });
    startTrainer("known");
    assert.deepEqual(await holdersOf("first"), ["known"]);
    assert.ok(!stranger.lines.some(({ message }) => /lease|assignment|not answered/.test(message)));
    assert.equal(stranger.lines.filter(({ level }) => level === "warn").length, 1);

    assert.equal(await trainers.pop()?.end(), 0);
    writeFileSync(tokens, line, { flag: "a" });
    await stranger.line("trainer accepted by coordinator");
    await admin.client.createStudy({ studyId: "second", spec: SPEC });
    assert.deepEqual(await holdersOf("second"), ["stranger"]);
  });

  it("gives back the one assignment that it may have, and no attempt is lost", async () => {
    const [stranger] = trainers as [TrainerProcess];
    writeFileSync(tokens, knownLines);
    await stranger.line("trainer refused by coordinator", 2, ({ level }) => level === "warn");
    await admin.client.createStudy({ studyId: "third", spec: SPEC });
    startTrainer("known");
    assert.deepEqual(await holdersOf("third"), ["known"]);
    assert.ok(stranger.lines.filter(({ message }) => message === "assignment given back").length <= 1);
  });
});
