/** The page's whole look; colours by meaning, dark where the reader's system is. */
export const STYLE = `
:root { color-scheme: light dark; --text: #1d2430; --quiet: #5b6577; --page: #f6f7f9; --card: #fff; --line: #d9dee6;
  --gold: #b3261e; --silver: #9a5b00; --bronze: #57606a; --good: #1a7f37; }
@media (prefers-color-scheme: dark) { :root { --text: #e6e9ef; --quiet: #9aa4b5; --page: #12151b; --card: #1b2029;
  --line: #313947; --gold: #ff8a80; --silver: #f0b35a; --bronze: #a8b1bd; --good: #6fd08c; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 62rem; padding: 2rem 1rem 4rem; background: var(--page); color: var(--text);
  font: 16px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.5rem; margin: 0 0 .25rem; } h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; }
p { margin: .25rem 0; } .quiet { color: var(--quiet); }
.counts { display: flex; flex-wrap: wrap; gap: .75rem; margin: 1rem 0; padding: 0; list-style: none; }
.counts li { background: var(--card); border: 1px solid var(--line); border-radius: .5rem; padding: .5rem .9rem; }
.counts b { display: block; font-size: 1.4rem; }
article { background: var(--card); border: 1px solid var(--line); border-left: .35rem solid var(--bronze);
  border-radius: .5rem; margin: .75rem 0; padding: .75rem 1rem; }
article.gold { border-left-color: var(--gold); } article.silver { border-left-color: var(--silver); }
article h3 { font-size: 1rem; margin: 0; } .tag { font-size: .8rem; font-weight: 600; }
.gold .tag { color: var(--gold); } .silver .tag { color: var(--silver); } .bronze .tag { color: var(--bronze); }
.good { color: var(--good); } code { font: .875em ui-monospace, monospace; overflow-wrap: anywhere; }
ul { margin: .4rem 0 0; padding-left: 1.2rem; } dl { margin: .5rem 0 0; display: grid; grid-template-columns: max-content 1fr; gap: .15rem .75rem; }
dt { color: var(--quiet); } dd { margin: 0; } summary { cursor: pointer; }
@media print { body { max-width: none; } article { break-inside: avoid; } }
`;
