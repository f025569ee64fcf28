// The facts of stored events: what a coordinator may acknowledge, and under which token it became
// true.

import assert from "node:assert/strict";
import type { EventOf, StudyEvent } from "@sintonia/coordinator/core/state/event";
import { findTrial, type Study } from "@sintonia/coordinator/core/state/study";
import type { Reaping } from "./reaping.js";

/** The origin of a record. */
export interface Append {
  /** The coordinator's process. */
  readonly writer: string;
  /** Time at which it decided the record, or if its wall clock has jumped since, first sent it. */
  readonly decidedMs: number;
}

/** A trial's attempt with the lease that it had last. */
interface Attempt {
  readonly study: Study;
  readonly token: number;
  /** Name of the attempt. */
  readonly where: string;
}

/** End of the reason for which a coordinator ends a lease. */
const SILENT = "went silent.";

export class Facts {
  readonly #reaping: Reaping;
  readonly #stored = new Set<string>();
  /** Tokens under which each checkpoint and each weights file was made. */
  readonly #writers = new Map<string, Set<number>>();
  /** Tokens of all leases that were ever granted. */
  readonly #tokens = new Set<string>();

  constructor(reaping: Reaping) {
    this.#reaping = reaping;
  }

  /** Tells whether a fact is stored. */
  has(fact: string): boolean {
    return this.#stored.has(fact);
  }

  /** Notes the lease under which a training made bytes. */
  noteWriter(sha256: string, token: number): void {
    const tokens = this.#writers.get(sha256) ?? new Set();
    this.#writers.set(sha256, tokens.add(token));
  }

  /** Takes an event. @param study - the study after it */
  take(study: Study, event: StudyEvent, append: Append): void {
    const trial = "trialId" in event ? findTrial(study, event.trialId) : undefined;
    if (trial === undefined) return;
    const { id, attempt, lease } = trial;
    const where = `${study.id}/${id}/${attempt}`;
    const holder = { study, token: lease?.token ?? 0, where };
    if (event.type === "lease-granted") this.#takeGrant(event, holder, append);
    if (event.type === "epoch-reported") this.#takeEpoch(event, holder);
    if (event.type === "trial-resumed") this.#stored.add(`${where} resumed`);
    if (event.type === "trial-completed" || event.type === "test-completed") this.#stored.add(`${where} completed`);
    if (event.type === "checkpoint-saved") this.#checkWriter(event.artifact.sha256, holder, "checkpoint");
    if (event.type === "trial-completed" || event.type === "test-completed")
      this.#checkWriter(event.weights.sha256, holder, "weights");
    if (event.type === "trial-failed" || event.type === "trial-infeasible") checkMessage(event.message, holder);
    if (event.type === "trial-requeued") this.#takeLoss(event, holder, append);
    if (event.type === "trial-promoted") this.#takePromotion(study, event);
  }

  #takeGrant({ token, trainerId }: EventOf<"lease-granted">, { study, where }: Attempt, append: Append): void {
    const name = `${study.id}/${token}`;
    assert.ok(!this.#tokens.has(name), `token ${token} of ${study.id} is handed out once`);
    this.#tokens.add(name);
    this.#stored.add(`${where} granted ${token} to ${trainerId}`);
    this.#reaping.noteRenewal(append.writer, { studyId: study.id, token }, append.decidedMs);
  }

  #takePromotion({ id }: Study, { trialId, rung }: EventOf<"trial-promoted">): void {
    const fact = `${id}/${trialId} promoted from ${rung}`;
    assert.ok(!this.#stored.has(fact), `trial ${trialId} is promoted once from the rung of ${rung} epochs`);
    this.#stored.add(fact);
  }

  #takeEpoch({ measurement }: EventOf<"epoch-reported">, { token, where }: Attempt): void {
    const { execution, epoch, seconds } = measurement;
    assert.equal(seconds, token, `an epoch of ${where} is accepted under the present token only`);
    this.#stored.add(`${where} epoch ${execution}.${epoch}`);
  }

  #takeLoss({ reason }: EventOf<"trial-requeued">, holder: Attempt, { writer, decidedMs }: Append): void {
    checkMessage(reason, holder);
    const { study, token } = holder;
    if (reason.endsWith(SILENT)) this.#reaping.checkExpiry(writer, { studyId: study.id, token }, decidedMs);
  }

  #checkWriter(sha256: string, { token, where }: Attempt, what: string): void {
    assert.ok(this.#writers.get(sha256)?.has(token), `the ${what} of ${where} were made under its token ${token}`);
  }
}

/** The messages of the simulated training name the token under which it trained. */
function checkMessage(message: string, { token, where }: Attempt): void {
  const named = /token (\d+)/.exec(message)?.[1];
  if (named !== undefined)
    assert.equal(Number(named), token, `a failure of ${where} is accepted under the present token only`);
}
