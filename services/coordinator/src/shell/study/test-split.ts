// The effects that read the test split: its check before training, and the evaluation of the best
// trial. Both repeat until they succeed, since a person may mend the data, the store or the disk.

import { sleep, type Timers } from "@sintonia/runtime/clock";
import { firstLineOf } from "@sintonia/runtime/errors";
import type { Logger } from "@sintonia/runtime/logger";
import { isProgramPlan } from "@sintonia/tuning/plan/program-plan";
import { isModuleStudy, isProgramStudy } from "@sintonia/tuning/spec/study-spec";
import type { Effect } from "../../core/boundary/effect.js";
import type { StudyInput } from "../../core/boundary/input.js";
import { keptExecution } from "../../core/query/objective.js";
import { planRefusal, trialPlan } from "../../core/query/trial-plan.js";
import { findTrial, type Study, type StudyStatus } from "../../core/state/study.js";
import type { Evaluator } from "../../ports/evaluator.js";
import { contextOf } from "../tracing/trial-traces.js";
import { AnotherWriterError } from "./journal.js";

/**
 * Waits between the attempts, in milliseconds. The first ones outlast a busy store; the last one
 * repeats, and costs the reading of the test split every ten minutes.
 */
const WAITS_MS = [1_000, 5_000, 30_000, 120_000, 600_000] as const;

/** The dependencies of the effects. */
export interface TestSplitContext {
  readonly evaluator: Evaluator;
  readonly logger: Logger;
  /** Aborted when the process stops. */
  readonly signal: AbortSignal;
  /** Returns the present state of a study. */
  readonly study: (studyId: string) => Study | undefined;
  /** Submits a result to its study. */
  readonly submit: (studyId: string, input: StudyInput) => Promise<unknown>;
  readonly timers: Timers;
}

/** Checks the test split of an active study until it can be read. */
export async function checkTestData(context: TestSplitContext, { id: studyId, spec }: Study): Promise<void> {
  const check = async () => {
    if (!isProgramStudy(spec)) await context.evaluator.check(spec.dataset, isModuleStudy(spec) ? "modules" : undefined);
    await context.submit(studyId, { type: "test-data-checked" });
  };
  const note = (fault: string) => {
    context.logger.warn({ studyId, reason: fault }, "test split cannot be read or evaluated, no trial starts");
    return context.submit(studyId, { type: "test-data-checked", fault });
  };
  await whileIn("active", context, studyId, { act: check, note });
}

/**
 * Evaluates the best trial, or another one of the front, of a finalizing study until the evaluation
 * succeeds.
 *
 * @throws {Error} if the trial's values give no plan
 */
export async function evaluateBest(
  context: TestSplitContext,
  study: Study,
  { trialId, weights }: Extract<Effect, { type: "evaluate-best" }>,
): Promise<void> {
  const trial = findTrial(study, trialId);
  if (trial === undefined) return;
  const planned = trialPlan(study, trial);
  if (!planned.ok) throw new Error(planRefusal(planned));
  const { plan } = planned;
  if (isProgramPlan(plan)) throw new Error("a program has no evaluation on a test split");
  const evaluate = async () => {
    const fold = plan.folds?.[keptExecution(trial, study.spec.objective)];
    const result = await context.evaluator.evaluate(plan, weights, fold);
    await context.submit(study.id, { type: "best-evaluated", trialId, ...result });
  };
  const note = (fault: string) => {
    const { traceId } = contextOf(study, trialId);
    context.logger.warn({ studyId: study.id, trialId, traceId, reason: fault }, "evaluation failed, retrying");
    const place = study.bestTrialId === trialId ? "is the best" : "is on the front";
    const message = `Trial ${trialId} ${place} but could not be evaluated: ${fault}`;
    return context.submit(study.id, { type: "evaluation-failed", trialId, message });
  };
  await whileIn("finalizing", context, study.id, { act: evaluate, note });
}

interface Attempts {
  readonly act: () => Promise<void>;
  /** Receives the fault of each failed attempt, in one line. */
  readonly note: (fault: string) => Promise<unknown>;
}

/** Repeats an act until it succeeds, while the study has a status and the process runs. */
async function whileIn(
  status: StudyStatus,
  { study, signal, timers }: TestSplitContext,
  studyId: string,
  { act, note }: Attempts,
): Promise<void> {
  for (let attempt = 0; !signal.aborted && study(studyId)?.status === status; attempt++) {
    try {
      return await act();
    } catch (error) {
      // After a refused record the study is read again, which repeats the effect.
      if (signal.aborted || error instanceof AnotherWriterError) return;
      // Ignored: the next attempt notes its fault, too.
      await note(firstLineOf(error)).catch(() => undefined);
    }
    await sleep(WAITS_MS[attempt] ?? WAITS_MS[WAITS_MS.length - 1] ?? 0, timers, signal);
  }
}
