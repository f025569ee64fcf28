// Client of Sintonia for training programs in Node. One file without dependencies: copy it beside your program.
//
//   import { report, values } from "./sintonia.mjs";
//
//   const { rate } = values({ rate: 0.01 });
//   for (let epoch = 0; epoch < 10; epoch++) {
//     ...
//     if (!report({ val_accuracy: accuracy })) break;
//   }
//
// Without Sintonia the same program runs by itself: values() returns the given defaults, and report() prints.

import { appendFileSync, mkdirSync, readSync, writeSync } from "node:fs";

const { env } = process;

/** Returns the values of this trial by parameter; the defaults where the program runs by itself. */
export function values(defaults = {}) {
  return env.SINTONIA_VALUES === undefined ? { ...defaults } : JSON.parse(env.SINTONIA_VALUES);
}

/**
 * Reports the metrics of an epoch and waits until they are stored.
 *
 * @param {Record<string, number>} metrics - numbers by name; the study's objective is among them
 * @param {{ epoch?: number, checkpoint?: boolean }} [about] - `epoch` counts from 0, by default it is the one after the
 *   last report; `checkpoint` is true if the folder of checkpoint() holds the state after this epoch
 * @returns {boolean} true to go on, false to stop: the program should then end with exit code 0
 */
export function report(metrics, about = {}) {
  return send(metricsText(metrics, about));
}

/** Reports that these values cannot be trained, and ends the program. The oracle learns from it. */
export function infeasible(reason) {
  send(JSON.stringify({ infeasible: String(reason) }));
  process.exit(0);
}

/** Ends the program and asks for another attempt, which does not count: the fault is this machine's. */
export function retry() {
  process.exit(75);
}

/** Returns the folder whose files the next attempt finds again, once a report with `checkpoint` named them. */
export function checkpoint() {
  return folder(env.SINTONIA_CHECKPOINT_DIR ?? "checkpoint");
}

/** Returns the folder for the files of this trial that are kept, such as the model. */
export function artifacts() {
  return folder(env.SINTONIA_ARTIFACT_DIR ?? "artifacts");
}

/** Returns the seed of this execution, an unsigned 32-bit integer. */
export function seed() {
  return Number(env.SINTONIA_SEED ?? 0);
}

/** Returns the number of this execution within its trial, from 0. */
export function execution() {
  return Number(env.SINTONIA_EXECUTION ?? 0);
}

/** Returns the number of this attempt of the trial, from 1. */
export function attempt() {
  return Number(env.SINTONIA_ATTEMPT ?? 1);
}

function folder(path) {
  mkdirSync(path, { recursive: true });
  return path;
}

/** JSON has no NaN and no infinity; the report channel reads them as Python writes them. */
function metricsText(metrics, { epoch, checkpoint: saved }) {
  const numbers = Object.entries(metrics).map(([name, value]) => `${JSON.stringify(name)}: ${Number(value)}`);
  const rest = [...(epoch === undefined ? [] : [`"epoch": ${epoch}`]), ...(saved ? ['"checkpoint": true'] : [])];
  return `{"metrics": {${numbers.join(", ")}}${rest.map((part) => `, ${part}`).join("")}}`;
}

function send(text) {
  if (env.SINTONIA_REPORT_FD !== undefined) return ask(`${text}\n`);
  if (env.SINTONIA_REPORT_FILE === undefined) process.stdout.write(`${text}\n`);
  else appendFileSync(env.SINTONIA_REPORT_FILE, `${text}\n`);
  return true;
}

function ask(text) {
  try {
    const bytes = Buffer.from(text);
    for (let sent = 0; sent < bytes.length; ) sent += writeSync(Number(env.SINTONIA_REPORT_FD), bytes, sent);
    const answer = readLine(Number(env.SINTONIA_DIRECTIVE_FD));
    // Without an answer the trainer is gone or has decided the end.
    return answer !== "" && JSON.parse(answer).directive === "continue";
  } catch (error) {
    if (error.code === "EPIPE") return false;
    throw error;
  }
}

/** Reads one line. Directives come one at a time, so nothing after the line is lost. */
function readLine(descriptor) {
  const byte = Buffer.alloc(1);
  let line = "";
  while (readSync(descriptor, byte, 0, 1) === 1 && byte[0] !== 0x0a) line += byte.toString("latin1");
  return line;
}
