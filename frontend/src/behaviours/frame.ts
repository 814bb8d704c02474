/** Navigation, menus, theme and the search key. */
import { all, on, remember } from "./dom";

export function frame(): void {
  const app = document.querySelector<HTMLElement>(".j-app");

  on("click", "[data-nav-toggle]", (button) => {
    if (!app) return;
    const narrow = app.dataset.nav !== "narrow";
    app.dataset.nav = narrow ? "narrow" : "wide";
    button.setAttribute("aria-expanded", String(!narrow));
    remember("jcg_nav", app.dataset.nav);
  });

  const drawer = (open: boolean) => {
    if (!app) return;
    app.dataset.drawer = open ? "open" : "closed";
    const opener = document.querySelector<HTMLElement>("[data-drawer-toggle]");
    opener?.setAttribute("aria-expanded", String(open));
    (open ? document.querySelector<HTMLElement>(".j-nav a") : opener)?.focus();
  };
  on("click", "[data-drawer-toggle]", () => drawer(app?.dataset.drawer !== "open"));

  document.addEventListener("click", (event) => {
    const target = event.target as Element;
    for (const menu of all<HTMLDetailsElement>("details.j-menu[open]")) if (!menu.contains(target)) menu.open = false;
    if (app?.dataset.drawer === "open" && !target.closest(".j-nav, [data-drawer-toggle]")) drawer(false);
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      for (const menu of all<HTMLDetailsElement>("details.j-menu[open]")) {
        menu.open = false;
        menu.querySelector("summary")?.focus();
      }
      if (app?.dataset.drawer === "open") drawer(false);
    }
    const typing = (event.target as HTMLElement).matches?.("input, textarea, select, [contenteditable]");
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      const box = all<HTMLInputElement>("[data-search]").find((input) => input.offsetParent !== null);
      if (box) {
        event.preventDefault();
        box.focus();
        box.select();
      }
    }
  });

  theme();
}

function theme(): void {
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const apply = () => {
    const chosen = root.dataset.theme ?? "auto";
    root.dataset.bsTheme = chosen === "auto" ? (dark.matches ? "dark" : "light") : chosen;
    for (const button of all("[data-theme-set]"))
      button.setAttribute("aria-pressed", String(button.dataset.themeSet === chosen));
    document.dispatchEvent(new CustomEvent("jcg:theme"));
  };
  dark.addEventListener("change", apply);
  on("click", "[data-theme-set]", (button) => {
    root.dataset.theme = button.dataset.themeSet!;
    remember("jcg_theme", button.dataset.themeSet!);
    apply();
  });
  apply();
}
