// Random programs that report epochs to every pruner, as a program with several workers does.

import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom, type Random } from "../random/random.js";
import { type Asked, type Conversation, converse, specOf } from "./dialogue.fixture.js";

const DIALOGUES = 400;
const TRIALS = 14;
const MAX_EPOCHS = 9;

const PRUNERS: readonly unknown[] = [
  "none",
  { type: "median", startupTrials: 2 },
  { type: "percentile", percentile: 30, startupTrials: 1 },
  { type: "threshold", upper: 1.2, warmupEpochs: 1 },
  "wilcoxon",
  { type: "asha", reductionFactor: 2 },
  { type: "asha", reductionFactor: 4, minEpochs: 2 },
  "hyperband",
  "curve",
];

const ORACLES = [{ type: "random" }, { type: "quasi-random" }, { type: "bayesian", fidelity: "epochs" }];

test(`${DIALOGUES} random programs with reports end with every trial ended or at a rung, and one completed`, () => {
  for (let seed = 0; seed < DIALOGUES; seed++) {
    try {
      play(seed);
    } catch (error) {
      throw new Error(`the dialogue of seed ${seed} failed: ${(error as Error).message}`, { cause: error });
    }
  }
});

/** A trial under way, with its reported epochs. */
interface Running extends Asked {
  epochs: number;
}

function play(seed: number): void {
  const random = createRandom(seed);
  const pruner = PRUNERS[seed % PRUNERS.length];
  // The model is slow: a few dialogues have it.
  const oracle = random.integer(20) === 0 ? ORACLES[2] : ORACLES[random.integer(2)];
  const parameters = { x: { type: "double", min: 0, max: 1 }, y: { type: "double", min: 0, max: 1 } };
  const dialogue = converse(specOf({ parameters, pruner, oracle, seed, training: { maxEpochs: MAX_EPOCHS } }));
  const workers = 1 + random.integer(4);
  const completed = new Set<string>();
  const seen = new Set<string>();
  const running: Running[] = [];
  for (;;) {
    while (running.length < workers) {
      const [answer] = dialogue.say(seen.size < TRIALS ? { ask: 1 } : { resume: 1 });
      if (answer?.["exhausted"] === true) break;
      running.push(begun(answer, seen));
    }
    if (running.length === 0) break;
    const trial = running[random.integer(running.length)] as Running;
    if (advance(dialogue, trial, random)) continue;
    running.splice(running.indexOf(trial), 1);
    if (trial.epochs === MAX_EPOCHS) completed.add(trial.id);
  }
  assert.ok(completed.size > 0, "no trial has completed");
  for (const id of seen) assert.equal(dialogue.say({ explain: { id } })[0]?.["error"], undefined, `trial ${id}`);
}

/** A trial that goes on has been asked for before, and begins where its reports ended. */
function begun(answer: Readonly<Record<string, unknown>> | undefined, seen: Set<string>): Running {
  assert.equal(answer?.["error"], undefined, JSON.stringify(answer));
  const { id, values, resume } = answer as unknown as Asked & { readonly resume?: { readonly epoch: number } };
  assert.equal(seen.has(id), resume !== undefined, JSON.stringify(answer));
  seen.add(id);
  return { id, values, epochs: resume?.epoch ?? 0 };
}

/** Trains an epoch of a trial. Returns false if the trial has ended or waits. */
function advance({ say }: Conversation, trial: Running, random: Random): boolean {
  const { id, values } = trial;
  const value = Number(values["x"]) + 1 / (1 + trial.epochs) + 0.05 * random.normal();
  if (random.integer(60) === 0) {
    assert.deepEqual(say({ tell: { id, state: "failed" } }), [{ ok: true }]);
    return false;
  }
  // Some programs number their epochs, and some go back to an older checkpoint.
  const epoch = random.integer(30) === 0 ? random.integer(trial.epochs + 1) : trial.epochs;
  const [answer] = say({
    report: { id, value, ...(epoch < trial.epochs || random.integer(2) === 0 ? { epoch } : {}) },
  });
  trial.epochs = epoch + 1;
  if (answer?.["directive"] !== "continue") {
    assert.match(String(answer?.["directive"]), /^(stop|pause)$/, JSON.stringify(answer));
    assert.match(String(answer?.["reason"]), /^In epoch \d+ .+\.$/);
    return false;
  }
  if (trial.epochs < MAX_EPOCHS) return true;
  assert.deepEqual(say({ tell: { id, value } }), [{ ok: true }]);
  return false;
}
