// Deliberate bugs of the coordinator's shell and its edge.

import type { Mutant } from "./mutant.js";

export const SHELL_MUTANTS: readonly Mutant[] = [
  {
    name: "act-before-persisting",
    bug: "effects run before their events are stored",
    file: "coordinator/dist/shell/study/study-runner.js",
    from: "await this.#store(steps);",
    to: [
      "for (const step of steps) this.#context.onEffects(step.state.study, step.effects);",
      "            await this.#store(steps);",
    ].join("\n"),
    seeds: 60,
  },
  {
    name: "answer-before-persisting",
    bug: "an answer leaves before its events are stored",
    file: "coordinator/dist/shell/study/study-runner.js",
    from: "await this.#store(steps);",
    to: "this.#store(steps).catch(this.#context.onFatal);",
    seeds: 60,
  },
  {
    name: "renewals-lost",
    bug: "a renewal during the storing of a record is forgotten",
    file: "coordinator/dist/shell/study/study-runner.js",
    from: "withRenewals(state.transient, this.#renewals)",
    to: "state.transient",
    seeds: 60,
  },
  {
    name: "refused-append-adopted",
    bug: "a coordinator goes on after the store has refused its record",
    file: "coordinator/dist/shell/study/journal.js",
    from: ['if (result.kind === "appended")', "        return { revision: result.revision, sequence, digest };"].join(
      "\n",
    ),
    to: "return { revision: result.revision ?? head.revision, sequence, digest };",
    seeds: 60,
  },
  {
    name: "refused-append-ignored",
    bug: "a coordinator goes on after the store has refused its record, as if nothing had happened",
    file: "coordinator/dist/shell/study/journal.js",
    from: "throw new AnotherWriterError(step.studyId);",
    to: "return head;",
    seeds: 60,
  },
  {
    name: "no-compare-and-swap",
    bug: "a record is appended behind whatever another coordinator has written",
    file: "coordinator/dist/shell/study/journal.js",
    from: "retry(() => log.append(step.studyId, body, { after: head.revision, id: digest })",
    to: "retry(async () => log.append(step.studyId, body, { after: await log.revision(step.studyId), id: digest })",
    seeds: 60,
  },
  {
    name: "record-id-not-stable",
    bug: "a repeated append has another id",
    file: "coordinator/dist/shell/study/journal.js",
    from: "id: digest })",
    to: "id: digest + Math.floor(context.clock.monotonicMs()) })",
    seeds: 60,
  },
  {
    name: "chain-not-written",
    bug: "records do not name the one before",
    file: "coordinator/dist/shell/study/journal.js",
    from: "previous: head.digest };",
    to: 'previous: "" };',
    seeds: 60,
  },
  {
    name: "evaluation-fault-final",
    bug: "a passing fault ends the evaluation",
    file: "coordinator/dist/shell/study/test-split.js",
    from: "await note(firstLineOf(error)).catch(() => undefined);",
    to: ["await note(firstLineOf(error)).catch(() => undefined);", "            return;"].join("\n"),
    seeds: 150,
  },
  {
    name: "upload-discarded-always",
    bug: "a saved checkpoint is deleted after its record is stored",
    file: "coordinator/dist/adapters/grpc/transfer/checkpoint-transfer.js",
    from: " || findCheckpoint(trial, sha256) !== undefined",
    to: "",
    seeds: 60,
  },
];
