/** Forms that lose nothing: autosave, a question before leaving, one submission per press. */
import { all, on, say } from "./dom";

const dirty = new WeakSet<HTMLFormElement>();
const timers = new WeakMap<HTMLFormElement, number>();
let leaving = false;

export function forms(): void {
  for (const type of ["input", "change"] as const)
    document.addEventListener(type, (event) => {
      const form = (event.target as HTMLInputElement).form;
      if (!form?.matches("[data-guard-dirty], [data-autosave]")) return;
      dirty.add(form);
      if (form.dataset.autosave !== undefined) schedule(form);
    });

  window.addEventListener("beforeunload", (event) => {
    if (leaving) return;
    if (all<HTMLFormElement>("form[data-guard-dirty], form[data-autosave]").some((form) => dirty.has(form)))
      event.preventDefault();
  });

  on("submit", "form", (element, event) => {
    const form = element as HTMLFormElement;
    if (form.dataset.sent !== undefined) {
      event.preventDefault();
      return;
    }
    // a later listener (htmx, a confirmation) may still cancel, so the lock waits for the end of this turn
    queueMicrotask(() => {
      if (event.defaultPrevented || form.method === "dialog" || form.method === "get") return;
      leaving = true;
      window.clearTimeout(timers.get(form));
      form.dataset.sent = "";
      const pressed = (event as SubmitEvent).submitter;
      pressed?.setAttribute("aria-disabled", "true");
      pressed?.setAttribute("data-busy", "");
    });
  });

  // coming back by the browser's history shows the page as it was left, with the lock still on
  window.addEventListener("pageshow", () => {
    leaving = false;
    for (const form of all<HTMLFormElement>("form[data-sent]")) {
      delete form.dataset.sent;
      for (const button of all("[data-busy]", form)) {
        button.removeAttribute("data-busy");
        button.removeAttribute("aria-disabled");
      }
    }
  });
}

function schedule(form: HTMLFormElement): void {
  window.clearTimeout(timers.get(form));
  timers.set(form, window.setTimeout(() => void save(form), 1500));
}

/** POSTs the form to `data-autosave` (or its action). 2xx: saved. 409: someone else saved first; nothing is overwritten. */
async function save(form: HTMLFormElement): Promise<void> {
  const sent = new FormData(form);
  dirty.delete(form);
  tell(form, "saving", say("saving", "正在保存…"));
  try {
    const response = await fetch(form.dataset.autosave || form.action, {
      method: "POST",
      body: sent,
      headers: { "X-Requested-With": "autosave" },
      credentials: "same-origin",
    });
    if (response.status === 409) {
      dirty.add(form);
      tell(form, "failed", say("conflict", "他人已先保存，请刷新比对后再保存；您的输入仍在本页"));
      return;
    }
    if (!response.ok) throw new Error(String(response.status));
    const version = response.headers.get("X-Version");
    const field = form.querySelector<HTMLInputElement>("input[name=version]");
    if (version && field) field.value = version;
    if (response.headers.has("X-Unsaved")) {
      // some of what was typed can't be kept as it is; the page says which, and leaving still asks
      dirty.add(form);
      tell(form, "failed", say("partly", "有内容无法识别，其余已保存"));
      return;
    }
    const time = new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hour12: false });
    tell(form, "saved", `${say("saved", "已保存")} ${time}`);
  } catch {
    dirty.add(form);
    tell(form, "failed", say("unsaved", "未能保存，输入仍在本页，将自动重试"));
    timers.set(form, window.setTimeout(() => void save(form), 10_000));
  }
}

function tell(form: HTMLFormElement, state: string, text: string): void {
  const place = form.querySelector<HTMLElement>("[data-saved]");
  if (!place) return;
  place.dataset.state = state;
  place.textContent = text;
}
