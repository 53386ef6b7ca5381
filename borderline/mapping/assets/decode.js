/*
 * From inert text in the page to numbers and words.
 *
 * Data lies in script elements that no browser runs: gzip as base64. Numbers are
 * columns of whole multiples of a step, stored as byte planes (see _payload.py).
 */
window.Borderline = {};
(function (B) {
  'use strict';

  /** Tell whether this browser can unpack the data. */
  B.canDecode = function () {
    return typeof DecompressionStream === 'function' && typeof Response === 'function';
  };

  /** Text of an inert element, or null. */
  B.textOf = function (id) {
    const element = document.getElementById(id);
    return element ? element.textContent : null;
  };

  function fromBase64(text) {
    if (Uint8Array.fromBase64) return Uint8Array.fromBase64(text.trim());
    const raw = atob(text.trim());
    const bytes = new Uint8Array(raw.length);
    for (let i = 0; i < raw.length; i++) bytes[i] = raw.charCodeAt(i);
    return bytes;
  }

  /** Unpack an inert element: a promise of its bytes, empty when there is none. */
  B.unpack = function (id) {
    const text = B.textOf(id);
    if (text === null) return Promise.resolve(new Uint8Array(0));
    const stream = new Blob([fromBase64(text)]).stream().pipeThrough(new DecompressionStream('gzip'));
    return new Response(stream).arrayBuffer().then((buffer) => new Uint8Array(buffer));
  };

  /** Decode byte planes into one Float64Array per column; NaN where a value is missing. */
  B.columns = function (bytes, layout) {
    const columns = {};
    let at = 0;
    for (const { name, rows, width, low, step, delta } of layout) {
      const column = new Float64Array(rows);
      for (let k = 0, weight = 1; k < width; k++, weight *= 256, at += rows) {
        for (let i = 0; i < rows; i++) column[i] += bytes[at + i] * weight;
      }
      let sum = 0;
      for (let i = 0; i < rows; i++) {
        // Zigzag: even codes are steps up, odd ones steps down.
        if (delta) sum += column[i] % 2 ? -(column[i] + 1) / 2 : column[i] / 2;
        const code = delta ? sum : column[i];
        column[i] = code === 0 ? NaN : low + (code - 1) * step;
      }
      columns[name] = column;
    }
    return columns;
  };

  /** Reader of words: rows are unpacked block by block, when somebody asks. */
  B.rowReader = function (rowsPerBlock) {
    const blocks = new Map();
    function block(k) {
      if (!blocks.has(k)) {
        const text = B.unpack('bl-words-' + k).then((bytes) => new TextDecoder().decode(bytes));
        blocks.set(k, text.then((json) => JSON.parse(json || '{}')));
      }
      return blocks.get(k);
    }
    return function (row) {
      return block(Math.floor(row / rowsPerBlock)).then((columns) => {
        const record = {};
        for (const name of Object.keys(columns)) record[name] = columns[name][row % rowsPerBlock];
        return record;
      });
    };
  };
})(window.Borderline);
