/** The one script every page loads. Pages work without it; with it they are quicker and forgive more. */
import "./styles/main.css";
import htmx from "htmx.org";
import { listenToPrint, timelines, walls } from "./behaviours/cockpit";
import { all } from "./behaviours/dom";
import { dialogs } from "./behaviours/dialogs";
import { editor } from "./behaviours/editor";
import { forms } from "./behaviours/forms";
import { frame } from "./behaviours/frame";
import { listenToSliders, sliders } from "./behaviours/sliders";
import { listenToTables, tables } from "./behaviours/tables";

type Island = (host: HTMLElement, data: never) => void | Promise<void>;

const islands: Record<string, () => Promise<{ mount: Island }>> = {
  map: () => import("./map"),
  chart: () => import("./chart"),
  diagram: () => import("./diagram"),
};

/**
 * Each `data-island` host reads its data from the json_script element named by `data-source`; one that is swapped in
 * carries it itself (`data-spec`), since swapped content is stripped of every script element.
 */
function wake(root: ParentNode): void {
  for (const host of all("[data-island]:not([data-awake])", root)) {
    const load = islands[host.dataset.island!];
    const data = host.dataset.spec ?? document.getElementById(host.dataset.source ?? "")?.textContent;
    if (!load || !data) continue;
    host.dataset.awake = "";
    void load().then(({ mount }) => mount(host, JSON.parse(data) as never));
  }
}

frame();
forms();
editor();
dialogs();
listenToTables();
tables();
listenToSliders();
sliders();
timelines();
walls();
listenToPrint();
wake(document);
htmx.on("htmx:afterSettle", (event) => {
  wake(event.target as HTMLElement);
  tables(event.target as HTMLElement);
  sliders(event.target as HTMLElement);
  timelines(event.target as HTMLElement);
});
// what is swapped beside the target asks to be looked at as well
htmx.on("htmx:oobAfterSwap", () => {
  wake(document);
  tables(document);
});
// a print shows what is folded away on the screen
window.addEventListener("beforeprint", () => all<HTMLDetailsElement>("details.j-fold").forEach((d) => (d.open = true)));
