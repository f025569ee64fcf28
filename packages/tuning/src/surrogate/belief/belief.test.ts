import assert from "node:assert/strict";
import { test } from "node:test";
import type { SuggestionRequest } from "../../oracle/contract/suggestion.js";
import { createRandom } from "../../random/random.js";
import { rankTrials } from "../../selection/ranking.js";
import { type Belief, beliefsAt, objectiveDraws } from "./belief.js";

const SPACE = { x: { type: "double", min: 0, max: 1, scale: "linear" } } as const;

test("draws objectives with the quantiles of the beliefs, and neighbours alike", () => {
  const request = noisyHill();
  const points = [{ x: 0.3 }, { x: 0.301 }, { x: 0.95 }];
  const draws = objectiveDraws(request, points, 2000) ?? assert.fail();
  const beliefs = beliefsAt(request, points) ?? assert.fail();
  for (const [i, { low, high }] of beliefs.entries()) {
    const inside = draws.filter((draw) => low <= (draw[i] as number) && (draw[i] as number) <= high).length / 2000;
    // Five standard errors of a share of 95 % in 2,000 draws.
    assert.ok(Math.abs(inside - 0.95) < 0.025, `${inside} inside at point ${i}`);
  }
  const spread = (i: number, j: number) => Math.max(...draws.map((draw) => Math.abs((draw[i] ?? 0) - (draw[j] ?? 0))));
  assert.ok(spread(0, 1) < spread(0, 2) / 5, `${spread(0, 1)} and ${spread(0, 2)}`);
  assert.deepEqual(objectiveDraws(request, points, 2000), draws, "the same request");
});

test("draws nothing from too few trials", () => {
  const request = noisyHill();
  assert.equal(objectiveDraws({ ...request, completed: request.completed.slice(0, 2) }, [{ x: 0 }], 3), undefined);
});

test("follows trials with small stated noise closely, and exact ones exactly", () => {
  const values = [0, 0.2, 0.4, 0.6, 0.8, 1];
  const objectives = [1, 2, 1, 2, 1, 2];
  const request = (noise: readonly (number | undefined)[]): SuggestionRequest => ({
    ...noisyHill(),
    completed: values.map((x, i) => {
      const known = noise[i];
      const observation = { values: { x }, objective: objectives[i] as number };
      return known === undefined ? observation : { ...observation, noiseVariance: known };
    }),
  });
  const beliefs = beliefsAt(request([0.01, 1, 0.01, 1, 0, 1]), [{ x: 0 }, { x: 0.2 }, { x: 0.8 }]) ?? assert.fail();
  const [sure, unsure, exact] = beliefs as [Belief, Belief, Belief];
  assert.ok(unsure.high - unsure.low > 1.5 * (sure.high - sure.low), JSON.stringify(beliefs));
  assert.ok(Math.abs(sure.mean - 1) < Math.abs(unsure.mean - 2) / 2, JSON.stringify(beliefs));
  // The least noise of a target is 1e-8 of its variance.
  assert.ok(Math.abs(exact.mean - 1) < 1e-3 && exact.high - exact.low < 1e-3, JSON.stringify(exact));
});

test("has smaller errors if the noise of each trial is stated", () => {
  let [blind, told] = [0, 0];
  for (let seed = 1; seed <= 20; seed++) {
    const random = createRandom(seed);
    const completed = Array.from({ length: 12 }, (_, i) => {
      const x = random.uniform();
      const sd = i % 2 === 0 ? 0.02 : 1;
      return { values: { x }, objective: truth(x) + sd * random.normal(), noiseVariance: sd * sd };
    });
    const silent = completed.map(({ values, objective }) => ({ values, objective }));
    blind += regretOf({ ...noisyHill(), completed: silent });
    told += regretOf({ ...noisyHill(), completed });
  }
  assert.ok(told < blind / 2, `${told / 20} against ${blind / 20}`);
});

test("contains the truth at the best posterior mean in nine of ten intervals, whatever the noise and the goal", () => {
  for (const noise of [0.1, 0.7]) {
    let held = 0;
    for (let seed = 1; seed <= 60; seed++) {
      const random = createRandom(seed);
      const goal = seed % 2 === 0 ? "maximize" : "minimize";
      const sign = goal === "maximize" ? 1 : -1;
      const completed = Array.from({ length: 10 }, () => {
        const x = random.uniform();
        return { values: { x }, objective: sign * (truth(x) + noise * random.normal()) };
      });
      const request: SuggestionRequest = { ...noisyHill(), goal, completed, seed };
      const beliefs =
        beliefsAt(
          request,
          completed.map(({ values }) => values),
        ) ?? assert.fail();
      const named = beliefs.reduce(
        (best, other, i) => (sign * other.mean > sign * (beliefs[best]?.mean ?? 0) ? i : best),
        0,
      );
      const { low, high } = beliefs[named] as Belief;
      const value = sign * truth(completed[named]?.values.x as number);
      held += low <= value && value <= high ? 1 : 0;
    }
    // At most 52 of 60 intervals of 95 % contain the truth with a probability of 1 %.
    assert.ok(held > 52, `${held} of 60 with noise ${noise}`);
  }
});

test("attributes what adjacent trials share to the function and their differences to noise", () => {
  let [kept, doubted] = [0, 0];
  for (let seed = 1; seed <= 10; seed++) {
    const { request, luckiest, near, random } = roughBowl(seed);
    const shareBelieved = (luckOfNear: () => number) => {
      const again = near.map((point) => ({ point, luck: luckOfNear() })).map(observationOf);
      const known = { ...request, completed: [...request.completed, ...again] };
      const [belief] = beliefsAt(known, [observationOf(luckiest).values]) ?? assert.fail();
      return ((belief as Belief).mean - bowlAt(luckiest.point)) / luckiest.luck;
    };
    kept += shareBelieved(() => luckiest.luck) / 10;
    doubted += shareBelieved(() => LUCK * random.normal()) / 10;
  }
  // The belief keeps what three adjacent trials share. The mean of three has a third of the noise
  // variance of one.
  assert.ok(Math.abs(kept - 1) < 0.1, `${kept} of what stood out is believed where it is there again`);
  assert.ok(doubted < 0.4, `${doubted} of what stood out is believed where it is not`);
});

test("uses the warp if losses span orders of magnitude", () => {
  const completed = Array.from({ length: 20 }, (_, i) => ({
    values: { x: i / 19 },
    objective: -Math.exp(12 * Math.abs(i / 19 - 0.35)),
  }));
  const request = { ...noisyHill(), completed };
  const [best] = rankTrials(request, completed);
  assert.equal(best?.values.x, 7 / 19);
  const { low, high } = best.belief ?? assert.fail();
  assert.ok(high - low < 1, `${low} to ${high}, of objectives down to -2,000`);
});

/**
 * Returns the beliefs at both ends and in the middle of a line with twelve trials, whose objectives
 * alternate between 0 and 1 in pairs, starting with `first`.
 */
function beliefsOfPairs(first: 0 | 1): readonly Belief[] {
  const completed = Array.from({ length: 12 }, (_, i) => ({
    values: { x: (i + 0.5) / 12 },
    objective: i % 4 === 1 || i % 4 === 2 ? 1 - first : first,
  }));
  const request = { ...noisyHill(), completed };
  return beliefsAt(request, [{ x: 0 }, { x: 0.5 }, { x: 1 }]) ?? assert.fail();
}

test("stays near the measured range if half of the trials are equally good", () => {
  for (const { mean, low, high } of [...beliefsOfPairs(0), ...beliefsOfPairs(1)]) {
    assert.ok(mean > -0.5 && mean < 1.5 && low > -3 && high < 4, `${mean} in ${low} to ${high}`);
  }
});

test("is lower at the border than in the middle for symmetric observations", () => {
  const gains = ([0, 1] as const).map((first) => {
    const [left, middle, right] = beliefsOfPairs(first).map(({ mean }) => mean) as [number, number, number];
    return middle - (left + right) / 2;
  }) as [number, number];
  assert.ok(gains[0] + gains[1] > 0.05, gains.join());
});

/** Standard deviation of the deviations from a bowl: 1/100 of its depth. */
const LUCK = 0.3;

/** A trial of three parameters: its point and its deviation from a bowl. */
interface RoughTrial {
  readonly point: readonly number[];
  readonly luck: number;
}

/**
 * Returns sixty trials of a bowl, the one with the largest deviation, and two points next to it.
 */
function roughBowl(seed: number) {
  const random = createRandom(seed);
  const drawn = (): RoughTrial => ({
    point: [random.uniform(), random.uniform(), random.uniform()],
    luck: LUCK * random.normal(),
  });
  const trials = Array.from({ length: 60 }, drawn);
  const luckiest = trials.reduce((most, other) => (other.luck > most.luck ? other : most));
  const near = [1, 2].map((step) => luckiest.point.map((x) => Math.min(1, x + 3e-4 * step)));
  const space = { x: SPACE.x, y: SPACE.x, z: SPACE.x };
  const request: SuggestionRequest = { ...noisyHill(), space, completed: trials.map(observationOf), seed };
  return { request, luckiest, near, random };
}

function observationOf({ point, luck }: RoughTrial) {
  const [x, y, z] = point as [number, number, number];
  return { values: { x, y, z }, objective: bowlAt(point) + luck };
}

function bowlAt(point: readonly number[]): number {
  return -30 * point.reduce((sum, x) => sum + (x - 0.4) ** 2, 0);
}

function truth(x: number): number {
  return -4 * (x - 0.6) ** 2;
}

function regretOf(request: SuggestionRequest): number {
  const { completed } = request;
  const [named] = rankTrials(request, completed);
  const best = Math.max(...completed.map(({ values }) => truth(values["x"] as number)));
  return best - truth(named?.values["x"] as number);
}

/** A broad hill with its top at 0.6 and noise of a tenth of its height. */
function noisyHill(): SuggestionRequest {
  const random = createRandom(9);
  const completed = Array.from({ length: 30 }, (_, i) => {
    const x = (i + 0.5) / 30;
    return { values: { x }, objective: -4 * (x - 0.6) ** 2 + 0.15 * random.normal() };
  });
  return { space: SPACE, goal: "maximize", completed, pending: [], infeasible: [], trialNumber: 30, seed: 1 };
}
