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
];
