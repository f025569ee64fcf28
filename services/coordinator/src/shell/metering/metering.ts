// Ports whose calls a meter counts and times.

import type { Clock } from "@sintonia/runtime/clock";
import type { Answer } from "../../core/boundary/answer.js";
import type { StudyInput } from "../../core/boundary/input.js";
import type { OracleService } from "../../ports/oracle-service.js";
import type { StudyLog } from "../../ports/study-log.js";
import { OverloadedError } from "../study/waiting-inputs.js";
import { type AppendOutcome, type Meter, QUESTIONS, type Question, type ReportOutcome } from "./meter.js";

/** What times calls. */
interface MeteringContext {
  readonly meter: Meter;
  readonly clock: Clock;
}

/** Returns a log whose appends are timed. */
export function meteredLog(log: StudyLog, { meter, clock }: MeteringContext): StudyLog {
  const append: StudyLog["append"] = async (...args) => {
    const beganMs = clock.monotonicMs();
    let outcome: AppendOutcome = "failed";
    try {
      const result = await log.append(...args);
      outcome = result.kind === "appended" ? "stored" : "refused";
      return result;
    } finally {
      meter.appended(outcome, (clock.monotonicMs() - beganMs) / 1_000);
    }
  };
  return withMethod(log, "append", append);
}

/** Returns an oracle service whose questions are timed, from the question to its answer. */
export function meteredOracles(oracles: OracleService, context: MeteringContext): OracleService {
  return QUESTIONS.reduce(
    (service, question) => withMethod(service, question, timed(oracles, question, context)),
    oracles,
  );
}

function timed<Q extends Question>(oracles: OracleService, question: Q, { meter, clock }: MeteringContext) {
  const ask = oracles[question].bind(oracles) as (...given: unknown[]) => Promise<unknown>;
  return (async (...given: unknown[]) => {
    const beganMs = clock.monotonicMs();
    try {
      return await ask(...given);
    } finally {
      meter.answered(question, (clock.monotonicMs() - beganMs) / 1_000);
    }
  }) as OracleService[Q];
}

/** Receives the inputs of studies. */
interface InputReceiver {
  submit(studyId: string, input: StudyInput): Promise<Answer | undefined>;
}

/** Returns a coordinator whose answers to the reports of epochs are counted. */
export function meteredReports<C extends InputReceiver>(coordinator: C, meter: Meter): C {
  const submit = async (studyId: string, input: StudyInput): Promise<Answer | undefined> => {
    if (input.type !== "report-epoch") return await coordinator.submit(studyId, input);
    let outcome: ReportOutcome = "unavailable";
    try {
      const answer = await coordinator.submit(studyId, input);
      outcome = outcomeOf(answer);
      return answer;
    } catch (error) {
      if (error instanceof OverloadedError) outcome = "overloaded";
      throw error;
    } finally {
      meter.reported(outcome);
    }
  };
  return withMethod(coordinator, "submit", submit);
}

function outcomeOf(answer: Answer | undefined): ReportOutcome {
  switch (answer?.kind) {
    case "continue":
      return "accepted";
    case "stop":
      return "stopped";
    case "lease-lost":
      return "lease_lost";
    default:
      return "rejected";
  }
}

/** Returns an object with one method replaced. */
function withMethod<T extends object, K extends keyof T>(target: T, name: K, method: T[K]): T {
  return new Proxy(target, {
    get: (of, property) => {
      if (property === name) return method;
      const value: unknown = Reflect.get(of, property);
      return typeof value === "function" ? value.bind(of) : value;
    },
  });
}
