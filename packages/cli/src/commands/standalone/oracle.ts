import { oracleFindings } from "@sintonia/tuning/aims/findings";
import { answerLine, startDialogue } from "@sintonia/tuning/ask-tell/dialogue";
import { createOracle } from "@sintonia/tuning/oracle/registry";
import { ORACLE_NAMES } from "@sintonia/tuning/spec/schema";
import type { OracleName } from "@sintonia/tuning/spec/study-spec";
import { formatProblems, toProblems } from "@sintonia/tuning/validation/problems";
import type { Command } from "commander";
import type { TerminalStream } from "../../display/display.js";
import { loadOracleSpec } from "../../study/spec/experiments.js";
import { LINE_BYTES_MAX, type Line, readLines } from "../../system/text/lines.js";
import { UsageError } from "../../system/usage-error.js";
import type { CommandContext } from "../context.js";
import { addOutputOptions, choiceOption, integerFrom } from "../options.js";

interface OracleOptions {
  readonly spec: string;
  readonly oracle?: OracleName;
  readonly seed?: number;
}

const HELP = `
The command reads one JSON value per line and writes each answer as one line of JSON:
  {"ask": 1}                                      {"id": "0", "values": {"x0": 0.1}}
  {"ask": 3}                                      three such lines, for three different trials
  {"tell": {"id": "0", "value": 1.2}}             {"ok": true}
  {"tell": {"values": {"x0": 0.3}, "value": 2}}   {"ok": true}
  {"best": true}                                  {"id": "0", "values": {...}, "value": 1.2,
                                                   "mean": 1.1, "interval": [0.9, 1.3]}
  {"explain": {"id": "0"}}                        why the oracle suggested these values: history and prediction
"tell" accepts "noise", the standard deviation of the value's error, and "state": "failed", "infeasible" or "pruned"
in place of a value. With "values" it accepts "fidelity", the share of the full budget behind the value, such as a part
of the data, where the spec has oracle: {type: bayesian, fidelity: epochs}. A trial is pending from its "ask" to its
"tell". "mean" is the expected value at the best trial, and "interval" is the 95 % interval of "mean". Enqueued points
come first, then the defaults, then the oracle's own points. An oracle without further points answers
{"exhausted": true, "reason": "..."}. The answer to an invalid line is {"error": "..."}, after which the command reads
the next line. It ends with its input.

The spec needs "parameters", in the form of a study spec. It may contain "constraints", "objective":
{"goal": "maximize"}, "seed", "oracle", "enqueue", "warmStart" and "pruner". A whole study spec is accepted too.

Epochs may be reported to the spec's pruner. Its answer says whether the trial goes on:
  {"report": {"id": "0", "epoch": 0, "value": 2}} {"directive": "continue"}, or "stop" or "pause" with a "reason"
  {"ask": 1}                                      first the paused trials that go on:
                                                  {"id": "0", "values": {...}, "resume": {"epoch": 1}}
  {"resume": 1}                                   the same, without new trials
Epochs count from 0. "training": {"maxEpochs": 30} states their number. A stopped trial needs no "tell".

Two to four objectives, and limits on outcomes of a trial, which the oracle learns to keep:
  objectives: [{metric: loss, goal: minimize}, {metric: accuracy, goal: maximize}]
  limits: ["parameters <= 200000"]
  pick: knee                                      or {weights: {loss: 2, accuracy: 1}}
A "tell" then has "outcomes", a number for each objective and each limited outcome, in place of "value"; "noise" is
a mapping too. "best" answers with the front, the trials within the limits that no other one beats in every objective:
  {"tell": {"id": "0", "outcomes": {"loss": 0.1, "accuracy": 0.9, "parameters": 50000}}}
  {"best": true}                                  {"front": [{"id": "0", "values": {...}, "outcomes": {...},
                                                   "mean": {...}, "interval": {...}}],
                                                   "pick": {"id": "0", "rule": "knee"}}

Example:
  $ echo '{"ask": 1}' | sintonia oracle --spec space.yaml --seed 7`;

const FAULTS: Readonly<Record<Extract<Line, { readonly ok: false }>["fault"], string>> = {
  "not-utf8": "the line is not UTF-8; write it in this encoding, or other characters as \\uXXXX",
  "too-long": `the line is too long; a line has fewer than ${LINE_BYTES_MAX.toLocaleString("en-US")} bytes`,
};

/** Adds the command `oracle`. */
export function addOracle(command: Command, context: CommandContext): void {
  command
    .description(
      "Ask an oracle for values and tell it their objectives, in lines of JSON on standard input and standard output.",
    )
    .requiredOption("--spec <SPEC>", "file with the parameters, or name of an experiment")
    .addOption(choiceOption("--oracle <NAME>", "oracle, instead of the spec's", ORACLE_NAMES))
    .option("--seed <N>", "seed, instead of the spec's", integerFrom(0, 0xffffffff))
    .addHelpText("after", HELP);
  addOutputOptions(command).action((options: OracleOptions) => converse(options, context));
}

async function converse({ spec: file, oracle, seed }: OracleOptions, context: CommandContext): Promise<void> {
  const given = loadOracleSpec(file);
  const settings = oracle === undefined || oracle === given.oracle.type ? given.oracle : { type: oracle };
  const findings = oracleFindings(given.aims, settings);
  if (findings.length > 0) throw new UsageError(`--oracle: ${formatProblems(toProblems(findings))}`);
  const spec = { ...given, oracle: settings, seed: seed ?? given.seed };
  let dialogue = startDialogue(spec, createOracle(settings));
  for await (const line of readLines(context.stdin)) {
    const reply = line.ok ? answerLine(dialogue, line.text) : { dialogue, answers: [{ error: FAULTS[line.fault] }] };
    dialogue = reply.dialogue;
    const text = reply.answers.map((answer) => `${JSON.stringify(answer)}\n`).join("");
    if (!(await written(context.stdout, text))) return;
  }
}

/** Writes text and waits for a slow reader. Returns false if the reader has closed the stream. */
async function written(stream: TerminalStream, text: string): Promise<boolean> {
  if (!stream.writable) return false;
  if (stream.write(text)) return true;
  return new Promise((resolve) => {
    const settle = () => {
      stream.off("drain", settle).off("close", settle);
      resolve(stream.writable);
    };
    stream.once("drain", settle).once("close", settle);
  });
}
