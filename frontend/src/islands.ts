/** What the map and the charts share: the house's colours, read from the page so that light and dark come for free. */
import type { EChartsType } from "echarts/core";

export type Tone = "active" | "met" | "attention" | "final" | "quiet";

export function colours() {
  const style = getComputedStyle(document.documentElement);
  const read = (name: string) => style.getPropertyValue(`--${name}`).trim();
  return {
    paper: read("paper"),
    surface: read("surface"),
    sunk: read("sunk"),
    ink: read("ink"),
    ink2: read("ink-2"),
    ink3: read("ink-3"),
    rule: read("rule"),
    rule2: read("rule-2"),
    tile: read("tile"),
    tint: read("tile-tint"),
    ochre: read("ochre-mark"),
    neutral: read("neutral-tint"),
    tone: { active: read("tile"), met: read("met"), attention: read("ochre"), final: read("vermilion"), quiet: read("ink-3") },
    sans: getComputedStyle(document.body).fontFamily,
  };
}
export type Colours = ReturnType<typeof colours>;

export const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

/** Draws now, and again when the box or the theme changes. */
export function keepDrawn(chart: EChartsType, canvas: HTMLElement, draw: () => void): void {
  draw();
  let size = `${canvas.clientWidth} ${canvas.clientHeight}`;
  new ResizeObserver(() => {
    const now = `${canvas.clientWidth} ${canvas.clientHeight}`;
    if (now === size) return;
    size = now;
    chart.resize();
    draw();
  }).observe(canvas);
  const repaint = () => {
    if (canvas.isConnected) return draw();
    // swapped out: nothing may keep it alive
    document.removeEventListener("jcg:theme", repaint);
    chart.dispose();
  };
  document.addEventListener("jcg:theme", repaint);
  window.addEventListener("beforeprint", () => chart.resize());
}

/** Mixes two hexadecimal colours; `share` of the second. */
export function mix(first: string, second: string, share: number): string {
  // the built stylesheet shortens #ffffff to #fff
  const long = (hex: string) => (hex.length === 4 ? hex.replace(/[0-9a-f]/gi, "$&$&") : hex);
  const parts = (hex: string) => [1, 3, 5].map((at) => parseInt(long(hex).slice(at, at + 2), 16));
  const [a, b] = [parts(first), parts(second)];
  return `#${a.map((v, i) => Math.round(v + (b[i]! - v) * share).toString(16).padStart(2, "0")).join("")}`;
}

export function number(value: number): string {
  return new Intl.NumberFormat(document.documentElement.lang || "zh", { maximumFractionDigits: 2 }).format(value);
}
