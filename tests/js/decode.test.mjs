// Byte planes back to numbers.
import assert from 'node:assert/strict';
import test from 'node:test';
import { load, plain } from './load.mjs';

const B = load('decode.js');
const numbers = (column) => Array.from(column, (value) => (Number.isNaN(value) ? null : value));

test('planes hold whole steps, the least bytes first; nought is missing', () => {
  const layout = [{ name: 'x', rows: 3, width: 2, base: -5, per: 1 }];
  const { x } = B.columns(Uint8Array.from([0, 1, 2, 0, 0, 1]), layout);
  assert.deepEqual(numbers(x), [null, -5, -5 + 257]);
});

test('decimals are those that were given, not sums of steps', () => {
  const layout = [{ name: 'x', rows: 2, width: 1, base: 103371100, per: 1000000 }];
  assert.deepEqual(numbers(B.columns(Uint8Array.from([1, 2]), layout).x), [103.3711, 103.371101]);
});

test('differences go up and down', () => {
  const layout = [{ name: 'x', rows: 4, width: 1, base: 10, per: 1, delta: true }];
  // Codes 3, 5, 1, 1: steps of +3, +2, -4, 0.
  assert.deepEqual(numbers(B.columns(Uint8Array.from([6, 4, 7, 0]), layout).x), [12, 14, 10, 10]);
});

test('a column may count from one before it, and from nothing where that is missing', () => {
  const layout = [
    { name: 'x', rows: 3, width: 1, base: 100, per: 1 },
    { name: 'y', rows: 3, width: 1, base: -1, per: 1, since: 'x' },
  ];
  const { y } = B.columns(Uint8Array.from([1, 0, 5, 1, 1, 0]), layout);
  assert.deepEqual(numbers(y), [99, -1, null]);
});

test('an element that is not there holds nothing', () => {
  assert.deepEqual(plain(B.columns(new Uint8Array(0), [])), {});
});
