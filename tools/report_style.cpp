#include "tools/report_style.hpp"

namespace tecs {
namespace {

// Colours. Text has a contrast of 4.5 to 1 and more against what it stands on, bars of 3 to 1, and blue
// against orange stays apart for who does not see red or green.
constexpr std::string_view colours = R"css(
:root { color-scheme: light dark; --ground: #f5f4f0; --sheet: #ffffff; --ink: #1c2228; --quiet: #56606a;
  --rule: #dfdcd5; --grid: #ebe8e2; --room: #f0eee9; --hatch: #cfccc4; --mark: #1c2228; --good: #22653a;
  --medium: #855300; --bad: #a3261c; --pass: #1f5f9e; --none: #8c949c; --fail: #ad3a0c; --policy: #55258a;
  --permerror: #b8850d; --temperror: #276455; --neutral: #6b7280; }
@media screen and (prefers-color-scheme: dark) {
  :root { --ground: #121518; --sheet: #1a1e22; --ink: #e7e9eb; --quiet: #a2abb4; --rule: #30363c;
    --grid: #262b30; --room: #24292e; --hatch: #41484f; --mark: #e7e9eb; --good: #7fcf9b; --medium: #e3b75c;
    --bad: #f5958a; --pass: #5b9fdd; --none: #737c85; --fail: #e67a44; --policy: #a35fe2;
    --permerror: #f2cf45; --temperror: #a8ded5; --neutral: #98a1ab; }
}
)css";

constexpr std::string_view text = R"css(
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body { margin: 0; background: var(--ground); color: var(--ink);
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", Arial,
  sans-serif; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
main { max-width: 1120px; margin: 0 auto; padding: 48px 32px 64px; }
h1 { font-size: 30px; line-height: 1.2; font-weight: 650; letter-spacing: -0.015em; margin: 0 0 20px; }
h2 { font-size: 20px; line-height: 1.3; font-weight: 650; letter-spacing: -0.005em; margin: 0 0 6px; }
h3 { font-size: 16px; font-weight: 650; margin: 0 0 4px; }
p { margin: 0; }
small { font-size: 13px; color: var(--quiet); }
.sentence { color: var(--quiet); max-width: 76ch; }
.sentence b { color: var(--ink); font-weight: 600; }
.note { color: var(--quiet); font-size: 13px; margin-top: 14px; }
.facts { display: flex; flex-wrap: wrap; gap: 10px 36px; margin: 0 0 32px; font-size: 14px; }
.facts dt, .figures dt, .quantiles dt { color: var(--quiet); font-size: 13px; }
.facts dd, .figures dd, .quantiles dd { margin: 0; }
section, .figures, .notice { background: var(--sheet); border: 1px solid var(--rule); border-radius: 12px;
  padding: 28px 32px; margin: 0 0 24px; }
.figures { display: grid; grid-template-columns: repeat(7, 1fr); gap: 24px; padding: 24px 32px; }
.figures b { display: block; font-size: 25px; line-height: 1.3; font-weight: 600; letter-spacing: -0.02em;
  white-space: nowrap; }
.figures small { display: block; line-height: 1.4; }
footer { color: var(--quiet); font-size: 13px; max-width: 84ch; padding: 8px 32px; }
footer p { margin-bottom: 8px; }
)css";

constexpr std::string_view charts = R"css(
.plot { padding: 0 6px 0 42px; margin-top: 20px; }
.plot svg { display: block; overflow: visible; }
svg text { font-size: 12px; fill: var(--quiet); }
text.value { text-anchor: end; }
text.inner { text-anchor: middle; }
text.last { text-anchor: end; }
line.grid { stroke: var(--grid); }
line.axis { stroke: var(--rule); }
.hit { fill: transparent; }
.bar:hover .hit { fill: var(--room); }
.gap { fill: url(#gap-pattern); }
.room { fill: var(--room); }
.pass, .for, .plain { fill: var(--pass); }
.none, .zero { fill: var(--none); }
.fail { fill: url(#fail-pattern); }
.against { fill: url(#fail-pattern); }
.policy { fill: url(#policy-pattern); }
.permerror { fill: url(#permerror-pattern); }
.temperror { fill: url(#temperror-pattern); }
.neutral { fill: url(#neutral-pattern); }
.on-pattern { fill: var(--sheet); fill-opacity: .62; }
.c-fail { fill: var(--fail); }
.c-policy { fill: var(--policy); }
.c-permerror { fill: var(--permerror); }
.c-temperror { fill: var(--temperror); }
.c-neutral { fill: var(--neutral); }
.c-gap { fill: var(--hatch); }
.mark { stroke: var(--mark); stroke-width: 1.5; }
.mark.most { stroke-dasharray: 5 3; }
.mark.nearly-all { stroke-dasharray: 1.5 3; }
.patterns { position: absolute; width: 0; height: 0; }
.legend { list-style: none; display: grid; grid-template-columns: repeat(auto-fill, minmax(300px, 1fr));
  gap: 6px 24px; margin: 18px 0 0; padding: 0; font-size: 14px; }
.legend li { display: flex; gap: 10px; align-items: baseline; }
.legend small { display: block; line-height: 1.35; }
.swatch { flex: none; position: relative; top: 3px; }
.panels { display: grid; grid-template-columns: repeat(3, 1fr); gap: 36px; margin-top: 20px; }
.panel { min-width: 0; }
.panel .sentence { font-size: 14px; }
.quantiles { display: flex; gap: 20px; margin: 12px 0 0; font-weight: 600; }
.quantiles dt { font-weight: 400; white-space: nowrap; }
.quantiles dd { white-space: nowrap; }
.quantiles .swatch { margin-left: -5px; margin-right: -3px; }
)css";

constexpr std::string_view tables = R"css(
table { width: 100%; border-collapse: collapse; margin-top: 18px; font-size: 14px; line-height: 1.45; }
caption { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);
  white-space: nowrap; }
th, td { text-align: left; vertical-align: top; padding: 9px 16px 9px 0;
  border-bottom: 1px solid var(--rule); font-weight: 400; }
tbody tr:last-child > * { border-bottom: 0; }
thead th { color: var(--quiet); font-size: 13px; padding-top: 0; white-space: nowrap; }
th.number, td.number { text-align: right; white-space: nowrap; }
th:last-child, td:last-child { padding-right: 0; }
td.text { white-space: nowrap; }
tbody th.name { font-weight: 600; }
th.name { width: 34%; min-width: 14ch; }
th.name small { display: block; font-weight: 400; }
.drawing { width: 22%; min-width: 80px; }
svg.share { display: block; margin-top: 5px; border-radius: 3px; }
td.text small { display: block; white-space: normal; }
.badge { white-space: nowrap; font-weight: 600; }
.badge i { font-style: normal; display: inline-block; width: 1.1em; }
.badge.good { color: var(--good); }
.badge.medium { color: var(--medium); }
.badge.bad { color: var(--bad); }
.badge.unknown, .badge.none { color: var(--quiet); font-weight: 400; }
details { margin-top: 18px; font-size: 14px; }
summary { cursor: pointer; color: var(--quiet); padding: 4px 0; }
.cards { overflow-x: auto; }
.scrolling { overflow-x: auto; max-height: 420px; overflow-y: auto; }
.scrolling table { margin-top: 8px; }
.scrolling tbody th.name { font-weight: 400; white-space: nowrap; }
.scrolling th, .scrolling td { padding-right: 20px; }
:focus-visible { outline: 2px solid var(--pass); outline-offset: 3px; }
)css";

// A telephone first loses the frames, then the columns.
constexpr std::string_view narrow = R"css(
@media (max-width: 960px) {
  .figures { grid-template-columns: repeat(auto-fill, minmax(130px, 1fr)); }
  .panels { grid-template-columns: minmax(0, 1fr); gap: 32px; }
}
@media screen and (max-width: 760px) {
  main { padding: 28px 0 40px; }
  header { padding: 0 18px; }
  h1 { font-size: 25px; }
  .facts { display: grid; gap: 8px; margin-bottom: 24px; }
  .facts div { display: grid; grid-template-columns: 84px 1fr; }
  .facts dt { line-height: 22px; }
  section, .figures, .notice { border-radius: 0; border-left: 0; border-right: 0; padding: 24px 18px;
    margin-bottom: 14px; }
  .figures { grid-template-columns: 1fr 1fr; gap: 18px; }
  .spare { display: none; }
  .legend { grid-template-columns: 1fr; }
  footer { padding: 8px 18px; }
  .cards thead { display: none; }
  .cards table, .cards tbody { display: block; }
  .cards tr { display: grid; grid-template-columns: repeat(3, 1fr); gap: 6px 12px; padding: 14px 0;
    border-bottom: 1px solid var(--rule); }
  .cards tr:last-child { border-bottom: 0; }
  .cards th, .cards td { display: block; padding: 0; border: 0; min-width: 0; }
  .cards .name, .cards .drawing { grid-column: 1 / -1; width: auto; }
  .cards td.number { text-align: left; }
  .cards td[data-heading]::before { content: attr(data-heading); display: block; font-size: 13px;
    color: var(--quiet); }
  .cards td.text { white-space: normal; }
  .cards td:nth-child(2):nth-last-child(2).text { grid-column: span 2; }
}
@media print {
  body { background: #fff; font-size: 11pt; }
  main { max-width: none; padding: 0; }
  section, .figures { border: 0; padding: 12px 0; break-inside: avoid; }
  details { display: none; }
  th, td { padding-right: 8px; }
  #domains, #new-domains { break-inside: auto; }
  tr { break-inside: avoid; }
  h2, .sentence { break-after: avoid; }
  svg { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
)css";

constexpr std::string_view patterns = R"svg(<svg class="patterns" aria-hidden="true"><defs>
<pattern id="fail-pattern" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
<rect class="c-fail" width="6" height="6"/>
<rect class="on-pattern" width="1.4" height="6"/></pattern>
<pattern id="policy-pattern" width="5" height="5" patternUnits="userSpaceOnUse"
  patternTransform="rotate(-45)">
<rect class="c-policy" width="5" height="5"/>
<rect class="on-pattern" width="1" height="5"/></pattern>
<pattern id="permerror-pattern" width="5" height="5" patternUnits="userSpaceOnUse">
<rect class="c-permerror" width="5" height="5"/>
<rect class="on-pattern" width="5" height="1"/></pattern>
<pattern id="temperror-pattern" width="6" height="6" patternUnits="userSpaceOnUse">
<rect class="c-temperror" width="6" height="6"/>
<rect class="on-pattern" x="2" y="2" width="2" height="2"/></pattern>
<pattern id="neutral-pattern" width="5" height="5" patternUnits="userSpaceOnUse">
<rect class="c-neutral" width="5" height="5"/>
<rect class="on-pattern" width="1" height="5"/></pattern>
<pattern id="gap-pattern" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
<rect class="c-gap" width="1" height="7"/></pattern>
</defs></svg>
)svg";

}  // namespace

std::string_view report_patterns() noexcept {
  return patterns;
}

std::string report_style() {
  return std::string(colours).append(text).append(charts).append(tables).append(narrow);
}

}  // namespace tecs
