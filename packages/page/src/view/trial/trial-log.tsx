import { useSignal } from "@preact/signals";
import type { Trial } from "@sintonia/proto/sintonia/v1/study";
import { useEffect, useRef } from "preact/hooks";
import { pathOf } from "../../api/transport.js";
import { isSettled } from "../../store/study/state/states.js";
import { usePage, useProgress, useTexts } from "../part/context.js";
import { Section } from "../part/facts.js";

/** Greatest number of characters that the view keeps: what the coordinator stores of an attempt. */
const KEPT_MAX = 256 * 1024;

/** The output of the trial's newest attempt, which grows while the attempt runs. */
export function TrialLog({ trial }: { trial: Trial }) {
  const texts = useTexts();
  const text = useOutput(trial);
  const box = useRef<HTMLPreElement>(null);
  const isFollowing = useSignal(true);
  useEffect(() => {
    if (isFollowing.value && box.current) box.current.scrollTop = box.current.scrollHeight;
  });
  return (
    <Section
      title={texts.trial.log}
      aside={
        <label class="inline">
          <input
            type="checkbox"
            checked={isFollowing.value}
            onChange={({ currentTarget }) => {
              isFollowing.value = currentTarget.checked;
            }}
          />
          {texts.trial.logFollow}
        </label>
      }
    >
      {text === "" ? (
        <p class="quiet">{texts.trial.logNone}</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard scrolls the box
        <pre class="code log" ref={box} tabIndex={0}>
          {text}
        </pre>
      )}
    </Section>
  );
}

/** Returns the output of an attempt so far. Another attempt begins anew. */
function useOutput(trial: Trial): string {
  const page = usePage();
  const { study } = useProgress();
  const text = useSignal("");
  const isOpen = !isSettled(trial);
  useEffect(() => {
    text.value = "";
    const path = `${pathOf("studies", study.id, "trials", trial.id)}/output`;
    const address = page.client.address(path, { follow: isOpen || undefined });
    if (address === undefined) return undefined;
    const stream = page.effects.openStream(address);
    stream.addEventListener("output", ({ data }) => {
      text.value = (text.value + (JSON.parse(String(data)) as { text: string }).text).slice(-KEPT_MAX);
    });
    for (const end of ["end", "fault", "error"]) stream.addEventListener(end, () => stream.close());
    return () => stream.close();
  }, [page, study.id, trial.id, trial.attempt, isOpen]);
  return text.value;
}
