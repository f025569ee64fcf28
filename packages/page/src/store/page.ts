// The state that every view of the page shares.

import { type Signal, signal } from "@preact/signals";
import type { Fault } from "../api/answer.js";
import { isSignedOut } from "../api/answer.js";
import type { Client } from "../api/client.js";
import type { Stream } from "../api/watch-study.js";
import type { ReportDocument } from "../report/document.js";
import type { Preferences } from "./preference/preferences.js";
import type { Navigation } from "./route/navigation.js";

/** Who reads the page. */
export interface Caller {
  readonly name: string;
  /** True if the reader may change studies and trainers. */
  readonly isOperator: boolean;
}

/** Effects of the browser that stores need. */
export interface Effects {
  /** Opens an event stream. */
  readonly openStream: (address: string) => Stream;
  /** Calls back after a time. Returns the function that prevents the call. */
  readonly after: (ms: number, call: () => void) => () => void;
  /** Calls back once, at the next time at which the page may render. */
  readonly nextRender: (call: () => void) => void;
}

/** The state that every view of the page shares. */
export interface Page {
  /** `report`: all data is in the document, nothing changes, and nobody acts. */
  readonly mode: "server" | "report";
  /** The report that the document contains; undefined on a server. */
  readonly report: ReportDocument | undefined;
  readonly client: Client;
  readonly navigation: Navigation;
  readonly preferences: Preferences;
  readonly effects: Effects;
  /** Undefined until the coordinator has answered. */
  readonly caller: Signal<Caller | undefined>;
  /** True while the coordinator asks for a token. */
  readonly isSignedOut: Signal<boolean>;
  /** The time, once a second. */
  readonly now: Signal<Date>;
  /** Message about the latest action, which a screen reader reads aloud. */
  readonly notice: Signal<string>;
}

/** Returns the state of a page that has just started. */
export function newPage(
  given: Pick<Page, "mode" | "report" | "client" | "navigation" | "preferences" | "effects">,
): Page {
  return {
    ...given,
    caller: signal<Caller | undefined>(undefined),
    isSignedOut: signal(false),
    now: signal(new Date()),
    notice: signal(""),
  };
}

/** Shows the form for a token if the fault is that the reader is not signed in. */
export function noteFault(page: Page, fault: Fault): void {
  if (isSignedOut(fault)) page.isSignedOut.value = true;
}
