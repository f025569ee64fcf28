import { existsSync, mkdirSync } from "node:fs";
import { unpackPackages } from "../debian/packages.js";
import { debianRelease } from "../debian/release.js";
import { baseImage, makeBaseImage } from "./base-image.js";
import { dockerAnswers } from "./docker.js";
import { home, PACKAGES } from "./home.js";

/**
 * Prepares a Docker engine of the tests' own, unless one answers: programs and a base image in the
 * cache of this checkout.
 *
 * @param report - receives one line before each long step
 * @returns one line: where the engine is, or why there is none
 * @throws {StepError} if a step fails
 */
export function prepareDocker(report: (line: string) => void): string {
  if (dockerAnswers()) return "Docker engine answers";
  const release = debianRelease();
  if (release === undefined || process.getuid?.() !== 0)
    return "no Docker engine answers, and only root on Debian can start one of the tests' own";
  mkdirSync(home.folder, { recursive: true });
  if (!existsSync(home.programs)) {
    report("Docker engine: downloading and unpacking Debian's packages, 65 MB ...");
    unpackPackages(home.programs, { title: "Docker engine", packages: PACKAGES });
  }
  const base = baseImage(release);
  if (!existsSync(base.archive)) {
    report("base image: installing Debian in a folder, about a minute ...");
    makeBaseImage(base, release);
  }
  return `Docker engine from ${home.programs}`;
}
