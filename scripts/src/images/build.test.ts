import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { type BuildRequest, buildCommand, resolveBase } from "./build.js";
import { IMAGES } from "./catalogue.js";

const DIGEST = `sha256:${"ab".repeat(32)}`;

describe("the base of a build", () => {
  const path = process.env["PATH"];
  let folder: string;
  let lockFile: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "sintonia-base-"));
    lockFile = join(folder, "base-images.json");
    process.env["PATH"] = `${folder}:${path}`;
  });
  afterEach(() => {
    process.env["PATH"] = path;
    rmSync(folder, { recursive: true });
  });

  /** Puts a program "docker" in front of the path. */
  const engine = (script: string): void =>
    writeFileSync(join(folder, "docker"), `#!/bin/sh\n${script}\n`, { mode: 0o755 });

  it("is asked of the registry once, and then comes from the lock file", () => {
    engine(`[ "$1" = pull ] || echo node@${DIGEST}`);
    assert.equal(resolveBase("docker", "node:22", lockFile).reference, `node:22@${DIGEST}`);
    assert.deepEqual(JSON.parse(readFileSync(lockFile, "utf8")), { "node:22": DIGEST });
    engine("exit 1");
    assert.equal(resolveBase("docker", "node:22", lockFile).digest, DIGEST);
  });

  it("has no digest if it came from no registry, and is not noted", () => {
    engine('[ "$1" = pull ] && exit 1; echo');
    assert.equal(resolveBase("docker", "mine:1", lockFile).reference, "mine:1");
    assert.equal(existsSync(lockFile), false);
  });

  it("that nobody has is refused with the registry's answer", () => {
    engine('echo "error: no such host" >&2; exit 1');
    assert.throws(() => resolveBase("docker", "node:22", lockFile), /node:22 cannot be pulled \(error: no such host\)/);
  });
});

it("a child of the trainer's image is built from the image of the same tag", () => {
  const request: BuildRequest = {
    root: "/",
    engine: "docker",
    origin: { version: "0.1.0", revision: "abc", source: undefined, epochSeconds: 0 },
    base: { name: "node:22", digest: DIGEST, reference: `node:22@${DIGEST}` },
    tag: "test",
    platform: "linux/amd64",
    buildArguments: [],
    output: "/",
  };
  const commands = IMAGES.map((image) => buildCommand(image, request).join(" "));
  const children = commands.filter((command) => command.includes("--build-arg TRAINER_IMAGE=sintonia-trainer:test"));
  assert.equal(children.length, IMAGES.filter(({ parent }) => parent === "trainer").length);
  for (const command of commands) {
    assert.match(command, /^build --platform linux\/amd64 .* --file \S+Dockerfile --tag sintonia-\S+:test \.$/);
    assert.ok(command.includes(`NODE_IMAGE=node:22@${DIGEST}`));
  }
});
