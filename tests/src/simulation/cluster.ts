// The coordinator of the simulation: the real study machine with a compare-and-swap log, a work
// queue, an oracle and an evaluator. A crashed coordinator restarts from the log; sometimes the old
// one stays alive too.

import assert from "node:assert/strict";
import { apply, create, recover } from "@sintonia/coordinator/core/apply";
import { type Answer, needsCurrentLog } from "@sintonia/coordinator/core/boundary/answer";
import type { Effect } from "@sintonia/coordinator/core/boundary/effect";
import type { StudyInput } from "@sintonia/coordinator/core/boundary/input";
import type { Rules } from "@sintonia/coordinator/core/boundary/now";
import type { Step } from "@sintonia/coordinator/core/boundary/step";
import { selectionRequest } from "@sintonia/coordinator/core/query/oracle-request";
import type { StudyEvent } from "@sintonia/coordinator/core/state/event";
import { evolveAll } from "@sintonia/coordinator/core/state/evolve";
import type { State } from "@sintonia/coordinator/core/state/state";
import type { Study } from "@sintonia/coordinator/core/state/study";
import { studyIdOf } from "@sintonia/protocol/names.fixture";
import { chooseContenders } from "@sintonia/tuning/selection/ranking";
import { selectBest } from "@sintonia/tuning/selection/select-best";
import type { StudySpec } from "@sintonia/tuning/spec/study-spec";
import { checkInvariants, checkpointNames } from "./invariants.js";
import type { World } from "./world.js";

export const RULES: Rules = { leaseTtlMs: 3_000, republishAfterMs: 10_000, setAsideMs: 5_000 };
const TICK_MS = 200;
const READ_AGAIN_MS = 1_000;
const TEST_RESULT = { loss: 0.1, accuracy: 0.98, accuracyLow: 0.97, accuracyHigh: 0.99, examples: 100 };

/** A stored record: the events of one step and their time. */
export interface Commit {
  readonly at: number;
  readonly events: readonly StudyEvent[];
}

/** A stored checkpoint: the state from which training resumes. */
export interface StoredState {
  readonly state: number;
  readonly isDamaged: boolean;
}

interface Coordinator {
  state: State;
  /** Number of commits that this coordinator has read. */
  seen: number;
}

export class Cluster {
  readonly log: Commit[] = [];
  /** Attempt of each waiting assignment, by trial id. */
  readonly queue = new Map<string, number>();
  evaluations = 0;
  /** Stored checkpoints by checksum. */
  readonly checkpoints = new Map<string, StoredState>();
  /** Ids of the trainers that run. */
  readonly trainerIds = new Set<string>();
  readonly #world: World;
  readonly #capacity: number;
  #study: Study | undefined;
  /** Number of commits that `#study` covers. */
  #replayed = 0;
  #active: Coordinator | undefined;
  #retired: Coordinator | undefined;

  constructor(world: World, spec: StudySpec, capacity: number) {
    this.#world = world;
    this.#capacity = capacity;
    const step = create({ type: "create-study", studyId: studyIdOf("study"), spec }, this.#now(), RULES);
    this.#active = { state: step.state, seen: 0 };
    this.#take(this.#active, step);
    this.#tick();
    this.#misbehave();
  }

  /** Returns the study after all events of the log. */
  get study(): Study {
    const { log } = this;
    for (; this.#replayed < log.length; this.#replayed++) {
      const { at, events } = log[this.#replayed] as Commit;
      this.#study = evolveAll(this.#study, events, at);
    }
    if (this.#study === undefined) throw new Error("The log is empty.");
    return this.#study;
  }

  /**
   * Sends an input to the coordinator over the network. The answer returns over the network, or is
   * lost.
   *
   * @param onAnswer - also receives the study as the answering coordinator sees it
   */
  call(input: StudyInput, onAnswer: (answer: Answer, study: Study) => void): void {
    this.#world.send(() => {
      const target = this.#retired !== undefined && this.#world.chance(0.5) ? this.#retired : this.#active;
      const answer = target === undefined ? undefined : this.#submit(target, input);
      if (target === undefined || answer === undefined) return;
      const { study } = target.state;
      if (input.type === "save-checkpoint") this.#discardUnnamed(study, input.artifact.sha256);
      this.#world.send(() => onAnswer(answer, study));
    });
  }

  /** Stores the bytes of a checkpoint; some are damaged. */
  upload(sha256: string, state: number): void {
    this.checkpoints.set(sha256, { state, isDamaged: this.#world.chance(this.#world.faults.rot) });
  }

  /** Deletes an upload that no trial names, as the coordinator's gRPC service does. */
  #discardUnnamed(study: Study, sha256: string): void {
    if (!checkpointNames(study).includes(sha256)) this.#delete(sha256);
  }

  #delete(sha256: string): void {
    assert.ok(!checkpointNames(this.study).includes(sha256), `${sha256} is deleted and still named`);
    this.checkpoints.delete(sha256);
  }

  #submit(coordinator: Coordinator, input: StudyInput): Answer | undefined {
    const step = apply(coordinator.state, input, this.#now(), RULES);
    return this.#take(coordinator, step) ? step.answer : undefined;
  }

  /**
   * Persists the events, then carries out the effects. A coordinator that has not read the whole
   * log ends: the log refuses its write, or it detects the newer records when it verifies an answer
   * that takes something from a trainer.
   */
  #take(coordinator: Coordinator, step: Step): boolean {
    const isSure = step.events.length === 0 && !needsCurrentLog(step.answer);
    if (!isSure && coordinator.seen !== this.log.length) {
      this.#end(coordinator);
      return false;
    }
    if (step.events.length > 0) {
      const before = this.log.length === 0 ? undefined : coordinator.state.study;
      this.log.push({ at: this.#now().wallMs, events: step.events });
      coordinator.seen = this.log.length;
      for (const event of step.events) this.#world.note(JSON.stringify(event));
      checkInvariants(before, step.state.study, this.#capacity);
      for (const sha256 of checkpointNames(step.state.study))
        assert.ok(this.checkpoints.has(sha256), `${sha256} is stored`);
    }
    coordinator.state = step.state;
    for (const effect of step.effects) this.#carryOut(coordinator, effect);
    return true;
  }

  #carryOut(asker: Coordinator, effect: Effect): void {
    const { random } = this.#world;
    switch (effect.type) {
      case "publish-assignment":
        this.queue.set(effect.trialId, effect.attempt);
        return;
      case "withdraw-assignment":
        this.queue.delete(effect.trialId);
        return;
      case "delete-checkpoint":
        this.#world.after(this.#world.random.uniform() * 500, () => this.#delete(effect.sha256));
        return;
      case "request-suggestion": {
        const { trialNumber, basis } = effect;
        const suggestion = { values: { stddev: random.uniform() }, source: "random" } as const;
        this.#bringBack(asker, { type: "suggestion-ready", trialNumber, basis, suggestion });
        return;
      }
      case "choose-contenders": {
        const trialIds = chooseContenders(selectionRequest(asker.state.study), effect.count);
        this.#bringBack(asker, { type: "contenders-ready", trialIds });
        return;
      }
      case "select-best": {
        const selection = selectBest(selectionRequest(asker.state.study));
        this.#bringBack(asker, { type: "selection-ready", selection });
        return;
      }
      case "check-test-data":
      case "evaluate-best":
        this.#readTestSplit(asker, effect);
        return;
    }
  }

  /** Reads the test split, again after each fault, as long as the coordinator runs. */
  #readTestSplit(asker: Coordinator, effect: Extract<Effect, { type: "check-test-data" | "evaluate-best" }>): void {
    const isCheck = effect.type === "check-test-data";
    // Only the chosen trial of the log is evaluated on the test split.
    if (!isCheck) assert.equal(effect.trialId, this.study.selection?.trialId);
    if (this.#world.chance(this.#world.faults.badTestData)) {
      const fault = "away";
      this.#bringBack(
        asker,
        isCheck ? { type: "test-data-checked", fault } : { type: "evaluation-failed", message: fault },
      );
      this.#world.after(READ_AGAIN_MS, () => {
        if (this.#runs(asker)) this.#readTestSplit(asker, effect);
      });
    } else if (isCheck) {
      this.#bringBack(asker, { type: "test-data-checked" });
    } else {
      this.evaluations += 1;
      this.#bringBack(asker, { type: "best-evaluated", test: TEST_RESULT, models: [] });
    }
  }

  #runs(coordinator: Coordinator): boolean {
    return coordinator === this.#active || coordinator === this.#retired;
  }

  /** Returns the result of an effect within the same process. Only a crash loses it. */
  #bringBack(asker: Coordinator, input: StudyInput): void {
    this.#world.after(this.#world.random.uniform() * 100, () => {
      if (this.#runs(asker)) this.#submit(asker, input);
    });
  }

  #tick(): void {
    this.#world.after(TICK_MS, () => this.#tick());
    for (const coordinator of [this.#active, this.#retired]) {
      if (coordinator !== undefined)
        this.#submit(coordinator, { type: "tick", capacity: this.#capacity, trainerIds: [...this.trainerIds] });
    }
  }

  /** Ends a coordinator that has missed records. A supervisor restarts the active one. */
  #end(coordinator: Coordinator): void {
    this.#world.note("conflict: a coordinator that missed records ends");
    if (coordinator === this.#retired) this.#retired = undefined;
    if (coordinator !== this.#active) return;
    this.#active = undefined;
    this.#world.after(1_000, () => this.#restart());
  }

  /**
   * Lets the active coordinator crash at random each second. With probability 1/2 the old process
   * stays alive and does not know of its successor.
   */
  #misbehave(): void {
    this.#world.after(1_000, () => this.#misbehave());
    if (this.#active === undefined || !this.#world.chance(this.#world.faults.coordinatorCrash)) return;
    this.#world.note("coordinator crashes");
    this.#retired = this.#world.chance(0.5) ? this.#active : undefined;
    this.#active = undefined;
    this.#world.after(this.#world.random.uniform() * 2 * RULES.leaseTtlMs, () => this.#restart());
  }

  #restart(): void {
    this.#world.note("coordinator restarts");
    const { study } = this;
    const step = recover(study, this.#now(), RULES);
    this.#active = { state: step.state, seen: this.log.length };
    this.#take(this.#active, step);
  }

  #now() {
    return { monotonicMs: this.#world.nowMs, wallMs: 1_700_000_000_000 + this.#world.nowMs };
  }
}
