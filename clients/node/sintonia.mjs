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

import { appendFileSync, constants, mkdirSync, openSync, readSync, writeSync } from "node:fs";

const { env } = process;

/** Returns the values of this trial by parameter; the defaults where the program runs by itself. */
export function values(defaults = {}) {
  return env.SINTONIA_VALUES === undefined ? { ...defaults } : JSON.parse(env.SINTONIA_VALUES);
}

/**
 * Reports the metrics of an epoch, which are stored also if the program ends at once. Waits for the answer for at most a
 * hundredth of the time since the last report, so that short epochs lose no time; a later answer is that of the next
 * report. With `checkpoint` it waits until the checkpoint is copied.
 *
 * @param {Record<string, number>} metrics - numbers by name; the study's objective is among them
 * @param {{ epoch?: number, checkpoint?: boolean }} [about] - `epoch` counts from 0, by default it is the one after the
 *   last report; `checkpoint` is true if the folder of checkpoint() holds the state after this epoch
 * @returns {boolean} true to go on, false to stop: the program should then end with exit code 0
 */
export function report(metrics, about = {}) {
  return send(metricsText(metrics, about), about.checkpoint);
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

/** Returns the folder for the files of this trial that are kept, such as the model. In a test it has them. */
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

function send(text, mustWait = false) {
  if (env.SINTONIA_REPORT_FD !== undefined) return ask(`${text}\n`, mustWait);
  if (env.SINTONIA_REPORT_FILE === undefined) process.stdout.write(`${text}\n`);
  else appendFileSync(env.SINTONIA_REPORT_FILE, `${text}\n`);
  return true;
}

/** Reports that may wait for their answers while the program goes on: they are stored one after the other. */
const UNANSWERED_MAX = 512;
/** Time in ms from one look for an answer to the next. */
const LOOK_MS = 1;

/** The channel to the trainer. An answer that is late is read with a later report. */
const channel = { directives: undefined, rest: "", unanswered: 0, goesOn: true, sentMs: performance.now() };

/** Writes a report. Waits for its answer, but where it may, not longer than a hundredth of the epoch's time. */
function ask(text, mustWait) {
  const patienceMs = 0.01 * (performance.now() - channel.sentMs);
  // A reader of its own, since another one could not look without waiting.
  channel.directives ??= openSync(`/dev/fd/${env.SINTONIA_DIRECTIVE_FD}`, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const bytes = Buffer.from(text);
    for (let sent = 0; sent < bytes.length; ) sent += writeSync(Number(env.SINTONIA_REPORT_FD), bytes, sent);
  } catch (error) {
    if (error.code === "EPIPE") return false;
    throw error;
  }
  channel.unanswered += 1;
  const endMs = performance.now() + patienceMs;
  while (channel.unanswered > 0 && channel.goesOn) {
    if (readAnswers()) continue;
    const isPatient = mustWait || channel.unanswered > UNANSWERED_MAX;
    if (!isPatient && performance.now() + LOOK_MS > endMs) break;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LOOK_MS);
  }
  channel.sentMs = performance.now();
  return channel.goesOn;
}

/** Reads the answers that are there. Returns false if there is none. */
function readAnswers() {
  const bytes = Buffer.alloc(4096);
  let count = 0;
  try {
    count = readSync(channel.directives, bytes);
  } catch (error) {
    if (error.code === "EAGAIN") return false;
    throw error;
  }
  // Without an answer the trainer is gone or has decided the end.
  if (count === 0) channel.goesOn = false;
  const lines = (channel.rest + bytes.toString("latin1", 0, count)).split("\n");
  channel.rest = lines.pop() ?? "";
  for (const line of lines) {
    channel.unanswered -= 1;
    channel.goesOn = channel.goesOn && JSON.parse(line).directive === "continue";
  }
  return true;
}
