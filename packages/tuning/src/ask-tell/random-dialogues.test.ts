// Random dialogues over random spaces with every oracle. They check what holds for all of them: no
// crash, no value outside the space, no enqueued point lost, no repeat while points are left.

import assert from "node:assert/strict";
import { test } from "node:test";
import { outcomeNames } from "../objective/outcomes.js";
import { createRandom, type Random } from "../random/random.js";
import { checkValues } from "../space/check/values.js";
import { constraintsOf } from "../space/constraint/parse.js";
import { isInRegion, type Region } from "../space/constraint/region.js";
import type { Parameter, ParameterValues } from "../space/parameter.js";
import { allValues, pointsOf, spaceSize } from "../space/sampling/enumeration.js";
import { sampleRegion } from "../space/sampling/sampling.js";
import { valuesKey } from "../space/values-key.js";
import { type Asked, type Conversation, converse, specOf } from "./dialogue.fixture.js";
import type { OracleSpec } from "./oracle-spec.js";

const DIALOGUES = 2_000;
const MESSAGES = 12;

/** Kinds of parameters; each dialogue draws some. */
const PARAMETERS: readonly object[] = [
  { type: "double", min: 0, max: 1 },
  { type: "double", min: 1e-4, max: 1, scale: "log", default: 0.01 },
  { type: "double", min: 0, max: 0.5, step: 0.1 },
  { type: "double", min: 0.9, max: 0.99, scale: "reverse-log", default: 0.95 },
  { type: "integer", min: 1, max: 4 },
  { type: "integer", min: 0, max: 9, step: 3, default: 6 },
  { type: "integer", min: 1, max: 64, scale: "log", factor: 4 },
  { type: "categorical", values: ["a", "b", "NaN"] },
  { type: "categorical", values: [1, 2.5, 4], default: 4 },
  { type: "boolean", default: true },
  { type: "fixed", value: 7 },
];

/** Oracles, the cheap ones more often. */
const ORACLES: readonly (readonly [number, object])[] = [
  [0.3, { type: "random" }],
  [0.62, { type: "quasi-random" }],
  [0.94, { type: "grid" }],
  [0.965, { type: "keras-tuner" }],
  [0.985, { type: "keras-tuner", faithful: true }],
  [1, { type: "bayesian" }],
];

/** Aims of a fifth of the dialogues: several objectives, limits, or both. */
const AIMS: readonly object[] = [
  { objectives: [{ metric: "a" }, { metric: "b", goal: "maximize" }] },
  { objectives: [{ metric: "a" }, { metric: "b" }, { metric: "c" }], limits: ["size <= 0", "a >= -1"] },
  { objectives: ["a", "b", "c", "d"].map((metric) => ({ metric })), pick: { weights: { a: 1, b: 2, c: 3, d: 4 } } },
  { objective: { metric: "a", goal: "maximize" }, limits: ["size <= 0.5"] },
];

/** Lines that change nothing. */
const INVALID = ["", "{", "nonsense", "[]", '{"ask": 0}', '{"tell": {"id": "999", "value": 1}}', '{"tell": {}}'];
const INVALID_TELLS = [{ value: "1" }, {}, { value: null }, { value: 1, noise: -1 }, { state: "done" }, { when: 1 }];

test(`${DIALOGUES} random dialogues lose no enqueued point, leave no space and repeat no point too early`, () => {
  for (let seed = 0; seed < DIALOGUES; seed++) {
    try {
      play(seed);
    } catch (error) {
      throw new Error(`the dialogue of seed ${seed} failed: ${(error as Error).message}`, { cause: error });
    }
  }
});

function play(seed: number): void {
  const random = createRandom(seed);
  const spec = randomSpec(random, seed);
  const watch = new Watch(spec);
  for (let i = 0; i < MESSAGES; i++) sayAnything(watch, random);
  while (watch.left.length > 0) watch.ask(1);
  assert.deepEqual(watch.enqueued, (spec.enqueue ?? []).map(watch.key));
}

function randomSpec(random: Random, seed: number): OracleSpec {
  const kinds = Array.from({ length: 1 + random.integer(3) }, () => PARAMETERS[random.integer(PARAMETERS.length)]);
  const parent = random.integer(3) === 0 ? { switch: { type: "boolean" } } : {};
  const parameters = Object.fromEntries(kinds.map((kind, i) => [`p${i}`, { ...kind }] as const));
  const names = Object.keys(parameters).filter((name) => isNumeric(parameters[name] as { type?: string }));
  if ("switch" in parent) Object.assign(parameters["p0"] as object, { when: { switch: true } });
  const constraints = names.length > 1 && random.integer(2) === 0 ? [`${names[0]} <= ${names[1]} + 2`] : [];
  const share = random.uniform();
  const aims = share > 0.94 && share <= 0.985 ? undefined : AIMS[random.integer(5 * AIMS.length)];
  const isModelled = aims !== undefined && random.integer(8) === 0;
  const oracle = isModelled ? { type: "bayesian" } : ORACLES.find(([below]) => share < below)?.[1];
  const base = specOf({ parameters: { ...parent, ...parameters }, constraints, oracle, seed, ...aims });
  const points = (count: number) =>
    Array.from({ length: count }, () => sampleRegion(regionOf(base), random) ?? assert.fail("an empty region"));
  const warmStart = points(aims === undefined ? random.integer(3) : 0).map((values) => ({
    values,
    objective: random.normal(),
  }));
  return { ...base, enqueue: points(random.integer(4)), ...(aims === undefined ? { warmStart } : {}) };
}

function isNumeric({ type }: { readonly type?: string }): boolean {
  return type === "double" || type === "integer";
}

function regionOf({ parameters, constraints = [] }: OracleSpec): Region {
  return { space: parameters, constraints: constraintsOf(constraints) };
}

function sayAnything(watch: Watch, random: Random): void {
  const pending = watch.pending[random.integer(watch.pending.length + 1)];
  const action = random.integer(6);
  if (action <= 1) watch.ask(1 + random.integer(3));
  else if (action === 2) watch.tell(sampleRegion(watch.region, random) ?? {}, resultOf(random, watch.outcomes));
  else if (action === 3) watch.refuse(INVALID[random.integer(INVALID.length)]);
  else if (pending === undefined) watch.ask(1);
  else if (action === 4) watch.end(pending, resultOf(random, watch.outcomes));
  else if (random.integer(6) === 0) watch.best();
  else {
    watch.refuse({ tell: { id: pending.id, ...INVALID_TELLS[random.integer(INVALID_TELLS.length)] } });
    watch.explain(pending);
  }
}

/** @param outcomes - names of the outcomes of a spec with several; none for one objective */
function resultOf(random: Random, outcomes: readonly string[]): object {
  const states = ["failed", "infeasible", "pruned"];
  const state = states[random.integer(6)];
  if (state !== undefined) return { state };
  if (outcomes.length === 0) return { value: random.normal() };
  const noise = random.integer(3) === 0 ? { noise: { a: 0.1 * random.uniform() } } : {};
  return { outcomes: Object.fromEntries(outcomes.map((name) => [name, random.normal()])), ...noise };
}

/** A dialogue that checks every answer. */
class Watch {
  readonly region: Region;
  /** Names of the outcomes of a spec with several; none for one objective. */
  readonly outcomes: readonly string[];
  readonly pending: Asked[] = [];
  /** Keys of the enqueued points that were suggested. */
  readonly enqueued: string[] = [];
  readonly #spec: OracleSpec;
  readonly #conversation: Conversation;
  readonly #used: Set<string>;
  /** Keys of all points of a discrete space; KerasTuner's original repeats them and ends early. */
  readonly #points: ReadonlySet<string> | undefined;

  constructor(spec: OracleSpec) {
    this.#spec = spec;
    this.region = regionOf(spec);
    this.outcomes = spec.aims === undefined ? [] : outcomeNames(spec.aims);
    this.#conversation = converse(spec);
    this.#used = new Set((spec.warmStart ?? []).map(({ values }) => this.key(values)));
    const isListed = Number.isFinite(spaceSize(spec.parameters)) && spec.oracle.faithful !== true;
    this.#points = isListed ? new Set(this.#allKeys()) : undefined;
  }

  /** Enqueued points that were not suggested yet. */
  get left(): readonly ParameterValues[] {
    return (this.#spec.enqueue ?? []).slice(this.enqueued.length);
  }

  readonly key = (values: ParameterValues): string => valuesKey(this.region.space, values);

  ask(count: number): void {
    const asked = this.#conversation.ask(count);
    for (const one of asked) this.#receive(one);
    assert.ok(asked.length === count || !this.#hasUnused(), "exhausted while points are left");
  }

  end(asked: Asked, result: object): void {
    this.#accept({ tell: { id: asked.id, ...result } });
    this.pending.splice(this.pending.indexOf(asked), 1);
  }

  tell(values: ParameterValues, result: object): void {
    const asked = this.pending.find((pending) => this.key(pending.values) === this.key(values));
    this.#accept({ tell: { values, ...result } });
    this.#used.add(this.key(values));
    if (asked !== undefined) this.pending.splice(this.pending.indexOf(asked), 1);
  }

  refuse(message: unknown): void {
    const answers = this.#conversation.say(message);
    assert.match(String(answers[0]?.["error"]), /^[^\n]+$/, JSON.stringify(message));
  }

  /** Asks for the best trial, and for the pick among those of a front. */
  best(): void {
    const [answer] = this.#conversation.say({ best: true });
    if (answer?.["error"] !== undefined || this.#spec.aims === undefined) return;
    const front = answer?.["front"] as { readonly id: string }[];
    const picked = answer?.["pick"] as { readonly id: string } | undefined;
    const isOnFront = front.some(({ id }) => id === picked?.id);
    assert.ok(isOnFront, JSON.stringify(answer));
  }

  explain({ id, values }: Asked): void {
    const [answer] = this.#conversation.say({ explain: { id } });
    assert.deepEqual([answer?.["error"], answer?.["values"]], [undefined, values]);
  }

  #receive(asked: Asked): void {
    const { values } = asked;
    const context = JSON.stringify(values);
    const [enqueued] = this.left;
    this.pending.push(asked);
    assert.ok(checkValues(this.region.space, values).ok && isInRegion(this.region, values), `outside: ${context}`);
    if (enqueued !== undefined) {
      assert.deepEqual(values, enqueued);
      this.enqueued.push(this.key(values));
    } else if (this.#hasUnused()) {
      assert.ok(!this.#used.has(this.key(values)), `repeated: ${context}`);
    }
    this.#used.add(this.key(values));
  }

  #accept(message: unknown): void {
    assert.deepEqual(this.#conversation.say(message), [{ ok: true }], JSON.stringify(message));
  }

  #hasUnused(): boolean {
    return [...(this.#points ?? [])].some((point) => !this.#used.has(point));
  }

  *#allKeys(): Generator<string> {
    const { space } = this.region;
    for (const values of pointsOf(this.region, (name) => allValues(space[name] as Parameter))) yield this.key(values);
  }
}
