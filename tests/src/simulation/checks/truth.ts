// The stored records, read as they are stored: what is true whatever a process believes.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import type { StudyEvent } from "@sintonia/coordinator/core/state/event";
import { evolve } from "@sintonia/coordinator/core/state/evolve";
import { findTrial, hasEnded, isLeased, leasableTrials, type Study } from "@sintonia/coordinator/core/state/study";
import type { Assignment, LeaseKey } from "@sintonia/protocol/lease";
import { TEST_RUN_ID } from "@sintonia/protocol/names";
import type { World } from "../world/world.js";
import { type Append, Facts } from "./facts.js";
import type { Reaping } from "./reaping.js";
import { checkStep } from "./study-invariants.js";

/** A record as the coordinator stores it. */
interface StoredStep {
  readonly sequence: number;
  readonly previous: string;
  readonly at: number;
  readonly events: readonly StudyEvent[];
}

/** The records of one study. */
interface Log {
  study: Study | undefined;
  /** Of the newest record. */
  writer: string;
  readonly steps: (StoredStep & { readonly digest: string })[];
}

export class Truth {
  readonly #world: World;
  readonly #facts: Facts;
  readonly #logs = new Map<string, Log>();
  /** Digests of the records in the coordinators' copy. */
  readonly #copied = new Set<string>();

  constructor(world: World, reaping: Reaping) {
    this.#world = world;
    this.#facts = new Facts(reaping);
  }

  /** Returns a study after all stored records. */
  study(studyId: string): Study | undefined {
    return this.#logs.get(studyId)?.study;
  }

  /** Tells whether a process wrote the newest record of a study. */
  isWriter(name: string, studyId: string): boolean {
    return this.#logs.get(studyId)?.writer.startsWith(`${name}/`) === true;
  }

  studies(): readonly Study[] {
    return [...this.#logs.values()].flatMap(({ study }) => study ?? []);
  }

  /** Returns the stored events of all studies. */
  events(): readonly StudyEvent[] {
    return [...this.#logs.values()].flatMap(({ steps }) => steps.flatMap(({ events }) => events));
  }

  /** Notes the lease under which a training made bytes. */
  noteWriter(sha256: string, token: number): void {
    this.#facts.noteWriter(sha256, token);
  }

  /** Checks that a repeated append has the id of the first, by which the store knows it. */
  checkRepeat(id: string, firstId: string): void {
    this.#guard(() => assert.equal(id, firstId, "a repeated append has the id of the first one"));
  }

  /** Takes a record that the store has stored, and checks the step. A repeat changes nothing. */
  take(studyId: string, body: Uint8Array, append: Append): void {
    const log = this.#logs.get(studyId) ?? { study: undefined, writer: "", steps: [] };
    this.#logs.set(studyId, log);
    const digest = digestOf(body);
    if (log.steps.some((step) => step.digest === digest)) return;
    const step = JSON.parse(Buffer.from(body).toString()) as StoredStep;
    this.#world.note(
      `${append.writer} stores ${studyId}/${step.sequence}: ${JSON.stringify(step.events, withoutSecrets)}`,
    );
    this.#guard(() => {
      assert.equal(step.sequence, log.steps.length + 1, "records are counted without gaps");
      assert.equal(step.previous, log.steps.at(-1)?.digest ?? "", "each record names the one before");
      this.#apply(log, step, append);
      log.steps.push({ ...step, digest });
      log.writer = append.writer;
    });
  }

  /** Notes a record in the coordinators' copy: the store must not lose the record for good. */
  noteCopied(body: Uint8Array): void {
    this.#copied.add(digestOf(body));
  }

  /** Tells whether a record is in the coordinators' copy. */
  isCopied(body: Uint8Array): boolean {
    return this.#copied.has(digestOf(body));
  }

  #apply(log: Log, { events, at }: StoredStep, append: Append): void {
    const before = log.study;
    let after = before;
    for (const event of events) {
      after = evolve(after, event, at);
      this.#facts.take(after, event, append);
    }
    log.study = after;
    if (after !== undefined) checkStep(before, after, events);
  }

  /** Checks that what a coordinator acknowledges is stored. */
  checkStored({ studyId, trialId, attempt }: Assignment, what: string): void {
    const fact = `${studyId}/${trialId}/${attempt} ${what}`;
    this.#guard(() => assert.ok(this.#facts.has(fact), `acknowledged before it is stored: ${fact}`));
  }

  /** Checks that a lease has ended. */
  checkEnded({ studyId, trialId, token }: LeaseKey): void {
    const study = this.study(studyId);
    const trial = study && findTrial(study, trialId);
    const isHeld = trial !== undefined && isLeased(trial) && trial.lease?.token === token;
    this.#guard(() => assert.ok(!isHeld, `the end of trial ${trialId} is acknowledged before it is stored`));
  }

  /** Checks that an assignment is offered for a stored trial. */
  checkOffer({ studyId, trialId, attempt }: Assignment): void {
    const study = this.study(studyId);
    const trial = study && findTrial(study, trialId);
    // An extension ends the test run, whose offer may be under way.
    const latest = trial?.attempt ?? (trialId === TEST_RUN_ID ? study?.testAttempts : undefined) ?? 0;
    const isStored = latest >= attempt;
    this.#guard(() => assert.ok(isStored, `trial ${trialId}/${attempt} is offered before it is stored`));
  }

  /** Checks that no open trial needs a checkpoint that is deleted. */
  checkDeletion(sha256: string): void {
    const open = this.studies().flatMap((study) => leasableTrials(study).filter((trial) => !hasEnded(trial)));
    const owner = open.find(({ checkpoints }) => checkpoints.some(({ artifact }) => artifact.sha256 === sha256));
    this.#guard(() => assert.equal(owner?.id, undefined, `checkpoint ${sha256} is deleted and still named`));
  }

  #guard(check: () => void): void {
    try {
      check();
    } catch (error) {
      this.#world.fail(error);
    }
  }
}

function digestOf(body: Uint8Array): string {
  return createHash("sha256").update(body).digest("hex");
}

/** Leaves the random text of leases out of the trace. */
function withoutSecrets(name: string, value: unknown): unknown {
  return name === "secret" ? undefined : value;
}
