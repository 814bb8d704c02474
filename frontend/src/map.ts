/** The province: city borders, valleys as marks. Shape says the kind, colour and letter say the state, the name stands beside. */
import { CustomChart } from "echarts/charts";
import { GeoComponent, TooltipComponent } from "echarts/components";
import * as echarts from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";
import outlines from "@outlines/140000.json";
import { all } from "./behaviours/dom";
import { type Colours, type Tone, colours, keepDrawn, mix } from "./islands";
import { free, place } from "./labels";

interface Valley {
  name: string;
  label?: string;
  url: string;
  lon: number;
  lat: number;
  kind: "regional" | "specialised";
  state_label: string;
  letter: string;
  tone: Tone;
  simulated?: boolean;
  note?: string;
}
interface Region {
  code: string;
  label?: string;
  value?: number | null;
  text?: string;
  url?: string;
}
interface Spec {
  valleys: Valley[];
  regions?: Region[];
  indicator?: { label: string; no_data: string };
}
type Shape = object;

echarts.use([GeoComponent, CustomChart, TooltipComponent, CanvasRenderer]);
echarts.registerMap("shanxi", outlines as never);

const RADIUS = 10;
const CLASSES = 5;
/** Width by height of the province as drawn. */
const SHAPE = 0.57;
const cities = outlines.features.map(({ properties }) => ({
  code: String(properties.adcode),
  name: properties.name,
  centre: (properties as { centroid?: number[]; center: number[] }).centroid ?? properties.center,
}));

export function mount(host: HTMLElement, spec: Spec): void {
  const canvas = host.querySelector<HTMLElement>("[data-canvas]")!;
  const chart = echarts.init(canvas);
  const links = all<HTMLAnchorElement>("[data-valley]", host);

  keepDrawn(chart, canvas, () => draw(chart, host, spec));

  chart.on("click", (event) => {
    if (event.componentType === "series") window.location.assign(spec.valleys[event.dataIndex]!.url);
    const region = event.componentType === "geo" && spec.regions?.find((each) => each.code === codeOf(event.name));
    if (region && region.url) window.location.assign(region.url);
  });
  const light = (index: number, on: boolean) => links[index]?.toggleAttribute("data-lit", on);
  chart.on("mouseover", "series", (event) => light(event.dataIndex, true));
  chart.on("mouseout", "series", (event) => light(event.dataIndex, false));
  links.forEach((link, dataIndex) => {
    for (const type of ["mouseenter", "focus"])
      link.addEventListener(type, () => chart.dispatchAction({ type: "showTip", seriesIndex: 0, dataIndex }));
    for (const type of ["mouseleave", "blur"]) link.addEventListener(type, () => chart.dispatchAction({ type: "hideTip" }));
  });
}

const codeOf = (name: string) => cities.find((city) => city.name === name)?.code;

function draw(chart: echarts.EChartsType, host: HTMLElement, spec: Spec): void {
  if (!chart.getWidth() || !chart.getHeight()) return; // not laid out yet; drawn when it is
  const c = colours();
  const scale = spec.indicator ? classes(spec.regions ?? [], c) : null;
  chart.setOption(
    {
      animation: false,
      textStyle: { fontFamily: c.sans },
      tooltip: {
        renderMode: "richText",
        backgroundColor: c.surface,
        borderColor: c.rule2,
        padding: [6, 10],
        textStyle: { color: c.ink, fontSize: 13 },
        formatter: ((item: { componentType: string; dataIndex: number; name: string }) => {
          const valley = spec.valleys[item.dataIndex];
          if (item.componentType === "series" && valley)
            return [valley.name, valley.state_label, valley.note].filter(Boolean).join("\n");
          const region = spec.regions?.find((each) => each.code === codeOf(item.name));
          const head = region?.label ?? item.name;
          return spec.indicator ? `${head}\n${spec.indicator.label} ${region?.text ?? spec.indicator.no_data}` : head;
        }) as never,
      },
      geo: {
        map: "shanxi",
        roam: false,
        aspectScale: Math.cos((37.6 * Math.PI) / 180),
        layoutCenter: ["50%", "50%"],
        // the province is tall and narrow: as high as the canvas, unless names at its sides would then be cut off
        layoutSize: Math.min(chart.getHeight() - 12, (chart.getWidth() - 130) / SHAPE),
        itemStyle: { areaColor: mix(c.paper, c.surface, 0.9), borderColor: c.rule2, borderWidth: 1 },
        emphasis: { label: { show: false }, itemStyle: { areaColor: c.tint, borderColor: c.tile } },
        select: { disabled: true },
        regions: cities.map(({ code, name }) => ({
          name,
          itemStyle: { areaColor: scale?.colour(code) ?? mix(c.sunk, c.surface, 0.35) },
        })),
      },
    },
    true,
  );
  marks(chart, spec, c);
  if (scale) legend(host, scale.steps, spec.indicator!);
}

/** Second pass, once the geography has its scale: where each mark and name goes is worked out in pixels. */
function marks(chart: echarts.EChartsType, spec: Spec, c: Colours): void {
  const pen = document.createElement("canvas").getContext("2d")!;
  pen.font = `600 13px ${c.sans}`;
  const pixel = (lon: number, lat: number) => chart.convertToPixel("geo", [lon, lat]) as unknown as [number, number];
  const truth = spec.valleys.map(({ lon, lat }) => pixel(lon, lat));
  const names = spec.valleys.map(({ label, name }) => label ?? name.replace(/^晋创谷·/, ""));
  const { placed, taken } = place(
    truth.map(([x, y], i) => ({ x, y, text: names[i]! })),
    RADIUS,
    (text) => pen.measureText(text).width + 4,
    chart.getWidth(),
    chart.getHeight(),
  );

  const valley = (i: number): Shape => {
    const { tone, kind, letter, simulated } = spec.valleys[i]!;
    const { x, y, labelX, labelY, align } = placed[i]!;
    const [tx, ty] = truth[i]!;
    const colour = c.tone[tone] ?? c.tone.quiet;
    const body = { fill: colour, stroke: c.paper, lineWidth: 2 };
    const ring = { fill: c.paper, stroke: colour, lineWidth: 2, lineDash: [3, 2] };
    const moved = Math.hypot(x - tx, y - ty) > RADIUS;
    const children: unknown[] = [];
    if (moved) {
      children.push({ type: "line", shape: { x1: tx, y1: ty, x2: x, y2: y }, style: { stroke: c.ink3, lineWidth: 1 }, silent: true });
      children.push({ type: "circle", shape: { cx: tx, cy: ty, r: 2 }, style: { fill: c.ink3 }, silent: true });
    }
    children.push(
      kind === "regional"
        ? { type: "circle", shape: { cx: x, cy: y, r: RADIUS }, style: simulated ? ring : body }
        : {
            type: "polygon",
            shape: { points: [[x, y - RADIUS - 3], [x + RADIUS + 3, y], [x, y + RADIUS + 3], [x - RADIUS - 3, y]] },
            style: simulated ? ring : body,
          },
      {
        type: "text",
        style: { text: letter, x, y: y + 0.5, align: "center", verticalAlign: "middle", fill: simulated ? colour : c.paper, font: `700 11px ${c.sans}` },
        silent: true,
      },
      {
        type: "text",
        style: {
          text: names[i], x: labelX, y: labelY, align, verticalAlign: "middle", fill: c.ink,
          font: `600 13px ${c.sans}`, stroke: c.paper, lineWidth: 3,
        },
      },
    );
    return { type: "group", children };
  };

  pen.font = `12px ${c.sans}`;
  const labels = cities.flatMap(({ code, name, centre }) => {
    const text = spec.regions?.find((region) => region.code === code)?.label ?? name.replace(/市$/, "");
    if (names.includes(text)) return []; // the valley beside it already says where this is
    const [x, y] = pixel(centre[0]!, centre[1]!);
    const half = pen.measureText(text).width / 2 + 2;
    return free({ x0: x - half, x1: x + half, y0: y - 8, y1: y + 8 }, taken) ? [{ x, y, text }] : [];
  });
  const city = (i: number): Shape => {
    const { x, y, text } = labels[i]!;
    return {
      type: "text", silent: true,
      style: { text, x, y, align: "center", verticalAlign: "middle", fill: c.ink3, font: `12px ${c.sans}` },
    };
  };

  const series = (render: (i: number) => Shape, count: number, z: number) => ({
    type: "custom" as const,
    coordinateSystem: "geo" as const,
    z,
    data: Array.from({ length: count }, (_, i) => (z > 3 ? [spec.valleys[i]!.lon, spec.valleys[i]!.lat] : [112, 37])),
    silent: z <= 3,
    tooltip: { show: z > 3 },
    renderItem: ((params: { dataIndex: number }) => render(params.dataIndex)) as never,
  });
  chart.setOption({ series: [series(valley, spec.valleys.length, 5), series(city, labels.length, 3)] });
}

/** Quantile classes of the indicator: a city without a figure stays unpainted, it is not a zero. */
function classes(regions: Region[], c: Colours) {
  const known = regions.filter((region) => typeof region.value === "number").sort((a, b) => a.value! - b.value!);
  const share = (rank: number) => 0.12 + (0.5 * Math.floor((rank * CLASSES) / Math.max(known.length, 1))) / (CLASSES - 1);
  const shade = new Map(known.map((region, rank) => [region.code, mix(c.surface, c.tile, share(rank))]));
  const steps = new Map<string, { from: Region; to: Region }>();
  for (const region of known) {
    const key = shade.get(region.code)!;
    steps.set(key, { from: steps.get(key)?.from ?? region, to: region });
  }
  return { colour: (code: string) => shade.get(code) ?? c.neutral, steps };
}

function legend(host: HTMLElement, steps: Map<string, { from: Region; to: Region }>, indicator: { no_data: string }): void {
  const list = host.querySelector("[data-scale]");
  if (!list) return;
  const entry = (colour: string, text: string) => {
    const item = document.createElement("li");
    item.innerHTML = '<svg viewBox="0 0 16 16" aria-hidden="true"><rect width="16" height="16" rx="2"/></svg><span></span>';
    item.querySelector("rect")!.setAttribute("fill", colour);
    item.querySelector("span")!.textContent = text;
    return item;
  };
  list.replaceChildren(
    ...[...steps].map(([colour, { from, to }]) => entry(colour, from === to ? from.text! : `${from.text} – ${to.text}`)),
    entry(colours().neutral, indicator.no_data),
  );
}
