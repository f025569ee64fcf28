// What a person does on the page of a real coordinator, in Chromium.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Browser, Page } from "playwright-core";
import { Workplace } from "../support/at-once/workplace.js";
import { findings } from "./support/accessibility.js";
import { launchChromium, NO_CHROMIUM, type WatchedPage, watchedPage } from "./support/chromium.js";
import { pacedSpec } from "./support/programs.js";

/** Time limit of a test, far above its duration on a busy machine. A hanging test fails. */
const LIMIT = { timeout: 240_000 };

/** Every view of a study that has ended. */
const VIEWS = [
  "/",
  "/trainers",
  ...["", "/trials", "/curves", "/parameters", "/timeline", "/events", "/spec", "/trials/0"].map(
    (end) => `/studies/ended${end}`,
  ),
  "/compare?study=ended&trial=0&trial=1",
];

describe("the page", { skip: NO_CHROMIUM }, () => {
  let workplace: Workplace;
  let browser: Browser;
  let origin: string;

  before(async () => {
    workplace = await Workplace.open({ SINTONIA_PAGE_ADDRESS: "127.0.0.1:0" });
    const { port } = await workplace.coordinator.line("page listens");
    origin = `http://127.0.0.1:${port}`;
    await workplace.startTrainer({});
    browser = await launchChromium();
    await workplace.create("ended", pacedSpec("ended", { trials: 4, epochs: 5, epochMs: 20 }));
    await untilCompleted("ended");
  });
  after(async () => {
    await browser?.close();
    await workplace.close();
  });

  async function untilCompleted(studyId: string): Promise<void> {
    await workplace.coordinator.withAdmin(async (client) => {
      for await (const _ of client.watchStudy({ studyId }));
    });
  }

  /** Opens a path, and closes it after `use`. Nothing may go wrong on the page meanwhile. */
  async function on(
    path: string,
    use: (page: Page) => Promise<void>,
    options: Parameters<typeof watchedPage>[2] = {},
  ): Promise<void> {
    const watched: WatchedPage = await watchedPage(browser, origin, options);
    try {
      await watched.page.goto(`${origin}${path}`);
      await watched.page.locator("main h1").first().waitFor();
      await use(watched.page);
      assert.deepEqual(watched.problems, []);
    } finally {
      await watched.page.context().close();
    }
  }

  /** Pauses a study once some trials have completed. */
  async function pausedAfter(studyId: string, settled: number): Promise<void> {
    await workplace.coordinator.withAdmin(async (client) => {
      for await (const { study } of client.watchStudy({ studyId })) {
        if ((study?.settledCount ?? 0) >= settled) break;
      }
      await client.pauseStudy({ studyId, reason: "to look" });
    });
  }

  const pauseOf = (studyId: string): Promise<string | undefined> =>
    workplace.coordinator.withAdmin(async (client) => (await client.getStudy({ studyId })).study?.pause?.reason);

  /** Confirms the dialog that a button opens. */
  async function act(page: Page, button: string, fields: Readonly<Record<string, string>> = {}): Promise<void> {
    await page.getByRole("button", { name: button, exact: true }).click();
    const dialog = page.getByRole("dialog", { name: button });
    for (const [label, value] of Object.entries(fields)) await dialog.getByLabel(label).fill(value);
    await dialog.locator("button[type=submit]").click();
    await dialog.waitFor({ state: "hidden" });
  }

  it("leads from the list to a study, and follows it to its end without a reload", LIMIT, async () => {
    await workplace.create("live", pacedSpec("live", { trials: 2, epochs: 20, epochMs: 50 }));
    await on("/", async (page) => {
      await page.evaluate("window.stays = true");
      await page.getByRole("link", { name: "live", exact: true }).first().click();
      await page.locator(".title-bar").getByText("completed").waitFor();
      assert.equal(new URL(page.url()).pathname, "/studies/live");
      assert.equal(await page.evaluate("window.stays"), true);
    });
  });

  it("pauses a study with a reason, resumes and stops it", LIMIT, async () => {
    await workplace.create("steered", pacedSpec("steered", { trials: 3, epochs: 2_000, epochMs: 100 }));
    await on("/studies/steered", async (page) => {
      await act(page, "Pause", { Reason: "lunch" });
      await page.getByText("Paused: lunch").first().waitFor();
      assert.equal(await pauseOf("steered"), "lunch");
      await act(page, "Resume");
      await page.getByRole("button", { name: "Pause", exact: true }).waitFor();
      assert.equal(await pauseOf("steered"), undefined);
      await act(page, "Stop now");
      await page.locator(".title-bar").getByText("stopped").waitFor();
    });
  });

  it("cancels a trial, and enqueues its values again", LIMIT, async () => {
    await workplace.create("retried", pacedSpec("retried", { trials: 4, epochs: 2_000, epochMs: 100 }));
    await on("/studies/retried/trials/0", async (page) => {
      await act(page, "Cancel trial", { Reason: "too slow" });
      await page.locator(".title-bar").getByText("cancelled").waitFor();
      await act(page, "Retry");
      await page.getByText(/Trial \d is enqueued/).waitFor();
    });
    const events = await workplace.eventsOf("retried");
    assert.ok(events.some(({ type }) => type === "point-enqueued"));
    await workplace.coordinator.withAdmin((client) => client.stopStudy({ studyId: "retried" }));
  });

  it("extends a study that has ended, and follows it to its next end", LIMIT, async () => {
    await workplace.create("short", pacedSpec("short", { trials: 1, epochs: 3, epochMs: 20 }));
    await untilCompleted("short");
    await on("/studies/short", async (page) => {
      await act(page, "Extend", { "Largest number of trials": "3" });
      await page.getByText("3 of 3").first().waitFor();
      await page.locator(".title-bar").getByText("completed").waitFor();
    });
  });

  it("offers each limit of a study to an extension, and keeps those that stay empty", LIMIT, async () => {
    const limits = { maxEpochs: 6, maxSeconds: 5_000, minImprovement: 1e-9 };
    await workplace.create("limited", pacedSpec("limited", { trials: 50, limits, epochs: 3, epochMs: 20 }));
    await untilCompleted("limited");
    await on("/studies/limited", async (page) => {
      await page.getByRole("button", { name: "Extend", exact: true }).click();
      const inputs = page.getByRole("dialog", { name: "Extend" }).locator("input");
      assert.deepEqual(await inputs.evaluateAll((found) => found.map((input) => [input.name, input.placeholder])), [
        ["maxTrials", "now 50"],
        ["maxEpochs", "now 6"],
        ["maxSeconds", "now 5,000"],
        ["minImprovement", "now 1E-9"],
      ]);
      assert.deepEqual(await findings(page), []);
      await inputs.last().press("Enter");
      await page.getByText("Enter a larger limit").waitFor();
      await page.keyboard.press("Escape");
      await act(page, "Extend", { "Largest number of epochs": "9" });
      await page.getByText("9 of 9 epochs").waitFor();
      await page.locator(".title-bar").getByText("completed").waitFor();
    });
    const events = await workplace.eventsOf("limited");
    const reopened = events.flatMap((event) => (event.type === "study-reopened" ? [event] : []));
    assert.deepEqual(
      reopened.map(({ maxTrials, limits: larger }) => [maxTrials, larger]),
      [[50, { maxEpochs: 9 }]],
    );
  });

  it(
    "shows the front of several objectives beside the history, by the outcomes that a person chooses",
    LIMIT,
    async () => {
      const objectives = [
        { metric: "score", goal: "maximize" },
        { metric: "cost", goal: "minimize" },
      ];
      const aims = { objectives, limits: ["size <= 60"] };
      await workplace.create("aims", pacedSpec("aims", { trials: 6, aims, epochs: 2, epochMs: 20 }));
      await untilCompleted("aims");
      await on("/studies/aims", async (page) => {
        const section = page.locator("section").filter({ has: page.getByRole("heading", { name: "Front" }) });
        await section.getByRole("img", { name: /^front · score, cost/ }).waitFor();
        await section.getByText("★ picked").waitFor();
        await page.getByText("score (maximize), cost (minimize)").waitFor();
        assert.deepEqual(await findings(page), []);
        await section.getByLabel("Across").selectOption("size");
        await section.getByRole("img", { name: /^front · size, score/ }).waitFor();
        assert.match(page.url(), /frontX=size/);
        await section.locator("summary").click();
        await section.getByText("Show as table").click();
        await section.getByRole("table").nth(1).waitFor();
      });
      await on("/studies/aims/trials/5", async (page) => {
        await page.getByRole("button", { name: "Explain" }).click();
        await page.getByText("Probability that it holds: size <= 60").waitFor();
        await page.getByText("Predicted: cost").waitFor();
      });
      await on("/studies/aims/trials", async (page) => {
        for (const name of ["score", "cost", "size"]) await page.getByRole("columnheader", { name }).waitFor();
      });
    },
  );

  it("enqueues a trial at the value at which a person clicks into the slice", LIMIT, async () => {
    await workplace.create("points", pacedSpec("points", { trials: 200, epochs: 3, epochMs: 20 }));
    await pausedAfter("points", 4);
    await on("/studies/points/parameters?plot=slice", async (page) => {
      await page.getByText("Click into the plot").waitFor();
      const plot = page.locator(".chart svg, .chart canvas").first();
      const { width = 0, height = 0 } = (await plot.boundingBox()) ?? {};
      // Near the top edge no trial lies.
      await plot.click({ position: { x: width / 2, y: height * 0.12 } });
      const dialog = page.getByRole("dialog", { name: "Enqueue a trial" });
      const x = Number(await dialog.getByLabel("x", { exact: true }).inputValue());
      assert.ok(x > 0.4 && x < 0.6, `the middle of the axis is ${x}`);
      assert.deepEqual(await findings(page), []);
      await dialog.locator("button[type=submit]").click();
      await page.getByText(/Trial \d+ is enqueued/).waitFor();
      const events = await workplace.eventsOf("points");
      assert.ok(events.some((event) => event.type === "point-enqueued" && event.values["x"] === x));
    });
  });

  it("has no finding of axe, in light and dark", LIMIT, async () => {
    const found: string[] = [];
    for (const colorScheme of ["light", "dark"] as const) {
      for (const view of VIEWS) {
        const read = async (page: Page): Promise<void> => {
          for (const finding of await findings(page)) found.push(`${view}, ${colorScheme}: ${finding}`);
        };
        await on(view, read, { colorScheme });
      }
    }
    assert.deepEqual(found, []);
  });

  it("fits a phone: no view is wider than the screen", LIMIT, async () => {
    const wide: string[] = [];
    for (const view of VIEWS) {
      const width = async (page: Page): Promise<void> => {
        const pixels = await page.evaluate("document.documentElement.scrollWidth");
        if (pixels !== 360) wide.push(`${view}: ${pixels}`);
      };
      await on(view, width, { viewport: { width: 360, height: 740 } });
    }
    assert.deepEqual(wide, []);
  });

  it("is in Spanish for a reader whose browser is", LIMIT, async () => {
    const spanish = async (page: Page): Promise<void> => {
      await page.getByRole("link", { name: "Ensayos", exact: true }).waitFor();
      assert.equal(await page.locator("html").getAttribute("lang"), "es");
    };
    await on("/studies/ended", spanish, { locale: "es-ES" });
  });

  it("is used with the keyboard alone", LIMIT, async () => {
    await on("/studies/ended", async (page) => {
      await page.keyboard.press("Tab");
      assert.equal(await page.evaluate("document.activeElement.className"), "skip");
      await page.keyboard.press("?");
      await page.getByRole("dialog").waitFor();
      await page.keyboard.press("Escape");
      await page.getByRole("dialog").waitFor({ state: "hidden" });
      await page.keyboard.press("s");
      await page.waitForURL(`${origin}/`);
    });
  });

  it("exports a picture as SVG, PNG and CSV", LIMIT, async () => {
    await on("/studies/ended", async (page) => {
      for (const kind of ["SVG", "PNG", "CSV"]) {
        await page.locator(".chart-menu summary").first().click();
        const [download] = await Promise.all([
          page.waitForEvent("download"),
          page
            .getByRole("button", { name: new RegExp(kind) })
            .first()
            .click(),
        ]);
        assert.match(download.suggestedFilename(), new RegExp(`\\.${kind.toLowerCase()}$`));
      }
    });
  });

  it("cordons a trainer with a reason, drains it and takes it back", LIMIT, async () => {
    await on("/trainers", async (page) => {
      const state = page.locator("main .badge");
      await act(page, "Cordon", { Reason: "new driver" });
      await state.getByText("cordoned").waitFor();
      await page.getByText("Cordoned: new driver").waitFor();
      await act(page, "Drain");
      await page.getByRole("button", { name: "Drain", exact: true }).waitFor({ state: "hidden" });
      await act(page, "Uncordon");
      await state.getByText("free").waitFor();
    });
  });
});
