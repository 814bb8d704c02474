/** Rows by keyboard, columns to choose, select all. */
import { all, on, remember } from "./dom";

export function tables(root: ParentNode = document): void {
  for (const table of all<HTMLTableElement>("table[data-columns]", root)) columns(table);
}

export function listenToTables(): void {
  document.addEventListener("keydown", (event) => {
    const row = (event.target as Element).closest?.("table[data-rows] tbody tr");
    if (!row || (event.target as Element).matches("input, select, textarea")) return;
    const step = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }[event.key];
    if (!step) return;
    const rows = all<HTMLTableRowElement>("tbody tr", row.closest("table")!);
    const link = rows[rows.indexOf(row as HTMLTableRowElement) + step]?.querySelector<HTMLElement>("a, button");
    if (link) {
      event.preventDefault();
      link.focus();
    }
  });
  on("change", "[data-select-all]", (box) => {
    for (const each of all<HTMLInputElement>("tbody input[type=checkbox]", box.closest("table")!)) {
      each.checked = (box as HTMLInputElement).checked;
      each.closest("tr")?.setAttribute("aria-selected", String(each.checked));
    }
  });
  on("change", "tbody input[type=checkbox]", (box) =>
    box.closest("tr")?.setAttribute("aria-selected", String((box as HTMLInputElement).checked)),
  );
  on("change", "[data-column-choice]", (box) => {
    const menu = box.closest<HTMLElement>("[data-columns-for]")!;
    const table = document.getElementById(menu.dataset.columnsFor!) as HTMLTableElement | null;
    if (!table) return;
    const hidden = all<HTMLInputElement>("[data-column-choice]", menu)
      .filter((each) => !each.checked)
      .map((each) => each.value);
    remember(`jcg_cols_${table.dataset.columns}`, hidden.join("."));
    show(table, hidden);
  });
}

function columns(table: HTMLTableElement): void {
  const name = `jcg_cols_${table.dataset.columns}=`;
  const hidden = document.cookie.split("; ").find((part) => part.startsWith(name))?.slice(name.length).split(".") ?? [];
  show(table, hidden);
  for (const box of all<HTMLInputElement>(`[data-columns-for="${table.id}"] [data-column-choice]`))
    box.checked = !hidden.includes(box.value);
}

function show(table: HTMLTableElement, hidden: string[]): void {
  const heads = [...(table.tHead?.rows[0]?.cells ?? [])];
  heads.forEach((head, index) => {
    const off = hidden.includes(head.dataset.column ?? "\0");
    for (const row of table.rows) {
      const cell = row.cells[index];
      if (cell && cell.colSpan === 1) cell.hidden = off;
    }
  });
}
