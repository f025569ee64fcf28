import type { Signal } from "@preact/signals";

/** A box that selects a row for the comparison. */
export function SelectCell(props: { id: string; selected: Signal<ReadonlySet<string>>; label: string }) {
  const { id, selected, label } = props;
  const toggle = (): void => {
    const next = new Set(selected.value);
    if (!next.delete(id)) next.add(id);
    selected.value = next;
  };
  return <input type="checkbox" aria-label={label} checked={selected.value.has(id)} onChange={toggle} />;
}
