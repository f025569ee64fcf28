// The faults of training that mean that memory ran out.

import type { InputOf } from "../boundary/input.js";

/**
 * The words of TensorFlow, CUDA, ONNX Runtime, JavaScript and Python for memory that ran out, and
 * those of packages/program for a program that the system killed. The list may name too much: a
 * trial that is alone on its device fails as after any other fault.
 */
const PATTERNS: readonly RegExp[] = [
  /\bOOM\b/,
  /RESOURCE_EXHAUSTED|ResourceExhausted/,
  /out of memory/i,
  /OUT_OF_MEMORY|OutOfMemory|ALLOC_FAILED/,
  /failed to allocate/i,
  /(?:could not|cannot|can't) allocate/i,
  /bad[_ ]alloc/i,
  /Array buffer allocation failed/,
  /\bMemoryError\b/,
  /killed by SIGKILL/,
];

/**
 * Tells whether memory ran out. A training process that someone else killed by SIGKILL counts: the
 * kernel does that when the memory of the machine or of the container is full.
 */
export function isOutOfMemory(input: InputOf<"training-failed"> | InputOf<"child-died">): boolean {
  if (input.type === "child-died") return input.detail === "signal SIGKILL";
  const { kind, message } = input.failure;
  return kind === "error" && PATTERNS.some((pattern) => pattern.test(message));
}
