// An engine that reports the measurements of a script and records its calls.

import { type Examples, labelsOf } from "../dataset/examples.js";
import type { Engine, EngineSession, EvaluationResult, SessionState } from "../engine/contract/engine.js";
import type { ModelWeights } from "../model/tensor.js";

/** The measurements that the engine reports. */
export interface Script {
  /**
   * Correct examples in the validation of each epoch, for all executions one after the other.
   */
  readonly validationCorrect: readonly number[];
  /** Loss of one example in a step. @default 0.5 */
  readonly loss?: (step: { execution: number; epoch: number; step: number }) => number;
  /** Mean loss of a validation. @default 0.25 */
  readonly validationLoss?: (epoch: { execution: number; epoch: number }) => number;
}

/** The calls of one execution. */
export interface SessionRecord {
  readonly initialWeights: ModelWeights;
  /** Steps of each epoch. */
  readonly epochs: { rows: number[]; learningRate: number }[][];
  /** Batch size of each validation. */
  readonly validations: number[];
  disposals: number;
}

/**
 * Creates an engine from a script. In a step, all examples with an even label are correct. Weights
 * hold [execution, epoch] as bias.
 */
export function scriptedEngine(script: Script): { engine: Engine; records: SessionRecord[] } {
  const records: SessionRecord[] = [];
  let validated = 0;
  const validate = () => script.validationCorrect[validated++] ?? 0;
  const engine: Engine = {
    name: "tfjs",
    description: "scripted",
    async open(_plan, { state }) {
      records.push({ initialWeights: state.weights, epochs: [[]], validations: [], disposals: 0 });
      return new ScriptedSession(script, records.length - 1, records.at(-1) as SessionRecord, validate);
    },
  };
  return { engine, records };
}

class ScriptedSession implements EngineSession {
  readonly #script: Script;
  readonly #execution: number;
  readonly #record: SessionRecord;
  readonly #validate: () => number;

  constructor(script: Script, execution: number, record: SessionRecord, validate: () => number) {
    this.#script = script;
    this.#execution = execution;
    this.#record = record;
    this.#validate = validate;
  }

  async trainBatch(examples: Examples, rows: Uint32Array, learningRate: number) {
    const epoch = this.#record.validations.length;
    this.#record.epochs[epoch] ??= [];
    const steps = this.#record.epochs[epoch];
    const { loss = () => 0.5 } = this.#script;
    const lossSum = rows.length * loss({ execution: this.#execution, epoch, step: steps.length });
    steps.push({ rows: [...rows], learningRate });
    const correct = rows.filter((row) => (labelsOf(examples)[row] as number) % 2 === 0).length;
    return { lossSum, correct, count: rows.length };
  }

  async evaluate({ count }: Examples, batchSize: number): Promise<EvaluationResult> {
    const { validationLoss = () => 0.25 } = this.#script;
    const loss = validationLoss({ execution: this.#execution, epoch: this.#record.validations.length });
    this.#record.validations.push(batchSize);
    const correct = this.#validate();
    return { loss, accuracy: correct / count, correct, count };
  }

  async predict({ count }: Examples): Promise<Float32Array> {
    return new Float32Array(count);
  }

  async readWeights(): Promise<ModelWeights> {
    const epoch = this.#record.validations.length - 1;
    return [{ name: "bias", shape: [2], values: Float32Array.of(this.#execution, epoch) }];
  }

  async readState(): Promise<SessionState> {
    return { steps: 0, weights: await this.readWeights(), slots: [] };
  }

  async dispose(): Promise<void> {
    this.#record.disposals++;
  }
}
