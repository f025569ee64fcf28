// Sintonia's Bayesian oracle through the dialogue of `sintonia oracle`.

import { type Answer, answerLine, startDialogue } from "@sintonia/tuning/ask-tell/dialogue";
import { parseOracleSpec } from "@sintonia/tuning/ask-tell/oracle-spec";
import { createOracle } from "@sintonia/tuning/oracle/registry";
import type { ParameterValues } from "@sintonia/tuning/space/parameter";
import type { FrontOutcome, FrontProblem } from "./problems/problem.js";
import type { Asker } from "./study.js";

/** Starts a dialogue for a problem. */
export function sintoniaAsker(problem: FrontProblem, seed: number): Asker {
  const parsed = parseOracleSpec(JSON.stringify(specOf(problem, seed)));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  let dialogue = startDialogue(parsed.spec, createOracle(parsed.spec.oracle));
  const say = (message: object): Answer => {
    const reply = answerLine(dialogue, JSON.stringify(message));
    dialogue = reply.dialogue;
    const [answer = {}] = reply.answers;
    if ("error" in answer || "exhausted" in answer) throw new Error(JSON.stringify(answer));
    return answer;
  };
  return {
    async ask() {
      const { id, values } = say({ ask: 1 });
      return { id: String(id), values: values as ParameterValues };
    },
    async tell(id, outcome) {
      say({ tell: { id, outcomes: named(outcome) } });
    },
    close: () => undefined,
  };
}

function specOf({ ranges, areWhole = false, objectives, constraints }: FrontProblem, seed: number): object {
  const type = areWhole ? "integer" : "double";
  const parameters = Object.entries(ranges).map(([name, [min, max]]) => [name, { type, min, max }]);
  return {
    parameters: Object.fromEntries(parameters),
    objectives: Array.from({ length: objectives }, (_, i) => ({ metric: `f${i}`, goal: "minimize" })),
    limits: Array.from({ length: constraints }, (_, i) => `c${i} <= 0`),
    seed,
  };
}

function named({ objectives, constraints }: FrontOutcome): Record<string, number> {
  const entries = [
    ...objectives.map((value, i) => [`f${i}`, value]),
    ...constraints.map((value, i) => [`c${i}`, value]),
  ];
  return Object.fromEntries(entries);
}
