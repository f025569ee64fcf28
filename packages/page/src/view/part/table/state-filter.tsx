import { usePage, useTexts } from "../context.js";

/** A choice among the states that occur. */
export function StateFilter({ states, chosen }: { states: readonly string[]; chosen: string }) {
  const { navigation } = usePage();
  const texts = useTexts();
  const shown = states.includes(chosen) || chosen === "" ? states : [...states, chosen];
  return (
    <select
      aria-label={texts.common.state}
      value={chosen}
      onChange={({ currentTarget }) => navigation.set({ state: currentTarget.value, page: undefined })}
    >
      <option value="">{texts.common.allStates}</option>
      {shown.map((state) => (
        <option key={state} value={state}>
          {texts.state[state] ?? state}
        </option>
      ))}
    </select>
  );
}
