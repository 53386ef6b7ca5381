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

  /**
   * Decode byte planes into one Float64Array per column; NaN where a value is missing.
   * Columns are added to `columns`, which holds those that others count from.
   */
  B.columns = function (bytes, layout, columns = {}) {
    let at = 0;
    for (const { name, rows, width, base, per, delta, since } of layout) {
      const column = new Float64Array(rows);
      const from = since ? columns[since] : null;
      let sum = 0;
      for (let i = 0; i < rows; i++) {
        let code = 0;
        for (let k = at + (width - 1) * rows + i; k >= at; k -= rows) code = code * 256 + bytes[k];
        // Zigzag: even codes are steps up, odd ones steps down.
        if (delta) code = sum += code % 2 ? -(code + 1) / 2 : code / 2;
        // Whole steps are divided, so that decimals are those that were given.
        const start = from ? Math.round((from[i] || 0) * per) : 0;
        column[i] = code === 0 ? NaN : (start + base + code - 1) / per;
      }
      at += width * rows;
      columns[name] = column;
    }
    return columns;
  };

  /** JSON of an inert element: a promise of what it says, null when there is none. */
  B.unpackJson = (id) =>
    B.unpack(id).then((bytes) => (bytes.length ? JSON.parse(new TextDecoder().decode(bytes)) : null));
})(window.Borderline);
