import { computed, effect, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { Texts } from "../../text/en.js";
import { isLanguage, type Language, languageOf, localeOf, textsOf } from "../../text/language.js";
import { type Reader, readerOf } from "../../text/reader.js";

/** Colours of the page; `system` follows the reader's system. */
export type Theme = "system" | "light" | "dark";

/** Themes, in the order of the switch. */
export const THEMES: readonly Theme[] = ["system", "light", "dark"];

/** What a reader has chosen, stored in the browser. */
export interface Preferences {
  readonly theme: Signal<Theme>;
  readonly language: Signal<Language>;
  readonly texts: ReadonlySignal<Texts>;
  readonly reader: ReadonlySignal<Reader>;
}

/** Names of the stored values. */
const KEYS = { theme: "sintonia.theme", language: "sintonia.language" } as const;

/**
 * Reads the preferences and stores every change.
 *
 * @param storage - undefined where the browser offers none
 * @param languages - the reader's languages, the preferred one first
 */
export function startPreferences(
  storage: Pick<Storage, "getItem" | "setItem"> | undefined,
  languages: readonly string[],
): Preferences {
  const [theme, language] = [storage?.getItem(KEYS.theme), storage?.getItem(KEYS.language)];
  const preferences = {
    theme: signal<Theme>(THEMES.find((name) => name === theme) ?? "system"),
    language: signal<Language>(isLanguage(language) ? language : languageOf(languages)),
  };
  effect(() => storage?.setItem(KEYS.theme, preferences.theme.value));
  effect(() => storage?.setItem(KEYS.language, preferences.language.value));
  return {
    ...preferences,
    texts: computed(() => textsOf(preferences.language.value)),
    reader: computed(() => readerOf(localeOf(preferences.language.value, languages))),
  };
}
