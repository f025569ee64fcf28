import assert from "node:assert/strict";
import { test } from "node:test";
import {
  applyCallbacks,
  type CallbackState,
  type CallbacksState,
  epochToRestore,
  startCallbacks,
} from "@sintonia/training/callback/callbacks";
import type { EpochMetrics } from "@sintonia/training/callback/metric";
import { type CallbackTrace, planWith, readCallbackTraces } from "./traces.js";

for (const trace of readCallbackTraces()) {
  test(`callbacks decide as those of Keras in every epoch: ${trace.name}`, () => {
    const optimizer = { type: "sgd", learningRate: trace.learningRate };
    const { training } = planWith({ training: { optimizer, callbacks: trace.callbacks } });
    const plans = training.callbacks;
    let state: CallbacksState = startCallbacks(training);
    for (const [epoch, expected] of trace.epochs.entries()) {
      assert.ok(!state.stop, `epoch ${epoch} takes place`);
      state = JSON.parse(JSON.stringify(applyCallbacks(plans, state, metricsOf(trace, epoch))));
      assert.equal(state.learningRate, Math.fround(expected.learningRate), `learning rate after epoch ${epoch}`);
      assert.deepEqual(state.callbacks, expected.callbacks.map(inFloat32), `states after epoch ${epoch}`);
    }
    assert.equal(state.stop, trace.stopped);
    assert.equal(epochToRestore(plans, state) ?? trace.epochs.length - 1, trace.weightsOfEpoch);
  });
}

/** Returns the metrics of an epoch; those that no callback of the trace watches are NaN. */
function metricsOf({ metrics }: CallbackTrace, epoch: number): EpochMetrics {
  const at = (values: readonly number[] | undefined) => Math.fround(values?.[epoch] ?? Number.NaN);
  return {
    loss: at(metrics.loss),
    accuracy: at(metrics.accuracy),
    val_loss: at(metrics.val_loss),
    val_accuracy: at(metrics.val_accuracy),
  };
}

function inFloat32(state: { best?: number | null }): CallbackState {
  return { ...state, best: typeof state.best === "number" ? Math.fround(state.best) : null } as CallbackState;
}
