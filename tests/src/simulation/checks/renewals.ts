// The renewals of leases as the trainers see them: the time of the last request that a coordinator
// answered with "continue" or "pause", or refused because its store is away, so that nobody can end
// the lease.

import type { LeaseKey } from "@sintonia/protocol/lease";
import { type Coordinator, CoordinatorFault } from "@sintonia/trainer/ports/coordinator";
import type { World } from "../world/world.js";

export class Renewals {
  readonly #world: World;
  readonly #sentMs = new Map<string, number>();

  constructor(world: World) {
    this.#world = world;
  }

  /** Returns the time since the trainer sent the last request that kept its lease, in ms. */
  since(trainerId: string, key: LeaseKey): number {
    return this.#world.nowMs - (this.#sentMs.get(nameOf(trainerId, key)) ?? 0);
  }

  /** Returns a coordinator whose renewing answers are noted. */
  observed(trainerId: string, coordinator: Coordinator): Coordinator {
    const note = (lease: LeaseKey, sentMs: number): void => {
      const name = nameOf(trainerId, lease);
      this.#sentMs.set(name, Math.max(sentMs, this.#sentMs.get(name) ?? 0));
    };
    return {
      acquireLease: async (assignment, signal) => {
        const sentMs = this.#world.nowMs;
        const answer = await coordinator.acquireLease(assignment, signal);
        if (answer.kind === "granted") note(answer.lease.key, sentMs);
        return answer;
      },
      heartbeat: async (lease, timeoutMs, signal) => {
        const sentMs = this.#world.nowMs;
        try {
          const answer = await coordinator.heartbeat(lease, timeoutMs, signal);
          if (lease !== undefined && answer.directive === "continue") note(lease, sentMs);
          return answer;
        } catch (error) {
          const isUnconfirmed = error instanceof CoordinatorFault && error.isUnconfirmed;
          if (lease !== undefined && isUnconfirmed) note(lease, sentMs);
          throw error;
        }
      },
      reportEpoch: async (lease, measurement, signal) => {
        const sentMs = this.#world.nowMs;
        const directive = await coordinator.reportEpoch(lease, measurement, signal);
        if (directive === "continue" || directive === "pause") note(lease, sentMs);
        return directive;
      },
      saveCheckpoint: (...args) => coordinator.saveCheckpoint(...args),
      downloadCheckpoint: (...args) => coordinator.downloadCheckpoint(...args),
      resumeTrial: (...args) => coordinator.resumeTrial(...args),
      uploadWeights: (...args) => coordinator.uploadWeights(...args),
      completeTrial: (...args) => coordinator.completeTrial(...args),
      failTrial: (...args) => coordinator.failTrial(...args),
    };
  }
}

function nameOf(trainerId: string, { studyId, token }: LeaseKey): string {
  return `${trainerId} ${studyId}/${token}`;
}
