import { useEffect, useState } from "preact/hooks";

/** Returns a number that changes whenever the colours of the page change. */
export function useTheme(): number {
  const [count, setCount] = useState(0);
  useEffect(() => {
    const change = (): void => setCount((before) => before + 1);
    const system = matchMedia("(prefers-color-scheme: dark)");
    const observer = new MutationObserver(change);
    system.addEventListener("change", change);
    observer.observe(document.documentElement, { attributeFilter: ["data-theme"] });
    return () => {
      system.removeEventListener("change", change);
      observer.disconnect();
    };
  }, []);
  return count;
}
