// The ports of coordinator and trainer to the simulated NATS.

import type { LeaderRecord } from "@sintonia/coordinator/core/leadership/leadership";
import type { AssignmentQueue, AssignmentRoute } from "@sintonia/coordinator/ports/assignment-queue";
import type { LeadershipStore } from "@sintonia/coordinator/ports/leadership-store";
import type { AppendResult, RecordPosition, StoredRecord, StudyLog } from "@sintonia/coordinator/ports/study-log";
import type { InstallationStore } from "@sintonia/coordinator/shell/installation";
import type { Assignment } from "@sintonia/protocol/lease";
import type { MemoryAssignmentSource } from "@sintonia/trainer/adapters/memory/assignment-source";
import type { AssignmentSource, Delivery } from "@sintonia/trainer/ports/assignment-source";
import { ANY_CLASS } from "@sintonia/tuning/spec/resources";
import { collected } from "../network/streams.js";
import type { SimulatedProcess } from "../world/process.js";
import type { SimulatedTerm } from "../world/term.js";
import type { World } from "../world/world.js";
import type { NatsServer } from "./nats-server.js";

/** Time after which the queue repeats a delivery that nobody settled, in milliseconds. */
const ACK_WAIT_MS = 12_000;

/** Time limit of a request about the leadership, as that of the NATS adapter, in milliseconds. */
const LEADERSHIP_MS = 1_500;

/** Returns the leader's record as a coordinator reads and writes it. */
export function leadershipClient(server: NatsServer, process: SimulatedProcess): LeadershipStore {
  const { leadership } = server;
  return {
    read: () => server.request(process, () => leadership.read(), LEADERSHIP_MS),
    write: (record: LeaderRecord, after: number) =>
      server.request(process, () => leadership.write(record, after), LEADERSHIP_MS),
  };
}

/** Returns the identity of the installation as a coordinator reads and writes it. */
export function installationClient(server: NatsServer, process: SimulatedProcess): InstallationStore {
  const create = async (id: string): Promise<string> => {
    server.installation ??= id;
    return server.installation;
  };
  return {
    read: () => server.request(process, async () => server.installation),
    create: (id) => server.request(process, () => create(id)),
  };
}

/** The study log of a term. */
export class StudyLogClient implements StudyLog {
  readonly #world: World;
  readonly #server: NatsServer;
  readonly #term: SimulatedTerm;
  /** Appends without an answer, by the text of their records. */
  readonly #unanswered = new Map<string, { readonly id: string; readonly sentMs: number }>();

  constructor(world: World, server: NatsServer, term: SimulatedTerm) {
    this.#world = world;
    this.#server = server;
    this.#term = term;
  }

  studies(): Promise<readonly string[]> {
    return this.#server.request(this.#term.process, () => this.#server.log.studies());
  }

  async *read(studyId: string, from?: RecordPosition): AsyncIterable<StoredRecord> {
    this.#term.readings += 1;
    yield* await this.#server.request(this.#term.process, () => collected(this.#server.log.read(studyId, from)));
  }

  revision(studyId: string): Promise<number> {
    return this.#server.request(this.#term.process, () => this.#server.log.revision(studyId));
  }

  last(studyId: string): Promise<StoredRecord | undefined> {
    return this.#server.request(this.#term.process, () => this.#server.log.last(studyId));
  }

  erase(studyId: string, before: number): Promise<"erased" | "refused"> {
    return this.#server.request(this.#term.process, () => this.#server.log.erase(studyId, before));
  }

  ensureReadable(): Promise<boolean> {
    return this.#server.request(this.#term.process, () => this.#server.log.ensureReadable());
  }

  async append(studyId: string, body: Uint8Array, position: { after: number; id: string }): Promise<AppendResult> {
    const text = Buffer.from(body).toString();
    const first = this.#unanswered.get(text) ?? { id: position.id, sentMs: this.#world.nowMs };
    this.#unanswered.set(text, first);
    this.#server.truth.checkRepeat(position.id, first.id);
    // A record may have waited before it was sent: for the confirmation of the leadership.
    const { at } = JSON.parse(text) as { readonly at: number };
    const append = { writer: this.#term.name, decidedMs: this.#term.process.worldMs(at) ?? first.sentMs };
    const result = await this.#server.request(this.#term.process, async () => {
      this.#server.requireRoom();
      const appended = await this.#server.log.append(studyId, body, position);
      if (appended.kind === "appended") this.#server.truth.take(studyId, body, append);
      return appended;
    });
    this.#unanswered.delete(text);
    return result;
  }
}

/** The work queue of a coordinator. */
export class QueueClient implements AssignmentQueue {
  readonly #server: NatsServer;
  readonly #process: SimulatedProcess;

  constructor(server: NatsServer, process: SimulatedProcess) {
    this.#server = server;
    this.#process = process;
  }

  /** Does nothing: the simulated server makes a queue when somebody first uses it. */
  async open(): Promise<void> {}

  publish(assignment: Assignment, { resourceClass = ANY_CLASS }: AssignmentRoute = {}): Promise<void> {
    return this.#server.request(this.#process, async () => {
      this.#server.truth.checkOffer(assignment);
      this.#server.offered.add(`${assignment.studyId}/${assignment.trialId}`);
      await this.#server.queueOf(resourceClass).publish(assignment);
    });
  }

  withdraw(studyId: string, trialId: string, resourceClass = ANY_CLASS): Promise<void> {
    return this.#server.request(this.#process, () => {
      this.#server.offered.delete(`${studyId}/${trialId}`);
      return this.#server.queueOf(resourceClass).withdraw(studyId, trialId);
    });
  }
}

/** A work queue of a trainer. */
export class SourceClient implements AssignmentSource {
  readonly #world: World;
  readonly #queue: MemoryAssignmentSource;
  readonly #server: NatsServer;
  readonly #process: SimulatedProcess;

  constructor(world: World, queue: MemoryAssignmentSource, server: NatsServer, process: SimulatedProcess) {
    this.#world = world;
    this.#queue = queue;
    this.#server = server;
    this.#process = process;
  }

  /** The server waits until it has an assignment, the client gives up, or the client ends. */
  async next(signal: AbortSignal): Promise<Delivery | undefined> {
    if (signal.aborted) return undefined;
    const pull = new AbortController();
    this.#process.onDeath(() => pull.abort());
    return await new Promise((resolve) => {
      const giveUp = () => {
        pull.abort();
        resolve(undefined);
      };
      signal.addEventListener("abort", giveUp, { once: true });
      this.#server.process.run(() => void this.#pull(pull.signal, signal, resolve));
    });
  }

  /** Delivers the next assignment, or gives it back if the client no longer waits. */
  async #pull(open: AbortSignal, wanted: AbortSignal, deliver: (delivery: Delivery) => void): Promise<void> {
    const delivery = await this.#queue.next(open);
    if (delivery === undefined) return;
    const watched = this.#watched(delivery);
    this.#world.after(1, () =>
      this.#process.run(() => {
        if (wanted.aborted) void watched.giveBack(0);
        else deliver(watched);
      }),
    );
  }

  /** Repeats a delivery that is not settled in time, and some that are. */
  #watched(delivery: Delivery): Delivery {
    let isSettled = false;
    const isRepeated = this.#world.chance(this.#world.faults.duplication);
    const delayMs = isRepeated ? this.#world.random.uniform() * 1_000 : ACK_WAIT_MS;
    this.#server.process.after(delayMs, () => {
      if (!isSettled) void delivery.giveBack(0);
    });
    const settle = (act: () => Promise<void>) =>
      this.#server.request(this.#process, () => {
        isSettled = true;
        return act();
      });
    return {
      assignment: delivery.assignment,
      accept: () =>
        settle(() => {
          this.#server.offered.delete(`${delivery.assignment.studyId}/${delivery.assignment.trialId}`);
          return delivery.accept();
        }),
      giveBack: (delay) => settle(() => delivery.giveBack(delay)),
    };
  }
}
