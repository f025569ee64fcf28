import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { TEST_RUN_ID } from "@sintonia/protocol/names";
import { trialIdOf } from "@sintonia/protocol/names.fixture";
import type { ProgramPlan } from "@sintonia/tuning/plan/program-plan";
import type { LocalFiles } from "../process/fetched-training.js";
import { TESTED_ARTIFACTS } from "../process/plan-files.js";
import { packFolders, unpackFolders } from "./archive.js";
import { ProgramTraining } from "./program-training.js";
import { Events, fileIn, leaseOf, shellPlan, temporaryFolder } from "./training.fixture.js";

const report = (score: number, more = ""): string =>
  `echo '{"metrics":{"score":${score}}${more}}' >&3; read answer <&4`;

describe("a trial of a program", () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let training: ProgramTraining;
  let events: Events;
  let output: string;

  function start(name: string): ProgramTraining {
    const settings = { environment: process.env, threads: 2, folder: join(folder.path, name) };
    const write = (bytes: Uint8Array): void => {
      output += Buffer.from(bytes).toString();
    };
    const started = new ProgramTraining(settings, { open: () => ({ write, close: async () => {} }) });
    events = new Events();
    started.start(events.emit);
    return started;
  }

  async function artifactsOf(bytes: Uint8Array): Promise<string> {
    const artifacts = join(folder.path, "unpacked");
    await mkdir(artifacts);
    await unpackFolders(Buffer.from(bytes), { artifacts });
    const [name = ""] = await readdir(artifacts);
    return `${name}: ${await readFile(join(artifacts, name), "utf8")}`;
  }

  beforeEach(async () => {
    folder = await temporaryFolder();
    output = "";
    training = start("work");
    await events.nextOf("engine-ready");
  });
  afterEach(async () => {
    await training.close();
    await folder.remove();
  });

  it("completes an execution that goes on after the last epoch of the plan, and begins the next one", async () => {
    const script = `while [ "$answer" != '{"directive":"stop"}' ]; do ${report(0.5)}; done
      echo $SINTONIA_EXECUTION > $SINTONIA_ARTIFACT_DIR/number`;
    training.train(leaseOf(shellPlan(script, { seeds: [3, 5], training: { maxEpochs: 2 } })), {});
    const end = await events.untilEnd(training);
    assert.ok(end.type === "training-completed", JSON.stringify(end));
    const reported = events.seen.flatMap((event) =>
      event.type === "epoch-trained" ? [[event.measurement.execution, event.measurement.epoch]] : [],
    );
    assert.deepEqual(reported, [
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1],
    ]);
    assert.equal(await artifactsOf(end.weights.bytes), "number: 0\n");
  });

  it("reports every epoch, waits for the answer, and ends with the artifacts of the best execution", async () => {
    const script = `echo "seed $SINTONIA_SEED"
      echo "{\\"metrics\\":{\\"score\\":0.$SINTONIA_SEED}}" >&3; read answer <&4
      echo $SINTONIA_EXECUTION > $SINTONIA_ARTIFACT_DIR/number; ${report(0.1)}`;
    training.train(leaseOf(shellPlan(script, { seeds: [3, 5, 4] })), {});
    const end = await events.untilEnd(training);
    assert.deepEqual(
      events.seen.flatMap((event) =>
        event.type === "epoch-trained"
          ? [[event.measurement.execution, event.measurement.epoch, event.measurement.metrics]]
          : [],
      ),
      [3, 5, 4].flatMap((seed, execution) => [
        [execution, 0, { score: seed / 10 }],
        [execution, 1, { score: 0.1 }],
      ]),
    );
    assert.equal(end.type, "training-completed");
    if (end.type !== "training-completed") return;
    assert.deepEqual(end.weights.keptEpochs, [0, 0, 0]);
    assert.equal(await artifactsOf(end.weights.bytes), "number: 1\n");
    assert.equal(output, "seed 3\nseed 5\nseed 4\n");
  });

  it("keeps the last epoch where the plan says so", async () => {
    training.train(leaseOf(shellPlan(`${report(2)}; ${report(1)}`, {}, { keep: "last-epoch" })), {});
    const end = await events.untilEnd(training);
    assert.deepEqual(end.type === "training-completed" && end.weights.keptEpochs, [1]);
  });

  it("has the files of the plan in its working folder, apart from the cache", async () => {
    const script = await fileIn(folder.path, "cached", `#!/bin/sh\necho changed > lib/data; ${report(1)}\n`);
    const data = await fileIn(folder.path, "data", "original");
    const stored = { sha256: "0".repeat(64), sizeBytes: 1 };
    const files = { "train.sh": { ...stored, executable: true }, "lib/data": stored };
    const plan = shellPlan("", {}, { command: ["./train.sh"], files });
    training.train(leaseOf(plan), { "train.sh": script, "lib/data": data });
    assert.equal((await events.untilEnd(training)).type, "training-completed");
    assert.equal(await readFile(data, "utf8"), "original");
  });

  it("resumes on another trainer from the checkpoint, and goes on with the next epoch", async () => {
    const script = `
      state=$SINTONIA_CHECKPOINT_DIR/state
      if [ -f $state ]; then echo "resumed at $(cat $state)"; else
        echo one > $state; ${report(1, ',"checkpoint":true')}; echo two > $state
      fi
      ${report(2)}`;
    const lease = leaseOf(shellPlan(script));
    training.train(lease, {});
    await events.nextOf("epoch-trained");
    training.resume();
    training.save();
    const { checkpoint } = await events.nextOf("checkpoint-made");
    assert.deepEqual([checkpoint.execution, checkpoint.epoch], [0, 0]);
    await training.close();

    training = start("other");
    await events.nextOf("engine-ready");
    training.train({ ...lease, key: { ...lease.key, attempt: 2, token: 2 } }, {}, checkpoint.bytes);
    assert.deepEqual(await events.nextOf("checkpoint-accepted"), {
      type: "checkpoint-accepted",
      execution: 0,
      epoch: 0,
    });
    training.resume();
    const { measurement } = await events.nextOf("epoch-trained");
    assert.deepEqual([measurement.epoch, measurement.metrics], [1, { score: 2 }]);
    training.resume();
    const end = await events.nextOf("training-completed");
    assert.deepEqual(end.weights.keptEpochs, [1]);
    assert.equal(output, "resumed at one\n");
  });

  it("gives a checkpoint that was asked for before the program made it", async () => {
    training.train(leaseOf(shellPlan(`${report(1)}; ${report(2, ',"checkpoint":true')}`)), {});
    await events.nextOf("epoch-trained");
    training.save();
    training.resume();
    await events.nextOf("epoch-trained");
    training.resume();
    assert.equal((await events.nextOf("checkpoint-made")).checkpoint.epoch, 1);
  });

  it("repeats no execution that had ended at the checkpoint", async () => {
    const lease = leaseOf(shellPlan(report(1), { seeds: [1, 2] }));
    training.train(lease, {});
    training.save();
    await events.nextOf("epoch-trained");
    training.resume();
    const { checkpoint } = await events.nextOf("checkpoint-made");
    await training.close();
    training = start("other");
    await events.nextOf("engine-ready");
    training.train(lease, {}, checkpoint.bytes);
    await events.nextOf("checkpoint-accepted");
    training.resume();
    assert.equal((await events.nextOf("epoch-trained")).measurement.execution, 1);
  });

  it("refuses the checkpoint of another trial, and is ready for a trial", async () => {
    const plan = shellPlan(report(1, ',"checkpoint":true'));
    training.train(leaseOf(plan), {});
    training.save();
    await events.nextOf("epoch-trained");
    training.resume();
    const { checkpoint } = await events.nextOf("checkpoint-made");
    await events.nextOf("training-completed");
    const other = leaseOf(plan, { trialId: trialIdOf("4") });
    training.train(other, {}, checkpoint.bytes);
    assert.match((await events.nextOf("checkpoint-refused")).message, /another trial or plan/);
    training.train(other, {}, checkpoint.bytes.subarray(0, 700));
    assert.match((await events.nextOf("checkpoint-refused")).message, /cannot be unpacked|not that of a program/);
    training.train(other, {});
    await events.nextOf("epoch-trained");
  });

  it("stops where it waits and where it trains, and emits nothing but its readiness", async () => {
    training.train(leaseOf(shellPlan(`${report(1)}; ${report(2)}`)), {});
    await events.nextOf("epoch-trained");
    training.stop();
    await events.nextOf("engine-ready");
    training.train(leaseOf(shellPlan(`${report(1)}; sleep 1000`)), {});
    await events.nextOf("epoch-trained");
    training.resume();
    training.stop();
    await events.nextOf("engine-ready");
    training.train(leaseOf(shellPlan("sleep 1000")), {});
    training.stop();
    await events.nextOf("engine-ready");
    assert.deepEqual(await readdir(join(folder.path, "work")), []);
  });

  it("hands the attempt back for exit code 75, until it has asked too often", async () => {
    training.train(leaseOf(shellPlan("exit 75")), {});
    assert.equal((await events.nextOf("training-failed")).failure.kind, "preempted");
    training.train(leaseOf(shellPlan("exit 75"), { attempt: 100 }), {});
    assert.equal((await events.nextOf("training-failed")).failure.kind, "error");
  });

  it("fails with one line for each end that is no completion", async () => {
    const ends: ReadonlyArray<readonly [string, string, RegExp]> = [
      ["echo oh; exit 3", "error", /exit code 3\. Its last output: oh$/],
      [`echo '{"infeasible":"too large"}' >&3`, "infeasible", /^too large$/],
      [
        `rm -rf $SINTONIA_CHECKPOINT_DIR; ln -s / $SINTONIA_CHECKPOINT_DIR; ${report(1, ',"checkpoint":true')}`,
        "error",
        /is no folder any more/,
      ],
    ];
    for (const [script, kind, message] of ends) {
      training.train(leaseOf(shellPlan(script)), {});
      const end = await events.untilEnd(training);
      assert.equal(end.type, "training-failed", script);
      if (end.type !== "training-failed") continue;
      assert.equal(end.failure.kind, kind);
      assert.match(end.failure.message, message);
    }
    training.train(leaseOf({ program: {} }), {});
    assert.match((await events.nextOf("training-failed")).failure.message, /plan of the program is not valid/);
  });

  it("leaves out other metrics that are not finite, but not the objective", async () => {
    training.train(leaseOf(shellPlan(`echo '{"metrics":{"score":NaN,"f1":NaN,"loss":1}}' >&3`)), {});
    const { measurement } = await events.nextOf("epoch-trained");
    assert.deepEqual(Object.keys(measurement.metrics), ["score", "loss"]);
  });

  /** Returns the plan of a test of a trial that left the file `model`, and its local files. */
  async function testPlan(script: string): Promise<{ plan: ProgramPlan; files: LocalFiles }> {
    const left = join(folder.path, "left");
    await mkdir(left);
    await fileIn(left, "model", "weights");
    const archive = join(folder.path, "archive");
    await writeFile(archive, await packFolders({ folders: { artifacts: left } }));
    const artifacts = { sha256: "0".repeat(64), sizeBytes: 1 };
    const plan = shellPlan(script, { tests: { trialId: "5", artifacts } }, { keep: "last-epoch" });
    return { plan, files: { [TESTED_ARTIFACTS]: archive } };
  }

  it("has the files of the tested trial in a test, and ends with those that the test adds", async () => {
    const { plan, files } = await testPlan(`cd $SINTONIA_ARTIFACT_DIR; echo "trial $SINTONIA_TRIAL: $(cat model)"
      ls -A $SINTONIA_CHECKPOINT_DIR; echo other > model; echo 3 > report
      echo '{"metrics":{"auc":0.9,"f1":NaN}}' >&3`);
    training.train(leaseOf(plan, { trialId: TEST_RUN_ID }), files);
    const { measurement } = await events.nextOf("epoch-trained");
    assert.deepEqual(measurement.metrics, { auc: 0.9 });
    training.resume();
    const { weights } = await events.nextOf("training-completed");
    assert.equal(output, "trial 5: weights\n");
    assert.equal(await artifactsOf(weights.bytes), "report: 3\n");
  });

  it("fails a test without a finite metric, with what it reported", async () => {
    for (const [script, message] of [
      [`echo '{"metrics":{"auc":NaN}}' >&3`, /reported no finite number, only auc\.$/],
      [`echo '{"metrics":{}}' >&3`, /reported no metric in epoch 0\.$/],
      ["true", /exit code 0 but never reported a metric\.$/],
    ] as const) {
      const { plan, files } = await testPlan(script);
      training.train(leaseOf(plan, { trialId: TEST_RUN_ID }), files);
      assert.match((await events.nextOf("training-failed")).failure.message, message);
      await rm(join(folder.path, "left"), { recursive: true });
    }
  });

  it("goes on with a test from its checkpoint, which has the files of the tested trial", async () => {
    const { plan, files } = await testPlan(`cd $SINTONIA_ARTIFACT_DIR
      if [ -f half ]; then cat model half; else
        echo first > half; echo '{"metrics":{"a":1},"checkpoint":true}' >&3; read answer <&4
      fi
      echo '{"metrics":{"b":2}}' >&3`);
    const lease = leaseOf(plan, { trialId: TEST_RUN_ID });
    training.train(lease, files);
    training.save();
    await events.nextOf("epoch-trained");
    training.resume();
    const { checkpoint } = await events.nextOf("checkpoint-made");
    await training.close();
    training = start("other");
    await events.nextOf("engine-ready");
    training.train(lease, files, checkpoint.bytes);
    await events.nextOf("checkpoint-accepted");
    training.resume();
    assert.deepEqual((await events.nextOf("epoch-trained")).measurement.metrics, { b: 2 });
    assert.equal(output, "weightsfirst\n");
  });

  it("is closed while a program runs, with its processes and its folder", async () => {
    training.train(leaseOf(shellPlan(`${report(1)}; setsid sleep 1000 & sleep 1000`)), {});
    await events.nextOf("epoch-trained");
    training.resume();
    await training.close();
    assert.equal(existsSync(join(folder.path, "work")), false);
  });
});
