// The fields of requests. Each is checked here, once: a refused field is INVALID_ARGUMENT and named
// with its limit. Nothing behind this file sees an unchecked text, number or size.

import {
  ArtifactKind,
  type Artifact as ArtifactMessage,
  type FileRef as FileMessage,
  type Measurement,
} from "@sintonia/proto/sintonia/v1/study";
import type { Trainer as TrainerMessage, LeaseKey as WireLeaseKey } from "@sintonia/proto/sintonia/v1/trainer";
import { UNKNOWN_EQUIPMENT } from "@sintonia/protocol/equipment";
import { FILE_MAX_BYTES, FILES_MAX, type FileRef } from "@sintonia/protocol/file";
import type { LeaseKey } from "@sintonia/protocol/lease";
import { type Form, SHA256, STUDY_ID, TRAINER_ID, TRIAL_ID, type TrainerId } from "@sintonia/protocol/names";
import { isFlavour } from "@sintonia/tuning/spec/resources";
import { LIMIT_SCHEMAS } from "@sintonia/tuning/spec/schema";
import type { SearchLimit, SearchLimits } from "@sintonia/tuning/spec/study-spec";
import type { ServerError } from "nice-grpc-common";
import type { Offer } from "../../../core/resources/fit.js";
import type { Artifact } from "../../../core/state/study.js";
import { invalidField } from "./status.js";

/** Limit of the metrics of one epoch. Keras reports four. */
export const METRICS_MAX = 64;

/** The form of a metric's name. Control and format characters do not appear in terminals. */
const METRIC_NAME = /^[^\p{C}\p{Zl}\p{Zp}]{1,100}$/u;

/** Length limit of the random text of a lease, in characters. */
const SECRET_MAX_LENGTH = 64;

/** Limit of the kept epochs of a trial: the largest `executionsPerTrial`. */
const KEPT_EPOCHS_MAX = 100;

/** Limit of the facts about a model; a trainer measures two. */
const FACTS_MAX = 16;

/** Size limit of an artifact: a model of 256 million float32 weights. */
export const ARTIFACT_MAX_BYTES = 2 ** 30;

/** Length limit of texts that explain something, in characters. Longer ones are truncated. */
const EXPLANATION_MAX_LENGTH = 1_000;

/** Length limit of the name of an engine, in characters. */
const ENGINE_MAX_LENGTH = 64;

/** Length limit of a refused text in an answer, in characters. */
const SHOWN_MAX_LENGTH = 80;

/** Returns a text as a name of a form. */
export function requireName<T extends string>(form: Form<T>, text: string, field: string): T {
  const name = form.parse(text);
  if (name !== undefined) return name;
  const received = text === "" ? "nothing" : shown(text);
  throw invalidField(field, `received ${received}, expected ${form.expected}.`);
}

/** Returns the lease of a request. */
export function requireLease(lease: WireLeaseKey | undefined): LeaseKey {
  if (lease === undefined) throw invalidField("lease", "is missing.", "lease is missing.");
  return {
    studyId: requireName(STUDY_ID, lease.studyId, "lease.study_id"),
    trialId: requireName(TRIAL_ID, lease.trialId, "lease.trial_id"),
    attempt: requireCount(lease.attempt, "lease.attempt"),
    token: requireCount(lease.token, "lease.token"),
    ...(lease.secret === "" ? {} : { secret: requireSecret(lease.secret) }),
  };
}

function requireSecret(text: string): string {
  if (text.length <= SECRET_MAX_LENGTH) return text;
  throw invalidField("lease.secret", `received ${text.length} characters, expected at most ${SECRET_MAX_LENGTH}.`);
}

/** The field of each limit of a search. */
const LIMIT_FIELDS = {
  maxTrials: "max_trials",
  maxEpochs: "max_epochs",
  maxSeconds: "max_seconds",
  maxTrainerSeconds: "max_trainer_seconds",
  minImprovement: "min_improvement",
  maxGap: "max_gap",
} as const satisfies Record<SearchLimit, string>;

/** Returns the limits of a request, at least one. A field of 0 gives no limit. */
export function requireLimits(request: Required<SearchLimits>): Partial<SearchLimits> {
  const given = Object.entries(LIMIT_FIELDS).filter(([limit]) => request[limit as SearchLimit] !== 0);
  if (given.length === 0) {
    throw invalidField("max_trials", "is missing.", "A larger limit is missing, such as max_trials.");
  }
  return Object.fromEntries(given.map(([limit, field]) => [limit, requireLimit(limit as SearchLimit, field, request)]));
}

function requireLimit(limit: SearchLimit, field: string, request: Required<SearchLimits>): number {
  const checked = LIMIT_SCHEMAS[limit].safeParse(request[limit]);
  if (checked.success) return checked.data;
  throw invalidField(field, `received ${request[limit]}, expected ${checked.error.issues[0]?.message}.`);
}

/** Returns the id of the trainer of a request. */
export function requireTrainer(trainer: { readonly id: string } | undefined): TrainerId {
  if (trainer === undefined) throw invalidField("trainer.id", "is missing.", "trainer.id is missing.");
  return requireName(TRAINER_ID, trainer.id, "trainer.id");
}

/**
 * Returns what a trainer offers: its engine, for persons, and its equipment. What it does not say
 * is unknown; a flavour of another form counts as none.
 */
export function offerOf(trainer: TrainerMessage | undefined): Offer {
  const { flavour = "", ...numbers } = trainer?.equipment ?? UNKNOWN_EQUIPMENT;
  const engine = explanation(cut(trainer?.engine ?? "", ENGINE_MAX_LENGTH));
  return { engine, ...numbers, ...(isFlavour(flavour) ? { flavour } : {}) };
}

/** Returns a number that counts from 1. */
export function requireCount(value: number, field: string): number {
  if (Number.isSafeInteger(value) && value >= 1) return value;
  throw invalidField(field, `received ${value}, expected a whole number from 1 on.`);
}

/** Returns the reference of a request to an artifact that a trainer uploads. */
export function requireArtifact(message: ArtifactMessage | undefined, field: string): Artifact {
  const kind = message?.kind === ArtifactKind.CHECKPOINT ? "checkpoint" : "weights";
  if (message === undefined || (kind === "weights" && message.kind !== ArtifactKind.WEIGHTS)) {
    throw invalidField(
      field,
      `must be an artifact of kind WEIGHTS or CHECKPOINT.`,
      `${field} must be an artifact of kind WEIGHTS or CHECKPOINT.`,
    );
  }
  const { sizeBytes } = message;
  if (!Number.isSafeInteger(sizeBytes) || sizeBytes < 0 || sizeBytes > ARTIFACT_MAX_BYTES) {
    throw invalidField(`${field}.size_bytes`, `received ${sizeBytes}, expected 0 to ${ARTIFACT_MAX_BYTES}.`);
  }
  return { kind, sha256: requireName(SHA256, message.sha256, `${field}.sha256`), sizeBytes };
}

/** Returns the reference of a request to an artifact of one kind. */
export function requireKind(message: ArtifactMessage | undefined, kind: Artifact["kind"], field: string): Artifact {
  const artifact = requireArtifact(message, field);
  if (artifact.kind === kind) return artifact;
  throw invalidField(
    field,
    `must be an artifact of kind ${kind.toUpperCase()}.`,
    `${field} must be an artifact of kind ${kind.toUpperCase()}.`,
  );
}

/** Returns the reference of a request to a file. */
export function requireFile(message: FileMessage | undefined, field: string): FileRef {
  if (message === undefined) throw invalidField(field, "is missing.", `${field} is missing.`);
  const { sizeBytes } = message;
  const sha256 = requireName(SHA256, message.sha256, `${field}.sha256`);
  if (Number.isSafeInteger(sizeBytes) && sizeBytes >= 0 && sizeBytes <= FILE_MAX_BYTES) return { sha256, sizeBytes };
  throw invalidField(`${field}.size_bytes`, `received ${sizeBytes}, expected 0 to ${FILE_MAX_BYTES}.`);
}

/** Returns the references of a request to files. */
export function requireFiles(messages: readonly FileMessage[], field: string): readonly FileRef[] {
  if (messages.length > FILES_MAX) {
    throw invalidField(field, `received ${messages.length} files, expected at most ${FILES_MAX}.`);
  }
  return messages.map((message, index) => requireFile(message, `${field}[${index}]`));
}

/** Returns the place of a request in a file. */
export function requireOffset(offset: number, field: string): number {
  if (Number.isSafeInteger(offset) && offset >= 0 && offset <= FILE_MAX_BYTES) return offset;
  throw invalidField(field, `received ${offset}, expected 0 to ${FILE_MAX_BYTES}.`);
}

/** Returns the measurement of a request. Its numbers may be infinite or NaN: the study decides. */
export function requireMeasurement(measurement: Measurement | undefined): Measurement {
  if (measurement === undefined) throw invalidField("measurement", "is missing.", "measurement is missing.");
  const names = Object.keys(measurement.metrics);
  if (names.length > METRICS_MAX) {
    throw invalidField("measurement.metrics", `received ${names.length} metrics, expected at most ${METRICS_MAX}.`);
  }
  const unusable = names.find((name) => name === "__proto__" || !METRIC_NAME.test(name));
  if (unusable === undefined) return measurement;
  const expected = "names of 1 to 100 printable characters";
  throw invalidField("measurement.metrics", `received the name ${shown(unusable)}, expected ${expected}.`);
}

/** Returns the kept epochs of a request. */
export function requireKeptEpochs(epochs: readonly number[]): readonly number[] {
  if (epochs.length <= KEPT_EPOCHS_MAX) return epochs;
  throw invalidField("kept_epochs", `received ${epochs.length} epochs, expected at most ${KEPT_EPOCHS_MAX}.`);
}

/** Returns the facts of a request. The study takes those that it knows, if they are finite. */
export function requireFacts(facts: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  const names = Object.keys(facts);
  if (names.length > FACTS_MAX) {
    throw invalidField("facts", `received ${names.length} facts, expected at most ${FACTS_MAX}.`);
  }
  const unusable = names.find((name) => name === "__proto__" || !METRIC_NAME.test(name));
  if (unusable === undefined) return facts;
  throw invalidField("facts", `received the name ${shown(unusable)}, expected names of 1 to 100 printable characters.`);
}

/**
 * Returns a text that explains something to a person: truncated, on one line, and with escapes for
 * the characters that move a cursor or change the direction of text. It goes into logs and
 * terminals.
 */
export function explanation(text: string): string {
  const line = cut(text, EXPLANATION_MAX_LENGTH).replaceAll(/[\t\r\n\u2028\u2029]+/g, " ");
  return line.replaceAll(/[\p{Cc}\p{Cf}]/gu, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
}

/** Returns INVALID_ARGUMENT for the token of a page. */
export function invalidPageToken(token: string): ServerError {
  const description = `${shown(token)} must be the next_page_token of an earlier response.`;
  return invalidField("page_token", description, `page_token ${description}`);
}

/** Refuses a text of more bytes than a limit. */
export function requireBytes(text: string, bytesMax: number, field: string): void {
  const bytes = Buffer.byteLength(text);
  if (bytes > bytesMax) throw invalidField(field, `received ${bytes} bytes, expected at most ${bytesMax}.`);
}

/** Formats a refused text for an answer, in quotes and truncated. */
export function shown(text: string): string {
  const start = JSON.stringify(cut(text, SHOWN_MAX_LENGTH));
  return text.length > SHOWN_MAX_LENGTH ? `${start}… of ${text.length} characters` : start;
}

/** Truncates a text without splitting a character. */
function cut(text: string, length: number): string {
  return text.length <= length ? text : text.slice(0, length).replace(/[\uD800-\uDBFF]$/, "");
}
