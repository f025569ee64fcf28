// The guard process. It lives as long as its standard input is open, and then ends what it watches.

import { rm } from "node:fs/promises";
import { createInterface } from "node:readline";
import type { Guarded, GuardMessage } from "./guard.js";
import { terminate } from "./termination.js";

/** Limit of the grace time in ms, since nobody waits for the end of these programs. */
const GRACE_MAX_MS = 5_000;

// The signals of a terminal or a platform reach the guard's parent, which closes standard input.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => {});

const watched = new Map<string, Guarded>();
const lines = createInterface({ input: process.stdin });
lines.on("line", (line) => {
  const message = JSON.parse(line) as GuardMessage;
  if (message.type === "forget") watched.delete(message.mark);
  else watched.set(message.guarded.mark, message.guarded);
});
lines.on("close", () => void Promise.all([...watched.values()].map(end)));

async function end(guarded: Guarded): Promise<void> {
  await terminate(guarded, Math.min(guarded.graceMs, GRACE_MAX_MS));
  await rm(guarded.folder, { recursive: true, force: true });
}
