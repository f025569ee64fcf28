import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach } from "node:test";
import { connectAdminService } from "@sintonia/runtime/grpc/client";
import { Installation, type InstallationSettings } from "../chaos/installation.js";

/** The installation of the present test. */
interface Installed {
  readonly folder: string;
  readonly installation: Installation;
  readonly admin: ReturnType<typeof connectAdminService>;
}

/**
 * Gives each test of a suite an installation in a folder of its own, and checks at its end that no
 * process is left.
 *
 * @param name - lower-case word in the name of the folder
 * @returns the installation of the test that runs; undefined fields outside of tests
 */
export function installedForEach(name: string, settings: Omit<InstallationSettings, "folder">): Installed {
  const present = {} as { -readonly [K in keyof Installed]: Installed[K] };
  beforeEach(async () => {
    present.folder = mkdtempSync(path.join(tmpdir(), `sintonia-${name}-`));
    present.installation = await Installation.start({ ...settings, folder: present.folder });
    present.admin = connectAdminService(present.installation.addresses);
  });
  afterEach(async () => {
    present.admin.close();
    assert.deepEqual(await present.installation.close(), []);
    rmSync(present.folder, { recursive: true });
  });
  return present;
}
