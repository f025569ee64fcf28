// What can be said of the images without an engine that builds them. rehearsal.test.ts goes further.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { isIgnored } from "./build-context.js";
import { type CopyStep, type ImageRecipe, readRecipe, type Step } from "./dockerfile.js";
import { variablesUnknownTo } from "./environment.js";
import { ROOT, SERVICE_NAMES, type ServiceName, workspaces, workspacesOf } from "./repository.js";

for (const service of SERVICE_NAMES) {
  describe(`the image of the ${service}`, () => {
    const recipe = readRecipe(service);
    const { settings } = recipe;

    it("is built from files that are there and not ignored", () => {
      for (const source of contextSources(recipe)) {
        assert.ok(existsSync(join(ROOT, source)), `${source} is copied but does not exist`);
        assert.ok(!isIgnored(source), `${source} is copied but .dockerignore leaves it out`);
      }
    });

    it("copies from stages that come before", () => {
      recipe.stages.forEach(({ steps }, position) => {
        const before = recipe.stages.slice(0, position).map(({ name }) => name);
        for (const { from } of copies(steps)) if (from !== undefined) assert.ok(before.includes(from), from);
      });
    });

    it("has the manifest of every workspace, without which npm refuses the lock file", () => {
      const copied = contextSources(recipe);
      for (const folder of workspaces()) assert.ok(copied.includes(`${folder}/package.json`), `${folder} is missing`);
    });

    it("carries what every workspace of the service was built to", () => {
      assert.deepEqual(builtFolders(recipe), [...workspacesOf(service)].sort());
    });

    it("carries the descriptors that the reflection service reads", () => {
      assert.ok(
        copies(recipe.stages.at(-1)?.steps ?? []).some(({ sources }) => sources[0] === "proto/gen/sintonia.binpb"),
      );
    });

    it("stands on an image with a fixed tag", () => {
      const bases = recipe.stages.map(({ base }) => base).filter((base) => base.includes(":"));
      assert.ok(bases.length > 0);
      for (const base of bases) assert.match(base, /^[^:]+:(?!latest$).+$/);
    });

    it("runs Node itself, as a user with a number other than root's", () => {
      const options = service === "coordinator" ? ["--v8-pool-size=1"] : [];
      assert.deepEqual(settings.command, ["node", ...options, `services/${service}/dist/main.js`]);
      assert.match(settings.user, /^[1-9]\d*(:[1-9]\d*)?$/);
    });

    it("sets only variables that the service knows, to values that it takes", () => {
      assert.deepEqual(variablesUnknownTo(service, settings.environment), []);
    });

    it("keeps ONNX Runtime from reporting its use", () => {
      assert.equal(settings.environment["ORT_DISABLE_TELEMETRY"], "1");
    });

    it("writes to volumes alone", () => {
      const folders = Object.entries(settings.environment).filter(([name]) => /^SINTONIA_\w+_DIR$/.test(name));
      assert.deepEqual(folders.map(([, folder]) => folder).sort(), [...settings.volumes].sort());
    });

    it("opens the port that the service listens on", () => {
      assert.deepEqual(settings.ports, PORTS[service]);
    });
  });
}

const PORTS: Readonly<Record<ServiceName, readonly string[]>> = { coordinator: ["7230"], trainer: [] };

function copies(steps: readonly Step[]): readonly CopyStep[] {
  return steps.flatMap((step) => (step.kind === "COPY" ? [step] : []));
}

/** Everything that is copied from the build context. */
function contextSources({ stages }: ImageRecipe): readonly string[] {
  const all = stages.flatMap(({ steps }) => copies(steps));
  return all.flatMap(({ from, sources }) => (from === undefined ? sources : []));
}

/** Workspaces whose `dist` the last stage takes from the stage that compiles. */
function builtFolders({ stages }: ImageRecipe): readonly string[] {
  const built = copies(stages.at(-1)?.steps ?? []).filter(({ from }) => from === "build");
  return built.map(({ target }) => target.replace(/\/dist\/$/, "")).sort();
}
