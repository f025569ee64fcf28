// Records the dialogues again: `node tests/dist/dialogues/record.js`. Only needed after an intended
// change of suggestions.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Answer, answerLine, startDialogue } from "@sintonia/tuning/ask-tell/dialogue";
import { parseOracleSpec } from "@sintonia/tuning/ask-tell/oracle-spec";
import { createOracle } from "@sintonia/tuning/oracle/registry";
import type { ParameterValues } from "@sintonia/tuning/space/parameter";
import { SCRIPTS, type Script } from "./scripts.js";
import { type Exchange, formatTranscript } from "./transcript.js";

const FOLDER = fileURLToPath(new URL("../../dialogues/", import.meta.url));

mkdirSync(FOLDER, { recursive: true });
for (const script of SCRIPTS) {
  writeFileSync(join(FOLDER, `${script.name}.txt`), formatTranscript(script.spec, play(script)));
  process.stdout.write(`${script.name}\n`);
}

/**
 * Plays the user program of a dialogue. Each round asks for trials and reports results. The end
 * asks for the best trial and for two explanations.
 */
function play({ spec, rounds, parallel = 1, end, epochs = () => [], first = [] }: Script): Exchange[] {
  const parsed = parseOracleSpec(JSON.stringify(spec));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  let dialogue = startDialogue(parsed.spec, createOracle(parsed.spec.oracle));
  const exchanges: Exchange[] = [];
  const say = (line: string): readonly Answer[] => {
    const reply = answerLine(dialogue, line);
    dialogue = reply.dialogue;
    exchanges.push({ line, answers: reply.answers.map((answer) => JSON.stringify(answer)) });
    return reply.answers;
  };
  const reportEpochs = ({ id, values, resume }: Asked): boolean =>
    epochs(values, Number(id))
      .slice(resume?.epoch ?? 0)
      .every((value) => say(JSON.stringify({ report: { id, value } }))[0]?.["directive"] === "continue");
  for (const line of first) say(line);
  for (let round = 0; round < rounds; round++) {
    for (const asked of say(JSON.stringify({ ask: parallel })).filter(isAsked)) {
      const { id, values } = asked;
      if (reportEpochs(asked)) say(JSON.stringify({ tell: { id, ...end(values, Number(id)) } }));
    }
  }
  for (const id of [first.length, dialogue.trials.length - 1]) say(JSON.stringify({ explain: { id: String(id) } }));
  say('{"best": true}');
  return exchanges;
}

interface Asked {
  readonly id: string;
  readonly values: ParameterValues;
  /** First epoch of a trial that goes on. */
  readonly resume?: { readonly epoch: number };
}

function isAsked(answer: Answer): answer is Answer & Asked {
  return "values" in answer && "id" in answer;
}
