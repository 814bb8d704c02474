/** Places marks and names on a crowded map: marks give way to each other, names take the first free side. */

export interface Mark {
  x: number;
  y: number;
  text: string;
}
export interface Placed {
  x: number;
  y: number;
  labelX: number;
  labelY: number;
  align: "left" | "right" | "center";
}
interface Box {
  x0: number;
  y0: number;
  x1: number;
  y1: number;
}

const LINE = 16;

/** Pushes overlapping marks apart until each pair keeps `gap` pixels between centres. */
function apart(marks: Mark[], gap: number): { x: number; y: number }[] {
  const at = marks.map(({ x, y }, i) => ({ x: x + (i % 3) * 0.01, y: y + i * 0.001 }));
  for (let round = 0; round < 80; round++) {
    let moved = false;
    for (let i = 0; i < at.length; i++)
      for (let j = i + 1; j < at.length; j++) {
        const [a, b] = [at[i]!, at[j]!];
        const [dx, dy] = [b.x - a.x, b.y - a.y];
        const distance = Math.hypot(dx, dy) || 0.01;
        if (distance >= gap) continue;
        const push = (gap - distance) / 2 / distance;
        a.x -= dx * push;
        a.y -= dy * push;
        b.x += dx * push;
        b.y += dy * push;
        moved = true;
      }
    if (!moved) break;
  }
  return at;
}

const overlap = (a: Box, b: Box) =>
  Math.max(0, Math.min(a.x1, b.x1) - Math.max(a.x0, b.x0)) * Math.max(0, Math.min(a.y1, b.y1) - Math.max(a.y0, b.y0));

export function place(
  marks: Mark[],
  radius: number,
  measure: (text: string) => number,
  width: number,
  height: number,
): { placed: Placed[]; taken: Box[] } {
  const at = apart(marks, radius * 2 + 3);
  const taken: Box[] = at.map(({ x, y }) => ({ x0: x - radius, y0: y - radius, x1: x + radius, y1: y + radius }));
  const placed: Placed[] = new Array(marks.length);
  // the most crowded first: they have the fewest free sides
  const crowd = at.map((a) => at.filter((b) => Math.hypot(a.x - b.x, a.y - b.y) < 90).length);
  const order = marks.map((_, i) => i).sort((i, j) => crowd[j]! - crowd[i]!);
  for (const i of order) {
    const { x, y } = at[i]!;
    const w = measure(marks[i]!.text);
    const r = radius + 4;
    let best: { cost: number; spot: Placed; box: Box } | null = null;
    const sides: [number, number, Placed["align"]][] = [
      [r, 0, "left"],
      [-r, 0, "right"],
      [0, -r - 6, "center"],
      [0, r + 6, "center"],
      [r, -14, "left"],
      [r, 14, "left"],
      [-r, -14, "right"],
      [-r, 14, "right"],
      [r + 4, -30, "left"],
      [r + 4, 30, "left"],
      [-r - 4, -30, "right"],
      [-r - 4, 30, "right"],
    ];
    sides.forEach(([dx, dy, align], rank) => {
      const left = align === "left" ? x + dx : align === "right" ? x + dx - w : x + dx - w / 2;
      const box = { x0: left, y0: y + dy - LINE / 2, x1: left + w, y1: y + dy + LINE / 2 };
      const outside = Math.max(0, -box.x0) + Math.max(0, box.x1 - width) + Math.max(0, -box.y0) + Math.max(0, box.y1 - height);
      const cost = taken.reduce((sum, other) => sum + overlap(box, other), 0) + outside * 50 + rank * 4;
      if (!best || cost < best.cost) best = { cost, spot: { x, y, labelX: x + dx, labelY: y + dy, align }, box };
    });
    placed[i] = best!.spot;
    taken.push(best!.box);
  }
  return { placed, taken };
}

export function free(box: Box, taken: Box[]): boolean {
  return taken.every((other) => overlap(box, other) === 0);
}
