// Options of a view that stand in the address.

import { usePage } from "./context.js";

interface ChoiceProps {
  readonly label: string;
  /** Name in the address. */
  readonly parameter: string;
  readonly chosen: string;
  readonly options: readonly (readonly [value: string, text: string])[];
}

/** A choice among several values. */
export function Choice({ label, parameter, chosen, options }: ChoiceProps) {
  const { navigation } = usePage();
  return (
    <label class="inline">
      {label}
      <select value={chosen} onChange={({ currentTarget }) => navigation.set({ [parameter]: currentTarget.value })}>
        {options.map(([value, text]) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}

/** An option that is on or off. */
export function Switch({ label, parameter }: { label: string; parameter: string }) {
  const { navigation } = usePage();
  return (
    <label class="inline">
      <input
        type="checkbox"
        checked={navigation.query.value.has(parameter)}
        onChange={({ currentTarget }) => navigation.set({ [parameter]: currentTarget.checked ? "1" : undefined })}
      />
      {label}
    </label>
  );
}
