// Ask and tell: a program asks for parameter values, tries them, and tells their results. Each
// message and each answer is one line of JSON.
//
//   {"ask": 2}                                  {"id": "0", "values": {...}}
//                                               {"id": "1", "values": {...}}
//   {"tell": {"id": "0", "value": 1.2}}         {"ok": true}
//   {"tell": {"values": {...}, "value": 1.2}}   {"ok": true}
//   {"tell": {"values": {...}, "value": 1.4,    {"ok": true}
//     "fidelity": 0.2}}
//   {"tell": {"id": "1", "state": "failed"}}    {"ok": true}
//   {"best": true}                              {"id": "0", "values": {...}, "value": 1.2,
//                                                "mean": 1.1, "interval": [0.9, 1.3]}
//   {"explain": {"id": "0"}}                    {"id": "0", "values": {...}, "source": "model",
//                                                "known": {...}, "model": {...}}
//
// With several objectives or limits on outcomes:
//
//   {"tell": {"id": "0", "outcomes":            {"ok": true}
//     {"loss": 0.1, "latency": 3}}}
//   {"best": true}                              {"front": [{"id": "0", "values": {...},
//                                                 "outcomes": {...}, "mean": {...},
//                                                 "interval": {...}}],
//                                                "pick": {"id": "0", "rule": "knee"}}
//
// With epochs that are reported to a pruner:
//
//   {"report": {"id": "0", "epoch": 0,          {"directive": "continue"}, or "stop" or "pause"
//     "value": 1.4}}                             with a reason
//   {"ask": 1} answers first with paused        {"id": "0", "values": {...},
//     trials that go on                          "resume": {"epoch": 1}}
//   {"resume": 1}                               the same, without new trials
//
//   an invalid line                             {"error": "..."}
//
// The help text of `sintonia oracle` describes every field.

import { noPointLeft } from "../oracle/contract/exhaustion.js";
import type { Oracle } from "../oracle/contract/oracle.js";
import type { SuggestionResult } from "../oracle/contract/suggestion.js";
import { checkTriedValues } from "../space/check/values.js";
import { valuesKey } from "../space/values-key.js";
import type { Finding } from "../validation/problems.js";
import { bestTrial } from "./best.js";
import { explainTrial } from "./explain.js";
import { oneLine, type Report, readMessage } from "./message.js";
import type { OracleSpec } from "./oracle-spec.js";
import { reportEpoch } from "./report.js";
import type { Training } from "./reports/learning-curves.js";
import { promotions } from "./reports/verdicts.js";
import type { Tell } from "./tell.js";
import {
  askedTrial,
  changedTrial,
  type DialogueTrial,
  endOf,
  enqueuedSuggestion,
  numberOf,
  requestOf,
  unknownId,
} from "./trial.js";

/** The state of a dialogue between two lines. */
export interface Dialogue {
  readonly spec: OracleSpec;
  readonly oracle: Oracle;
  /** In the order of trial numbers. The number of a trial is also its id. */
  readonly trials: readonly DialogueTrial[];
  /** Numbers of the trials that are under way. */
  readonly pending: readonly number[];
}

/** An answer to one line. Its keys are written in their order. */
export type Answer = Readonly<Record<string, unknown>>;

/** The dialogue after a line and the answers to that line. */
export interface Reply {
  readonly dialogue: Dialogue;
  readonly answers: readonly Answer[];
}

/** Returns a dialogue without trials. */
export function startDialogue(spec: OracleSpec, oracle: Oracle): Dialogue {
  return { spec, oracle, trials: [], pending: [] };
}

/**
 * Answers a line. An invalid line does not throw: its answer is `{"error": ...}` and the dialogue
 * stays as it was.
 */
export function answerLine(dialogue: Dialogue, line: string): Reply {
  const read = readMessage(line, dialogue.spec.aims);
  if (!read.ok) return refusal(dialogue, read.error);
  switch (read.message.type) {
    case "ask":
      return ask(dialogue, read.message.count);
    case "resume":
      return resume(dialogue, read.message.count);
    case "report":
      return report(dialogue, read.message.report);
    case "tell":
      return tell(dialogue, read.message.tell);
    case "explain":
      return { dialogue, answers: [explainTrial(dialogue.spec, dialogue.trials, read.message.id)] };
    case "best":
      return { dialogue, answers: [bestTrial(dialogue.spec, dialogue.trials)] };
  }
}

function refusal(dialogue: Dialogue, error: string): Reply {
  return { dialogue, answers: [{ error }] };
}

function ask(before: Dialogue, count: number): Reply {
  let { dialogue, answers } = resumed(before, count, false);
  while (answers.length < count) {
    const suggestion = nextSuggestion(dialogue);
    if (suggestion === "exhausted") return withLast({ dialogue, answers }, count, exhaustedAnswer(dialogue));
    const number = dialogue.trials.length;
    const trials = [...dialogue.trials, askedTrial(suggestion, number + 1)];
    dialogue = { ...dialogue, trials, pending: [...dialogue.pending, number] };
    answers = [...answers, { id: String(number), values: suggestion.values }];
  }
  return { dialogue, answers };
}

function resume(before: Dialogue, count: number): Reply {
  return withLast(resumed(before, count, false), count, nonePromotedAnswer(before));
}

/**
 * Completes the answers of a dialogue without further new trials. If no trial is under way, the
 * last paused trials go on.
 *
 * @param none - the answer if fewer than `count` trials can go on
 */
function withLast({ dialogue, answers }: Reply, count: number, none: Answer): Reply {
  const isLast = dialogue.pending.length === 0;
  const last = isLast ? resumed(dialogue, count - answers.length, true) : { dialogue, answers: [] };
  const all = [...answers, ...last.answers];
  return { dialogue: last.dialogue, answers: all.length < count ? [...all, none] : all };
}

/** Promotes at most `count` paused trials. */
function resumed(before: Dialogue, count: number, isLast: boolean): Reply {
  let { trials, pending } = before;
  const answers: Answer[] = [];
  for (const { trialNumber, rung } of promotions(before.spec, trials, isLast).slice(0, count)) {
    const trial = trials[trialNumber] as DialogueTrial;
    const { evidence: _, ...training } = trial.training as Training;
    const going = { state: "pending", training: { ...training, promotedFrom: rung } } as const;
    trials = trials.with(trialNumber, changedTrial(trial, going, trials.length));
    pending = [...pending, trialNumber];
    answers.push({ id: String(trialNumber), values: trial.values, resume: { epoch: training.objectives.length } });
  }
  return { dialogue: { ...before, trials, pending }, answers };
}

function nonePromotedAnswer({ trials, pending }: Dialogue): Answer {
  const paused = trials.filter(({ state }) => state === "paused").length;
  const reason =
    pending.length === 0
      ? "the pruner lets no paused trial go on"
      : "no paused trial can go on before further results of the trials under way";
  return { exhausted: true, reason: paused === 0 ? "no trial is paused" : `${reason} (${paused} paused)` };
}

function report(dialogue: Dialogue, reported: Report): Reply {
  const { trials, answer } = reportEpoch(dialogue.spec, dialogue.trials, reported);
  const pending = dialogue.pending.filter((number) => trials[number]?.state === "pending");
  return { dialogue: { ...dialogue, trials, pending }, answers: [answer] };
}

/** Enqueued points come first, whatever was told; then the oracle is asked. */
function nextSuggestion({ spec, oracle, trials }: Dialogue): SuggestionResult {
  return enqueuedSuggestion(spec, trials) ?? oracle.suggest(requestOf(spec, trials));
}

function exhaustedAnswer({ spec, trials }: Dialogue): Answer {
  const asked = trials.filter(({ source }) => source !== undefined).length;
  const counts = `${asked} suggested, ${trials.length - asked} told by the program`;
  return { exhausted: true, reason: `the oracle ${noPointLeft(spec, asked, counts)}` };
}

function tell(dialogue: Dialogue, told: Tell): Reply {
  return told.id === undefined ? tellValues(dialogue, told) : tellTrial(dialogue, told.id, told);
}

function tellTrial(dialogue: Dialogue, id: string, told: Tell): Reply {
  const number = numberOf(id);
  const { trials } = dialogue;
  const trial = trials[number];
  if (trial === undefined) return refusal(dialogue, unknownId(id, trials));
  if (isStopped(trial) && told.state === "pruned") return { dialogue, answers: [{ ok: true }] };
  if (trial.state !== "pending" && trial.state !== "paused") return refusal(dialogue, toldTwice(number, trial));
  return {
    dialogue: {
      ...dialogue,
      trials: trials.with(number, changedTrial(trial, endOf(told), trials.length)),
      pending: dialogue.pending.filter((other) => other !== number),
    },
    answers: [{ ok: true }],
  };
}

/** Tells whether the pruner has stopped a trial. */
function isStopped({ state, training }: DialogueTrial): boolean {
  return state === "pruned" && training?.evidence !== undefined;
}

function toldTwice(number: number, trial: DialogueTrial): string {
  const { state, objective, outcomes, training } = trial;
  const advice = 'tell its "values" without the id to add a measurement';
  if (isStopped(trial)) {
    return `trial ${number} was stopped by the pruner after ${training?.objectives.length} epochs; ${advice}`;
  }
  const several = Object.entries(outcomes ?? {}).map(([name, { value }]) => `${name} ${value}`);
  const told = outcomes === undefined ? `the value ${objective}` : several.join(", ");
  const result = objective === undefined ? state : `${state} with ${told}`;
  return `trial ${number} was told already: ${result}; ${advice}`;
}

const WITHOUT_FIDELITY =
  "tell.fidelity: only an oracle { type: bayesian, fidelity: epochs } learns from results below the full budget";

/**
 * Ends the pending trial with the told values, or records a new trial if no pending one has them.
 */
function tellValues(dialogue: Dialogue, told: Tell): Reply {
  const { spec, trials, pending } = dialogue;
  const checked = checkTriedValues(spec.parameters, told.values ?? {});
  if (!checked.ok) return refusal(dialogue, oneLine(checked.findings.map(insideTell)));
  const { fidelity = 1 } = told;
  if (fidelity < 1 && spec.oracle.fidelity !== "epochs") return refusal(dialogue, WITHOUT_FIDELITY);
  const key = valuesKey(spec.parameters, checked.values);
  const asked = pending.find((number) => valuesKey(spec.parameters, trials[number]?.values ?? {}) === key);
  if (asked !== undefined && fidelity >= 1) return tellTrial(dialogue, String(asked), told);
  const own = { values: checked.values, ...endOf(told), knownFrom: trials.length + 1 };
  const extended = { ...dialogue, trials: [...trials, own] };
  return { dialogue: extended, answers: [{ ok: true }] };
}

function insideTell(finding: Finding): Finding {
  return { ...finding, path: ["tell", "values", ...finding.path] };
}
