import { useTexts } from "../view/part/context.js";

/** Id of the dialog with the keys. */
export const HELP_DIALOG = "keyboard-help";

/** The keys of the page. */
export function KeyboardHelp() {
  const { keyboard, common } = useTexts();
  const keys = [
    ["?", keyboard.help],
    ["s", keyboard.studies],
    ["t", keyboard.trainers],
    ["/", keyboard.filter],
    ["1 … 7", keyboard.tabs],
    ["c", keyboard.theme],
    ["← ↑ → ↓", keyboard.plot],
    ["Esc", keyboard.escape],
  ];
  return (
    <dialog id={HELP_DIALOG} aria-label={keyboard.title}>
      <h2>{keyboard.title}</h2>
      <dl class="keys">
        {keys.map(([key, meaning]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
      <form method="dialog" class="buttons">
        <button type="submit">{common.close}</button>
      </form>
    </dialog>
  );
}
