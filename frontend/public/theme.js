// Runs before the first paint: "auto" becomes light or dark, so that a page never flashes in the wrong one.
(() => {
  const root = document.documentElement;
  if (root.dataset.theme !== "auto") return;
  root.dataset.bsTheme = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
})();
