import type { Effect } from "../core/boundary/effect.js";
import type { TrainingInput, TrainingProcess } from "../ports/training-process.js";
import type { AssignmentPuller } from "./assignment-puller.js";
import type { CoordinatorCalls } from "./coordinator-calls.js";

/** The dependencies of the effect runner. */
interface EffectRunnerOptions {
  readonly puller: AssignmentPuller;
  readonly calls: CoordinatorCalls;
  readonly training: TrainingProcess;
  readonly emit: (event: TrainingInput) => void;
}

/** Runs effects through ports. Their results return as inputs. */
export class EffectRunner {
  readonly #options: EffectRunnerOptions;

  constructor(options: EffectRunnerOptions) {
    this.#options = options;
  }

  /** Runs an effect. The promise settles when the effect has ended. */
  async run(effect: Effect): Promise<void> {
    const { puller, calls } = this.#options;
    switch (effect.type) {
      case "start-training-process":
      case "stop-training":
      case "train":
      case "resume-training":
      case "make-checkpoint":
        return this.#runTraining(effect);
      case "download-checkpoint":
        return calls.downloadCheckpoint(effect.lease, effect.checkpoint);
      case "pull-assignment":
        return puller.pull();
      case "cancel-pull":
        return puller.cancelPull();
      case "accept-assignment":
        return puller.accept(effect.assignment);
      case "give-back-assignment":
        return puller.giveBack(effect.assignment, effect.delayMs);
      case "acquire-lease":
        return calls.acquireLease(effect.assignment);
      case "cancel-lease-request":
      case "end-attempt":
        return calls.cancel();
      case "send-heartbeat":
        return calls.heartbeat(effect);
      default:
        return this.#callUnderLease(effect);
    }
  }

  #runTraining(effect: TrainingEffect): void {
    const { training, emit } = this.#options;
    switch (effect.type) {
      case "start-training-process":
        training.start(emit);
        break;
      case "stop-training":
        training.stop();
        break;
      case "train":
        training.train(effect.lease, effect.checkpoint);
        break;
      case "resume-training":
        training.resume();
        break;
      case "make-checkpoint":
        training.save();
        break;
    }
  }

  #callUnderLease(effect: LeaseEffect): Promise<void> {
    const { calls } = this.#options;
    const { lease, type } = effect;
    switch (type) {
      case "report-epoch":
        return calls.underLease(type, lease, (to, signal) => to.reportEpoch(lease, effect.measurement, signal));
      case "resume-trial":
        return calls.underLease(type, lease, (to, signal) => to.resumeTrial(lease, effect.sha256, signal));
      case "save-checkpoint":
        return calls.underLease(type, lease, (to, signal) => to.saveCheckpoint(lease, effect.checkpoint, signal));
      case "upload-weights":
        return calls.underLease(type, lease, async (to, signal) => {
          await to.uploadWeights(lease, effect.weights, signal);
          return "continue";
        });
      case "complete-trial":
        return calls.underLease(type, lease, (to, signal) => to.completeTrial(lease, effect.weights, signal));
      case "fail-trial":
        return calls.underLease(type, lease, (to, signal) => to.failTrial(lease, effect.failure, signal));
    }
  }
}

type TrainingEffect = Extract<
  Effect,
  { type: "start-training-process" | "stop-training" | "train" | "resume-training" | "make-checkpoint" }
>;
type LeaseEffect = Extract<
  Effect,
  {
    type: "resume-trial" | "report-epoch" | "save-checkpoint" | "upload-weights" | "complete-trial" | "fail-trial";
  }
>;
