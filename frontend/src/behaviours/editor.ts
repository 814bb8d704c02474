/** The rule editor: form and text are two views of one document. What is typed in either is sent after a pause; the server
 *  saves it, puts it into the other and answers with the check. One request at a time, so no answer overtakes another. */
import { all, on, say } from "./dom";

const PAUSE = 600;

interface Answer {
  text?: string | null;
  form?: string;
  panel?: string;
  marks?: Record<string, string[]>;
  version?: number;
  said?: string;
}

export function editor(): void {
  const form = document.querySelector<HTMLFormElement>("form[data-editor]");
  on("click", "[data-line]", (link, event) => {
    const text = document.querySelector<HTMLTextAreaElement>("textarea[name=yaml]");
    if (!text) return;
    event.preventDefault();
    show(text, Number(link.dataset.line), Number(link.dataset.column ?? 1));
  });
  if (!form) return;
  const text = form.querySelector<HTMLTextAreaElement>("textarea[name=yaml]")!;
  const touched = new Set<string>();
  let textTyped = false;
  let timer = 0;
  let busy = false;
  let act = "";
  let leaving = false;
  const waiting = () => touched.size > 0 || textTyped || act !== "";
  amounts(form);

  form.addEventListener("input", (event) => {
    const field = event.target as HTMLInputElement | HTMLTextAreaElement;
    if (field === text) textTyped = true;
    else if (field.name && field.name !== "version") touched.add(field.name);
    if (field.name.endsWith(":choice")) amounts(form);
    window.clearTimeout(timer);
    timer = window.setTimeout(() => void send(), PAUSE);
  });

  form.addEventListener("submit", (event) => {
    const pressed = event.submitter as HTMLButtonElement | null;
    if (pressed?.name !== "act") {
      leaving = true;
      return;
    }
    event.preventDefault();
    act = pressed.value;
    window.clearTimeout(timer);
    void send();
  });

  // what is still waiting is sent before the draft is handed in
  for (const other of all<HTMLFormElement>("form[data-editor-submit]"))
    other.addEventListener("submit", (event) => {
      if (!waiting() && !busy) {
        leaving = true;
        return;
      }
      event.preventDefault();
      window.clearTimeout(timer);
      void settled().then((saved) => saved && other.requestSubmit());
    });

  window.addEventListener("beforeunload", (event) => {
    if (!leaving && (waiting() || busy)) event.preventDefault();
  });

  async function settled(): Promise<boolean> {
    for (let round = 0; round < 50 && (busy || waiting()); round++) {
      if (busy) await new Promise((done) => window.setTimeout(done, 100));
      else if (!(await send())) return false;
    }
    return !waiting();
  }

  async function send(): Promise<boolean> {
    if (busy || !waiting()) return true;
    busy = true;
    const sent = new FormData(form!);
    const names = [...touched];
    const fromText = textTyped;
    const asked = act;
    touched.clear();
    textTyped = false;
    act = "";
    for (const name of names) sent.append("changed", name);
    sent.set("side", fromText ? "text" : "form");
    if (asked) sent.set("act", asked);
    tell("saving", say("saving", "正在保存…"));
    try {
      const response = await fetch(form!.dataset.editor!, {
        method: "POST",
        body: sent,
        headers: { "X-Requested-With": "autosave" },
        credentials: "same-origin",
      });
      if (![200, 409, 422].includes(response.status)) throw new Error(String(response.status));
      const answer = (await response.json()) as Answer;
      apply(answer, names);
      if (response.ok) {
        const time = new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hour12: false });
        tell("saved", `${say("saved", "已保存")} ${time}`);
      } else {
        tell("failed", answer.said ?? "");
        for (const name of names) touched.add(name);
        textTyped ||= fromText;
      }
      return response.ok;
    } catch {
      for (const name of names) touched.add(name);
      textTyped ||= fromText;
      act ||= asked;
      tell("failed", say("unsaved", "未能保存，输入仍在本页，将自动重试"));
      timer = window.setTimeout(() => void send(), 10_000);
      return false;
    } finally {
      busy = false;
      if (waiting() && form!.querySelector<HTMLElement>("[data-saved]")?.dataset.state !== "failed") {
        window.clearTimeout(timer);
        timer = window.setTimeout(() => void send(), PAUSE);
      }
    }
  }

  function apply(answer: Answer, names: string[]): void {
    // what was typed meanwhile stands; it goes out with the next request
    if (typeof answer.text === "string" && !textTyped) keepPlace(text, answer.text);
    if (answer.form !== undefined && touched.size === 0) swap(form!, "form", answer.form);
    if (answer.marks !== undefined) marks(form!, answer.marks, names);
    if (answer.panel !== undefined) swap(form!, "panel", answer.panel);
    if (answer.version !== undefined)
      for (const field of all<HTMLInputElement>("input[name=version]")) field.value = String(answer.version);
    amounts(form!);
  }

  function tell(state: string, words: string): void {
    const place = form!.querySelector<HTMLElement>("[data-saved]");
    if (!place) return;
    place.dataset.state = state;
    place.textContent = words;
  }
}

/** Puts new text in without moving what the writer looks at. */
function keepPlace(area: HTMLTextAreaElement, text: string): void {
  const { scrollTop, scrollLeft, selectionStart, selectionEnd } = area;
  area.value = text;
  if (document.activeElement === area) area.setSelectionRange(selectionStart, selectionEnd);
  area.scrollTop = scrollTop;
  area.scrollLeft = scrollLeft;
}

/** Replaces a part, keeping the focus on the field of the same id and folded blocks folded. */
function swap(form: HTMLFormElement, part: string, html: string): void {
  const place = form.querySelector<HTMLElement>(`[data-part="${part}"]`);
  if (!place) return;
  const focused = place.contains(document.activeElement) ? document.activeElement!.id : "";
  const folded = all<HTMLDetailsElement>("details", place).map((one) => one.open);
  const top = place.scrollTop;
  place.innerHTML = html;
  const now = all<HTMLDetailsElement>("details", place);
  if (now.length === folded.length) now.forEach((one, at) => (one.open = folded[at]!));
  if (focused) document.getElementById(focused)?.focus();
  place.scrollTop = top;
}

/** Errors at the fields, where the form itself stays. */
function marks(form: HTMLFormElement, found: Record<string, string[]>, _names: string[]): void {
  for (const place of all<HTMLElement>("[data-problems]", form)) {
    const id = place.dataset.problems!;
    const field = document.getElementById(id);
    const said = found[id] ?? [];
    if (said.length) field?.setAttribute("aria-invalid", "true");
    else field?.removeAttribute("aria-invalid");
    place.replaceChildren(
      ...said.map((words) => {
        const line = document.createElement("p");
        line.className = "j-error";
        line.textContent = words;
        return line;
      }),
    );
  }
}

/** Only the fields that the chosen way of computing needs. */
function amounts(form: HTMLFormElement): void {
  for (const group of all<HTMLElement>("[data-amount]", form)) {
    const choice = group.querySelector<HTMLSelectElement>("select[name$=':choice']")?.value ?? "";
    for (const field of all<HTMLElement>("[data-for]", group)) field.hidden = !field.dataset.for!.split(" ").includes(choice);
  }
}

/** Scrolls the text to a line and puts the caret there. */
function show(area: HTMLTextAreaElement, line: number, column: number): void {
  const lines = area.value.split("\n");
  const before = lines.slice(0, Math.max(0, line - 1)).reduce((sum, one) => sum + one.length + 1, 0);
  const at = before + Math.max(0, column - 1);
  area.focus();
  area.setSelectionRange(at, before + (lines[line - 1]?.length ?? 0));
  const height = parseFloat(getComputedStyle(area).lineHeight) || 20;
  area.scrollTop = Math.max(0, (line - 4) * height);
  area.scrollIntoView({ block: "nearest" });
}
