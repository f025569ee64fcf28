// The effects of the browser behind the interfaces of the stores.

import type { Effects } from "../store/page.js";
import type { AddressBar } from "../store/route/navigation.js";

/** Shortest time between two renderings of updates. Nobody reads figures that change faster. */
const RENDER_EVERY_MS = 100;

/** Returns the address bar: a path for each view. */
export function addressBar(): AddressBar {
  return {
    read: () => location.pathname + location.search,
    write: (address, mode) => history[mode === "push" ? "pushState" : "replaceState"](null, "", address),
    onChange: (call) => window.addEventListener("popstate", call),
  };
}

/**
 * Returns the address bar of a file, whose views differ after the # alone.
 *
 * @param first - path without a #
 */
export function hashBar(first: string): AddressBar {
  const bar = addressBar();
  return {
    read: () => location.hash.slice(1) || first,
    write: (address, mode) => bar.write(`#${address}`, mode),
    onChange: (call) => window.addEventListener("popstate", call),
  };
}

/** Returns the effects that stores need. */
export function browserEffects(): Effects {
  return {
    openStream: (address) => new EventSource(address),
    after: (ms, call) => {
      const timer = setTimeout(call, ms);
      return () => clearTimeout(timer);
    },
    // A hidden page has no animation frames, and a timer alone renders between frames.
    nextRender: (call) =>
      void setTimeout(() => (document.hidden ? call() : requestAnimationFrame(() => call())), RENDER_EVERY_MS),
  };
}

/** Returns the browser's storage; undefined where the reader has forbidden it. */
export function browserStorage(): Storage | undefined {
  try {
    return window.localStorage;
  } catch {
    return undefined;
  }
}
