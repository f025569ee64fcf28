// Overload: a coordinator refuses some calls for lack of room, before they have any effect, and
// names a delay. The product's middleware carries the delay to the client, which waits for it.

import assert from "node:assert/strict";
import { OverloadStatus, PUSHBACK_METADATA } from "@sintonia/runtime/grpc/pushback";
import { type ClientError, type Metadata, type ServerMiddleware, Status } from "nice-grpc-common";
import type { World } from "../world/world.js";

/** Longest delay that a coordinator asks, in milliseconds. */
const DELAY_MAX_MS = 1_000;

const NO_ROOM = "Too many calls wait.";

/** Returns a middleware that refuses calls at random. */
export function overloaded(world: World): ServerMiddleware {
  return async function* refuseSome(call, context) {
    if (world.chance(world.faults.overload)) {
      world.note(`no room for ${call.method.path}`);
      throw new OverloadStatus(NO_ROOM, 1 + world.random.integer(DELAY_MAX_MS));
    }
    return yield* call.next(call.request, context);
  };
}

/** Checks that one call is not repeated before the delay that its refusal asked. */
export class RepeatCheck {
  readonly #world: World;
  readonly #method: string;
  #notBeforeMs = 0;

  constructor(world: World, method: string) {
    this.#world = world;
    this.#method = method;
  }

  noteSending(): void {
    const earlyMs = this.#notBeforeMs - this.#world.nowMs;
    if (earlyMs > 0) this.#fail(`is repeated ${earlyMs} ms before the delay that the coordinator asked`);
  }

  /** Notes a refusal. One for lack of room must name a delay. */
  noteRefusal({ code, details }: ClientError, trailer: Metadata | undefined): void {
    // Quotas of uploads are refused with the same code, and without a delay.
    if (code !== Status.RESOURCE_EXHAUSTED || details !== NO_ROOM) return;
    const delay = trailer?.get(PUSHBACK_METADATA);
    if (delay === undefined) this.#fail("is refused for lack of room without a delay");
    else this.#notBeforeMs = this.#world.nowMs + Number(delay.toString());
  }

  #fail(fault: string): void {
    this.#world.fail(new assert.AssertionError({ message: `${this.#method} ${fault}` }));
  }
}
