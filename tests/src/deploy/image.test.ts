// Checks of the images that need no container engine. image-build.test.ts builds them with npm.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { isIgnored } from "./build-context.js";
import { type CopyStep, type ImageRecipe, readRecipe, type Step } from "./dockerfile.js";
import { variablesUnknownTo } from "./environment.js";
import { ROOT, SERVICE_NAMES, type ServiceName, workspaces, workspacesOf } from "./repository.js";

/** The V8 options of the coordinator, which the command line uses too. */
const COORDINATOR_OPTIONS = ["--v8-pool-size=1", "--max-semi-space-size=16", "--heap-growing-percent=150"];

for (const service of SERVICE_NAMES) {
  describe(`the image of the ${service}`, () => {
    const recipe = readRecipe(service);
    const { settings } = recipe;

    it("copies only files that exist and are not ignored", () => {
      for (const source of contextSources(recipe)) {
        assert.ok(existsSync(join(ROOT, source)), `${source} is copied but does not exist`);
        assert.ok(!isIgnored(source), `${source} is copied but .dockerignore leaves it out`);
      }
    });

    it("copies only from earlier stages", () => {
      recipe.stages.forEach(({ steps }, position) => {
        const before = recipe.stages.slice(0, position).map(({ name }) => name);
        for (const { from } of copies(steps)) if (from !== undefined) assert.ok(before.includes(from), from);
      });
    });

    it("contains the manifest of every workspace, which npm needs to accept the lock file", () => {
      const copied = contextSources(recipe);
      for (const folder of workspaces()) assert.ok(copied.includes(`${folder}/package.json`), `${folder} is missing`);
    });

    it("contains the build output of every workspace of the service", () => {
      assert.deepEqual(builtFolders(recipe), [...workspacesOf(service)].sort());
    });

    it("contains the descriptors of the reflection service", () => {
      assert.ok(
        copies(recipe.stages.at(-1)?.steps ?? []).some(({ sources }) => sources[0] === "proto/gen/sintonia.binpb"),
      );
    });

    it("has a base image with a fixed tag", () => {
      const bases = recipe.stages.map(({ base }) => base).filter((base) => base.includes(":"));
      assert.ok(bases.length > 0);
      for (const base of bases) assert.match(base, /^[^:]+:(?!latest$).+$/);
    });

    it("runs Node directly, as a numeric user other than root", () => {
      const options = service === "coordinator" ? COORDINATOR_OPTIONS : [];
      assert.deepEqual(settings.command, [
        "node",
        ...options,
        "--import",
        "./packages/runtime/dist/process/early-end.js",
        `services/${service}/dist/main.js`,
      ]);
      assert.match(settings.user, /^[1-9]\d*(:[1-9]\d*)?$/);
    });

    it("sets only variables that the service reads, to valid values", () => {
      assert.deepEqual(variablesUnknownTo(service, settings.environment), []);
    });

    it("disables the telemetry of ONNX Runtime", () => {
      assert.equal(settings.environment["ORT_DISABLE_TELEMETRY"], "1");
    });

    it("writes to volumes only", () => {
      const folders = Object.entries(settings.environment).filter(([name]) => /^SINTONIA_\w+_DIR$/.test(name));
      assert.deepEqual(folders.map(([, folder]) => folder).sort(), [...settings.volumes].sort());
    });

    it("exposes the ports of the service, its page and its metrics", () => {
      assert.deepEqual(settings.ports, PORTS[service]);
    });
  });
}

const PORTS: Readonly<Record<ServiceName, readonly string[]>> = {
  coordinator: ["7230", "7280", "9464"],
  trainer: ["9464"],
};

function copies(steps: readonly Step[]): readonly CopyStep[] {
  return steps.flatMap((step) => (step.kind === "COPY" ? [step] : []));
}

/** Returns all paths that the stages copy from the build context. */
function contextSources({ stages }: ImageRecipe): readonly string[] {
  const all = stages.flatMap(({ steps }) => copies(steps));
  return all.flatMap(({ from, sources }) => (from === undefined ? sources : []));
}

/** Returns the workspaces whose `dist` or `site` the last stage copies from the compiling stage. */
function builtFolders({ stages }: ImageRecipe): readonly string[] {
  const built = copies(stages.at(-1)?.steps ?? []).filter(({ from }) => from === "build");
  return built.map(({ target }) => target.replace(/\/(?:dist|site)\/$/, "")).sort();
}
