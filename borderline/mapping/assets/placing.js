/*
 * Where symbols go: beside the border rather than on it, so that the line and its
 * colours stay in sight, and beside one another. A symbol keeps to the bank of its
 * incidents; a dot stays at the true place and a thin line leads to it.
 */
(function (B) {
  'use strict';

  /** Half of the broadest ribbon of density, and some air. */
  const CLEAR = 13;
  /** Edges farther than this from a symbol do not concern it, pixels. */
  const WINDOW = 100;
  const DIRECTIONS = 16;
  const STEPS = [0, 6, 12, 18, 26, 34, 44];

  /** Vertices of the border at least some pixels apart, in pixels of a scale. */
  function thin(line, scale) {
    const xs = [];
    const ys = [];
    for (let i = 0; i < line.x.length; i++) {
      const x = line.x[i] * scale;
      const y = line.y[i] * scale;
      const k = xs.length - 1;
      if (k >= 0 && i < line.x.length - 1 && Math.hypot(x - xs[k], y - ys[k]) < 3) continue;
      xs.push(x);
      ys.push(y);
    }
    return { xs, ys };
  }

  /** The edges of the thinned border that a symbol could come near to. */
  function nearby({ xs, ys }, x, y) {
    const edges = [];
    for (let i = 0; i + 1 < xs.length; i++) {
      if (Math.max(xs[i], xs[i + 1]) < x - WINDOW || Math.min(xs[i], xs[i + 1]) > x + WINDOW) continue;
      if (Math.max(ys[i], ys[i + 1]) < y - WINDOW || Math.min(ys[i], ys[i + 1]) > y + WINDOW) continue;
      edges.push([xs[i], ys[i], xs[i + 1] - xs[i], ys[i + 1] - ys[i]]);
    }
    return edges;
  }

  /** Signed distance of a point to some edges: positive on one bank, negative on the other. */
  function signed(edges, px, py) {
    let best = Infinity;
    let sign = 1;
    for (const [x, y, dx, dy] of edges) {
      const square = dx * dx + dy * dy;
      const t = square > 0 ? Math.max(0, Math.min(1, ((px - x) * dx + (py - y) * dy) / square)) : 0;
      const ax = x + t * dx - px;
      const ay = y + t * dy - py;
      const away = ax * ax + ay * ay;
      if (away < best) {
        best = away;
        sign = dx * (py - y) - dy * (px - x) >= 0 ? 1 : -1;
      }
    }
    return Math.sqrt(best) * sign;
  }

  /** The bank most incidents of a symbol lie on, as the sign of `signed`. */
  function bankOf(symbol, places, edges, scale) {
    let sum = 0;
    for (const place of symbol.joined) {
      const away = signed(edges, places.x[place] * scale, places.y[place] * scale);
      sum += Math.sign(away) * places.shown[place].length;
    }
    return sum >= 0 ? 1 : -1;
  }

  function cost(x, y, symbol, bank, edges, placed) {
    const room = symbol.radius + CLEAR;
    const away = edges.length ? signed(edges, x, y) * bank : Infinity;
    let sum = away < room ? (room - away) * 6 : 0;
    for (const other of placed) {
      const gap = Math.hypot(x - other.px, y - other.py) - symbol.radius - other.radius - 4;
      if (gap < 0) sum -= gap * 8;
    }
    return sum;
  }

  /** Give every symbol (its radius is known) its place on the screen: `px`, `py` in pixels of a scale. */
  B.place = function (symbols, places, line, scale) {
    const thinned = thin(line, scale);
    const placed = [];
    for (const symbol of symbols) {
      const x = places.x[symbol.place] * scale;
      const y = places.y[symbol.place] * scale;
      const edges = nearby(thinned, x, y);
      const bank = bankOf(symbol, places, edges, scale);
      let least = Infinity;
      for (const step of STEPS) {
        for (let k = 0; k < (step ? DIRECTIONS : 1); k++) {
          const tx = x + step * Math.cos((k * 2 * Math.PI) / DIRECTIONS);
          const ty = y + step * Math.sin((k * 2 * Math.PI) / DIRECTIONS);
          const sum = step + cost(tx, ty, symbol, bank, edges, placed);
          if (sum < least) {
            least = sum;
            symbol.px = tx;
            symbol.py = ty;
          }
        }
        // Moving farther costs at least its own length.
        if (least <= step) break;
      }
      placed.push(symbol);
    }
    return symbols;
  };
})(window.Borderline);
