// Ask and tell: a program asks for parameter values, tries them, and tells their results. Each
// message and each answer is one line of JSON.
//
//   {"ask": 2}                                  {"id": "0", "values": {...}}
//                                               {"id": "1", "values": {...}}
//   {"tell": {"id": "0", "value": 1.2}}         {"ok": true}
//   {"tell": {"values": {...}, "value": 1.2}}   {"ok": true}
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
import { oneLine, readMessage, type Tell } from "./message.js";
import type { OracleSpec } from "./oracle-spec.js";
import {
  askedTrial,
  type DialogueTrial,
  endedTrial,
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
  /** Numbers of the trials that the program asked for and whose results it has not told. */
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
  let dialogue = before;
  const answers: Answer[] = [];
  for (let i = 0; i < count; i++) {
    const suggestion = nextSuggestion(dialogue);
    if (suggestion === "exhausted") return { dialogue, answers: [...answers, exhaustedAnswer(dialogue)] };
    const number = dialogue.trials.length;
    const trials = [...dialogue.trials, askedTrial(suggestion)];
    dialogue = { ...dialogue, trials, pending: [...dialogue.pending, number] };
    answers.push({ id: String(number), values: suggestion.values });
  }
  return { dialogue, answers };
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
  const trial = dialogue.trials[number];
  if (trial === undefined) return refusal(dialogue, unknownId(id, dialogue.trials));
  if (trial.state !== "pending") return refusal(dialogue, toldTwice(number, trial));
  return {
    dialogue: {
      ...dialogue,
      trials: dialogue.trials.with(number, endedTrial(trial, told, dialogue.trials.length)),
      pending: dialogue.pending.filter((other) => other !== number),
    },
    answers: [{ ok: true }],
  };
}

function toldTwice(number: number, { state, objective, outcomes }: DialogueTrial): string {
  const several = Object.entries(outcomes ?? {}).map(([name, { value }]) => `${name} ${value}`);
  const told = outcomes === undefined ? `the value ${objective}` : several.join(", ");
  const result = objective === undefined ? state : `${state} with ${told}`;
  return `trial ${number} was told already: ${result}; tell its "values" without the id to add a measurement`;
}

/**
 * Ends the pending trial with the told values, or records a new trial if no pending one has them.
 */
function tellValues(dialogue: Dialogue, told: Tell): Reply {
  const { spec, trials, pending } = dialogue;
  const checked = checkTriedValues(spec.parameters, told.values ?? {});
  if (!checked.ok) return refusal(dialogue, oneLine(checked.findings.map(insideTell)));
  const key = valuesKey(spec.parameters, checked.values);
  const asked = pending.find((number) => valuesKey(spec.parameters, trials[number]?.values ?? {}) === key);
  if (asked !== undefined) return tellTrial(dialogue, String(asked), told);
  const own = { values: checked.values };
  const extended = { ...dialogue, trials: [...trials, endedTrial(own, told, trials.length + 1)] };
  return { dialogue: extended, answers: [{ ok: true }] };
}

function insideTell(finding: Finding): Finding {
  return { ...finding, path: ["tell", "values", ...finding.path] };
}
