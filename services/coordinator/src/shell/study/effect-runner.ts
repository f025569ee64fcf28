// Runs effects through ports and submits their results as inputs.

import { retry } from "@sintonia/runtime/backoff";
import { enqueuedValues } from "@sintonia/tuning/spec/given-trials";
import type { Effect } from "../../core/boundary/effect.js";
import { selectionRequest, suggestionRequest } from "../../core/query/oracle-request.js";
import type { Study } from "../../core/state/study.js";
import type { ArtifactStore } from "../../ports/artifact-store.js";
import type { AssignmentQueue } from "../../ports/assignment-queue.js";
import type { OracleService } from "../../ports/oracle-service.js";
import { checkTestData, evaluateBest, type TestSplitContext } from "./test-split.js";

/** The ports that effects need. */
export interface EffectContext extends TestSplitContext {
  readonly queue: AssignmentQueue;
  readonly oracles: OracleService;
  /** A store of checkpoints only. */
  readonly checkpoints: ArtifactStore;
}

const RETRY_DELAY_MS = 100;
const RETRY_DELAY_MAX_MS = 5_000;

/**
 * Runs one effect. Retries a failed call of the queue or of the store until the process stops. A
 * fault of the oracle is passed on; a fault of the test split becomes an input.
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
    case "check-test-data":
      return checkTestData(context, study);
    case "evaluate-best":
      return evaluateBest(context, study, effect);
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
