import { coveragePlot, gainPlot, intervalsPlot, probabilityPlot, weightsPlot } from './plots.ts';
import { type BacktestResult, COMBINED, LEVELS } from './result.ts';
import { escapeHtml } from './svg.ts';

/** The whole report as one HTML file: nothing is loaded from anywhere. */
export function htmlReport(result: BacktestResult, createdMs: number): string {
  const names = result.scores.map(({ name }) => name).filter((name) => name !== COMBINED);
  const title = `${result.symbol}: walk-forward backtest`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${escapeHtml(title)}</h1>
<p>${number(result.days.length)} days from ${date(result.from)} to ${date(result.to)}. Each was forecast from the days
before it: refit ${escapeHtml(result.refit)} on up to ${number(result.fitBars)} bars (${number(result.refits)} fits,
${number(result.refitsFailed)} did not converge and left the parameters as they were). Made ${date(createdMs)}.</p>
${verdict(result)}
<h2>Skill</h2>
<p>CRPS of the one-day return, in percent: smaller is better. Skill is against the random walk with historical
simulation; the Diebold-Mariano test uses the Newey-West variance.</p>
${scoresTable(result)}
<h2>Coverage of one-day intervals</h2>
<p>p-values: Kupiec tests the share of misses, independence whether a miss makes another on the next day more likely,
and conditional coverage (Christoffersen) both at once.</p>
${coverageTable(result)}
<h2>The last ${Math.min(500, result.days.length)} days</h2>
<p>Returns and the 95 % intervals forecast the day before. ${key([
    ['c1', '95 % interval'],
    ['miss', 'outside'],
  ])}</p>
${intervalsPlot(result)}
<h2>Calibration</h2>
<p>How often the return fell in each twentieth of its forecast distribution. Calibrated forecasts give a flat histogram;
the band holds 95 % of the bars of one.</p>
${probabilityPlot(result)}
<h2>Gain over the random walk</h2>
<p>The sum so far of its CRPS less that of the forecast: it climbs while the forecast is better.</p>
${gainPlot(result)}
<h2>Coverage over time</h2>
<p>In a rolling window of 250 days. ${key(LEVELS.map((level, i) => [`c${i + 1}`, `${level * 100} %`]))}</p>
${coveragePlot(result)}
<h2>Weights of the models</h2>
<p>By past CRPS, at each refit. ${key(names.map((name, i) => [`c${i + 1}`, name]))}</p>
${weightsPlot(result, names)}
<h2>Pinball loss</h2>
${pinballTable(result)}
</body>
</html>
`;
}

function verdict(result: BacktestResult): string {
  const { audit } = result;
  return audit.clean
    ? `<p class="good">Look-ahead audit: clean. ${number(audit.daysCompared)} days were forecast again from a series that
       ends with them, and came out the same to the last bit.</p>`
    : `<p class="bad">Look-ahead audit: FAILED at day ${audit.firstDifferentDay}. These scores mean nothing.</p>`;
}

function scoresTable(result: BacktestResult): string {
  return table(
    ['model', 'CRPS', 'skill', '95 % interval', 'DM statistic', 'p'],
    result.scores.map(({ name, crps, skill, dieboldMariano: dm }) => [
      escapeHtml(name),
      crps.toFixed(5),
      percent(skill.value),
      dm === undefined ? '' : `${percent(skill.lower)} to ${percent(skill.upper)}`,
      dm?.statistic.toFixed(2) ?? '',
      dm === undefined ? 'baseline' : pValue(dm.pValue),
    ]),
  );
}

function coverageTable(result: BacktestResult): string {
  return table(
    ['nominal', 'observed', 'misses', 'Kupiec', 'independence', 'conditional'],
    result.coverage.map((c) => [
      percent(c.nominal),
      percent(c.observed),
      number(c.misses),
      pValue(c.kupiec.pValue),
      pValue(c.independence.pValue),
      pValue(c.conditional.pValue),
    ]),
  );
}

function pinballTable(result: BacktestResult): string {
  return table(
    ['probability', 'combined', 'random walk', 'skill'],
    result.pinball.map(({ probability, combined, baseline }) => [
      String(probability),
      combined.toFixed(5),
      baseline.toFixed(5),
      percent(1 - combined / baseline),
    ]),
  );
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const head = header.map((name) => `<th scope="col">${name}</th>`).join('');
  const body = rows.map(([first, ...rest]) => {
    const cells = rest.map((cell) => `<td>${cell}</td>`).join('');
    return `<tr><th scope="row">${first}</th>${cells}</tr>`;
  });
  return `<table><thead><tr>${head}</tr></thead><tbody>${body.join('')}</tbody></table>`;
}

function key(entries: readonly (readonly [string, string])[]): string {
  return entries
    .map(([className, name]) => `<span class="key"><i class="${className}"></i>${escapeHtml(name)}</span>`)
    .join(' ');
}

function date(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

function number(value: number): string {
  return value.toLocaleString('en-US');
}

function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`;
}

function pValue(p: number): string {
  return p < 1e-4 ? p.toExponential(1) : p.toFixed(4);
}

/** Colours after Okabe and Ito, told apart by everyone. */
const STYLE = `
:root { color-scheme: light dark; --text: #222; --faint: #8a8a8a; --grid: #e4e4e4; --page: #fff;
  --c1: #0072b2; --c2: #d55e00; --c3: #009e73; --c4: #b8860b; --c5: #cc79a7; --c6: #56b4e9; }
@media (prefers-color-scheme: dark) { :root { --text: #ddd; --grid: #383838; --page: #181818; --c1: #4aa3df; --c4: #e0b83c; } }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--text); background: var(--page); max-width: 800px;
  margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2.2rem; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { padding: .25rem .6rem; text-align: right; border-bottom: 1px solid var(--grid); }
th:first-child { text-align: left; } thead th { font-weight: 600; } tbody th { font-weight: 400; }
svg { width: 100%; height: auto; } .tick { font-size: 11px; fill: var(--faint); } .grid { stroke: var(--grid); }
.line { fill: none; stroke-width: 1.5; } .zero { stroke: var(--faint); }
.nominal { stroke: var(--faint); stroke-dasharray: 4 3; } .band.expected { fill: var(--faint); opacity: .3; }
.line.c1 { stroke: var(--c1); } .line.c2 { stroke: var(--c2); } .line.c3 { stroke: var(--c3); }
.line.c4 { stroke: var(--c4); } .line.c5 { stroke: var(--c5); } .line.c6 { stroke: var(--c6); }
.band.c1 { fill: var(--c1); opacity: .22; } .fill1 { fill: var(--c1); opacity: .75; }
.hit { fill: var(--faint); } .miss { fill: var(--c2); }
.key { margin-right: .8rem; white-space: nowrap; } .key i { display: inline-block; width: .8em; height: .8em; margin-right: .3em; }
i.c1 { background: var(--c1); } i.c2, i.miss { background: var(--c2); } i.c3 { background: var(--c3); }
i.c4 { background: var(--c4); } i.c5 { background: var(--c5); } i.c6 { background: var(--c6); }
.good { border-left: 4px solid var(--c3); padding-left: .8rem; } .bad { border-left: 4px solid var(--c2); padding-left: .8rem; font-weight: 600; }
`;
