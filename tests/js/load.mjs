// Scripts of the page, run as a browser would, one after the other, without a page.
import { readFileSync } from 'node:fs';
import vm from 'node:vm';

const FOLDER = new URL('../../borderline/mapping/assets/', import.meta.url);

export const read = (name) => readFileSync(new URL(name, FOLDER), 'utf8');

/** Run scripts and return what they made. */
export function load(...names) {
  const window = {};
  const context = vm.createContext({ window, TextDecoder, URL, Intl });
  vm.runInContext('window.Borderline = {};', context);
  for (const name of names) vm.runInContext(read(name), context, { filename: name });
  return window.Borderline;
}

/** Values made in another context, as ones of this one, for comparison. */
export const plain = (value) => JSON.parse(JSON.stringify(value));
