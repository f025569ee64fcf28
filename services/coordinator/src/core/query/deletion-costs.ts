// The order in which a cluster removes trainers when it scales them down: those without a trial
// first. Kubernetes removes the pods with the lowest deletion cost first.

/** What a deletion cost depends on. */
export interface PodTrainer {
  readonly trainerId: string;
  /** The trials whose leases the trainer holds. */
  readonly trials: readonly unknown[];
}

/** A trainer's id is its name, which is that of its pod, and random digits. */
const TRAINER_ID = /^(.+)-[0-9a-f]{6}$/;

/** Returns the deletion costs by the name of the pod: the number of trials that it trains. */
export function podCosts(trainers: readonly PodTrainer[]): ReadonlyMap<string, number> {
  const costs = new Map<string, number>();
  for (const { trainerId, trials } of trainers) {
    const pod = TRAINER_ID.exec(trainerId)?.[1];
    if (pod !== undefined) costs.set(pod, (costs.get(pod) ?? 0) + trials.length);
  }
  return costs;
}

/**
 * Returns the costs that are to be written; none while all pods have equal costs, so that a cluster
 * at work costs no writes.
 *
 * @param written - the costs that are known to be written
 */
export function changedCosts(
  costs: ReadonlyMap<string, number>,
  written: ReadonlyMap<string, number>,
): readonly (readonly [pod: string, cost: number])[] {
  if (new Set(costs.values()).size < 2) return [];
  return [...costs].filter(([pod, cost]) => written.get(pod) !== cost);
}
