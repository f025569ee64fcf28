import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { isDeepStrictEqual } from "node:util";
import type { AssignmentQueue } from "@sintonia/coordinator/ports/assignment-queue";
import type { Assignment } from "@sintonia/protocol/lease";
import { studyIdOf, trialIdOf } from "@sintonia/protocol/names.fixture";
import type { AssignmentSource, Delivery } from "@sintonia/trainer/ports/assignment-source";

/** Both ends of a work queue, empty at the start of each test. */
export interface AssignmentsFixture {
  readonly queue: AssignmentQueue;
  /** The sources of two trainers. */
  readonly sources: readonly [AssignmentSource, AssignmentSource];
  /** Restarts the server of the queue, and resolves when the queue is usable again. */
  readonly restart: () => Promise<void>;
  readonly close: () => Promise<void>;
}

const trial = (trialId: string, attempt = 1): Assignment => ({
  studyId: studyIdOf("study"),
  trialId: trialIdOf(trialId),
  attempt,
});

/**
 * The last assignment of a queue. An assignment that was not delivered before it is not in the
 * queue.
 */
const LAST = trial("99");

/** Tests the common contract of AssignmentQueue and AssignmentSource. */
export function assignmentsContract(adapter: string, open: () => Promise<AssignmentsFixture>): void {
  describe(`assignments: ${adapter}`, () => {
    const context = new Context();
    beforeEach(async () => context.begin(await open()));
    afterEach(() => context.end());
    describeQueue(context);
    describeTrainers(context);
  });
}

/** The queue of the current test. */
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

  /** Waits for the next delivery to a trainer. */
  async next(trainer: 0 | 1 = 0): Promise<Delivery> {
    const delivery = await this.fixture.sources[trainer].next(this.#abort.signal);
    assert.ok(delivery, "next was aborted");
    return delivery;
  }

  /** Accepts the next assignment of the queue. */
  async accept(): Promise<Assignment> {
    const delivery = await this.next();
    await delivery.accept();
    return delivery.assignment;
  }

  /**
   * Accepts assignments up to a given one. After a restart the queue may repeat others that were
   * accepted shortly before.
   */
  async acceptUntil(wanted: Assignment): Promise<void> {
    let assignment = await this.accept();
    while (!isDeepStrictEqual(assignment, wanted)) assignment = await this.accept();
  }
}

function describeQueue(context: Context): void {
  it("delivers assignments unchanged, in the order of publication", async () => {
    const published = [trial("1", 1), trial("0", 7), { ...trial("1", 2), studyId: studyIdOf("other") }];
    for (const assignment of published) await context.fixture.queue.publish(assignment);
    assert.deepEqual([await context.accept(), await context.accept(), await context.accept()], published);
  });

  it("replaces the waiting assignment of a trial by a newer one", async () => {
    for (const attempt of [1, 1, 2]) await context.fixture.queue.publish(trial("0", attempt));
    await context.fixture.queue.publish(LAST);
    assert.deepEqual([await context.accept(), await context.accept()], [trial("0", 2), LAST]);
  });

  it("removes a withdrawn assignment, and accepts a repeated withdrawal", async () => {
    await context.fixture.queue.publish(trial("0"));
    await context.fixture.queue.publish(trial("1"));
    for (const _ of [1, 2]) await context.fixture.queue.withdraw("study", "0");
    await context.fixture.queue.publish(LAST);
    assert.deepEqual([await context.accept(), await context.accept()], [trial("1"), LAST]);
  });

  it("does not deliver an accepted assignment again", async () => {
    await context.fixture.queue.publish(trial("0"));
    await context.accept();
    await context.fixture.queue.publish(LAST);
    assert.deepEqual(await context.accept(), LAST);
  });

  it("delivers a newer attempt while an older one is held, and keeps it when the older one is accepted", async () => {
    await context.fixture.queue.publish(trial("0", 1));
    const older = await context.next();
    await context.fixture.queue.publish(trial("0", 2));
    await older.accept();
    assert.deepEqual((await context.next(1)).assignment, trial("0", 2));
  });

  it("waits across restarts, and keeps assignments that were published before", async () => {
    const { queue, restart } = context.fixture;
    await queue.publish(trial("0"));
    await restart();
    await context.acceptUntil(trial("0"));
    const waiting = context.acceptUntil(LAST);
    await restart();
    await queue.publish(LAST);
    await waiting;
  });
}

function describeTrainers(context: Context): void {
  it("delivers to a trainer that already waits", async () => {
    const waiting = context.next();
    await context.fixture.queue.publish(trial("0"));
    assert.deepEqual((await waiting).assignment, trial("0"));
  });

  it("delivers a returned assignment again, at once or after a delay", async () => {
    await context.fixture.queue.publish(trial("0"));
    for (const delayMs of [0, 50]) {
      const delivery = await context.next();
      assert.deepEqual(delivery.assignment, trial("0"));
      await delivery.giveBack(delayMs);
    }
    assert.deepEqual((await context.next(1)).assignment, trial("0"));
  });

  it("never delivers one assignment to two trainers", async () => {
    const ids = Array.from({ length: 20 }, (_, index) => String(index));
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

  it("stops waiting at an abort without losing an assignment", async () => {
    const { queue, sources } = context.fixture;
    for (const assignment of [trial("0"), trial("1")]) {
      const waiting = new AbortController();
      const aborted = sources[0].next(waiting.signal);
      waiting.abort();
      assert.equal(await aborted, undefined);
      assert.equal(await sources[0].next(waiting.signal), undefined);
      await queue.publish(assignment);
      assert.deepEqual((await context.next(1)).assignment, assignment);
      // The second round aborts a pending request, because the source has its connection by then.
      await queue.publish(trial("5"));
      await context.accept();
    }
  });
}
