import { it } from "node:test";
import type { ModelWeights, NamedTensor } from "../../model/tensor.js";
import { assertClose, disposable } from "./assertions.fixture.js";
import { describeEngines } from "./engines.fixture.js";
import { denseWeights, examplesOf, planOf, startOf } from "./problem.fixture.js";

await describeEngines((engine) => {
  it("gives the weights that Keras gives for gradients 0.1, -0.2, 0.3, 0", async () => {
    const expected = [0.9983200430870056, 0.9989351034164429, 0.9983584880828857, 0.9978861212730408];
    const weights = denseWeights(0, { inputs: 1, kernel: Float32Array.of(1, 0), bias: Float32Array.of(0, 0) });
    await using session = disposable(await engine.open(planOf([2]), startOf(weights)));
    for (const [step, gradient] of [0.1, -0.2, 0.3, 0].entries()) {
      const example = exampleWithGradient(gradient, await session.readWeights());
      await session.trainBatch(example, Uint32Array.of(0), 0.00168);
      assertClose((await session.readWeights())[0]?.values[0], expected[step], 2e-7, `weight after step ${step}`);
    }
  });

  it("adds epsilon to the root of the uncorrected second moment", async () => {
    const weights = denseWeights(0, { inputs: 1, kernel: Float32Array.of(0, 0), bias: Float32Array.of(0, 0) });
    await using session = disposable(await engine.open(planOf([2]), startOf(weights)));
    const gradient = 1e-7;
    await session.trainBatch(examplesOf(1, [2 * gradient], [1]), Uint32Array.of(0), 0.01);
    const root = Math.sqrt(0.001) * gradient;
    const expected = -0.01 * (root / (root + 1e-7));
    assertClose((await session.readWeights())[0]?.values[0], expected, 1e-5);
  });
});

/**
 * One example with one feature, such that the loss has the given gradient in the first of two
 * kernel values.
 */
function exampleWithGradient(gradient: number, weights: ModelWeights) {
  const [kernel, bias] = weights as readonly [NamedTensor, NamedTensor];
  const label = gradient < 0 ? 0 : 1;
  const slope = (kernel.values[1] as number) - (kernel.values[0] as number);
  const offset = (bias.values[1] as number) - (bias.values[0] as number);
  const gradientAt = (x: number): number => x * (1 / (1 + Math.exp(slope * x + offset)) - (1 - label));
  let [low, high] = [0, 3];
  for (let halving = 0; halving < 60; halving++) {
    const middle = (low + high) / 2;
    if (Math.abs(gradientAt(middle)) < Math.abs(gradient)) low = middle;
    else high = middle;
  }
  return examplesOf(1, [gradient === 0 ? 0 : low], [label]);
}
