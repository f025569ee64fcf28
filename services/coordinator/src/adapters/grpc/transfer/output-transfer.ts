// The transfer of the output of trials: from the trainers, and to persons.

import type { ReadOutputRequest, ReadOutputResponse } from "@sintonia/proto/sintonia/v1/admin";
import type { AppendOutputRequest } from "@sintonia/proto/sintonia/v1/trainer";
import { OUTPUT_CHUNK_MAX_BYTES, type OutputPart } from "@sintonia/protocol/output";
import { refusal } from "@sintonia/runtime/grpc/refusal/refusal";
import { Status } from "nice-grpc-common";
import type { Study, Trial } from "../../../core/state/study.js";
import { StoreUnavailableError } from "../../../ports/study-log.js";
import type { TrialOutputs } from "../../../shell/output/trial-outputs.js";
import { invalidField, notFound } from "../edge/status.js";

/** Returns the part of a request. */
export function requireOutput({ offset, chunk }: Pick<AppendOutputRequest, "offset" | "chunk">): OutputPart {
  if (chunk.length > OUTPUT_CHUNK_MAX_BYTES) {
    throw invalidField("chunk", `received ${chunk.length} bytes, expected at most ${OUTPUT_CHUNK_MAX_BYTES}.`);
  }
  if (!Number.isSafeInteger(offset + chunk.length) || offset < 0) {
    throw invalidField("offset", `received ${offset}, expected 0 to ${Number.MAX_SAFE_INTEGER - chunk.length}.`);
  }
  return { offset, bytes: chunk };
}

/** Sends the output of an attempt of a trial. */
export async function* sendOutput(
  outputs: Pick<TrialOutputs, "attemptOf" | "read">,
  { study, trial }: { readonly study: Study; readonly trial: Trial },
  { request, signal }: { readonly request: ReadOutputRequest; readonly signal: AbortSignal },
): AsyncGenerator<ReadOutputResponse> {
  const { offset: from, follow } = request;
  if (!Number.isSafeInteger(from) || from < 0) throw invalidField("offset", `received ${from}, expected 0 or more.`);
  try {
    const attempt = requireAttempt(trial, request.attempt || (await outputs.attemptOf(study, trial, follow)));
    yield { attempt, offset: from, chunk: Buffer.alloc(0) };
    const key = { studyId: study.id, trialId: trial.id, attempt };
    for await (const { offset, bytes } of outputs.read(key, { from, follow, signal })) {
      yield { attempt, offset, chunk: Buffer.from(bytes) };
    }
  } catch (error) {
    throw outputError(error);
  }
}

/**
 * Maps an error of the outputs to a status. A store that fails is DATA_LOSS: UNAVAILABLE would let
 * the trainer repeat the call before it ends a trial, and a person look for the coordinator.
 */
export function outputError(error: unknown): unknown {
  if (!(error instanceof StoreUnavailableError)) return error;
  return refusal(Status.DATA_LOSS, error.message, { reason: "OUTPUT_UNAVAILABLE" });
}

function requireAttempt({ id, attempt: latest }: Trial, attempt: number): number {
  if (attempt <= latest) return attempt;
  const known = latest === 1 ? "It has one attempt, 1." : `Its attempts are 1 to ${latest}.`;
  const message = `Trial ${id} has no attempt ${attempt}. ${known}`;
  throw notFound({ type: "attempt", name: String(attempt), owner: `trial ${id}` }, { message });
}
