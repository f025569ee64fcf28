import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import type { Scene } from "../../chart/scene/scene.js";
import type { Reader } from "../../text/reader.js";
import { saveCsv, savePng, saveSvg } from "./export.js";

/** Properties of the menu of a chart. */
export interface ChartMenuProps {
  readonly scene: Scene;
  readonly name: string;
  readonly reader: Reader;
  readonly isTableShown: boolean;
  readonly onTable: (isShown: boolean) => void;
}

/** Offers the exports of a chart and its table. */
export function ChartMenu({ scene, name, reader, isTableShown, onTable }: ChartMenuProps): JSX.Element {
  const menu = useRef<HTMLDetailsElement>(null);
  const { words } = reader;
  const close = (): void => {
    if (menu.current !== null) menu.current.open = false;
  };
  const item = (text: string, act: () => void): JSX.Element => (
    <button
      type="button"
      onClick={() => {
        act();
        close();
      }}
    >
      {text}
    </button>
  );
  return (
    <details
      class="chart-menu"
      ref={menu}
      onFocusOut={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) close();
      }}
      onKeyDown={(event) => {
        if (event.key === "Escape") close();
      }}
    >
      <summary aria-label={`${words.menu}: ${scene.title}`} title={words.menu}>
        ⋯
      </summary>
      <div class="chart-menu-items">
        {item(words.saveSvg, () => saveSvg(scene, name))}
        {item(words.savePng, () => savePng(scene, name))}
        {item(words.saveCsv, () => saveCsv(scene, name))}
        {item(isTableShown ? words.hideTable : words.showTable, () => onTable(!isTableShown))}
      </div>
    </details>
  );
}
