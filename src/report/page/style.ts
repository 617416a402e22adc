import { cssVariables, SERIES } from '../charts/palette.js';

const SANS = 'system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif';
const SERIF = 'Charter,"Bitstream Charter","Iowan Old Style","Palatino Linotype",Georgia,serif';
const MONO = 'ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace';

/** The page's style sheet: light, dark and print; nothing is loaded. */
export function styleSheet(): string {
  const swatches = SERIES.map((tone, i) => `.s${i}{background:var(--${tone.name})}`).join('');
  return `
:root{color-scheme:light dark;${cssVariables('light')}--sans:${SANS};--serif:${SERIF};--mono:${MONO}}
@media (prefers-color-scheme:dark){:root{${cssVariables('dark')}}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;scroll-padding-top:1rem}
body{margin:0;background:var(--page);color:var(--ink);font:1.0625rem/1.6 var(--serif);overflow-wrap:break-word}
main,header.top,footer{max-width:67rem;margin:0 auto;padding:0 clamp(1rem,4vw,2.5rem)}
header.top{padding-top:clamp(2rem,6vw,4rem)}
h1{font-size:clamp(1.65rem,1.2rem + 2vw,2.4rem);line-height:1.18;letter-spacing:-.012em;font-weight:600;margin:.4rem 0 0;max-width:24em;text-wrap:balance}
h2{font-size:1.35rem;line-height:1.3;font-weight:600;margin:0 0 .75rem;letter-spacing:-.005em}
h3{font-size:1.08rem;line-height:1.35;font-weight:600;margin:2rem 0 .4rem}
h4,h5,h6{font-size:1rem;margin:1.2rem 0 .3rem}
p,ul,ol{max-width:43em}
p{margin:.7rem 0}
a{color:var(--series-1);text-decoration-thickness:1px;text-underline-offset:.18em}
:focus-visible{outline:2px solid var(--series-1);outline-offset:2px}
section{margin:3.2rem 0 0}
section:not(.box)>h2{border-top:1px solid var(--rule);padding-top:1.1rem}
.quiet,figcaption,.note,.meta,.over{font-family:var(--sans);color:var(--quiet)}
.over{font-size:.8rem;letter-spacing:.02em;margin:0}
.lead{font-size:1.1rem}
.note{font-size:.84rem;line-height:1.5;margin:.5rem 0 0}
code,pre,.mono{font-family:var(--mono);font-size:.86em;font-variant-ligatures:none}
.meta{display:flex;flex-wrap:wrap;gap:.35rem 2rem;margin:1.5rem 0 0;padding:0;font-size:.86rem}
.meta div{display:flex;gap:.5rem}
.meta dt{color:var(--quiet)}
.meta dd{margin:0;color:var(--ink)}
nav{font:.86rem/1.5 var(--sans);margin:1.1rem 0 0}
nav ul{display:flex;flex-wrap:wrap;gap:.2rem 1.2rem;list-style:none;margin:0;padding:0;max-width:none}
nav li,.legend li,.meta div,.meta dd{min-width:0;max-width:100%;overflow-wrap:anywhere}
.box{font-family:var(--sans);border:1px solid var(--rule);border-radius:6px;background:var(--raised);padding:1.1rem 1.3rem;margin:2rem 0 0}
.box h2{font-family:var(--serif);margin:0 0 .6rem;font-size:1.25rem}
.box.alarm{border-color:var(--fails)}
.box p{margin:.3rem 0}
.claims{list-style:none;margin:0;padding:0;max-width:none}
.claims>li{display:grid;grid-template-columns:1.5rem minmax(0,1fr);padding:.6rem 0;border-top:1px solid var(--rule)}
.claims>li:first-child{border-top:0;padding-top:.2rem}
.claims .told{font-size:.92rem}
.verdict{font-weight:700;line-height:1.5}
.holds{color:var(--holds)}.fails{color:var(--fails)}.unknown{color:var(--unknown)}
.claims code{font-size:.88rem;overflow-wrap:anywhere}
.claims p,.claims .prose p{font-size:.9rem;margin:.15rem 0 0;color:var(--quiet)}
.claims .scroll{margin:.25rem 0 0}
table.sides{font-size:.86rem}
table.sides :is(th,td){padding-top:.12rem;padding-bottom:.12rem}
ul.sides{font-size:.86rem;margin:.4rem 0 0}
.scroll{overflow-x:auto;max-width:100%;margin:.9rem 0 0;-webkit-overflow-scrolling:touch;background:linear-gradient(to right,var(--page) 40%,transparent) left/3rem 100% no-repeat local,linear-gradient(to left,var(--page) 40%,transparent) right/3rem 100% no-repeat local,linear-gradient(to right,var(--strong),transparent) left/.5rem 100% no-repeat scroll,linear-gradient(to left,var(--strong),transparent) right/.5rem 100% no-repeat scroll}
:is(.box,.listing) .scroll{background:none}
table{border-collapse:collapse;font-family:var(--sans);font-size:.92rem;line-height:1.4;font-variant-numeric:tabular-nums lining-nums}
table.book{border-top:1.5px solid var(--strong);border-bottom:1.5px solid var(--strong)}
th,td{padding:.32rem .8rem;text-align:left;vertical-align:baseline;font-weight:400}
:is(th,td):first-child:not(.inner){padding-left:.3rem}
th:last-child,td:last-child{padding-right:.3rem}
thead th{font-weight:600;white-space:nowrap;vertical-align:bottom}
thead th.axis{font-weight:400;color:var(--quiet)}
thead th.span{text-align:center;padding-bottom:.2rem}
thead th.span>span{display:block;border-bottom:1px solid var(--strong);padding-bottom:.2rem}
table.book thead tr:last-child th{border-bottom:1px solid var(--strong)}
tbody tr:first-child>*{padding-top:.5rem}
tbody tr:last-child>*{padding-bottom:.5rem}
tbody tr.first>*{border-top:1px solid var(--rule)}
tbody th{max-width:24rem;overflow-wrap:break-word}
.num{text-align:right;white-space:nowrap}
.num small,thead small{font-weight:400;color:var(--quiet);font-size:.82em}
td strong{font-weight:700}
td.none,.beside{color:var(--quiet)}
td.wrap{overflow-wrap:anywhere;min-width:12rem}
table.dense{font-size:.84rem}
table.dense :is(th,td){padding-left:.5rem;padding-right:.5rem}
details{font-family:var(--sans);font-size:.9rem;margin:.8rem 0 0}
summary{cursor:pointer;color:var(--quiet);width:fit-content;max-width:100%;overflow-wrap:anywhere}
summary:hover{color:var(--ink)}
details table{font-size:.86rem}
figure{margin:1.6rem 0 0}
figcaption{font-size:.84rem;line-height:1.5;margin:.6rem 0 0;max-width:54em}
.legend{display:flex;flex-wrap:wrap;gap:.2rem 1.3rem;list-style:none;margin:0 0 .5rem;padding:0;font:.86rem/1.5 var(--sans);max-width:none}
.legend span{display:inline-block;width:.75em;height:.75em;border-radius:2px;margin-right:.45em;print-color-adjust:exact}
${swatches}
.panels{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,17rem),1fr));gap:1.2rem 1.6rem;align-items:start}
.panels>svg{display:block;width:100%;height:auto;max-width:23.5rem}
.maps{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,22rem),1fr));gap:1.4rem 1.8rem;max-width:62rem}
.maps>div{max-width:40rem}
.panel{position:relative;border:1px solid var(--rule);border-radius:4px;cursor:crosshair}
.panel svg{display:block;width:100%;height:auto;touch-action:manipulation}
.panel .mark{fill:none;stroke:var(--ink);stroke-width:10}
.panel .faded{stroke-opacity:.06}
.drawing{position:absolute;z-index:1;width:112px;padding:8px;border:1px solid var(--rule);border-radius:6px;background:var(--page);font:.76rem/1.3 var(--sans);pointer-events:none;overflow-wrap:anywhere}
.drawing>div{width:96px;height:96px;background-repeat:no-repeat}
.drawing p{margin:.35rem 0 0}
.legend button{font:inherit;color:inherit;background:none;border:0;border-radius:3px;padding:0 .2rem;cursor:pointer}
.legend button[aria-pressed=true]{background:var(--raised);outline:1px solid var(--strong)}
.seen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);margin:0}
svg text{font-family:var(--sans)}
.grids{display:grid;margin-top:1.1rem;grid-template-columns:repeat(auto-fill,minmax(min(100%,24rem),1fr));gap:1.6rem 2rem}
.grids figure{margin:0}
.grids img{display:block;width:100%;height:auto;max-width:47rem;image-rendering:pixelated}
.legend svg{vertical-align:-.1em;margin-right:.2em}
.boxed{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,17rem),1fr));gap:1.4rem 1.6rem;margin-top:.7rem;align-items:start}
.boxed figure{margin:0}
.boxed figure>svg{display:block;width:100%;height:auto;max-width:20rem}
.boxed figcaption ul{list-style:none;margin:.2rem 0 0;padding:0}
.boxed figcaption b{display:inline-block;min-width:1.2em;color:var(--ink)}
.boxed figcaption strong{color:var(--ink)}
.listing{border:1px solid var(--rule);border-radius:6px;background:var(--raised);padding:.8rem 0;overflow-x:auto;margin:.9rem 0 0;font:.82rem/1.55 var(--mono);counter-reset:line;tab-size:2}
.listing code{display:block;font-size:inherit;width:max-content;min-width:100%}
.listing .line{display:block;padding:0 1rem 0 0;white-space:pre}
.listing .line::before{counter-increment:line;content:counter(line);display:inline-block;width:3.2em;margin-right:1.2em;text-align:right;color:var(--quiet);user-select:none}
.listing i{font-style:normal;color:var(--quiet)}
.listing b{font-weight:600}
footer{font:.84rem/1.5 var(--sans);color:var(--quiet);padding-top:3rem;padding-bottom:3rem}
@media (max-width:40rem){body{font-size:1rem}.box{padding:.9rem 1rem}th,td{padding:.3rem .55rem}}
@media print{
:root{${cssVariables('light')}}
html{font-size:78%}
main,header.top,footer{max-width:none;padding:0}
nav,.drawing,.panel .mark,.note.screen{display:none}
section{margin-top:1.6rem}
figure,tr,.claims>li{break-inside:avoid}
h2,h3,summary,.legend,h2+p,h3+p{break-after:avoid}
h2+.scroll,h2+p+.scroll{break-before:avoid}
figcaption,.note{break-before:avoid}
figure details::details-content,.claims details::details-content{content-visibility:visible;display:block}
.scroll,.listing{overflow:visible;background:none}
.listing code{width:auto}
.listing .line{white-space:pre-wrap;overflow-wrap:anywhere}
.panels{grid-template-columns:repeat(2,1fr)}
}
`.trim();
}
