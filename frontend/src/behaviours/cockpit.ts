/** The month as a slider that may play, and the wall that shows its further panels in turn. */
import { calm } from "../islands";
import { all, on } from "./dom";

const STEP_MS = 1600;

/** The list of months stays what is sent; the slider moves it. Without this script the list alone is there. */
export function timelines(root: ParentNode = document): void {
  for (const line of all("[data-timeline]:not([data-awake])", root)) {
    const range = line.querySelector<HTMLInputElement>("[data-range]");
    const months = line.querySelector<HTMLSelectElement>("select");
    if (!range || !months) continue;
    line.dataset.awake = "";
    range.hidden = false;
    const told = () => range.setAttribute("aria-valuetext", months.value);
    const follow = () => {
      range.value = String(months.selectedIndex);
      told();
    };
    follow();
    months.addEventListener("change", follow);
    range.addEventListener("input", () => {
      months.selectedIndex = Number(range.value);
      told();
    });
    // the slider's own change would be sent as well; the list speaks for both
    range.addEventListener("change", (event) => {
      event.stopPropagation();
      months.dispatchEvent(new Event("change", { bubbles: true }));
    });
    const play = line.querySelector<HTMLButtonElement>("[data-play]");
    if (play && !calm()) player(play, months);
  }
}

function player(button: HTMLButtonElement, months: HTMLSelectElement): void {
  button.hidden = false;
  const icon = button.querySelector("i")!;
  let timer = 0;
  const stop = () => {
    window.clearInterval(timer);
    timer = 0;
    icon.className = "ti ti-player-play";
    button.setAttribute("aria-pressed", "false");
  };
  const step = () => {
    if (!button.isConnected || months.selectedIndex >= months.options.length - 1) return stop();
    months.selectedIndex += 1;
    months.dispatchEvent(new Event("change", { bubbles: true }));
  };
  button.addEventListener("click", () => {
    if (timer) return stop();
    if (months.selectedIndex >= months.options.length - 1) months.selectedIndex = Math.max(months.options.length - 13, 0);
    icon.className = "ti ti-player-pause";
    button.setAttribute("aria-pressed", "true");
    timer = window.setInterval(step, STEP_MS);
    step();
  });
}

export function walls(): void {
  const wall = document.querySelector<HTMLElement>("[data-wall]");
  if (!wall) return;
  let turn = 0;
  const show = () => {
    const resting = all("[data-cycle]", wall);
    const shown = Math.min(2, resting.length);
    resting.forEach((panel, at) => panel.toggleAttribute("data-resting", !calm() && (at - turn + resting.length) % resting.length >= shown));
  };
  show();
  document.addEventListener("htmx:afterSettle", show);
  if (!calm()) {
    window.setInterval(() => {
      turn = (turn + 2) % Math.max(all("[data-cycle]", wall).length, 1);
      show();
    }, Number(wall.dataset.every ?? 15) * 1000);
  }
}

export function listenToPrint(): void {
  on("click", "[data-print]", () => window.print());
}
