import assert from "node:assert/strict";
import { test } from "node:test";
import { createLogger } from "@sintonia/runtime/logger";
import { joinInstallation } from "./installation.js";

const logger = createLogger({ service: "coordinator", instance: "test", level: "silent" });
const names = { store: "nats://n:4222", folder: "/state" };

/** Joins with the given identities, and returns those that are stored then. */
async function joined(inStore: string | undefined, inFolder: string | undefined, mayAdopt = false, hasRecord = false) {
  const stored = { store: inStore, folder: inFolder };
  const store = {
    read: async () => stored.store,
    create: async (id: string) => {
      stored.store ??= id;
      return stored.store;
    },
  };
  const folder = {
    read: async () => stored.folder,
    write: async (id: string) => {
      stored.folder = id;
    },
  };
  await joinInstallation({ store, folder, names, mayAdopt, logger, sharesRecord: async () => hasRecord });
  return stored;
}

test("two places without an identity become an installation", async () => {
  const { store, folder } = await joined(undefined, undefined);
  assert.ok(store !== undefined);
  assert.equal(store, folder);
});

test("a new folder joins the installation of NATS, and an old one recognises it", async () => {
  assert.deepEqual(await joined("a", undefined), { store: "a", folder: "a" });
  assert.deepEqual(await joined("a", "a"), { store: "a", folder: "a" });
});

test("an empty or another NATS is a question, with the setting that answers it", async () => {
  await assert.rejects(joined(undefined, "a"), {
    name: "UserError",
    message: /^the state folder \/state belongs to installation a, but NATS at nats:\/\/n:4222 has no studies of it/,
  });
  await assert.rejects(joined("b", "a"), { message: /belongs to installation b; .*SINTONIA_ADOPT_NATS=true to go on/ });
});

test("a NATS that has lost its identity gets it back, if its studies are those of the folder", async () => {
  assert.deepEqual(await joined(undefined, "a", false, true), { store: "a", folder: "a" });
  await assert.rejects(joined("b", "a", false, true), { message: /belongs to installation b/ });
});

test("the answer lets the folder go on with this NATS", async () => {
  assert.deepEqual(await joined(undefined, "a", true), { store: "a", folder: "a" });
  assert.deepEqual(await joined("b", "a", true), { store: "b", folder: "b" });
});
