// Modules that know nothing of a page: axes, addresses, tables of text.
import assert from 'node:assert/strict';
import test from 'node:test';
import { load, plain } from './load.mjs';

const B = load('filter.js', 'scales.js', 'fragment.js', 'csv.js');
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const EMPTY = { days: null, km: null, groups: null, sides: null, actor: null };

test('days and dates are two names of one thing', () => {
  for (const iso of ['1970-01-01', '2008-07-15', '2024-02-29', '1863-08-11']) assert.equal(B.iso(B.dayOf(iso)), iso);
  for (const text of ['', '2024', '24-07-2025', 'x']) assert.ok(Number.isNaN(B.dayOf(text)));
});

test('bars hold every dated row once', () => {
  const day = Int32Array.from([0, 0, 6, 7, 13, 14, 700, -2147483648]);
  const step = B.barDays(0, 700, 120);
  assert.equal(step, 7);
  const counts = B.countBars(day, 0, step, Math.ceil(701 / step));
  assert.equal(
    counts.reduce((a, b) => a + b),
    7,
  );
  assert.deepEqual(plain(Array.from(counts.slice(0, 3))), [3, 2, 1]);
  // What lies after the last bar is in none.
  assert.equal(
    B.countBars(day, 0, step, 2).reduce((a, b) => a + b),
    5,
  );
  const masked = B.countBars(day, 0, step, 101, Uint8Array.from([1, 0, 0, 0, 0, 0, 1, 1]));
  assert.equal(
    masked.reduce((a, b) => a + b),
    2,
  );
});

test('ticks are few, in order and inside', () => {
  for (const [first, last] of [
    [0, 20000],
    [18000, 18040],
    [18000, 18000],
    [18000, 18400],
    [-40000, 20000],
  ]) {
    const ticks = B.dateTicks(first, last, 8, MONTHS);
    assert.ok(ticks.length <= 9, `${first} to ${last}: ${ticks.length}`);
    ticks.forEach(([day], k) => assert.ok(day >= first && day <= last && (!k || day > ticks[k - 1][0])));
  }
  assert.deepEqual(plain(B.roundTicks(817, 9)), [0, 100, 200, 300, 400, 500, 600, 700, 800]);
  assert.deepEqual(plain(B.roundTicks(0, 5)), [0]);
});

test('smoothing keeps a constant, and its limits hold it', () => {
  const flat = B.smooth(new Uint32Array(100).fill(5), 4);
  for (const value of flat.rate) assert.ok(Math.abs(value - 5) < 1e-9);
  flat.rate.forEach((value, k) => assert.ok(flat.low[k] < value && value < flat.high[k]));
  const none = B.smooth(new Uint32Array(50), 4);
  assert.ok(none.rate.every((value) => value === 0) && none.high.every((value) => value > 0));
});

test('a view survives its way through an address', () => {
  const filter = { days: [17000, 17200], km: [105, 2333], groups: [0, 3], sides: [], actor: 12 };
  const view = { lat: 13.5, lon: 104.25, zoom: 8.25 };
  const text = B.writeFragment({
    view,
    filter,
    lang: 'th',
    size: 'fatalities',
    profile: 'intensity',
    row: 7,
    id: 'A&b=%~é',
    span: [17000, 17100],
  });
  assert.match(text, /^[\x21-\x7e]+$/);
  assert.deepEqual(plain(B.readFragment(`#${text}`)), {
    view,
    filter,
    lang: 'th',
    size: 'fatalities',
    profile: 'intensity',
    row: 7,
    id: 'A&b=%~é',
    span: [17000, 17100],
  });
  assert.equal(B.writeFragment({ filter: EMPTY }), '');
});

test('what makes no sense in an address is left out', () => {
  for (const text of [
    '',
    '#',
    '#view=91,0,5',
    '#view=a',
    '#time=2020..2021',
    '#km=1',
    '#lang=xx',
    '#incident=-1~a',
    '#%',
    '#time=%E0%A4%A',
    '#__proto__=1',
    '#size=huge',
    '#types',
    '#span=2020-01-01',
    '#span=a..b',
  ]) {
    assert.deepEqual(plain(B.readFragment(text)), { filter: {} }, text);
  }
});

test('a spreadsheet takes no cell for a formula', () => {
  for (const text of [
    '=1+1',
    '+1+1',
    '-1+1',
    '@SUM(A1)',
    '\t=1',
    '\r=1',
    ' =1',
    '\u00a0=1',
    '\uff1d1',
    '%0A',
    '|x',
    '\n=1',
    "=cmd|' /C calc'!A0",
  ]) {
    const cell = B.csvCell(text).replace(/^"/, '');
    assert.equal(cell[0], "'", JSON.stringify(text));
  }
});

test('cells and numbers come back as they were', () => {
  assert.equal(B.csvCell(-3.5), '-3.5');
  assert.equal(B.csvCell('-35'), '-35');
  assert.equal(B.csvCell('+1.5'), '+1.5');
  assert.equal(B.csvCell(null), '');
  assert.equal(B.csvCell('plain'), 'plain');
  assert.equal(B.csvCell('a "b", c'), '"a ""b"", c"');
  assert.equal(B.csvCell('two\nlines'), '"two\nlines"');
  assert.equal(
    B.csv(
      [
        ['A', 'a'],
        ['B', 'b'],
      ],
      [{ a: 1, b: 'x' }, { b: '=y' }],
    ),
    'A,B\r\n1,x\r\n,"\'=y"\r\n',
  );
});

test('smoothing loses nothing at the ends', () => {
  for (const at of [0, 1, 50, 99]) {
    const counts = new Uint32Array(100);
    counts[at] = 12;
    const sum = B.smooth(counts, 5).rate.reduce((a, b) => a + b);
    assert.ok(Math.abs(sum - 12) < 1e-9, `${at}: ${sum}`);
  }
});
