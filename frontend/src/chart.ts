/** Line, bar, stacked bar and funnel from one small description, in one look, labelled where the eye is. */
import { BarChart, FunnelChart, LineChart } from "echarts/charts";
import { GridComponent, LegendComponent, MarkLineComponent, TooltipComponent } from "echarts/components";
import * as echarts from "echarts/core";
import { LabelLayout } from "echarts/features";
import { CanvasRenderer } from "echarts/renderers";
import { type Colours, calm, colours, keepDrawn, mix, number } from "./islands";

interface Series {
  name: string;
  values: (number | null)[];
  tone?: keyof Colours["tone"];
  dashed?: boolean;
}
interface Spec {
  kind: "line" | "bar" | "stack" | "funnel";
  unit?: string;
  categories: string[];
  series: Series[];
  horizontal?: boolean;
  threshold?: { value: number; label: string };
}

echarts.use([LineChart, BarChart, FunnelChart, GridComponent, LegendComponent, MarkLineComponent, TooltipComponent, LabelLayout, CanvasRenderer]);

export function mount(host: HTMLElement, spec: Spec): void {
  const canvas = host.querySelector<HTMLElement>("[data-canvas]")!;
  const chart = echarts.init(canvas);
  keepDrawn(chart, canvas, () => chart.setOption(option(spec, colours(), canvas.clientWidth), true));
}

const palette = (c: Colours) => [c.tile, c.ochre, c.ink3, mix(c.tile, c.paper, 0.55), c.tone.met];

function option(spec: Spec, c: Colours, width: number): echarts.EChartsCoreOption {
  const common = {
    animation: !calm(),
    animationDuration: 350,
    color: palette(c),
    textStyle: { fontFamily: c.sans, color: c.ink2, fontSize: 12 },
    tooltip: {
      renderMode: "richText",
      trigger: spec.kind === "funnel" ? "item" : "axis",
      axisPointer: { type: spec.kind === "line" ? "line" : "shadow", lineStyle: { color: c.rule2 }, shadowStyle: { color: c.neutral, opacity: 0.5 } },
      backgroundColor: c.surface,
      borderColor: c.rule2,
      padding: [6, 10],
      textStyle: { color: c.ink, fontSize: 13 },
      valueFormatter: (value: unknown) => (typeof value === "number" ? `${number(value)} ${spec.unit ?? ""}` : "—"),
    },
  };
  return { ...common, ...(spec.kind === "funnel" ? funnel(spec, c) : axes(spec, c, width)) };
}

function axes(spec: Spec, c: Colours, width: number) {
  const many = spec.series.length > 1;
  const bars = spec.kind !== "line";
  const upright = bars && !spec.horizontal;
  // bars beside each other are as wide as the figure above them, else it stands in the way of a higher neighbour
  const widest = Math.max(22, ...spec.series.flatMap(({ values }) => values.map((v) => (v === null ? 0 : number(v).length * 7 + 4))));
  const each = upright && many && spec.kind === "bar" ? widest : 22;
  const roomy = spec.categories.length * (upright ? spec.series.length : 1) * Math.max(44, each / 0.65) < width;
  const category = {
    type: "category",
    data: spec.categories,
    boundaryGap: bars,
    inverse: spec.horizontal,
    axisTick: { show: false },
    axisLine: { lineStyle: { color: c.rule2 } },
    axisLabel: { color: c.ink2, hideOverlap: !spec.horizontal, interval: spec.horizontal ? 0 : "auto" },
  };
  const value = {
    type: "value",
    name: spec.horizontal ? "" : spec.unit,
    nameTextStyle: { color: c.ink3, align: "left", padding: [0, 0, 2, -28] },
    splitNumber: 4,
    // stacked side by side, the whole is what the width stands for
    max: spec.kind === "stack" && spec.horizontal ? "dataMax" : undefined,
    axisLabel: { color: c.ink3, formatter: number, show: !(spec.horizontal && roomy) },
    splitLine: { show: !(spec.horizontal && roomy), lineStyle: { color: c.rule } },
  };
  const longest = Math.max(...spec.series.map(({ name }) => name.length));
  // names stand at the ends of their lines, unless the ends meet
  const named = bars || (many && meeting(spec));
  return {
    grid: {
      left: 4,
      right: spec.kind === "line" && many && !named ? Math.min(longest * 13 + 16, width * 0.3) : spec.horizontal && spec.kind !== "stack" ? 64 : 20,
      top: spec.horizontal ? (many && spec.kind === "bar" ? 28 : 4) : named && many ? 44 : 30,
      bottom: 4,
      containLabel: true,
    },
    legend: { show: named && many, top: 0, right: 0, icon: "roundRect", itemWidth: 10, itemHeight: 10, textStyle: { color: c.ink2 } },
    xAxis: spec.horizontal ? value : category,
    yAxis: spec.horizontal ? category : value,
    series: spec.series.map((series, index) => {
      const colour = series.tone ? c.tone[series.tone] : palette(c)[index % 5]!;
      const label = { color: c.ink, fontSize: 12, formatter: ({ value: v }: { value: number }) => number(v) };
      const shared = {
        name: series.name,
        data: series.values,
        itemStyle: { color: colour, ...(bars ? { borderRadius: spec.kind === "stack" ? 0 : 2 } : {}) },
        markLine: index === 0 && spec.threshold ? threshold(spec, c) : undefined,
      };
      if (bars)
        return {
          ...shared,
          type: "bar",
          stack: spec.kind === "stack" ? "all" : undefined,
          barMaxWidth: each,
          barCategoryGap: "35%",
          label: { ...label, show: roomy && spec.kind !== "stack", position: spec.horizontal ? "right" : "top" },
        };
      return {
        ...shared,
        type: "line",
        symbol: "circle",
        symbolSize: 6,
        showSymbol: spec.categories.length <= 16,
        connectNulls: false,
        lineStyle: { color: colour, width: 2, type: series.dashed ? [5, 4] : "solid" },
        label: { ...label, show: !many && roomy, position: "top" },
        endLabel: { show: many && !named, formatter: "{a}", color: colour, fontSize: 12, fontWeight: 600 },
        labelLayout: { moveOverlap: "shiftY" },
      };
    }),
  };
}

/** Whether two lines end so near each other that their names would cover one another. */
function meeting(spec: Spec): boolean {
  const known = spec.series.flatMap(({ values }) => values.filter((v): v is number => v !== null));
  const room = Math.max(...known, 0) - Math.min(...known, 0) || 1;
  const ends = spec.series.map(({ values }) => values.filter((v): v is number => v !== null).at(-1)).filter((v): v is number => v !== undefined);
  ends.sort((a, b) => a - b);
  return ends.some((end, at) => at > 0 && end - ends[at - 1]! < room * 0.07);
}

function threshold(spec: Spec, c: Colours) {
  const { value, label } = spec.threshold!;
  return {
    symbol: "none",
    silent: true,
    lineStyle: { color: c.ink2, type: [4, 3], width: 1 },
    label: { formatter: label, color: c.ink2, position: "insideStartTop", fontSize: 12 },
    data: [spec.horizontal ? { xAxis: value } : { yAxis: value }],
  };
}

function funnel(spec: Spec, c: Colours) {
  const values = spec.series[0]?.values ?? [];
  return {
    series: [
      {
        type: "funnel",
        left: 4,
        right: "38%",
        top: 4,
        bottom: 4,
        sort: "none",
        gap: 2,
        minSize: "4%",
        label: { position: "right", color: c.ink, fontSize: 13, formatter: ({ name, value }: { name: string; value: number }) => `${name}  ${number(value)}` },
        labelLine: { length: 12, lineStyle: { color: c.rule2 } },
        itemStyle: { borderWidth: 0 },
        data: spec.categories.map((name, i) => ({
          name,
          value: values[i] ?? 0,
          itemStyle: { color: mix(c.tile, c.paper, (0.6 * i) / Math.max(spec.categories.length - 1, 1)) },
        })),
      },
    ],
  };
}
