// The values of a simulated training. They depend on the plan and the seed alone. Each epoch
// depends on all epochs before it, which reveals a resumption from a wrong state.

import { murmur3 } from "@sintonia/tuning/random/murmur3";

/** Returns the state before the first epoch of an execution. */
export function stateBefore(planJson: string, execution: number): number {
  return murmur3(new TextEncoder().encode(planJson), execution);
}

/** Returns the state after an epoch. */
export function stateAfter(state: number, epoch: number): number {
  return (Math.imul(state ^ (state >>> 15), 0x85ebca6b) + epoch) >>> 0;
}

/** Returns the metric of an epoch that ends in a state. */
export function measuredIn(state: number): number {
  return (state % 997) / 997;
}

/** Largest number of epochs of an execution. */
export const EPOCHS_MAX = 7;

/** Returns the number of epochs of an execution, 1 to EPOCHS_MAX. */
export function epochsOf(planJson: string, execution: number): number {
  return 1 + (stateBefore(planJson, execution) % EPOCHS_MAX);
}

/** Returns true for one plan of eight, whose epochs take long. */
export function isSlow(planJson: string): boolean {
  return stateBefore(planJson, 0) % 8 === 0;
}

/** Returns the metric of an epoch in an undisturbed run. */
export function valueIn(planJson: string, { execution, epoch }: { execution: number; epoch: number }): number {
  let state = stateBefore(planJson, execution);
  for (let done = 0; done <= epoch; done++) state = stateAfter(state, done);
  return measuredIn(state);
}

/** Returns the facts about a model that a plan asks for; undefined if it asks for none. */
export function factsOf(planJson: string): Readonly<Record<string, number>> | undefined {
  const { outcomes = [] } = JSON.parse(planJson) as { outcomes?: readonly string[] };
  return outcomes.includes("latency_ms") ? { latency_ms: 10 * measuredIn(stateBefore(planJson, 0)) } : undefined;
}
