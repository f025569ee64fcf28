// The answers of coordinators, compared with what is stored when they leave.

import { AssertionError } from "node:assert/strict";
import { findTrial, isLeased } from "@sintonia/coordinator/core/state/study";
import type { Studies } from "@sintonia/coordinator/shell/studies";
import {
  type AcquireLeaseRequest,
  type AcquireLeaseResponse,
  Directive,
  type LeaseKey as LeaseMessage,
  type ReportEpochRequest,
} from "@sintonia/proto/sintonia/v1/trainer";
import type { LeaseKey } from "@sintonia/protocol/lease";
import type { SimulatedProcess } from "../world/process.js";
import type { Surroundings } from "./surroundings.js";

/** A coordinator as the checks of its answers see it. */
export interface Answerer {
  readonly process: SimulatedProcess;
  /** The term that serves now; undefined while the coordinator does not serve. */
  readonly serving: { readonly name: string } | undefined;
  /** The studies as the last term that served has them. */
  readonly coordinator: Pick<Studies, "study"> | undefined;
}

/** A call that a coordinator has answered. */
interface AnsweredCall {
  readonly own: Answerer;
  /** True if the call's lease was the trial's last one when the call arrived. */
  readonly before: boolean;
  readonly arrivedMs: number;
  readonly method: string;
  readonly request: unknown;
  readonly answer: unknown;
}

/** Checks that an answer comes from the leader, and acknowledges stored records only. */
export function checkAnswer(cluster: Surroundings, call: AnsweredCall): void {
  const { own, method } = call;
  if (own.serving === undefined) fail(cluster, `${own.process.name} answers ${method} and does not lead`);
  if (call.method === "acquireLease") checkGrant(cluster, call);
  const { lease } = call.request as { readonly lease?: LeaseMessage };
  const { directive } = call.answer as { readonly directive?: Directive };
  if (lease === undefined || directive === undefined) return;
  const key = lease as LeaseKey;
  if (directive === Directive.CONTINUE || directive === Directive.PAUSE) {
    checkToken(cluster, call, key);
    checkAccepted(cluster, call, key);
  } else {
    checkLoss(cluster, call, key);
  }
}

function checkGrant({ truth, reaping }: Surroundings, { own, arrivedMs, request, answer }: AnsweredCall): void {
  const { outcome } = answer as AcquireLeaseResponse;
  if (outcome?.$case !== "lease") return;
  const { trainer } = request as AcquireLeaseRequest;
  const key = outcome.value.key as LeaseKey;
  truth.checkStored(key, `granted ${key.token} to ${trainer?.id}`);
  reaping.noteRenewal(termOf(own), key, arrivedMs);
}

function checkAccepted({ truth, reaping }: Surroundings, call: AnsweredCall, key: LeaseKey): void {
  const { method, own, arrivedMs } = call;
  const isReport = method === "reportEpoch" || method === "reportEpochs";
  if (method === "heartbeat" || isReport) reaping.noteRenewal(termOf(own), key, arrivedMs);
  if (isReport) {
    const { execution = 0, epoch = 0 } = (call.request as ReportEpochRequest).measurement ?? {};
    truth.checkStored(key, `epoch ${execution}.${epoch}`);
  }
  if (method === "resumeTrial") truth.checkStored(key, "resumed");
  if (method === "completeTrial") truth.checkStored(key, "completed");
  if (method === "failTrial") truth.checkEnded(key);
}

/** Checks that no coordinator, not even an outdated one, takes a valid lease from its trainer. */
function checkLoss(cluster: Surroundings, { method, own, before }: AnsweredCall, key: LeaseKey): void {
  const study = cluster.truth.study(key.studyId);
  const trial = study && findTrial(study, key.trialId);
  const isValid = trial !== undefined && isLeased(trial) && trial.lease?.token === key.token;
  if (before && isValid)
    fail(cluster, `${own.process.name} answers ${method} as if the valid lease ${key.token} were lost`);
}

/** Tells whether the lease of a request is the last one of its trial. */
export function heldLease({ truth }: Surroundings, request: unknown): boolean {
  const { lease } = request as { readonly lease?: LeaseMessage };
  const study = lease && truth.study(lease.studyId);
  return study !== undefined && findTrial(study, lease?.trialId ?? "")?.lease?.token === lease?.token;
}

/** Checks that a coordinator with the current log accepts no call under an old token. */
function checkToken(cluster: Surroundings, { own, before, method, request }: AnsweredCall, key: LeaseKey): void {
  const { coordinator } = own;
  const isCurrent = coordinator?.study(key.studyId)?.eventCount === cluster.truth.study(key.studyId)?.eventCount;
  if (!isCurrent || before || heldLease(cluster, request)) return;
  fail(cluster, `${method} is accepted under the old token ${key.token}`);
}

function termOf({ serving }: Answerer): string {
  return serving?.name ?? "";
}

function fail({ world }: Surroundings, message: string): void {
  world.fail(new AssertionError({ message }));
}
