/** A plot area in SVG with its axes: just what the report needs, so that it stands by itself in one file. */
export interface Frame {
  readonly x: Scale;
  readonly y: Scale;
  /** Put `marks` into the frame and give the whole as SVG. */
  render(marks: readonly string[]): string;
}

type Scale = (value: number) => number;

export interface Axis {
  readonly from: number;
  readonly to: number;
  readonly label: (value: number) => string;
  /** Where the ticks stand; left out: about five round values. */
  readonly ticks?: readonly number[];
}

const WIDTH = 760;
const HEIGHT = 260;
const LEFT = 56;
const RIGHT = 12;
const TOP = 10;
const BOTTOM = 28;

/** @param title - read out in place of the picture */
export function frame(title: string, x: Axis, y: Axis): Frame {
  const sx = scale(x.from, x.to, LEFT, WIDTH - RIGHT);
  const sy = scale(y.from, y.to, HEIGHT - BOTTOM, TOP);
  const xTicks = (x.ticks ?? roundTicks(x.from, x.to)).map(
    (t) => `<text class="tick" x="${n(sx(t))}" y="${HEIGHT - 10}" text-anchor="middle">${x.label(t)}</text>`,
  );
  const yTicks = (y.ticks ?? roundTicks(y.from, y.to)).map(
    (t) =>
      `<line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${n(sy(t))}" y2="${n(sy(t))}"/>` +
      `<text class="tick" x="${LEFT - 6}" y="${n(sy(t) + 4)}" text-anchor="end">${y.label(t)}</text>`,
  );
  return {
    x: sx,
    y: sy,
    render: (marks) =>
      `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escapeHtml(title)}">` +
      `${yTicks.join('')}${xTicks.join('')}${marks.join('')}</svg>`,
  };
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export function line(f: Frame, points: readonly Point[], className: string): string {
  return `<path class="line ${className}" d="${path(f, points)}"/>`;
}

/** The area between an upper and a lower line over the same x. */
export function band(f: Frame, upper: readonly Point[], lower: readonly Point[], className: string): string {
  const back = lower.toReversed().map((p) => `L${n(f.x(p.x))} ${n(f.y(p.y))}`);
  return `<path class="band ${className}" d="${path(f, upper)}${back.join('')}Z"/>`;
}

export function bar(f: Frame, fromX: number, toX: number, y: number, className: string): string {
  const top = f.y(y);
  const width = Math.max(0.5, f.x(toX) - f.x(fromX) - 1);
  return `<rect class="${className}" x="${n(f.x(fromX))}" y="${n(top)}" width="${n(width)}" height="${n(f.y(0) - top)}"/>`;
}

export function dot(f: Frame, point: Point, className: string, radius = 2): string {
  return `<circle class="${className}" cx="${n(f.x(point.x))}" cy="${n(f.y(point.y))}" r="${radius}"/>`;
}

/** A level line across the frame. */
export function level(f: Frame, y: number, className: string): string {
  return `<line class="${className}" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${n(f.y(y))}" y2="${n(f.y(y))}"/>`;
}

export function escapeHtml(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}

/** The first of January of each year in a span, thinned to at most a dozen. */
export function yearTicks(from: number, to: number): number[] {
  const first = new Date(from).getUTCFullYear() + 1;
  const last = new Date(to).getUTCFullYear();
  const step = Math.max(1, Math.ceil((last - first + 1) / 12));
  const ticks: number[] = [];
  for (let year = first; year <= last; year += step) ticks.push(Date.UTC(year, 0, 1));
  return ticks;
}

function path(f: Frame, points: readonly Point[]): string {
  return points.map((p, i) => `${i === 0 ? 'M' : 'L'}${n(f.x(p.x))} ${n(f.y(p.y))}`).join('');
}

function scale(from: number, to: number, start: number, end: number): Scale {
  const span = to - from || 1;
  return (value) => start + ((value - from) / span) * (end - start);
}

function roundTicks(from: number, to: number): number[] {
  const rough = (to - from) / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= rough) ?? rough;
  const ticks: number[] = [];
  for (let i = Math.ceil(from / step - 1e-9); i * step <= to + 1e-9 * step; i += 1) ticks.push(i * step);
  return ticks;
}

/** One decimal of a pixel is finer than any screen, and keeps the file small. */
function n(value: number): string {
  return String(Math.round(value * 10) / 10);
}
