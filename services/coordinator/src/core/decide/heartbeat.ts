import type { Heartbeat } from "../boundary/input.js";
import type { Study } from "../state/study.js";
import { answerOnly, type Decision } from "./decision.js";
import { checkLease } from "./lease-check.js";

/** Renews a valid lease. Nothing is recorded: only time has changed. */
export function heartbeat(study: Study, input: Heartbeat): Decision {
  const check = checkLease(study, input.lease);
  if (check.kind === "void") return answerOnly(check.answer);
  if (check.kind === "settled") return answerOnly({ kind: "stop" });
  return { ...answerOnly({ kind: "continue" }), renew: check.trial.id };
}
