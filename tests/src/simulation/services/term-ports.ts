// The ports of a term in the simulation: memory adapters, through the network and with faults.

import { MemoryCordonStore } from "@sintonia/coordinator/adapters/memory/cordon-store";
import type { SnapshotRule } from "@sintonia/coordinator/shell/snapshot/snapshots";
import type { TermEnd, TermPorts, TermTimes } from "@sintonia/coordinator/term";
import { parseStudySpec } from "@sintonia/tuning/spec/check/parse";
import { CopiesClient } from "../store/copies-client.js";
import { QueueClient, StudyLogClient } from "../store/nats-clients.js";
import type { SimulatedTerm } from "../world/term.js";
import { SimulatedEvaluator } from "./evaluator.js";
import { SimulatedOracles } from "./oracles.js";
import type { Surroundings } from "./surroundings.js";

/** The times of every term: shorter than those of the product, in the same order. */
export const TIMES: TermTimes = {
  leaseTtlMs: 6_000,
  republishAfterMs: 10_000,
  setAsideMs: 8_000,
  tickMs: 500,
  trainerSilenceMs: 6_000,
};

/** Snapshots of small studies. */
export const SNAPSHOT_RULE: SnapshotRule = { eventsMin: 10, share: 0.25 };

/** Opens the ports of a term. @param end - ends their work */
export function openPorts(cluster: Surroundings, term: SimulatedTerm, end: TermEnd): TermPorts {
  const { world, nats, disk, truth } = cluster;
  const { process } = term;
  const copies = new CopiesClient(disk, truth, { process, ...end });
  return {
    log: new StudyLogClient(world, nats, term),
    copies,
    snapshots: disk.snapshotsFor(process, end.isLeading),
    artifacts: disk.artifactsFor(process),
    checkpoints: disk.checkpointsFor(process),
    files: disk.files,
    outputs: disk.outputs,
    cordons: new MemoryCordonStore(),
    queue: new QueueClient(nats, process),
    oracles: new SimulatedOracles(world, process),
    readSpec: async (text) => parseStudySpec(text),
    evaluator: (artifacts) => new SimulatedEvaluator(cluster, term, artifacts),
    close: () => copies.close(),
  };
}
