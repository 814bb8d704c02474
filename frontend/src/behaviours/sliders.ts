/** A slider beside a number field: they hold one value, and only the field is sent. */
import { all, on } from "./dom";

const fieldOf = (range: HTMLElement) => document.getElementById(range.dataset.slider!) as HTMLInputElement | null;

export function sliders(root: ParentNode = document): void {
  for (const row of all("[data-knob]", root)) mark(row);
}

export function listenToSliders(): void {
  on("input", "[data-slider]", (range) => {
    const field = fieldOf(range);
    if (!field) return;
    field.value = (range as HTMLInputElement).value;
    mark(range.closest("[data-knob]"));
  });
  on("input", "[data-knob] input[type=number]", (field) => {
    const row = field.closest<HTMLElement>("[data-knob]");
    const range = row?.querySelector<HTMLInputElement>("[data-slider]");
    const value = (field as HTMLInputElement).value;
    if (range && value !== "") range.value = value;
    mark(row);
  });
  on("click", "[data-knob-reset]", (button) => {
    const row = button.closest<HTMLElement>("[data-knob]");
    const field = row?.querySelector<HTMLInputElement>("input[type=number]");
    if (!row || !field) return;
    field.value = row.dataset.knob!;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
  });
}

/** A row whose number is no longer the one in force says so, and can be set back. */
function mark(row: HTMLElement | null): void {
  const field = row?.querySelector<HTMLInputElement>("input[type=number]");
  if (!row || !field) return;
  const changed = field.value !== "" && Number(field.value) !== Number(row.dataset.knob);
  row.toggleAttribute("data-changed", changed);
  const reset = row.querySelector<HTMLButtonElement>("[data-knob-reset]");
  if (reset) reset.hidden = !changed;
}
