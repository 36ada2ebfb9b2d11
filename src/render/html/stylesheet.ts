/** Widths, in CSS pixels, below which a table may have to show its rows as cards. */
export const STACKING_WIDTHS = [
  240, 320, 400, 480, 560, 640, 700, 740, 780, 820, 860, 900, 940, 980, 1020, 1060, 1120, 1200, 1280, 1360,
  1440, 1560,
];

/** Widths that a chart is drawn for; the page shows the one that fits. */
export const CHART_WIDTHS = [360, 640, 960] as const;

/** Contrast is at least 4.5 to 1 for texts and 3 to 1 for what charts draw, in light and dark. */
const LIGHT = `--page:#f6f7f9;--surface:#fff;--ink:#1a2230;--muted:#566072;--rule:#e2e6ec;--code:#f1f3f6;--accent:#2456d6;
--good:#0b7247;--fair:#8a5a00;--bad:#b42318;--good-wash:#e6f4ed;--fair-wash:#fbf1dc;--bad-wash:#fdebe9;--bar:#2456d61f;
--c1:#2f66e0;--c2:#0e8f84;--c3:#b9770e;--c4:#7d55d8;--c5:#c03f72;--quiet:#8791a1;--alarm:#c9372c`;
const DARK = `--page:#0e1116;--surface:#161b22;--ink:#e6eaf0;--muted:#9aa5b5;--rule:#2a313c;--code:#1f2630;--accent:#8ab0ff;
--good:#57c99a;--fair:#e2b252;--bad:#ff8f85;--good-wash:#14301f;--fair-wash:#33280f;--bad-wash:#3b1a18;--bar:#8ab0ff2b;
--c1:#6f9bff;--c2:#3fbfae;--c3:#dea33c;--c4:#ab8bf5;--c5:#ec7ba4;--quiet:#727d8e;--alarm:#f0685c`;

/** The class of a table that needs at least so many CSS pixels; without a number, more than any page has. */
export const tableClass = (least: number | undefined): string => `table s${least ?? 'max'}`;

/** On paper type is smaller, so that more stands beside each other. */
const ON_PAPER = 0.8;

function stacking(least: number | undefined): string {
  const scope = `.s${least ?? 'max'}`;
  const rules = `${scope} thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
${scope} table,${scope} tbody{display:block}
${scope} tr{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(8.5rem,100%),1fr));gap:.55rem 1rem;padding:.8rem 0;border-top:1px solid var(--rule)}
${scope} tr:first-child{border-top:0;padding-top:0}
${scope} tr:last-child{padding-bottom:0}
${scope} td{display:block;min-width:0;padding:0;border:0;text-align:left;white-space:normal;overflow-wrap:anywhere}
${scope} td:first-child{grid-column:1/-1;font-weight:600}
${scope} td::before{content:attr(data-label);display:block;color:var(--muted);font-size:.72rem;font-weight:400}
${scope} td:first-child::before{content:none}
${scope} .bar[style]{background-image:none}`;
  if (least === undefined) return rules;
  return `@media screen{@container (width < ${least}px){${rules}}}
@media print{@container (width < ${Math.floor(least * ON_PAPER)}px){${rules}}}`;
}

const [narrow, middle, wide] = CHART_WIDTHS;

/** The style of a page with this body: no font, picture or script from anywhere. */
export const stylesheetFor = (body: string): string =>
  [
    BASE,
    ...[...STACKING_WIDTHS, undefined]
      .filter((least) => body.includes(`${tableClass(least)}"`) || body.includes(`${tableClass(least)} `))
      .map(stacking),
    PRINT,
  ].join('\n');

const BASE = `:root{color-scheme:light dark;${LIGHT}}
@media (prefers-color-scheme:dark){:root{${DARK}}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;scroll-behavior:smooth}
@media (prefers-reduced-motion:reduce){html{scroll-behavior:auto}}
body{margin:0;background:var(--page);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue","Noto Sans",Arial,sans-serif;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
a{color:var(--accent)}
a:focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:3px}
code{font:.86em/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace}
.sheet{max-width:var(--most,70rem);margin:0 auto;padding:2rem clamp(.9rem,3vw,2rem) 3rem}
.brand{margin:0;color:var(--muted);font-size:.8rem;letter-spacing:.02em}
.brand b{color:var(--accent);font-weight:650}
h1{margin:.3rem 0 0;font-size:clamp(1.55rem,4vw,2.05rem);line-height:1.2;letter-spacing:-.018em;font-weight:680}
.subtitle{margin:.25rem 0 0;color:var(--muted)}
.stamp{display:flex;flex-wrap:wrap;gap:.15rem 1.6rem;margin:.9rem 0 0;font-size:.82rem}
.stamp div{display:flex;gap:.4rem}
.stamp dt{color:var(--muted)}
.stamp dd{margin:0}
nav{margin:1.3rem 0 0}
nav ul{display:flex;flex-wrap:wrap;gap:.35rem;margin:0;padding:0;list-style:none}
nav a{display:block;padding:.22rem .7rem;border:1px solid var(--rule);border-radius:99px;background:var(--surface);color:var(--ink);font-size:.82rem;text-decoration:none}
nav a:hover{border-color:var(--accent);color:var(--accent)}
section,.tiles{margin:1.1rem 0 0;padding:1.15rem clamp(.9rem,2.4vw,1.5rem) 1.3rem;border:1px solid var(--rule);border-radius:12px;background:var(--surface)}
section{scroll-margin-top:.8rem}
h2{margin:0 0 .8rem;font-size:1.06rem;line-height:1.3;font-weight:640}
h2 a{color:inherit;text-decoration:none}
h2 a:hover::after{content:" #";color:var(--muted);font-weight:400}
h3{margin:1.2rem 0 .5rem;font-size:.92rem;font-weight:640}
.tiles .grid{display:grid;grid-template-columns:repeat(auto-fit,minmax(max(min(7.6rem,45%),calc((100% - 1.2rem*(var(--per) - 1))/var(--per) - 1px)),1fr));gap:1.1rem 1.2rem;margin:0}
.tiles .grid div{display:flex;flex-direction:column-reverse}
.tiles dt{color:var(--muted);font-size:.8rem}
.tiles .grid dd{margin:0;font-size:1.42rem;line-height:1.25;font-weight:640;letter-spacing:-.012em}
.tiles .grid small{font-size:.62em;font-weight:500;color:var(--muted);letter-spacing:0;white-space:nowrap}
.tiles .grid+.pairs{margin-top:1.1rem;padding-top:1rem;border-top:1px solid var(--rule)}
.pairs{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(15rem,100%),1fr));gap:.3rem 2rem;margin:0;font-size:.9rem}
.pairs div{display:flex;gap:.8rem;justify-content:space-between;padding:.12rem 0;border-bottom:1px dotted var(--rule)}
.pairs .long{grid-column:1/-1}
.pairs dt{color:var(--muted);flex:none}
.pairs dd{margin:0;text-align:right;min-width:0}
.table{container-type:inline-size}
table{width:100%;border-collapse:collapse;font-size:.86rem}
th,td{overflow-wrap:break-word;padding:.42rem .45rem;border-bottom:1px solid var(--rule);text-align:left;vertical-align:top}
th:first-child,td:first-child{padding-left:0}
th:last-child,td:last-child{padding-right:0}
th{color:var(--muted);font-size:.78rem;font-weight:500;vertical-align:bottom;overflow-wrap:normal}
tbody tr:last-child td{border-bottom:0}
.n{text-align:right;white-space:nowrap}
th.n{white-space:normal}
.w{overflow-wrap:anywhere}
.k,time span{white-space:nowrap}
.dense table{font-size:.8rem}
.dense th{font-size:.74rem}
.dense th,.dense td{padding:.36rem .32rem}
.dense th:first-child,.dense td:first-child{padding-left:0}
.dense th:last-child,.dense td:last-child{padding-right:0}
th.bar{width:15%}
td.bar[style]{background:linear-gradient(to left,var(--bar) calc(var(--share)*100%),transparent 0) no-repeat 0 50%/100% calc(100% - .3rem)}
td.bar,td.bar:last-child,th.bar,th.bar:last-child{padding-right:.45rem}
td ul{margin:0;padding:0;list-style:none}
td li+li{margin-top:.25rem}
.no{color:var(--muted)}
.good{color:var(--good)}.fair{color:var(--fair)}.bad{color:var(--bad)}
.pill span{display:inline-block;padding:0 .5rem;border-radius:99px;background:var(--code);font-size:.92em}
.pill .good{background:var(--good-wash)}.pill .fair{background:var(--fair-wash)}.pill .bad{background:var(--bad-wash)}
.none{margin:0;color:var(--muted)}
ul.words{margin:0;padding-left:1.1rem}
ul.words li{margin:.2rem 0}
.next{margin:0;padding:0;list-style:none;display:grid;gap:.75rem}
.next code{display:block;width:fit-content;max-width:100%;padding:.32rem .65rem;border-radius:7px;background:var(--code);white-space:pre-wrap;overflow-wrap:anywhere}
.next p{margin:.2rem 0 0;color:var(--muted);font-size:.86rem}
figure{margin:0 0 1.1rem;container-type:inline-size}
section figure:last-child{margin-bottom:0}
figcaption{display:flex;flex-wrap:wrap;gap:.2rem 1.2rem;align-items:baseline;margin:0 0 .5rem;font-size:.82rem}
figcaption b{font-weight:600}
.legend{display:flex;flex-wrap:wrap;gap:.15rem 1.1rem;margin:0;padding:0;list-style:none;color:var(--muted)}
.legend i{display:inline-block;width:.68em;height:.68em;margin-right:.45em;border-radius:2px}
.legend span{color:var(--ink)}
svg{display:block;width:100%;max-width:67.5rem;height:auto}
.d${narrow},.d${wide}{display:none}
@container (width < 500px){.d${narrow}{display:block}.d${middle}{display:none}}
@container (width >= 840px){.d${wide}{display:block}.d${middle}{display:none}}
footer{margin:1.6rem 0 0;color:var(--muted);font-size:.8rem}`;

const PRINT = `@media print{:root{${LIGHT};--page:#fff}body{font-size:10.5pt}*{print-color-adjust:exact;-webkit-print-color-adjust:exact}table{font-size:.68rem}th{font-size:.62rem}th,td{padding:.25rem .3rem}.dense table{font-size:.63rem}.dense th{font-size:.58rem}.dense th,.dense td{padding:.25rem .24rem}.sheet{max-width:none;padding:0}nav{display:none}section,.tiles{border-radius:0;border-width:1px 0 0;padding:.8rem 0}tr,figure,.next li,.tiles{break-inside:avoid}h2,h3,figcaption{break-after:avoid}thead{display:table-header-group}}
`;
