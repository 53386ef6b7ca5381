import assert from 'node:assert/strict';
import test from 'node:test';
import { load, plain } from './load.mjs';

const B = load('filter.js');
const SIZES = { groups: 3, sides: 3, actors: 4, cells: 8170 };

function columns(rows) {
  const names = ['day', 'km', 'group', 'side', 'actor1', 'actor2'];
  return Object.fromEntries(names.map((name, k) => [name, Float64Array.from(rows, (row) => row[k])]));
}

const ROWS = [
  [10, 0, 0, 0, 0, 1],
  [10, 999, 1, 1, 1, NaN],
  [20, 1000, 2, 2, NaN, 0],
  [30, 8170, 0, 0, 3, 3],
  [NaN, NaN, NaN, NaN, NaN, NaN],
];
const fresh = () => new B.Filter(columns(ROWS), SIZES);
const after = (change) => {
  const filter = fresh();
  filter.set(change);
  return plain(Array.from(filter.selected()));
};

test('without a choice everything is shown, undated and unplaced rows too', () => {
  assert.deepEqual(after({}), [0, 1, 2, 3, 4]);
  assert.equal(fresh().active, false);
  assert.equal(fresh().undated, 1);
});

test('days hold both ends and no undated row', () => {
  assert.deepEqual(after({ days: [10, 20] }), [0, 1, 2]);
  assert.deepEqual(after({ days: [20, 11] }), [2]);
  assert.deepEqual(after({ days: [30, 30] }), [3]);
});

test('an incident that lasts is chosen by every day that it touches', () => {
  // The second lasts from 10 to 25; the third says that it ended before it began.
  const until = Float64Array.from([NaN, 25, 15, NaN, NaN]);
  const chosen = (days) => {
    const filter = new B.Filter({ ...columns(ROWS), until }, SIZES);
    filter.set({ days });
    return plain(Array.from(filter.selected()));
  };
  assert.deepEqual(chosen([20, 20]), [1, 2]);
  assert.deepEqual(chosen([25, 29]), [1]);
  assert.deepEqual(chosen([26, 29]), []);
  assert.deepEqual(chosen([10, 12]), [0, 1]);
});

test('stretches hold their first cell, not their last, but for the end of the border', () => {
  assert.deepEqual(after({ km: [0, 1000] }), [0, 1]);
  assert.deepEqual(after({ km: [1000, 8170] }), [2, 3]);
  assert.deepEqual(after({ km: [1000, 8169] }), [2]);
});

test('a choice of everything, or of nonsense, is none', () => {
  for (const change of [
    { days: [10, 30] },
    { days: [-5, 900] },
    { km: [0, 8170] },
    { days: ['a', 2] },
    { days: [NaN, 12] },
    { km: 7 },
    { groups: [0, 1, 2] },
    { actor: 4 },
    { actor: -1 },
    { actor: 'x' },
    { days: [40, 50] },
  ]) {
    const filter = fresh();
    filter.set(change);
    assert.equal(filter.active, false, JSON.stringify(change));
    assert.equal(filter.apply(), 5);
  }
});

test('groups, sides and actors: missing ones are the last group, the last side, no actor', () => {
  assert.deepEqual(after({ groups: [2] }), [2, 4]);
  assert.deepEqual(after({ groups: [] }), []);
  assert.deepEqual(after({ sides: [2] }), [2, 4]);
  assert.deepEqual(after({ actor: 0 }), [0, 2]);
  assert.deepEqual(after({ actor: 1 }), [0, 1]);
  assert.deepEqual(after({ actor: 2 }), []);
});

test('choices add up, are told to listeners, and can be taken back', () => {
  const filter = fresh();
  let told = 0;
  filter.subscribe(() => told++);
  filter.set({ days: [10, 20] });
  filter.set({ actor: 0 });
  assert.deepEqual(plain(filter.state), { days: [10, 20], km: null, groups: null, sides: null, actor: 0 });
  assert.deepEqual(plain(Array.from(filter.selected())), [0, 2]);
  filter.set({ days: null });
  assert.deepEqual(plain(Array.from(filter.selected())), [0, 2]);
  filter.reset();
  assert.equal(filter.apply(), 5);
  assert.equal(told, 4);
});

test('agrees with a count row by row, whatever is chosen', () => {
  let seed = 7;
  const random = (below) => (seed = (seed * 48271) % 2147483647) % below;
  const rows = Array.from({ length: 2000 }, () => [
    random(20) ? random(500) : NaN,
    random(20) ? random(8171) : NaN,
    random(3),
    random(3),
    random(5) < 4 ? random(4) : NaN,
    random(5) < 2 ? random(4) : NaN,
  ]);
  const filter = new B.Filter(columns(rows), SIZES);
  for (let k = 0; k < 200; k++) {
    const days = random(2) ? [random(500), random(500)].sort((a, b) => a - b) : null;
    const km = random(2) ? [random(8000), random(8170)].sort((a, b) => a - b) : null;
    const groups = random(2) ? [0, 1, 2].filter(() => random(2)) : null;
    const actor = random(2) ? random(4) : null;
    filter.set({ days, km, groups, sides: null, actor });
    const expected = rows.filter(
      ([day, cell, group, , one, two]) =>
        (!days || (day >= days[0] && day <= days[1])) &&
        (!km || (cell >= km[0] && cell < km[1])) &&
        (!groups || groups.includes(group)) &&
        (actor === null || one === actor || two === actor),
    );
    assert.equal(filter.apply(), expected.length);
  }
});

test('across is what the other choices leave, whatever the stretch', () => {
  const filter = fresh();
  filter.set({ km: [1000, 2000], days: [10, 20] });
  filter.apply();
  assert.deepEqual(plain(Array.from(filter.across)), [1, 1, 1, 0, 0]);
  assert.deepEqual(plain(Array.from(filter.mask)), [0, 0, 1, 0, 0]);
});

test('an empty table and one without dates do no harm', () => {
  const none = new B.Filter(columns([]), SIZES);
  none.set({ days: [1, 2], km: [5, 6] });
  assert.equal(none.apply(), 0);
  const undated = new B.Filter(columns([[NaN, 5, 0, 0, 0, 0]]), SIZES);
  undated.set({ days: [1, 2] });
  assert.equal(undated.apply(), 1);
});
