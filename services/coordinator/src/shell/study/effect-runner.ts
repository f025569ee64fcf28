// Runs effects through ports and submits their results as inputs.

import { retry } from "@sintonia/runtime/backoff";
import type { Logger } from "@sintonia/runtime/logger";
import { enqueuedValues } from "@sintonia/tuning/spec/given-trials";
import type { Effect } from "../../core/boundary/effect.js";
import type { StudyInput } from "../../core/boundary/input.js";
import { selectionRequest, suggestionRequest } from "../../core/query/oracle-request.js";
import { planRefusal, trialPlan } from "../../core/query/trial-plan.js";
import { findTrial, type Study } from "../../core/state/study.js";
import type { ArtifactStore } from "../../ports/artifact-store.js";
import type { AssignmentQueue } from "../../ports/assignment-queue.js";
import type { Evaluator } from "../../ports/evaluator.js";
import type { OracleService } from "../../ports/oracle-service.js";

/** The ports that effects need. */
export interface EffectContext {
  readonly queue: AssignmentQueue;
  readonly oracles: OracleService;
  readonly evaluator: Evaluator;
  /** A store of checkpoints only. */
  readonly checkpoints: ArtifactStore;
  readonly logger: Logger;
  readonly signal: AbortSignal;
  /** Submits a result to its study. */
  readonly submit: (studyId: string, input: StudyInput) => Promise<unknown>;
}

const RETRY_DELAY_MS = 100;
const RETRY_DELAY_MAX_MS = 5_000;

/**
 * Runs one effect. Retries a failed call of the queue or of the store until the process stops. A
 * fault of the oracle is passed on; a fault of the evaluation becomes an input.
 */
export async function runEffect(context: EffectContext, study: Study, effect: Effect): Promise<void> {
  switch (effect.type) {
    case "publish-assignment": {
      const { trialId, attempt } = effect;
      const publish = () => context.queue.publish({ studyId: study.id, trialId, attempt });
      return retried(context, publish, { studyId: study.id, trialId });
    }
    case "withdraw-assignment": {
      const { trialId } = effect;
      return retried(context, () => context.queue.withdraw(study.id, trialId), { studyId: study.id, trialId });
    }
    case "delete-checkpoint": {
      const { sha256 } = effect;
      return retried(context, () => context.checkpoints.delete(sha256), { studyId: study.id, sha256 });
    }
    case "request-suggestion":
      return suggest(context, study, effect);
    case "choose-contenders": {
      const trialIds = await context.oracles.contenders(selectionRequest(study), effect.count);
      await context.submit(study.id, { type: "contenders-ready", trialIds });
      return;
    }
    case "select-best": {
      const selection = await context.oracles.select(selectionRequest(study));
      await context.submit(study.id, { type: "selection-ready", selection });
      return;
    }
    case "evaluate-best":
      return evaluate(context, study, effect);
    default:
      effect satisfies never;
  }
}

async function suggest(
  context: EffectContext,
  study: Study,
  { trialNumber, basis }: Extract<Effect, { type: "request-suggestion" }>,
): Promise<void> {
  const enqueued = enqueuedValues(study.spec, trialNumber);
  const suggestion =
    enqueued === undefined
      ? await context.oracles.suggest(study.spec.oracle, suggestionRequest(study, trialNumber))
      : ({ values: enqueued, source: "enqueued" } as const);
  await context.submit(study.id, { type: "suggestion-ready", trialNumber, basis, suggestion });
}

async function evaluate(
  context: EffectContext,
  study: Study,
  { trialId, weights }: Extract<Effect, { type: "evaluate-best" }>,
): Promise<void> {
  const trial = findTrial(study, trialId);
  if (trial === undefined) return;
  try {
    const planned = trialPlan(study, trial);
    if (!planned.ok) throw new Error(planRefusal(planned));
    const result = await context.evaluator.evaluate(planned.plan, weights);
    await context.submit(study.id, { type: "best-evaluated", ...result });
  } catch (error) {
    if (context.signal.aborted) return;
    const message = `Trial ${trialId} is the best but could not be evaluated: ${messageOf(error)}`;
    context.logger.error({ studyId: study.id, trialId, err: error }, "evaluation failed");
    await context.submit(study.id, { type: "evaluation-failed", message });
  }
}

function retried(context: EffectContext, act: () => Promise<void>, bindings: object): Promise<void> {
  return retry(act, {
    delayMs: RETRY_DELAY_MS,
    delayMaxMs: RETRY_DELAY_MAX_MS,
    signal: context.signal,
    onRetry: (error) => context.logger.warn({ ...bindings, reason: messageOf(error) }, "effect failed, retrying"),
  });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
