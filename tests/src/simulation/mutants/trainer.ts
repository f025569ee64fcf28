// Deliberate bugs of the trainer.

import type { Mutant } from "./mutant.js";

export const TRAINER_MUTANTS: readonly Mutant[] = [
  {
    name: "resumed-without-telling",
    bug: "a trainer resumes from a checkpoint without telling the coordinator",
    file: "trainer/dist/core/decide/restoring.js",
    from: 'effects: [{ type: "resume-trial", lease: phase.lease.key, sha256: checkpoint.sha256 }]',
    to: 'effects: [{ type: "resume-training" }]',
    seeds: 60,
  },
  {
    name: "epoch-not-repeated",
    bug: "a report without an answer is not repeated",
    file: "trainer/dist/core/boundary/fault.js",
    from: "return count <= FAULT_REPEATS[code];",
    to: "return false;",
    seeds: 60,
  },
  {
    name: "ended-before-reported",
    bug: "a trial completes although the coordinator has not answered all its reports",
    file: "trainer/dist/core/decide/training.js",
    from: "if (reports.queue.length > 0 || saving.isUploading)",
    to: "if (saving.isUploading)",
    seeds: 60,
  },
  {
    name: "late-report-dropped",
    bug: "a trainer that trains on forgets the report that has no answer",
    file: "trainer/dist/core/decide/report.js",
    from: 'return preceded([{ type: "resume-training" }], saveIfDue(resumed(state, phase), nowMs));',
    to: [
      "const kept = { ...phase, reports: { ...reports, queue: [], length: 0 } };",
      '    return preceded([{ type: "resume-training" }], saveIfDue(resumed(state, kept), nowMs));',
    ].join("\n"),
    seeds: 60,
  },
  {
    name: "drain-too-short",
    bug: "a drain ends after a fixed time, whatever the setting",
    file: "trainer/dist/core/decide/time.js",
    from: "drainEndsMs: nowMs + state.drainMs",
    to: "drainEndsMs: nowMs + 5_000",
    seeds: 60,
  },
];
