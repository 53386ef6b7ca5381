// Words: what is said of a class, and the names of a place.
import assert from 'node:assert/strict';
import test from 'node:test';
import { load, plain, read } from './load.mjs';

const B = load('texts.js', 'dom.js', 'words.js', 'card.js');
B.useTexts(JSON.parse(read('texts.json')));

test('bounds of a class are said in each language, with their figures as they are', () => {
  const said = (language, label) => {
    B.language = language;
    return B.words.bounds(label);
  };
  for (const label of ['0.1 to under 0.2', '2 and more', 'under 0.5', '1e+06 and more', 'something else']) {
    assert.equal(said('en', label), label);
  }
  for (const language of ['th', 'km']) {
    const text = said(language, '0.1 to under 0.2');
    assert.ok(text.indexOf('0.1') < text.indexOf('0.2'));
    assert.doesNotMatch(text, /under|to/);
    assert.match(said(language, '2 and more'), /^2 [^a-z]+$/);
  }
  B.language = 'en';
});

test('names in the scripts of both countries stand apart from other names', () => {
  const of = (place, placeOther) => plain(B.namesOf({ place, placeOther }));
  assert.deepEqual(of('A', 'B;ตาควาย;តាក្របី;C;ภูผี'), {
    local: [{ lang: 'th', name: 'ตาควาย' }, { lang: 'km', name: 'តាក្របី' }],
    rest: ['B', 'C', 'ภูผี'],
  }); // prettier-ignore
  assert.deepEqual(of('ตาควาย', 'Ta Khwai;ปราสาทตาควาย'), { local: [], rest: ['Ta Khwai', 'ปราสาทตาควาย'] });
  assert.deepEqual(of(undefined, undefined), { local: [], rest: [] });
  assert.deepEqual(of('A', 'A;;\u2028x'), { local: [], rest: ['\u2028x'] });
});
