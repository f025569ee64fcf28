// A log with every event in each of its fields, whose state tells whether `core/state` still makes
// the same of a log.

import { sha256Of } from "@sintonia/protocol/names.fixture";
import type { Evidence } from "@sintonia/tuning/pruner/contract/pruner";
import { epochOf, specOf, TEST_RESULT, WEIGHTS } from "../../core/scenario.fixture.js";
import type { EventOf, StudyEvent } from "../../core/state/event.js";

/** An event with all of its optional fields. */
type Full = { [T in StudyEvent["type"]]: Required<EventOf<T>> };

const CHECKPOINT = { kind: "checkpoint", sha256: sha256Of("cd".repeat(32)), sizeBytes: 16 } as const;
const LEASE = { trainerId: "trainer-1", secret: "s" } as const;
const SELECTION = { rule: "observed", trialId: "0", tied: [], bestMeasured: { trialId: "0", count: 1 } } as const;

const EVIDENCE: Required<Evidence> = {
  pruner: "hyperband",
  execution: 0,
  epoch: 0,
  value: 0.5,
  limit: 0.7,
  trials: 4,
  bracket: 1,
};

/** One event of each type. A new type or field of an event does not compile before it is added. */
const FULL: Full = {
  "study-created": { type: "study-created", studyId: "study", spec: specOf() },
  "oracle-exhausted": { type: "oracle-exhausted", reason: "No point is left." },
  "trial-queued": {
    type: "trial-queued",
    trialId: "0",
    values: { stddev: 0.05 },
    source: "replicate",
    replicates: { trialId: "0", round: 1 },
    basis: 1,
    retries: "1",
    outlook: { expectedImprovement: 0.01, gap: 0.02 },
  },
  "point-enqueued": { type: "point-enqueued", values: { stddev: 0.02 }, retries: "1" },
  "lease-granted": { type: "lease-granted", trialId: "0", attempt: 1, token: 7, ...LEASE },
  "epoch-reported": { type: "epoch-reported", trialId: "0", measurement: epochOf(0, 0.5) },
  "checkpoint-saved": { type: "checkpoint-saved", trialId: "0", artifact: CHECKPOINT, execution: 0, epoch: 0 },
  "trial-resumed": { type: "trial-resumed", trialId: "0", sha256: CHECKPOINT.sha256, execution: 0, epoch: 0 },
  "trial-completed": {
    type: "trial-completed",
    trialId: "0",
    objective: 0.6,
    objectives: [0.5, 0.7],
    outcomes: { val_accuracy: [0.5, 0.7], parameters: [7850] },
    weights: WEIGHTS,
  },
  "trial-pruned": { type: "trial-pruned", trialId: "6", message: "It is behind.", evidence: EVIDENCE },
  "trial-paused": { type: "trial-paused", trialId: "6", evidence: EVIDENCE },
  "trial-promoted": { type: "trial-promoted", trialId: "4", rung: 1, attempt: 2 },
  "trial-failed": { type: "trial-failed", trialId: "1", message: "It broke." },
  "trial-infeasible": { type: "trial-infeasible", trialId: "2", message: "It diverged." },
  "trial-cancelled": { type: "trial-cancelled", trialId: "3", reason: "It is too slow." },
  "trial-requeued": { type: "trial-requeued", trialId: "0", attempt: 2, reason: "The lease ended.", counted: false },
  "trainer-set-aside": {
    type: "trainer-set-aside",
    trainerId: "trainer-2",
    trialId: "0",
    reason: "No data.",
    isSuspected: true,
  },
  "trainer-readmitted": { type: "trainer-readmitted", trainerId: "trainer-2" },
  "search-ended": { type: "search-ended" },
  "contenders-chosen": { type: "contenders-chosen", trialIds: ["0", "1"] },
  "study-finalizing": { type: "study-finalizing", ending: "completed", bestTrialId: "0", message: "Enough." },
  "best-selected": { type: "best-selected", selection: SELECTION },
  "test-queued": { type: "test-queued", trialId: "test", tests: "0" },
  "test-completed": { type: "test-completed", trialId: "test", metrics: { accuracy: 0.9 }, weights: WEIGHTS },
  "front-tested": { type: "front-tested", trialId: "1", test: TEST_RESULT, models: [WEIGHTS] },
  "evaluation-paused": { type: "evaluation-paused", message: "The data are away." },
  "study-paused": { type: "study-paused", reason: "The machines are needed." },
  "study-resumed": { type: "study-resumed" },
  "budget-extended": { type: "budget-extended", maxTrials: 9, limits: { maxEpochs: 900 } },
  "study-reopened": { type: "study-reopened", maxTrials: 12, limits: { maxSeconds: 60, maxTrainerSeconds: 90 } },
  "budget-spent": {
    type: "budget-spent",
    limit: "maxEpochs",
    max: 900,
    finishing: "4",
    outlook: { expectedImprovement: 0.01, gap: 0.02 },
  },
  "study-stopping": { type: "study-stopping", reason: "Enough is known." },
  "study-continued": { type: "study-continued", since: 2_000_000 },
  "study-ended": { type: "study-ended", status: "completed", test: TEST_RESULT, models: [WEIGHTS], message: "Done." },
  "study-deleted": { type: "study-deleted" },
};

/** Returns the event of a type for another trial, and with other fields. */
function other<T extends StudyEvent["type"]>(type: T, fields: object): StudyEvent {
  return { ...FULL[type], ...fields } as StudyEvent;
}

function trial(number: number): StudyEvent {
  return { type: "trial-queued", trialId: String(number), values: { stddev: number / 100 }, source: "random" };
}

/** The log. The states of its trials are all that a trial can have. */
export const RECORDED_LOG: readonly StudyEvent[] = [
  FULL["study-created"],
  trial(0),
  FULL["lease-granted"],
  FULL["epoch-reported"],
  FULL["checkpoint-saved"],
  FULL["trainer-set-aside"],
  FULL["trial-requeued"],
  other("lease-granted", { attempt: 2, token: 8 }),
  FULL["trial-resumed"],
  other("epoch-reported", { measurement: epochOf(1, 0.7) }),
  FULL["study-paused"],
  FULL["trainer-readmitted"],
  FULL["study-resumed"],
  other("trainer-set-aside", { trainerId: "trainer-3" }),
  FULL["trial-completed"],
  ...[1, 2, 3].map(trial),
  other("trial-queued", { trialId: "4" }),
  other("trial-queued", { trialId: "5" }),
  FULL["trial-failed"],
  FULL["trial-infeasible"],
  FULL["trial-cancelled"],
  FULL["point-enqueued"],
  other("lease-granted", { trialId: "4", attempt: 1, token: 9 }),
  other("epoch-reported", { trialId: "4" }),
  other("trial-paused", { trialId: "4" }),
  FULL["trial-promoted"],
  other("lease-granted", { trialId: "4", attempt: 2, token: 10 }),
  other("epoch-reported", { trialId: "4" }),
  other("trial-queued", { trialId: "6" }),
  other("lease-granted", { trialId: "6", attempt: 1, token: 11 }),
  other("epoch-reported", { trialId: "6" }),
  FULL["trial-paused"],
  FULL["trial-pruned"],
  other("trial-queued", { trialId: "7" }),
  other("lease-granted", { trialId: "7", attempt: 1, token: 12 }),
  other("epoch-reported", { trialId: "7" }),
  other("trial-paused", { trialId: "7" }),
  FULL["oracle-exhausted"],
  FULL["budget-extended"],
  FULL["study-stopping"],
  FULL["search-ended"],
  FULL["contenders-chosen"],
  FULL["study-finalizing"],
  FULL["best-selected"],
  FULL["front-tested"],
  FULL["test-queued"],
  other("lease-granted", { trialId: "test", attempt: 1, token: 13 }),
  other("epoch-reported", { trialId: "test" }),
  FULL["evaluation-paused"],
  FULL["study-continued"],
  FULL["test-completed"],
  FULL["study-ended"],
  FULL["study-reopened"],
  FULL["budget-spent"],
  FULL["study-finalizing"],
  FULL["best-selected"],
  FULL["study-ended"],
  FULL["study-deleted"],
];

/** The types of events that a recorded log must have. */
export const RECORDED_TYPES = Object.keys(FULL);
