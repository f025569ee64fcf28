// The terms of a coordinator process: starts the present term, and tells the edge whether this
// coordinator may answer.

import { messageOf } from "@sintonia/runtime/errors";
import type { Logger } from "@sintonia/runtime/logger";
import { StoreUnavailableError } from "../../ports/study-log.js";
import type { Part } from "../health/health.js";
import type { Election, Term } from "./election.js";

/**
 * Time for which a coordinator that cannot resume the studies leaves the leadership to others. It
 * doubles with each failure in a row, so that a folder without permission fills no log.
 */
const HOLD_MS = 1_000;
const HOLD_MAX_MS = 15_000;

/** The coordinator of a term, as far as its leadership concerns it. */
interface LedCoordinator {
  checkLogs(): Promise<void>;
}

/** A term that serves. */
interface Serving<S, C> {
  readonly services: S;
  readonly coordinator: C;
  readonly close: () => Promise<void>;
}

/** The standing of this coordinator among the others. */
export type Standing =
  /** `signal` ends the streams of the term. */
  | { readonly kind: "serving"; readonly signal: AbortSignal }
  /** The coordinator leads and reads the logs. */
  | { readonly kind: "reading-logs" }
  /**
   * NATS does not answer, or the process was suspended: this coordinator does not know whether it
   * leads.
   */
  | { readonly kind: "unconfirmed" }
  /** `leader` is the address of the leader; undefined if none is known. */
  | { readonly kind: "following"; readonly leader: string | undefined };

/** The server of this process, whose health and whose forwarding follow the leadership. */
interface Server {
  readonly port: number;
  setServing(serving: boolean): void;
  /** @param leader - address of another coordinator that leads, if one is known */
  setLeader(leader: string | undefined): void;
}

/** The dependencies of the terms. */
interface LeadingContext {
  readonly logger: Logger;
  /** Tells whether all parts of the process work. */
  readonly isHealthy: () => boolean;
}

/** The questions of a term about its leadership. */
export interface LeaderRights {
  /** Tells whether the leadership is confirmed. */
  readonly isLeading: () => boolean;
  /** Asks the store whether this coordinator still leads. */
  readonly confirmLeadership: () => Promise<boolean>;
}

/** The terms of a process. */
export class Leading<S, C extends LedCoordinator = LedCoordinator> {
  /** Rejects with a fault that ends the process, such as a state folder that cannot be written. */
  readonly failed: Promise<never>;
  readonly #context: LeadingContext;
  readonly #start: (term: Term, rights: LeaderRights) => Promise<Serving<S, C>>;
  #reject: (error: unknown) => void = () => undefined;
  #election: Election | undefined;
  #server: Server | undefined;
  #term: Term | undefined;
  #serving: Serving<S, C> | undefined;
  /** The term that served last. */
  #last: Serving<S, C> | undefined;
  #published = false;
  #termNumber = 0;
  /** Number of terms in a row that could not resume the studies. */
  #failures = 0;

  /** @param start - starts a term; its result serves until the term ends */
  constructor(context: LeadingContext, start: (term: Term, rights: LeaderRights) => Promise<Serving<S, C>>) {
    this.#context = context;
    this.#start = start;
    this.failed = new Promise((_, reject) => {
      this.#reject = reject;
    });
  }

  /** Connects the election and the server. */
  follow(election: Election, server: Server): void {
    this.#election = election;
    this.#server = server;
  }

  /** The callbacks of the election. */
  readonly handlers = {
    onTerm: (term: Term): void => void this.#begin(term),
    onChange: (): void => this.publish(),
  };

  readonly #rights: LeaderRights = {
    isLeading: () => this.#election?.isLeading === true,
    confirmLeadership: async () => (await this.#election?.confirm()) === true,
  };

  /** Returns the services of the present term; undefined if this coordinator does not serve. */
  readonly services = (): S | undefined => this.#serving?.services;

  /** Returns the coordinator of the present term; undefined if this process does not serve. */
  readonly coordinator = (): C | undefined =>
    this.standing().kind === "serving" ? this.#serving?.coordinator : undefined;

  /** Returns the number of the last term of this process; 0 before the first. */
  readonly termNumber = (): number => this.#termNumber;

  /** Returns the standing of this moment. */
  readonly standing = (): Standing => {
    const term = this.#term;
    if (term === undefined && this.#election?.isStoreAway === true) return { kind: "unconfirmed" };
    if (term === undefined) return { kind: "following", leader: this.#election?.leader };
    if (!this.#rights.isLeading()) return { kind: "unconfirmed" };
    return this.#serving === undefined ? { kind: "reading-logs" } : { kind: "serving", signal: term.signal };
  };

  /** The logs of the present term as a part of the health. */
  readonly studyLogs: Part = { name: "study logs", check: async () => await this.#serving?.coordinator.checkLogs() };

  /** Returns a part that is checked only while this coordinator serves. */
  whileServing(part: Part): Part {
    return { name: part.name, check: async () => await (this.#serving && part.check()) };
  }

  /** Closes the present term in an orderly end of the process, while it still leads. */
  async close(): Promise<void> {
    await this.#last?.close();
  }

  /** Tells the server who leads, and whether calls are answered here. */
  publish(): void {
    const standing = this.standing();
    // While the store does not answer, the leader that was known may answer on.
    if (standing.kind !== "unconfirmed")
      this.#server?.setLeader(standing.kind === "following" ? standing.leader : undefined);
    const serving = this.#answers(standing) && this.#context.isHealthy();
    if (serving !== this.#published) this.#server?.setServing(serving);
    this.#published = serving;
  }

  /** A follower answers through the leader. */
  #answers({ kind }: Standing): boolean {
    return kind === "serving" || (kind === "following" && this.#election?.hasLiveLeader === true);
  }

  async #begin(term: Term): Promise<void> {
    this.#term = term;
    this.#termNumber = term.number;
    term.signal.addEventListener("abort", () => this.#end(term), { once: true });
    try {
      const serving = await this.#start(term, this.#rights);
      if (term.signal.aborted) return;
      this.#failures = 0;
      this.#serving = serving;
      this.#last = serving;
      this.#context.logger.info({ port: this.#server?.port, term: term.number }, "coordinator ready");
      this.publish();
    } catch (error) {
      if (!term.signal.aborted) this.#fail(error);
    }
  }

  #end(term: Term): void {
    if (this.#term !== term) return;
    this.#term = undefined;
    this.#serving = undefined;
    this.publish();
  }

  /**
   * Leaves the leadership to others if NATS or the state folder cannot be used; any other fault
   * ends the process.
   */
  #fail(error: unknown): void {
    if (error instanceof StoreUnavailableError) {
      this.#context.logger.warn({ reason: messageOf(error) }, "studies cannot be resumed, leadership released");
      void this.#election?.release(Math.min(HOLD_MAX_MS, HOLD_MS * 2 ** this.#failures));
      this.#failures += 1;
    } else {
      this.#reject(error);
    }
  }
}
