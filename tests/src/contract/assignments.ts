import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { isDeepStrictEqual } from "node:util";
import type { AssignmentQueue } from "@sintonia/coordinator/ports/assignment-queue";
import type { Assignment } from "@sintonia/protocol/lease";
import type { AssignmentSource, Delivery } from "@sintonia/trainer/ports/assignment-source";

/** Both ends of a work queue under test, empty at the start of each test. */
export interface AssignmentsFixture {
  readonly queue: AssignmentQueue;
  /** Two trainers. */
  readonly sources: readonly [AssignmentSource, AssignmentSource];
  /** Restarts what holds the queue, and resolves when it can be used again. */
  readonly restart: () => Promise<void>;
  readonly close: () => Promise<void>;
}

const trial = (trialId: string, attempt = 1): Assignment => ({ studyId: "study", trialId, attempt });

/** Comes last in a queue: whatever is not delivered before it does not wait. */
const LAST = trial("last");

/** What every AssignmentQueue and AssignmentSource must do together. */
export function assignmentsContract(adapter: string, open: () => Promise<AssignmentsFixture>): void {
  describe(`assignments: ${adapter}`, () => {
    const context = new Context();
    beforeEach(async () => context.begin(await open()));
    afterEach(() => context.end());
    describeQueue(context);
    describeTrainers(context);
  });
}

/** The queue of the test under way. */
class Context {
  #fixture: AssignmentsFixture | undefined;
  #abort = new AbortController();

  begin(fixture: AssignmentsFixture): void {
    this.#fixture = fixture;
    this.#abort = new AbortController();
  }

  async end(): Promise<void> {
    this.#abort.abort();
    await this.fixture.close();
  }

  get fixture(): AssignmentsFixture {
    assert.ok(this.#fixture);
    return this.#fixture;
  }

  /** Waits for the next delivery to one of the trainers. */
  async next(trainer: 0 | 1 = 0): Promise<Delivery> {
    const delivery = await this.fixture.sources[trainer].next(this.#abort.signal);
    assert.ok(delivery, "next was aborted");
    return delivery;
  }

  /** Takes the next assignment off the queue. */
  async accept(): Promise<Assignment> {
    const delivery = await this.next();
    await delivery.accept();
    return delivery.assignment;
  }

  /** Takes assignments until a certain one comes. A restart may bring back others that were accepted just before it. */
  async acceptUntil(wanted: Assignment): Promise<void> {
    let assignment = await this.accept();
    while (!isDeepStrictEqual(assignment, wanted)) assignment = await this.accept();
  }
}

function describeQueue(context: Context): void {
  it("delivers assignments in the order of publication, as they were published", async () => {
    const published = [trial("b", 1), trial("a", 7), { studyId: "other", trialId: "b", attempt: 2 }];
    for (const assignment of published) await context.fixture.queue.publish(assignment);
    assert.deepEqual([await context.accept(), await context.accept(), await context.accept()], published);
  });

  it("replaces an assignment of a trial that is published again", async () => {
    for (const attempt of [1, 1, 2]) await context.fixture.queue.publish(trial("a", attempt));
    await context.fixture.queue.publish(LAST);
    assert.deepEqual([await context.accept(), await context.accept()], [trial("a", 2), LAST]);
  });

  it("takes a withdrawn assignment off the queue, and minds no second time", async () => {
    await context.fixture.queue.publish(trial("a"));
    await context.fixture.queue.publish(trial("b"));
    for (const _ of [1, 2]) await context.fixture.queue.withdraw("study", "a");
    await context.fixture.queue.publish(LAST);
    assert.deepEqual([await context.accept(), await context.accept()], [trial("b"), LAST]);
  });

  it("does not offer an accepted assignment again", async () => {
    await context.fixture.queue.publish(trial("a"));
    await context.accept();
    await context.fixture.queue.publish(LAST);
    assert.deepEqual(await context.accept(), LAST);
  });

  it("offers a newer attempt while an older one is held, and keeps it when the older one is accepted", async () => {
    await context.fixture.queue.publish(trial("a", 1));
    const older = await context.next();
    await context.fixture.queue.publish(trial("a", 2));
    await older.accept();
    assert.deepEqual((await context.next(1)).assignment, trial("a", 2));
  });

  it("goes on waiting across restarts, and keeps what was published before them", async () => {
    const { queue, restart } = context.fixture;
    await queue.publish(trial("a"));
    await restart();
    await context.acceptUntil(trial("a"));
    const waiting = context.acceptUntil(LAST);
    await restart();
    await queue.publish(LAST);
    await waiting;
  });
}

function describeTrainers(context: Context): void {
  it("delivers to a trainer that was waiting before", async () => {
    const waiting = context.next();
    await context.fixture.queue.publish(trial("a"));
    assert.deepEqual((await waiting).assignment, trial("a"));
  });

  it("offers an assignment again that was given back, at once or after a while", async () => {
    await context.fixture.queue.publish(trial("a"));
    for (const delayMs of [0, 50]) {
      const delivery = await context.next();
      assert.deepEqual(delivery.assignment, trial("a"));
      await delivery.giveBack(delayMs);
    }
    assert.deepEqual((await context.next(1)).assignment, trial("a"));
  });

  it("never offers one assignment to two trainers at once", async () => {
    const ids = Array.from({ length: 20 }, (_, index) => `t${index}`);
    const take = async (trainer: 0 | 1): Promise<Delivery[]> => {
      const deliveries = [];
      for (let taken = 0; taken < 10; taken += 1) deliveries.push(await context.next(trainer));
      return deliveries;
    };
    const both = Promise.all([take(0), take(1)]);
    for (const id of ids) await context.fixture.queue.publish(trial(id));
    const held = (await both).flat();
    assert.deepEqual(held.map(({ assignment }) => assignment.trialId).sort(), [...ids].sort());
    await context.fixture.queue.publish(LAST);
    assert.deepEqual(await context.accept(), LAST, "nothing that is held is offered");
    await Promise.all(held.map((delivery) => delivery.accept()));
  });

  it("ends the waiting at an abort, and loses nothing by it", async () => {
    const { queue, sources } = context.fixture;
    for (const assignment of [trial("a"), trial("b")]) {
      const waiting = new AbortController();
      const aborted = sources[0].next(waiting.signal);
      waiting.abort();
      assert.equal(await aborted, undefined);
      assert.equal(await sources[0].next(waiting.signal), undefined);
      await queue.publish(assignment);
      assert.deepEqual((await context.next(1)).assignment, assignment);
      // The second round aborts a request that is on its way: the source has its connection to the queue by now.
      await queue.publish(trial("between"));
      await context.accept();
    }
  });
}
