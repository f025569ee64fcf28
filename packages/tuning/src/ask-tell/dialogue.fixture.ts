import assert from "node:assert/strict";
import type { Oracle } from "../oracle/contract/oracle.js";
import { createOracle } from "../oracle/registry.js";
import type { ParameterValues } from "../space/parameter.js";
import { formatProblems } from "../validation/problems.js";
import { type Answer, answerLine, startDialogue } from "./dialogue.js";
import { type OracleSpec, parseOracleSpec } from "./oracle-spec.js";

/** A suggested trial, as `ask` answers it. */
export interface Asked {
  readonly id: string;
  readonly values: ParameterValues;
}

/** A dialogue with the oracle of a spec. */
export interface Conversation {
  /** Sends a message, or a line as it is, and returns the answers. */
  say(message: unknown): readonly Answer[];
  /** Asks for suggestions and returns those that came before the oracle was exhausted. */
  ask(count: number): readonly Asked[];
}

/** Reads a spec from YAML text or from a document; fails on a problem. */
export function specOf(spec: string | object): OracleSpec {
  const result = parseOracleSpec(typeof spec === "string" ? spec : JSON.stringify(spec));
  assert.ok(result.ok, result.ok ? "" : formatProblems(result.problems));
  return result.spec;
}

/** Starts a dialogue, with the oracle of the spec or another one. */
export function converse(spec: OracleSpec, oracle: Oracle = createOracle(spec.oracle)): Conversation {
  let dialogue = startDialogue(spec, oracle);
  const say = (message: unknown) => {
    const reply = answerLine(dialogue, typeof message === "string" ? message : JSON.stringify(message));
    dialogue = reply.dialogue;
    return reply.answers;
  };
  const ask = (count: number) => say({ ask: count }).flatMap((answer) => (isAsked(answer) ? [answer] : []));
  return { say, ask };
}

function isAsked(answer: Answer): answer is Answer & Asked {
  return "id" in answer && "values" in answer;
}
