// Who may see and who may act, on the page of a coordinator that knows its callers.

import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { createToken } from "@sintonia/runtime/grpc/security/token-list";
import type { Browser, Page } from "playwright-core";
import { type NatsServer, startNatsServer } from "../support/nats-server.js";
import { CoordinatorProcess, tinySpec } from "../support/service-process.js";
import { launchChromium, NO_CHROMIUM, watchedPage } from "./support/chromium.js";

/** Time limit of a test, far above its duration on a busy machine. A hanging test fails. */
const LIMIT = { timeout: 120_000 };

describe("a reader of the page", { skip: NO_CHROMIUM }, () => {
  const ada = createToken({ name: "ada", role: "operator" });
  const vera = createToken({ name: "vera", role: "viewer" });
  let nats: NatsServer;
  let folder: string;
  let coordinator: CoordinatorProcess;
  let browser: Browser;
  let origin: string;

  before(async () => {
    nats = await startNatsServer();
    folder = await mkdtemp(join(tmpdir(), "sintonia-sign-in-"));
    const tokens = join(folder, "tokens");
    await writeFile(tokens, `${ada.line}\n${vera.line}\n`);
    coordinator = new CoordinatorProcess({
      SINTONIA_NATS_URL: nats.url,
      SINTONIA_STATE_DIR: join(folder, "state"),
      SINTONIA_GRPC_TOKENS_FILE: tokens,
      SINTONIA_PAGE_ADDRESS: "127.0.0.1:0",
    });
    await coordinator.line("coordinator ready");
    origin = `http://127.0.0.1:${(await coordinator.line("page listens"))["port"]}`;
    const created = await fetch(`${origin}/api/v1/studies`, {
      method: "POST",
      headers: { "Content-Type": "application/json", Authorization: `Bearer ${ada.token}` },
      body: JSON.stringify({ spec: tinySpec("guarded"), studyId: "guarded" }),
    });
    assert.equal(created.status, 200);
    browser = await launchChromium();
  });
  after(async () => {
    await browser?.close();
    await coordinator.end("SIGKILL");
    await nats.stop();
    await rm(folder, { recursive: true });
  });

  async function open(path: string): Promise<Page> {
    const { page } = await watchedPage(browser, origin);
    await page.goto(`${origin}${path}`);
    return page;
  }

  async function signIn(page: Page, token: string): Promise<void> {
    await page.getByLabel("Token").fill(token);
    await page.getByRole("button", { name: "Sign in" }).click();
  }

  it("is asked for a token, and told when the token is wrong", LIMIT, async () => {
    const page = await open("/studies/guarded");
    await signIn(page, "sintonia-wrong");
    await page.locator("form [role=alert], form .notice").first().waitFor();
    await signIn(page, vera.token);
    await page.getByRole("heading", { name: "guarded" }).waitFor();
    await page.context().close();
  });

  it("stays signed in after a reload, by a cookie that no script reads", LIMIT, async () => {
    const page = await open("/studies/guarded");
    await signIn(page, vera.token);
    await page.getByRole("heading", { name: "guarded" }).waitFor();
    await page.reload();
    await page.getByRole("heading", { name: "guarded" }).waitFor();
    assert.equal(await page.evaluate("document.cookie"), "");
    await page.context().close();
  });

  it("is let in by a link with a token, which leaves the address at once", LIMIT, async () => {
    const page = await open(`/studies/guarded#token=${ada.token}`);
    await page.getByRole("heading", { name: "guarded" }).waitFor();
    assert.equal(page.url(), `${origin}/studies/guarded`);
    await page.getByRole("button", { name: "Pause", exact: true }).waitFor();
    await page.context().close();
  });

  it("signs out: the cookie is gone", LIMIT, async () => {
    const page = await open(`/studies/guarded#token=${ada.token}`);
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByLabel("Token").waitFor();
    await page.reload();
    await page.getByLabel("Token").waitFor();
    await page.context().close();
  });

  it("has no buttons to act as a viewer", LIMIT, async () => {
    const page = await open(`/studies/guarded#token=${vera.token}`);
    await page.getByText("vera").first().waitFor();
    await page.getByRole("heading", { name: "guarded" }).waitFor();
    assert.equal(await page.locator(".actions button").count(), 0);
    await page.context().close();
  });
});
