// The real trainer: its core, its shell and its client of the coordinator, in a simulated process.

import assert from "node:assert/strict";
import { TrainerServiceDefinition } from "@sintonia/proto/sintonia/v1/trainer";
import { CoordinatorClient, type TrainerServiceClient } from "@sintonia/trainer/adapters/grpc/coordinator-client";
import type { Settings } from "@sintonia/trainer/core/state/state";
import { MergedAssignments } from "@sintonia/trainer/shell/merged-assignments";
import { TrainerRunner } from "@sintonia/trainer/shell/trainer-runner";
import { TrialLogs } from "@sintonia/trainer/shell/trial-logs";
import { ANY_CLASS, resourceClassesOf } from "@sintonia/tuning/spec/resources";
import { Connections } from "../network/network.js";
import { serviceClient } from "../network/service-client.js";
import { SourceClient } from "../store/nats-clients.js";
import { equipmentOf } from "../world/equipment.js";
import { SimulatedProcess } from "../world/process.js";
import { traceLogger } from "../world/trace-logger.js";
import type { Surroundings } from "./surroundings.js";
import { SimulatedTraining } from "./training.js";

/** A drain lasts longer than a lease that no coordinator renews. */
const SETTINGS: Settings = { checkpointIntervalMs: 900, drainMs: 9_000 };

/** Time after which a trainer that is asked to stop is killed, in milliseconds. */
const GRACE_MS = SETTINGS.drainMs + 1_000;

/** A fenced trainer ends its training within one tick of 100 ms after the time to live. */
const FENCE_SLACK_MS = 150;

/** Time in which a trainer that wakes may end the epoch that was under way, in milliseconds. */
const WAKING_MS = 1_000;

/** A running trainer. */
export interface TrainerProcess {
  readonly id: string;
  readonly process: SimulatedProcess;
  /** Asks the trainer to stop, and kills it after a grace period. */
  readonly preempt: () => void;
}

/**
 * Starts a trainer.
 *
 * @param onEnd - called once the process has ended, for whatever reason
 */
export function startTrainer(cluster: Surroundings, id: string, onEnd: () => void): TrainerProcess {
  const { world, nats, truth } = cluster;
  const process = new SimulatedProcess(world, id);
  process.onDeath(onEnd);
  const connect = (address: string) => new Connections(world, process, () => cluster.coordinatorAt(address));
  const client = serviceClient<TrainerServiceClient>(TrainerServiceDefinition, cluster.addresses, connect);
  const training = new SimulatedTraining(world, process, truth, {
    onEpoch: ({ key, ttlMs }) => {
      const since = cluster.renewals.since(id, key);
      if (since > ttlMs + FENCE_SLACK_MS && process.awakeMs > WAKING_MS)
        world.fail(
          new assert.AssertionError({ message: `${id} trains on ${since} ms after a coordinator kept its lease` }),
        );
    },
  });
  let askedMs = Number.POSITIVE_INFINITY;
  const { engine, flavour = "", ...numbers } = equipmentOf(id);
  const trainer = { id, engine, equipment: { flavour, ...numbers } };
  const coordinator = new CoordinatorClient(client, trainer, { timers: process.timers });
  const classes = [...resourceClassesOf(equipmentOf(id)), ANY_CLASS];
  const runner = new TrainerRunner({
    assignments: new MergedAssignments(classes.map((of) => new SourceClient(world, nats.queueOf(of), nats, process))),
    coordinator: cluster.renewals.observed(id, coordinator),
    training,
    clock: process.clock,
    timers: process.timers,
    logs: new TrialLogs(traceLogger(world, process)),
    settings: SETTINGS,
    observe: ({ input, effects }) => {
      const givesUp = effects.some((effect) => effect.type === "end-attempt" && effect.end === "unreported");
      const drainedMs = process.clock.monotonicMs() - askedMs;
      if (input?.type === "tick" && givesUp && drainedMs < SETTINGS.drainMs)
        world.fail(new assert.AssertionError({ message: `${id} gives its trial up after a drain of ${drainedMs} ms` }));
    },
  });
  runner.run().then(
    (fault) => process.kill(fault ?? "drained"),
    (error: unknown) => world.fail(error),
  );
  const preempt = () => {
    world.note(`${id} is asked to stop`);
    askedMs = Math.min(askedMs, process.clock.monotonicMs());
    process.run(() => runner.drain());
    world.after(GRACE_MS, () => process.kill("not drained in time"));
  };
  return { id, process, preempt };
}
