import { useProgress, useTexts } from "../part/context.js";
import { CopyButton } from "../part/copy-button.js";
import { Section } from "../part/facts.js";

/** The accepted spec. */
export function SpecTab() {
  const { study } = useProgress();
  const texts = useTexts();
  if (study.specJson === "") return <p class="loading">{texts.common.loading}</p>;
  const text = JSON.stringify(JSON.parse(study.specJson), null, 2);
  return (
    <Section title={texts.spec.title} aside={<CopyButton text={text} />}>
      <p class="quiet">{texts.spec.note}</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard scrolls the box */}
      <pre class="code" tabIndex={0}>
        {text}
      </pre>
    </Section>
  );
}
