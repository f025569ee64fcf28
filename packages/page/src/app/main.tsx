// Starts the page in the browser.

import { effect } from "@preact/signals";
import { render } from "preact";
import { clientOf } from "../api/client.js";
import { documentTransport, REPORT_ELEMENT } from "../api/document-transport.js";
import { httpTransport } from "../api/http-transport.js";
import { parseJson } from "../api/json.js";
import type { ReportDocument } from "../report/document.js";
import { newPage, type Page } from "../store/page.js";
import { startPreferences } from "../store/preference/preferences.js";
import { startNavigation } from "../store/route/navigation.js";
import { pathOfRoute, type Route } from "../store/route/route.js";
import { PageProvider } from "../view/part/context.js";
import { App } from "./app.js";
import { addressBar, browserEffects, browserStorage, hashBar } from "./browser.js";
import { startKeyboard } from "./keyboard.js";
import { readCaller, startSession, takeToken } from "./session.js";

function startPage(): Page {
  const report = readReport();
  const transport = report === undefined ? httpTransport((url, init) => fetch(url, init)) : documentTransport(report);
  // A report has the language in which it was written, until its reader chooses another.
  const languages = [...(report === undefined ? [] : [document.documentElement.lang]), ...navigator.languages];
  return newPage({
    mode: report === undefined ? "server" : "report",
    report,
    client: clientOf(transport),
    navigation:
      report === undefined
        ? startNavigation(addressBar())
        : startNavigation(hashBar(pathOfRoute(studyOf(report))), "#"),
    preferences: startPreferences(browserStorage(), languages),
    effects: browserEffects(),
  });
}

function studyOf({ studyId: study }: ReportDocument): Route {
  return { page: "study", study, tab: "overview" };
}

function readReport(): ReportDocument | undefined {
  const text = document.getElementById(REPORT_ELEMENT)?.textContent;
  return text ? (parseJson(text) as ReportDocument) : undefined;
}

function showPreferences({ preferences: { theme, language } }: Page): void {
  effect(() => {
    document.documentElement.dataset["theme"] = theme.value;
    document.documentElement.lang = language.value;
  });
}

async function enter(page: Page): Promise<void> {
  const token = takeToken();
  if (token === undefined) return readCaller(page);
  const fault = await startSession(page, token);
  if (fault !== undefined) page.isSignedOut.value = true;
}

async function start(root: HTMLElement): Promise<void> {
  const page = startPage();
  showPreferences(page);
  startKeyboard(page);
  setInterval(() => {
    page.now.value = new Date();
  }, 1_000);
  if (page.mode === "server") await enter(page);
  // A report contains its text, for readers without JavaScript.
  root.replaceChildren();
  render(
    <PageProvider value={page}>
      <App />
    </PageProvider>,
    root,
  );
}

const root = document.getElementById("app");
if (root !== null) void start(root);
