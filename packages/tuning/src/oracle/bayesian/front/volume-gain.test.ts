import assert from "node:assert/strict";
import { test } from "node:test";
import { randomPoints } from "../../../front/front.fixture.js";
import { hypervolume } from "../../../front/hypervolume.js";
import { createRandom } from "../../../random/random.js";
import { type TargetMoments, VolumeGain } from "./volume-gain.js";

const DRAWS = 20_000;
/** Standard errors of the mean of the draws that the difference may reach. */
const ERRORS_MAX = 5;

function losses(targets: Float64Array): Float64Array {
  return targets.map((target) => -target);
}

function momentsOf(random: ReturnType<typeof createRandom>, m: number): TargetMoments[] {
  return Array.from({ length: m }, () => ({ mean: 0.5 + 0.3 * random.normal(), sd: 0.2 + 0.3 * random.uniform() }));
}

test("the expected improvement equals the mean hypervolume gain of draws, for one to four objectives", () => {
  const random = createRandom(5);
  for (let m = 1; m <= 4; m++) {
    const front = randomPoints(random, 4, m);
    const reference = new Float64Array(m).fill(-0.5);
    const moments = momentsOf(random, m);
    const before = hypervolume(front.map(losses), losses(reference));
    let [sum, squares] = [0, 0];
    for (let draw = 0; draw < DRAWS; draw++) {
      const point = Float64Array.from(moments, ({ mean, sd }) => mean + sd * random.normal());
      const drawn = hypervolume([...front, point].map(losses), losses(reference)) - before;
      sum += drawn;
      squares += drawn * drawn;
    }
    const expected = Math.exp(new VolumeGain(front, reference).log(moments));
    const error = Math.sqrt((squares / DRAWS - expected ** 2) / DRAWS);
    assert.ok(Math.abs(sum / DRAWS - expected) < ERRORS_MAX * error, `m = ${m}: ${sum / DRAWS}, ${expected}`);
  }
});

test("the slopes equal finite differences, also where the improvement underflows", () => {
  const random = createRandom(6);
  const step = 1e-5;
  for (const [m, far] of [1, 2, 3, 4].flatMap((m) => [0, 30].map((far) => [m, far] as const))) {
    const gain = new VolumeGain(randomPoints(random, 5, m), new Float64Array(m).fill(-0.5));
    const moments = momentsOf(random, m).map(({ mean, sd }) => ({ mean: mean - far, sd }));
    const slopes = moments.map(() => ({ byMean: 0, bySd: 0 }));
    gain.addSlopes(moments, 1, slopes);
    moments.forEach((moment, i) => {
      const at = (change: Partial<TargetMoments>) => gain.log(moments.with(i, { ...moment, ...change }));
      const byMean = (at({ mean: moment.mean + step }) - at({ mean: moment.mean - step })) / (2 * step);
      const bySd = (at({ sd: moment.sd + step }) - at({ sd: moment.sd - step })) / (2 * step);
      const close = (a: number, b: number) => Math.abs(a - b) <= 1e-5 * (1 + Math.abs(b));
      assert.ok(close(slopes[i]?.byMean as number, byMean), `m = ${m}, far ${far}: ${slopes[i]?.byMean}, ${byMean}`);
      assert.ok(close(slopes[i]?.bySd as number, bySd), `m = ${m}, far ${far}: ${slopes[i]?.bySd}, ${bySd}`);
    });
  }
});

test("the logarithm is finite hundreds of standard deviations behind the front", () => {
  const gain = new VolumeGain([Float64Array.of(1, 1)], Float64Array.of(0, 0));
  const log = gain.log([
    { mean: -1, sd: 1e-3 },
    { mean: -1, sd: 1e-3 },
  ]);
  assert.ok(Number.isFinite(log) && log < -1e5, String(log));
});
