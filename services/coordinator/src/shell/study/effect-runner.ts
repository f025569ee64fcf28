// Runs effects through ports and submits their results as inputs.

import { nameOf, TRIAL_ID } from "@sintonia/protocol/names";
import { retry } from "@sintonia/runtime/backoff";
import type { Clock } from "@sintonia/runtime/clock";
import { firstLineOf } from "@sintonia/runtime/errors";
import { OutageLog } from "@sintonia/runtime/outage";
import { writeTraceparent } from "@sintonia/runtime/tracing/trace-context";
import { resourceClassOf } from "@sintonia/tuning/spec/resources";
import type { Effect } from "../../core/boundary/effect.js";
import type { StudyInput } from "../../core/boundary/input.js";
import { needsOutlook } from "../../core/budget/limits.js";
import { enqueuedSuggestion, selectionRequest, suggestionRequest } from "../../core/query/oracle-request.js";
import type { Study } from "../../core/state/study.js";
import type { AssignmentQueue } from "../../ports/assignment-queue.js";
import type { CheckpointStore } from "../../ports/checkpoint-store.js";
import { isBusy, type OracleService } from "../../ports/oracle-service.js";
import { StoreUnavailableError } from "../../ports/study-log.js";
import { contextOf } from "../tracing/trial-traces.js";
import { checkTestData, evaluateBest, type TestSplitContext } from "./test-split.js";
import { UndecidableInputError } from "./undecidable.js";
import { OverloadedError } from "./waiting-inputs.js";

/** The ports that effects need. */
export interface EffectContext extends TestSplitContext {
  readonly clock: Clock;
  readonly queue: AssignmentQueue;
  readonly oracles: OracleService;
  readonly checkpoints: CheckpointStore;
  /** Erases what is stored of a deleted study. */
  readonly eraseDeleted: (studyId: string) => Promise<void>;
}

const RETRY_DELAY_MS = 100;
const RETRY_DELAY_MAX_MS = 5_000;

/**
 * Runs one effect and submits its result. Retries a call of an unreachable queue or store, and of a
 * busy study or oracle, until the process stops. A fault that a repeat would meet again becomes the
 * input `effect-failed`.
 */
export async function runEffect(context: EffectContext, study: Study, effect: Effect): Promise<void> {
  const failure = (error: unknown): StudyInput => {
    if (context.signal.aborted) throw error;
    context.logger.error({ studyId: study.id, effect: effect.type, err: error }, "effect failed, not repeated");
    return { type: "effect-failed", effect, message: firstLineOf(error) };
  };
  const submit = (input: StudyInput) =>
    retried(context, () => context.submit(study.id, input), { studyId: study.id, input: input.type });
  const result = await resultOf(context, study, effect).catch(failure);
  if (result === undefined) return;
  await submit(result).catch(async (error: unknown) => {
    if (!(error instanceof UndecidableInputError) || result.type === "effect-failed") throw error;
    await submit(failure(error));
  });
}

/** Carries an effect out. Returns its result; undefined if it has none or has submitted it. */
async function resultOf(context: EffectContext, study: Study, effect: Effect): Promise<StudyInput | undefined> {
  const { id: studyId } = study;
  switch (effect.type) {
    case "publish-assignment": {
      const { attempt } = effect;
      const trialId = nameOf(TRIAL_ID, effect.trialId);
      const traceparent = writeTraceparent(contextOf(study, trialId));
      const resourceClass = resourceClassOf(study.spec.resources);
      const publish = () => context.queue.publish({ studyId, trialId, attempt }, { resourceClass, traceparent });
      await retried(context, publish, { studyId, trialId });
      return undefined;
    }
    case "withdraw-assignment": {
      const { trialId } = effect;
      const withdraw = () => context.queue.withdraw(studyId, trialId, resourceClassOf(study.spec.resources));
      await retried(context, withdraw, { studyId, trialId });
      return undefined;
    }
    case "delete-checkpoint": {
      const { sha256 } = effect;
      await retried(context, () => context.checkpoints.delete(sha256), { studyId, sha256 });
      return undefined;
    }
    case "erase-study":
      await retried(context, () => context.eraseDeleted(studyId), { studyId });
      return undefined;
    case "request-suggestions":
      return suggest(context, study, effect);
    case "choose-contenders": {
      const { count, reopenings } = effect;
      const choose = () => context.oracles.contenders(selectionRequest(study), count);
      return { type: "contenders-ready", reopenings, trialIds: await retried(context, choose, { studyId }) };
    }
    case "select-best": {
      const select = () => context.oracles.select(selectionRequest(study));
      return { type: "selection-ready", selection: await retried(context, select, { studyId }) };
    }
    case "check-test-data":
      await checkTestData(context, study);
      return undefined;
    case "evaluate-best":
      await evaluateBest(context, study, effect);
      return undefined;
  }
}

async function suggest(
  context: EffectContext,
  study: Study,
  { trialNumber, basis, count }: Extract<Effect, { type: "request-suggestions" }>,
): Promise<StudyInput> {
  const request = { ...suggestionRequest(study, trialNumber), ...(needsOutlook(study) ? { wantsOutlook: true } : {}) };
  const ask = () => context.oracles.suggest(study.spec.oracle, count, request);
  const enqueued = enqueuedSuggestion(study);
  const suggestions = enqueued === undefined ? await retried(context, ask, { studyId: study.id }) : [enqueued];
  return { type: "suggestions-ready", trialNumber, basis, suggestions };
}

async function retried<T>(context: EffectContext, act: () => Promise<T>, bindings: object): Promise<T> {
  const { logger, clock, timers } = context;
  const outage = new OutageLog(logger, clock, { failing: "effect failed, retrying", over: "effect carried out" });
  const result = await retry(act, {
    delayMs: RETRY_DELAY_MS,
    delayMaxMs: RETRY_DELAY_MAX_MS,
    signal: context.signal,
    timers,
    isTransient: isPassing,
    onRetry: (error) => outage.fail({ ...bindings, reason: firstLineOf(error) }),
  });
  outage.succeed(bindings);
  return result;
}

/** Tells whether a fault passes by itself: something is unreachable or busy. */
function isPassing(error: unknown): boolean {
  return error instanceof StoreUnavailableError || error instanceof OverloadedError || isBusy(error);
}
