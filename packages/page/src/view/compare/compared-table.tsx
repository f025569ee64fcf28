import type { ComponentChildren } from "preact";
import { type ComparedRow, differs } from "../../store/study/comparison.js";
import { usePage, useTexts } from "../part/context.js";
import { TableBox } from "../part/table/data-table.js";

interface ComparedTableProps {
  /** Name in the address of what the columns are. */
  readonly parameter: "study" | "trial";
  readonly ids: readonly string[];
  readonly heads: readonly ComponentChildren[];
  readonly rows: readonly ComparedRow[];
}

/** A column for each compared thing. Rows with differences are in bold. */
export function ComparedTable({ parameter, ids, heads, rows }: ComparedTableProps) {
  const { navigation } = usePage();
  const { compare: texts } = useTexts();
  const shown = navigation.query.value.has("differences") ? rows.filter(differs) : rows;
  const remove = (id: string): void => navigation.set({ [parameter]: ids.filter((other) => other !== id) });
  return (
    <TableBox label={texts.title}>
      <thead>
        <tr>
          <td />
          {ids.map((id, i) => (
            <th key={id} scope="col">
              {heads[i]}{" "}
              <button type="button" class="small" aria-label={texts.remove(id)} onClick={() => remove(id)}>
                ×
              </button>
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {shown.map((row) => (
          <tr key={row.name} class={differs(row) ? "differs" : ""}>
            <th scope="row">{row.name}</th>
            {ids.map((id, i) => (
              <td key={id}>{row.texts[i] || "–"}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </TableBox>
  );
}
