import assert from "node:assert/strict";
import { test } from "node:test";
import type { LearningCurve, PromotionRequest } from "../../contract/pruner.js";
import { curveOf } from "../../curves.fixture.js";
import { racePromotions } from "./race.js";

interface Options extends Partial<PromotionRequest> {
  readonly finalists?: number;
}

function promotions(trials: readonly LearningCurve[], { finalists, ...request }: Options = {}): string[] {
  const moment = { goal: "maximize", maxEpochs: 100, canBegin: true, isLast: false, ...request } as const;
  return racePromotions({ trials, ...moment }, finalists).map(({ trialNumber, rung }) => `${trialNumber} from ${rung}`);
}

/** Returns trials that wait at the rung of a number of epochs; the later ones are better. */
function waiting(count: number, epochs = 1, first = 0, worst = 0.1): LearningCurve[] {
  return Array.from({ length: count }, (_, i) => {
    const objectives = Array.from({ length: epochs }, () => worst + i / 100);
    return { ...curveOf(first + i, "paused", objectives), promotedFrom: epochs === 1 ? 0 : epochs / 4 };
  });
}

/** Returns trials that wait at rungs, those at higher rungs later and better. */
function field(...rungs: readonly (readonly [count: number, epochs: number])[]): LearningCurve[] {
  const trials: LearningCurve[] = [];
  for (const [count, epochs] of rungs) trials.push(...waiting(count, epochs, trials.length, trials.length / 100));
  return trials;
}

const END = { canBegin: false } as const;
const LAST = { canBegin: false, isLast: true } as const;

test("promotes the best quarter of a rung, from the first rung once ten trials have reached it", () => {
  assert.deepEqual(promotions(waiting(9)), []);
  assert.deepEqual(promotions(waiting(10)), ["9 from 1", "8 from 1"]);
  assert.deepEqual(promotions(waiting(9), END), ["8 from 1", "7 from 1"]);
  assert.deepEqual(promotions(waiting(4, 4)), ["3 from 4"]);
  assert.deepEqual(promotions(waiting(10), { goal: "minimize" }), ["0 from 1", "1 from 1"]);
});

test("promotes from the highest rung first", () => {
  const trials = [...waiting(8), ...waiting(4, 4, 8)];
  assert.deepEqual(promotions(trials, END), ["11 from 4", "7 from 1", "6 from 1", "5 from 1"]);
});

test("once no trial can begin, all reach the first rung before one is promoted", () => {
  const fresh = curveOf(9, "running");
  assert.deepEqual(promotions([...waiting(9), fresh], END), []);
  assert.deepEqual(promotions([...waiting(9), { ...fresh, promotedFrom: 1 }], END), ["8 from 1", "7 from 1"]);
});

test("in the end the best trial goes on from the highest rung, until it has completed", () => {
  const [first, second] = waiting(2, 4) as [LearningCurve, LearningCurve];
  const others = waiting(1, 1, 2);
  assert.deepEqual(promotions([first, second, ...others], LAST), ["1 from 4"]);
  assert.deepEqual(promotions([{ ...first, state: "running" }, second, ...others], END), []);
  assert.deepEqual(promotions([{ ...first, state: "completed" }, second, ...others], LAST), []);
});

test("the finalists go on together, and one that was pruned on the way has had its chance", () => {
  const [first, second, third] = waiting(3) as [LearningCurve, LearningCurve, LearningCurve];
  const trials = [first, second, third];
  assert.deepEqual(promotions(trials, { ...END, finalists: 2 }), ["2 from 1", "1 from 1"]);
  const pruned = { ...third, state: "pruned", promotedFrom: 1 } as const;
  assert.deepEqual(promotions([first, second, pruned], { ...END, finalists: 2 }), ["1 from 1"]);
  const completed = { ...second, state: "completed", promotedFrom: 1 } as const;
  assert.deepEqual(promotions([first, completed, pruned], { ...LAST, finalists: 2 }), []);
  assert.deepEqual(promotions([first, second, pruned], { ...LAST, finalists: 1 }), ["1 from 1"], "one must complete");
});

test("stated finalists are chosen by halves: four times as many reach the second rung, twice the third", () => {
  const goOn = (trials: readonly LearningCurve[]) => promotions(trials, { ...END, finalists: 3 }).length;
  assert.equal(goOn(waiting(40)), 12);
  assert.equal(goOn(field([28, 1], [12, 4])), 6);
  assert.equal(goOn(field([28, 1], [6, 4], [6, 16])), 3);
  assert.equal(goOn(waiting(20)), 10, "at most half, unless they are the finalists");
  assert.equal(goOn(waiting(5)), 3);
  assert.equal(promotions(waiting(40), END).length, 10, "a quarter, where no finalists are stated");
});

test("a rung lets further finalists pass once all promoted trials have reached it", () => {
  const underWay = { ...curveOf(39, "running", [0.9, 0.9]), promotedFrom: 1 };
  const trials = [...field([28, 1], [11, 4]), underWay];
  assert.deepEqual(promotions(trials, { ...END, finalists: 3 }), ["38 from 4", "37 from 4"]);
});

test("a trial in its second execution has passed all rungs, and no rung waits for it", () => {
  const second = { ...curveOf(39, "running", [0.9, 0.9], [0.9]), promotedFrom: 1 };
  const trials = [...field([28, 1], [11, 4]), second];
  assert.equal(promotions(trials, { ...END, finalists: 3 }).length, 5);
});

test("the last rung before the end of completed trainings lets only the finalists pass", () => {
  const goOn = (epochs: number) => {
    const objectives = Array.from({ length: epochs }, () => 0.9);
    const completed = { ...curveOf(39, "completed", objectives), promotedFrom: 4 };
    return promotions([...field([28, 1], [11, 4]), completed], { ...END, finalists: 3 }).length;
  };
  assert.deepEqual([goOn(15), goOn(16)], [2, 5]);
});

test("one in 16 trials is a finalist, all but the last of them while further trials can begin", () => {
  const gone = (count: number) =>
    waiting(count).map((curve) => ({ ...curve, state: "ended", promotedFrom: 0 }) as const);
  const rest = waiting(2, 16, 60);
  const promoted = (count: number, options: Options = {}) => promotions([...gone(count - 2), ...rest], options).length;
  assert.deepEqual([promoted(31), promoted(32), promoted(47), promoted(48)], [0, 1, 1, 2]);
  assert.deepEqual([promoted(31, END), promoted(32, END)], [1, 2]);
  assert.equal(promoted(48, { finalists: 1 }), 0);
});

test("nothing is promoted if no trial waits", () => {
  assert.deepEqual(promotions([], LAST), []);
  assert.deepEqual(promotions([curveOf(0, "ended", [0.5]), curveOf(1, "pruned", [0.4])], LAST), []);
});
