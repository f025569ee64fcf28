// Bytes that change in the files of checkpoints and models: each is found when it is read, is
// named, and an older checkpoint replaces it where there is one. For the logs there are
// lost-records.test.ts and copied-log.test.ts.

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { connectAdminService } from "@sintonia/runtime/grpc/client";
import { Installation } from "../chaos/installation.js";
import { fetchStudy, untilCheckpoints, untilCompleted, untilCreated } from "../chaos/watch.js";
import { type NatsServer, startNatsServer } from "../support/nats-server.js";

/** Time limit of a test, far above its duration on a busy machine. */
const LIMIT = { timeout: 180_000 };

/** Counts to 3 in checkpoints, of which each builds on the one before, and waits once at 2. */
const PROGRAM = `
epoch=0; state=$1
[ -f "$SINTONIA_CHECKPOINT_DIR/state" ] && read epoch state < "$SINTONIA_CHECKPOINT_DIR/state"
echo "$SINTONIA_TRIAL resumed at $epoch" >> "$FOLDER/starts"
while [ $epoch -lt 3 ]; do
  while [ $epoch = 2 ] && [ ! -e "$FOLDER/gate" ]; do sleep 0.1; done
  state=$(( (state * 1103 + epoch) % 1000003 ))
  echo "$((epoch + 1)) $state" > "$SINTONIA_CHECKPOINT_DIR/state"
  echo "{\\"metrics\\":{\\"score\\":$state},\\"epoch\\":$epoch,\\"checkpoint\\":true}" >&3; read answer <&4 || exit 75
  epoch=$((epoch + 1))
done
echo $state > "$SINTONIA_ARTIFACT_DIR/score"
`;

describe("a byte that changed on the disk", () => {
  let folder: string;
  let nats: NatsServer;
  let installation: Installation;
  let admin: ReturnType<typeof connectAdminService>;

  beforeEach(async () => {
    folder = mkdtempSync(path.join(tmpdir(), "sintonia-flip-"));
    nats = await startNatsServer();
    const counts = { trainer: 1, coordinator: 1, nats: 1 };
    const startNats = () => Promise.resolve([nats]);
    installation = await Installation.start({ folder, counts, leaseTtlMs: 6_000, startNats });
    admin = connectAdminService(installation.addresses);
    const spec = {
      name: "flip",
      program: { command: ["sh", "-c", PROGRAM, "trial", `\${x}`], environment: { FOLDER: folder } },
      objective: { metric: "score", goal: "maximize" },
      budget: { maxTrials: 1 },
      selection: { rule: "observed" },
      oracle: { type: "random" },
      seed: 1,
      parameters: { x: { type: "integer", min: 0, max: 1_000_000 } },
    };
    await untilCreated(admin.client, "flip", JSON.stringify(spec));
  });
  afterEach(async () => {
    admin.close();
    assert.deepEqual(await installation.close(), []);
    rmSync(folder, { recursive: true });
  });

  const openGate = (): void => writeFileSync(path.join(folder, "gate"), "");

  /** Returns the lines that the trainer has logged with a message. */
  function loggedByTrainer(message: string): readonly Record<string, unknown>[] {
    const lines = readFileSync(path.join(folder, "logs", "trainer-0.log"), "utf8")
      .trim()
      .split("\n");
    return lines.map((line) => JSON.parse(line)).filter((line) => line.message === message);
  }

  async function completed() {
    await untilCompleted(admin.client, "flip");
    return await fetchStudy(admin.client, "flip");
  }

  it("in the newest checkpoint makes the next attempt resume from the one before", LIMIT, async () => {
    const newest = (await untilCheckpoints(admin.client, "flip", 2)).at(-1) ?? "";
    flip(path.join(folder, "state", "checkpoints", newest.slice(0, 2), newest));
    await installation.process("trainer", 0).restart("SIGKILL", 0);
    openGate();
    const { study, problems } = await completed();
    assert.deepEqual(problems, []);
    assert.equal(study.trials[0]?.objective, scoreOf(Number(study.trials[0]?.values["x"])));
    assert.equal(readFileSync(path.join(folder, "starts"), "utf8"), "0 resumed at 0\n0 resumed at 1\n");
    const [line] = loggedByTrainer("checkpoint unavailable");
    assert.match(JSON.stringify(line), new RegExp(`${newest}.* was changed or truncated`));
  });

  it("in the artifact of the best trial is named when it is read", LIMIT, async () => {
    openGate();
    const { study } = await completed();
    const sha256 = study.trials[0]?.weights?.sha256 ?? "";
    const file = path.join(folder, "state", "artifacts", sha256.slice(0, 2), sha256);
    flip(file);
    const read = async (): Promise<void> => {
      for await (const _ of admin.client.downloadArtifact({ studyId: "flip", sha256 }));
    };
    await assert.rejects(read, new RegExp(`DATA_LOSS: ${file} was changed or truncated since it was stored`));
  });
});

/** Returns the best score of PROGRAM for a value. */
function scoreOf(x: number): number {
  let state = x;
  const scores = [0, 1, 2].map((epoch) => {
    state = (state * 1_103 + epoch) % 1_000_003;
    return state;
  });
  return Math.max(...scores);
}

/** Changes the byte in the middle of a file. */
function flip(file: string): void {
  const bytes = readFileSync(file);
  const middle = bytes.length >> 1;
  bytes[middle] = (bytes[middle] as number) ^ 1;
  writeFileSync(file, bytes);
}
