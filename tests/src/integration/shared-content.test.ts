// Two coordinators with state folders of their own and one shared store of content. The leader and
// the trainer are killed in the middle of a trial: the other coordinator has its checkpoints, and
// later its best model.

import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { connectAdminService } from "@sintonia/runtime/grpc/client";
import { Installation } from "../chaos/installation.js";
import { fetchStudy, untilCheckpoints, untilCompleted, untilCreated } from "../chaos/watch.js";
import { startNatsServer } from "../support/nats-server.js";
import { VersityServer, versityProgram } from "../support/s3/versity-server.js";
import { CoordinatorProcess } from "../support/service-process.js";

/** Time limit of a test, far above its duration on a busy machine. */
const LIMIT_MS = 240_000;

/** Far longer than a test: the coordinator stays dead. */
const FOR_EVER_MS = 3_600_000;

/** Counts to 3 in checkpoints, and waits once at 2. */
const PROGRAM = `
epoch=0
[ -f "$SINTONIA_CHECKPOINT_DIR/state" ] && read epoch < "$SINTONIA_CHECKPOINT_DIR/state"
echo "resumed at $epoch" >> "$FOLDER/starts"
while [ $epoch -lt 3 ]; do
  while [ $epoch = 2 ] && [ ! -e "$FOLDER/gate" ]; do sleep 0.1; done
  echo "$((epoch + 1))" > "$SINTONIA_CHECKPOINT_DIR/state"
  echo "{\\"metrics\\":{\\"score\\":$epoch},\\"epoch\\":$epoch,\\"checkpoint\\":true}" >&3; read answer <&4 || exit 75
  epoch=$((epoch + 1))
done
echo done > "$SINTONIA_ARTIFACT_DIR/score"
`;

const found = versityProgram();

/** A shared store: its variables for a coordinator. */
interface SharedStore {
  readonly variables: Readonly<Record<string, string>>;
  readonly close: () => Promise<void>;
}

const STORES: Readonly<Record<string, { skip: string | false; start: (folder: string) => Promise<SharedStore> }>> = {
  jetstream: {
    skip: false,
    start: async () => ({
      variables: { SINTONIA_ARTIFACTS: "jetstream", SINTONIA_ARTIFACTS_MAX_MIB: "64" },
      close: async () => undefined,
    }),
  },
  s3: {
    skip: "missing" in found ? found.missing : false,
    start: async (folder) => {
      const server = await VersityServer.start((found as { program: string }).program, path.join(folder, "buckets"));
      const variables = { ...server.environment, SINTONIA_ARTIFACTS: "s3://tables/sintonia" };
      return { variables, close: () => server.kill() };
    },
  },
};

for (const [kind, { skip, start }] of Object.entries(STORES)) {
  describe(`two coordinators with content in ${kind}`, { skip, timeout: LIMIT_MS }, () => {
    let folder: string;
    let store: SharedStore;
    let installation: Installation;
    let admin: ReturnType<typeof connectAdminService>;

    beforeEach(async () => {
      folder = mkdtempSync(path.join(tmpdir(), "sintonia-shared-"));
      store = await start(folder);
      installation = await Installation.start({
        folder,
        counts: { trainer: 1, coordinator: 2, nats: 1 },
        leaseTtlMs: 6_000,
        startNats: async () => [await startNatsServer()],
        coordinatorVariables: (index) => ({ ...store.variables, SINTONIA_STATE_DIR: stateOf(index) }),
      });
      admin = connectAdminService(installation.addresses);
    });
    afterEach(async () => {
      admin.close();
      assert.deepEqual(await installation.close(), []);
      await store.close();
      rmSync(folder, { recursive: true });
    });

    const stateOf = (index: number): string => path.join(folder, `state-${index}`);

    it("go on after kill -9 of the leader, from its checkpoints to the best model", async () => {
      const spec = {
        name: "shared",
        program: { command: ["sh", "-c", PROGRAM, "trial", `\${x}`], environment: { FOLDER: folder } },
        objective: { metric: "score", goal: "maximize" },
        budget: { maxTrials: 1 },
        selection: { rule: "observed" },
        oracle: { type: "random" },
        seed: 1,
        parameters: { x: { type: "integer", min: 0, max: 1_000_000 } },
      };
      await untilCreated(admin.client, "shared", JSON.stringify(spec));
      await untilCheckpoints(admin.client, "shared", 2);
      const leader = leaderOf();
      await installation.process("coordinator", leader).restart("SIGKILL", FOR_EVER_MS);
      await installation.process("trainer", 0).restart("SIGKILL", 0);
      writeFileSync(path.join(folder, "gate"), "");
      await untilCompleted(admin.client, "shared");
      const { problems } = await fetchStudy(admin.client, "shared");
      assert.deepEqual(problems, []);
      assert.equal(readFileSync(path.join(folder, "starts"), "utf8"), "resumed at 0\nresumed at 2\n");
      for (const index of [0, 1]) assert.deepEqual(storedIn(stateOf(index)), []);
    });

    /** Returns the index of the coordinator that has led last. */
    function leaderOf(): number {
      const [first = "", second = ""] = [0, 1].map(lastLead);
      assert.notEqual(first, second);
      return first > second ? 0 : 1;
    }

    /** Returns the time at which a coordinator has begun to lead; "" if it has not. */
    function lastLead(index: number): string {
      const log = readFileSync(path.join(folder, "logs", `coordinator-${index}.log`), "utf8");
      const lines = log
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line));
      return lines.findLast(({ message }) => message === "coordinator ready")?.time ?? "";
    }
  });
}

/** Returns the artifacts and checkpoints in a state folder. */
function storedIn(state: string): readonly string[] {
  return readdirSync(state).filter((name) => name === "artifacts" || name === "checkpoints" || name === "files");
}

describe("a coordinator with content in S3", { skip: STORES["s3"]?.skip ?? false, timeout: LIMIT_MS }, () => {
  let folder: string;
  let store: SharedStore;
  beforeEach(async () => {
    folder = mkdtempSync(path.join(tmpdir(), "sintonia-shared-"));
    store = await (STORES["s3"] as (typeof STORES)[string]).start(folder);
  });
  afterEach(async () => {
    await store.close();
    rmSync(folder, { recursive: true });
  });

  const settings = (url: string, change: Readonly<Record<string, string>>, state = "state") => ({
    SINTONIA_NATS_URL: url,
    ...store.variables,
    SINTONIA_STATE_DIR: path.join(folder, state),
    ...change,
  });

  it("does not start where the bucket is missing, the secret is wrong, or another installation is", async () => {
    const nats = await startNatsServer();
    const others = await startNatsServer();
    try {
      const owner = new CoordinatorProcess(settings(nats.url, {}));
      await owner.line("coordinator ready");
      await owner.end();
      const refusals = [
        [nats.url, { SINTONIA_ARTIFACTS: "s3://absent" }, /^coordinator: cannot .*there is no such bucket/],
        [nats.url, { AWS_SECRET_ACCESS_KEY: "other" }, /^coordinator: cannot .*correct AWS_SECRET_ACCESS_KEY/],
        [nats.url, { AWS_SECRET_ACCESS_KEY: "" }, /^coordinator: SINTONIA_ARTIFACTS names a bucket: set AWS_ACCESS/],
        [others.url, {}, /^coordinator: the store of artifacts bucket tables .* belongs to installation/],
      ] as const;
      for (const [index, [url, change, message]] of refusals.entries()) {
        const refused = new CoordinatorProcess(settings(url, change, `state-${index}`));
        assert.equal(await refused.ended(), 1);
        assert.match(refused.errors, message);
        assert.equal(refused.errors.trimEnd().split("\n").length, 1, refused.errors);
      }
    } finally {
      await Promise.all([nats.stop(), others.stop()]);
    }
  });
});
