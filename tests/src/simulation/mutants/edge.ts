// Deliberate bugs of the path of calls, and of the test of a program's best trial.

import type { Mutant } from "./mutant.js";

export const EDGE_MUTANTS: readonly Mutant[] = [
  {
    name: "pushback-ignored",
    bug: "a client repeats a refused call before the delay that the coordinator asked",
    file: "runtime/dist/grpc/pushback.js",
    from: "const waitMs = retryAfterMs * (1 + timers.random());",
    to: "const waitMs = timers.random() * retryAfterMs;",
    seeds: 60,
  },
  {
    name: "pushback-not-sent",
    bug: "a coordinator without room does not name the delay",
    file: "runtime/dist/grpc/pushback.js",
    from: "if (error instanceof OverloadStatus)",
    to: "if (false)",
    seeds: 60,
  },
  {
    name: "overload-final",
    bug: "a trainer takes a coordinator that stays without room for a refusal of its trial",
    file: "trainer/dist/shell/coordinator-calls.js",
    from: "(error.isOverload || isRepeated(error.code))",
    to: "!error.isOverload && isRepeated(error.code)",
    seeds: 60,
  },
  {
    name: "test-of-another-trial",
    bug: "the test of a program runs for the first trial instead of the best one",
    file: "coordinator/dist/core/decide/best-trial.js",
    from: "trialId: TEST_RUN_ID, tests: trialId }",
    to: "trialId: TEST_RUN_ID, tests: study.trials[0].id }",
    seeds: 60,
  },
  {
    name: "test-figures-of-first-report",
    bug: "the figures of a test are those that it reported first",
    file: "coordinator/dist/core/query/test-run.js",
    from: "new Map(all)",
    to: "new Map(all.reverse())",
    seeds: 60,
  },
  {
    name: "test-fault-untold",
    bug: "a study says nothing of its test that failed",
    file: "coordinator/dist/core/decide/best-trial.js",
    from: "models, message: untestedMessage(study) }];",
    to: "models }];",
    seeds: 60,
  },
];
