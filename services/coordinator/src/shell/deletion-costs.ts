// Keeps the deletion costs of the trainers' pods up to date while this process leads.

import { every, type Timers } from "@sintonia/runtime/clock";
import { messageOf } from "@sintonia/runtime/errors";
import type { Logger } from "@sintonia/runtime/logger";
import { changedCosts, type PodTrainer, podCosts } from "../core/query/deletion-costs.js";

/** Interval of the updates in milliseconds, below that in which autoscalers act. */
const INTERVAL_MS = 2_000;

/** The deletion costs as the cluster keeps them. */
export interface PodCosts {
  /**
   * Writes the deletion cost of a pod. Nothing happens if there is no such pod.
   *
   * @throws {Error} if the cluster does not answer, or refuses
   */
  write(pod: string, cost: number): Promise<void>;
}

/** The dependencies of the deletion costs. */
export interface DeletionCostsContext {
  readonly pods: PodCosts;
  /** Returns the trainers; undefined while this process does not lead. */
  readonly trainers: () => readonly PodTrainer[] | undefined;
  readonly timers: Timers;
  readonly logger: Logger;
  /** Ends the updates when aborted. */
  readonly signal: AbortSignal;
}

/** Deletion costs of the trainers' pods. */
export class DeletionCosts {
  readonly #context: DeletionCostsContext;
  /** The costs that this process has written as the leader, by the name of the pod. */
  #written = new Map<string, number>();
  #isUpdating = false;
  #isFaulty = false;

  constructor(context: DeletionCostsContext) {
    this.#context = context;
  }

  /** Updates in intervals until the signal is aborted. */
  start(): void {
    const { timers, signal } = this.#context;
    const end = every(INTERVAL_MS, timers, () => void this.update());
    signal.addEventListener("abort", end, { once: true });
  }

  /** Updates once. Logs the first of several faults: the next update takes the rest. */
  async update(): Promise<void> {
    if (this.#isUpdating) return;
    this.#isUpdating = true;
    try {
      await this.#writeChanges();
      this.#isFaulty = false;
    } catch (error) {
      if (!this.#isFaulty) this.#context.logger.warn({ reason: messageOf(error) }, "pod deletion costs not written");
      this.#isFaulty = true;
    } finally {
      this.#isUpdating = false;
    }
  }

  async #writeChanges(): Promise<void> {
    const trainers = this.#context.trainers();
    // Another leader may write before this process leads again.
    const costs = podCosts(trainers ?? []);
    this.#written = new Map([...this.#written].filter(([pod]) => costs.has(pod)));
    for (const [pod, cost] of changedCosts(costs, this.#written)) {
      await this.#context.pods.write(pod, cost);
      this.#written.set(pod, cost);
    }
  }
}
