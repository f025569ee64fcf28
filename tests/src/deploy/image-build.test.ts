// Builds the folders of the images with npm and starts their programs. Takes minutes and needs a
// package registry, so an environment variable enables it.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { readRecipe } from "./dockerfile.js";
import { buildImageFolders } from "./image-build.js";
import { SERVICE_NAMES } from "./repository.js";

const skip = process.env["SINTONIA_TEST_IMAGES"] === "1" ? false : "set SINTONIA_TEST_IMAGES=1 to build them with npm";

/** Settings with which a service starts, and looks for NATS at an address without a server. */
const SETTINGS = {
  SINTONIA_NATS_URL: "nats://127.0.0.1:1",
  SINTONIA_GRPC_SECURITY: "insecure",
  SINTONIA_LOG_LEVEL: "silent",
};

describe("the files of an image", { skip }, () => {
  const folder = mkdtempSync(join(tmpdir(), "sintonia-image-"));
  after(() => rmSync(folder, { recursive: true }));

  for (const service of SERVICE_NAMES) {
    it(`contain everything that the ${service} needs to connect to NATS`, () => {
      const recipe = readRecipe(service);
      const app = buildImageFolders(recipe, join(folder, service));
      if (service === "coordinator")
        assert.ok(existsSync(join(app, "packages/page/site/index.html")), "the page is built");
      const [, ...args] = recipe.settings.command;
      const env = { ...recipe.settings.environment, ...SETTINGS };
      const { status, stderr } = spawnSync(process.execPath, args, { cwd: app, env, encoding: "utf8" });
      assert.match(stderr, /^[a-z-]+: NATS at nats:\/\/127\.0\.0\.1:1 does not answer .*\n$/);
      assert.equal(status, 1);
    });
  }
});
