import type { Page } from "../store/page.js";
import { THEMES } from "../store/preference/preferences.js";
import { STUDY_TABS } from "../store/route/route.js";
import { HELP_DIALOG } from "./keyboard-help.js";

/** Starts to listen for the keys of the page, except inside fields, plots and dialogs. */
export function startKeyboard(page: Page): void {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isTaken(event.target)) return;
    const act = actionOf(page, event.key);
    if (act === undefined) return;
    event.preventDefault();
    act();
  });
}

function actionOf(page: Page, key: string): (() => void) | undefined {
  const { navigation } = page;
  switch (key) {
    case "?":
      return () => (document.getElementById(HELP_DIALOG) as HTMLDialogElement | null)?.showModal();
    case "s":
      return page.mode === "report" ? undefined : () => navigation.go(navigation.href({ page: "studies" }));
    case "t":
      return page.mode === "report" ? undefined : () => navigation.go(navigation.href({ page: "trainers" }));
    case "/":
      return () => document.querySelector<HTMLInputElement>("input.filter")?.focus();
    case "c":
      return () => nextTheme(page);
    default:
      return tabAction(page, Number(key));
  }
}

function tabAction({ navigation }: Page, number: number): (() => void) | undefined {
  const route = navigation.route.peek();
  const tab = STUDY_TABS[number - 1];
  if (tab === undefined || route.page !== "study") return undefined;
  return () => navigation.go(navigation.href({ ...route, tab }));
}

function nextTheme({ preferences: { theme } }: Page): void {
  theme.value = THEMES[(THEMES.indexOf(theme.peek()) + 1) % THEMES.length] ?? "system";
}

function isTaken(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("input, select, textarea, dialog") !== null;
}
