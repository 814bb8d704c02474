/** A process drawn from its own data file. The text below the picture says the same, so the picture is decoration to a reader. */
import mermaid from "mermaid";
import { colours } from "./islands";

let serial = 0;

export function mount(host: HTMLElement, spec: { source: string }): void {
  const canvas = host.querySelector<HTMLElement>("[data-canvas]") ?? host;
  const draw = async () => {
    const c = colours();
    mermaid.initialize({
      startOnLoad: false,
      securityLevel: "strict",
      theme: "base",
      htmlLabels: false,
      look: "classic",
      fontFamily: c.sans,
      flowchart: { htmlLabels: false, useMaxWidth: false, curve: "basis" },
      state: { useMaxWidth: false, nodeSpacing: 36, rankSpacing: 44 },
      themeVariables: {
        fontSize: "14px",
        background: c.paper,
        mainBkg: c.surface,
        primaryColor: c.surface,
        primaryTextColor: c.ink,
        primaryBorderColor: c.tile,
        secondaryColor: c.tint,
        tertiaryColor: c.sunk,
        lineColor: c.ink3,
        textColor: c.ink,
        nodeBorder: c.tile,
        edgeLabelBackground: c.paper,
        labelBackgroundColor: c.paper,
        transitionColor: c.ink3,
        transitionLabelColor: c.ink2,
        stateBkg: c.surface,
        specialStateColor: c.tile,
      },
    });
    const { svg } = await mermaid.render(`jcg-diagram-${++serial}`, spec.source);
    canvas.innerHTML = svg;
    for (const label of canvas.querySelectorAll(".node .label")) centre(label);
  };
  void draw();
  document.addEventListener("jcg:theme", () => void draw());
}

/** Names in plain SVG text start at the left of their box; this puts them in its middle. */
function centre(label: Element): void {
  const text = label.querySelector("text");
  if (!text) return;
  const height = /translate\([^,]+,\s*([^)]+)\)/.exec(label.getAttribute("transform") ?? "")?.[1] ?? "0";
  label.setAttribute("transform", `translate(0, ${height})`);
  text.setAttribute("text-anchor", "middle");
}
