// How many trials a trainer trains at once by the memory that it finds: in a control group with a
// real limit, and on a stand-in for the GPU's driver.

import assert from "node:assert/strict";
import { chmod, mkdtemp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, afterEach, before, describe, it, type TestContext } from "node:test";
import { StudyState } from "@sintonia/proto/sintonia/v1/study";
import { MemoryGroup } from "../support/at-once/memory-group.js";
import { mostAtOnce, Workplace } from "../support/at-once/workplace.js";
import type { TrainerProcess } from "../support/service-process.js";

/** Time limit of a test, far above its duration on a busy machine. A hanging test fails. */
const LIMIT = { timeout: 240_000 };

/** Without Linux the memory cannot be read. */
const SKIP = process.platform === "linux" ? false : "reads processes and memory of Linux";

const MIB = 2 ** 20;

/**
 * A program that holds EARLY MiB in its first epochs and LATE MiB more in its last ones. Before it
 * takes the latter it waits until TOGETHER processes have come as far: each writes a file in the
 * folder GATE. Argument: the number of its epochs. It resumes after the epochs of its checkpoint.
 */
const PROGRAM = `
const fs = require("node:fs");
const { EARLY, LATE, GATE, TOGETHER, SINTONIA_CHECKPOINT_DIR: folder } = process.env;
const held = [];
const hold = (mib) => held.push(Buffer.alloc(Number(mib) * 2 ** 20, 1));
hold(EARLY);
const saved = folder + "/epoch";
let epoch = fs.existsSync(saved) ? Number(fs.readFileSync(saved, "utf8")) + 1 : 0;
const next = () => {
  if (epoch >= Number(process.argv[1])) process.exit(0);
  if (epoch >= 8 && held.length === 1) {
    fs.writeFileSync(GATE + "/" + process.pid, "");
    if (fs.readdirSync(GATE).length < Number(TOGETHER)) return setTimeout(next, 50);
    hold(LATE);
  }
  fs.writeFileSync(saved, String(epoch));
  fs.writeSync(3, JSON.stringify({ metrics: { score: epoch }, epoch, checkpoint: true }) + "\\n");
  fs.readSync(4, Buffer.alloc(64));
  epoch += 1;
  setTimeout(next, 400);
};
next();
`;

/** What the trials of a study hold. */
interface Memory {
  /** MiB in the first epochs. */
  readonly early: number;
  /** MiB more in the last epochs. */
  readonly late: number;
  /** Trials that come to their last epochs before the first of them goes on. */
  readonly together: number;
}

function spec(name: string, { early, late, together }: Memory, gate: string): string {
  const environment = { EARLY: `${early}`, LATE: `${late}`, TOGETHER: `${together}`, GATE: gate };
  return JSON.stringify({
    name,
    program: { command: [process.execPath, "-e", PROGRAM, "16"], environment },
    objective: { metric: "score", goal: "maximize" },
    budget: { maxTrials: 4, maxAttemptsPerTrial: 1, parallelTrials: 4 },
    selection: { rule: "observed" },
    oracle: { type: "random" },
    seed: 1,
    parameters: { x: { type: "integer", min: 0, max: 1_000_000 } },
  });
}

describe("the number of trials at once", { skip: SKIP }, () => {
  let workplace: Workplace;
  let group: MemoryGroup | undefined;

  before(async () => {
    workplace = await Workplace.open();
  });
  after(() => workplace.close());
  afterEach(async () => {
    await workplace.endTrainers();
    await group?.remove();
    group = undefined;
  });

  /** Starts a trainer in a control group. Returns undefined after skipping the test. */
  async function startLimited(context: TestContext, limitMib: number): Promise<TrainerProcess | undefined> {
    const made = await MemoryGroup.make(`sintonia-${process.pid}`, limitMib * MIB);
    if (typeof made === "string") {
      context.skip(made);
      return undefined;
    }
    group = made;
    const trainer = await workplace.startTrainer({ SINTONIA_TRIALS_AT_ONCE: "auto" });
    await group.add(trainer.pid);
    return trainer;
  }

  async function create(name: string, memory: Memory): Promise<void> {
    const gate = await mkdtemp(join(workplace.folder, "gate-"));
    await workplace.create(name, spec(name, memory, gate));
  }

  async function untilCompleted(studyId: string): Promise<void> {
    await workplace.coordinator.withAdmin(async (client) => {
      let state: StudyState | undefined;
      for await (const { study } of client.watchStudy({ studyId })) state = study?.state;
      assert.equal(state, StudyState.COMPLETED);
    });
  }

  it("is what fits below the limit of a control group, of which the kernel kills nothing", LIMIT, async (context) => {
    const trainer = await startLimited(context, 700);
    if (trainer === undefined) return;
    await create("fitting", { early: 200, late: 0, together: 2 });
    const wait = await trainer.line("no further trial at once", 1, ({ reason }) => reason === "memory");
    assert.equal(wait["memory"], "machine");
    await untilCompleted("fitting");
    assert.equal(mostAtOnce(trainer), 2);
    assert.equal(await group?.killCount(), 0);
  });

  it("goes down when the kernel kills a trial, which is handed back and completes", LIMIT, async (context) => {
    const trainer = await startLimited(context, 700);
    if (trainer === undefined) return;
    await create("growing", { early: 1, late: 260, together: 3 });
    await trainer.line("limit of trials at once lowered");
    await untilCompleted("growing");
    assert.ok(((await group?.killCount()) ?? 0) > 0, "the kernel has killed a process");
    const events = await workplace.eventsOf("growing");
    const requeued = events.filter((event) => event.type === "trial-requeued");
    assert.ok(requeued.length > 0);
    for (const { counted, reason } of requeued) {
      assert.equal(counted, false);
      assert.match(reason, /Memory ran out/);
    }
  });

  it("is what the memory of a GPU has room for, by a stand-in for nvidia-smi", LIMIT, async () => {
    // A GPU of 4,000 MiB, 1,000 of which someone else holds, and 700 for each training process.
    const standIn = join(workplace.folder, "nvidia-smi");
    const used = `$((1000 + 700 * $(pgrep -c -P $PPID -f child-main)))`;
    await writeFile(standIn, `#!/bin/sh\necho "0, 50, ${used}, 4000"\n`);
    await chmod(standIn, 0o755);
    const trainer = await workplace.startTrainer({
      SINTONIA_TRIALS_AT_ONCE: "auto",
      SINTONIA_GPU_DEVICE: "0",
      PATH: `${workplace.folder}:${process.env["PATH"]}`,
    });
    await create("on-a-gpu", { early: 1, late: 1, together: 3 });
    const wait = await trainer.line("no further trial at once", 1, ({ reason }) => reason === "memory");
    assert.deepEqual([wait["memory"], wait["needBytes"], wait["leftBytes"]], ["gpu", 700 * MIB, 500 * MIB]);
    await untilCompleted("on-a-gpu");
    assert.equal(mostAtOnce(trainer), 3);
  });
});
