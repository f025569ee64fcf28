// A module that trains its model itself. `fit` runs beside the loop over epochs: at the end of each
// epoch it waits until the loop has measured and stored the epoch.

import { setImmediate } from "node:timers/promises";
import type { LayersModel } from "@tensorflow/tfjs";
import type { EpochResult, EpochSettings } from "../../trial/epoch.js";
import type { ExecutionSession } from "../../trial/execution-session.js";
import type { TrainingData } from "../../trial/trial.js";
import type { ModuleSession } from "../model/module-session.js";
import type { ModuleTrial } from "../model/open-model.js";
import { replaceChance } from "../user/chance.js";
import { ModuleError, thrownBy } from "../user/module-error.js";
import { fitData } from "./fit-data.js";
import { type FitLogs, measureFit } from "./fit-metrics.js";

/** The model of one execution that its module trains. */
interface FitRequest {
  readonly session: ModuleSession;
  readonly model: LayersModel;
  readonly data: TrainingData;
  readonly seed: number;
}

type Event = { readonly kind: "epoch"; readonly logs: FitLogs } | { readonly kind: "ended" };

/** Opens an execution that the module's `fit` trains. */
export function fitSession(trial: ModuleTrial, request: FitRequest): ExecutionSession {
  const run = new FitRun(trial, request);
  const { session } = request;
  return {
    runEpoch: (epoch, settings) => run.epoch(epoch, settings),
    readState: () => session.readState(),
    dispose: async () => {
      await run.end();
      await session.dispose();
    },
  };
}

class FitRun {
  readonly #trial: ModuleTrial;
  readonly #request: FitRequest;
  readonly #data: ReturnType<typeof fitData>;
  #restoreChance: () => void = () => {};
  /** Receives the next event of `fit`. */
  #listener: { resolve(event: Event): void; reject(error: unknown): void } | undefined;
  /** How `fit` has ended while the loop was busy with an epoch. */
  #outcome: (() => Event) | undefined;
  /** Lets `fit` continue after an epoch. */
  #gate: { open(): void; close(error: Error): void } | undefined;
  #settled: Promise<void> | undefined;

  constructor(trial: ModuleTrial, request: FitRequest) {
    this.#trial = trial;
    this.#request = request;
    const [, ...shape] = request.model.inputs[0]?.shape ?? [];
    this.#data = fitData(trial.device.backend.tf, request.data, shape as number[]);
  }

  async epoch(epoch: number, settings: EpochSettings): Promise<EpochResult | { readonly kind: "ended" }> {
    const event = await this.#nextEvent(epoch, settings);
    if (event.kind === "epoch") return this.#measured(event.logs, settings);
    if (epoch > 0) return event;
    throw new ModuleError(`${this.#module}: fit ended without calling callbacks.onEpochEnd`);
  }

  /** Ends `fit` where it waits. What a module does after that has no effect on the trial. */
  async end(): Promise<void> {
    this.#request.model.stopTraining = true;
    this.#gate?.close(new Error("the training has ended"));
    this.#gate = undefined;
    // A module that ignores the error keeps its thread; the trial does not wait for it.
    await Promise.race([this.#settled, setImmediate()]);
    this.#restoreChance();
    this.#data.dispose();
  }

  get #module(): string {
    return this.#trial.module.place.module;
  }

  #measured(logs: FitLogs, settings: EpochSettings): Promise<EpochResult> {
    const { session, data } = this.#request;
    return measureFit({ module: this.#module, logs, session, validation: data.validation, settings });
  }

  #nextEvent(epoch: number, settings: EpochSettings): Promise<Event> {
    const next = new Promise<Event>((resolve, reject) => {
      this.#listener = { resolve, reject };
    });
    if (this.#outcome !== undefined) this.#settle(this.#outcome);
    const { seed } = this.#request;
    this.#restoreChance();
    this.#restoreChance = replaceChance({ seed, purpose: ["epoch", epoch] });
    const gate = this.#gate;
    this.#gate = undefined;
    if (this.#settled === undefined) this.#settled = this.#run(epoch, settings);
    else gate?.open();
    return next.finally(() => {
      this.#restoreChance();
      this.#restoreChance = () => {};
    });
  }

  /** Runs `fit` to its end. Never rejects. */
  async #run(initialEpoch: number, { batchSize }: EpochSettings): Promise<void> {
    const { module, plan, facts, device } = this.#trial;
    const { model, seed } = this.#request;
    const { dispose: _, ...rows } = this.#data;
    try {
      await module.fit?.({
        tf: device.backend.tf,
        model,
        dataset: { ...facts, ...rows },
        values: { ...plan.values },
        callbacks: { onEpochEnd: (epoch: number, logs: FitLogs) => this.#onEpochEnd(epoch, logs) },
        epochs: plan.training.maxEpochs,
        initialEpoch,
        batchSize,
        seed,
      });
      this.#settle(() => ({ kind: "ended" }));
    } catch (error) {
      this.#settle(() => {
        throw thrownBy(module.place, "fit", error);
      });
    }
  }

  #onEpochEnd(_epoch: number, logs: FitLogs): Promise<void> {
    if (this.#listener === undefined) {
      return Promise.reject(new Error("callbacks.onEpochEnd was called before its promise was fulfilled; await it"));
    }
    const waits = new Promise<void>((open, close) => {
      this.#gate = { open, close };
    });
    this.#listener.resolve({ kind: "epoch", logs: logs ?? {} });
    this.#listener = undefined;
    return waits;
  }

  /** Tells the loop how `fit` has ended, at once or when it asks for the next epoch. */
  #settle(outcome: () => Event): void {
    this.#outcome = outcome;
    try {
      this.#listener?.resolve(outcome());
    } catch (error) {
      this.#listener?.reject(error);
    }
  }
}
