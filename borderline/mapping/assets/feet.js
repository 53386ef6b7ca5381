/*
 * Where the foot of an incident is reckoned to be: the nearest place to it in its
 * 100 m of the border. The package reckons the same (_feet.py), operation by
 * operation, and sends how far it is off; a change here is a change there.
 */
(function (B) {
  'use strict';

  /** Edges looked at in a cell. */
  const MOST_EDGES = 8;
  const RADIANS = 0.017453292519943295;
  const AXIS = 6378137;
  const E2 = 0.0066943799901413165;

  /** A number read through control points, with straight lines between and beyond them. */
  B.through = function (value, come, go) {
    let k = 1;
    while (k < come.length - 1 && come[k] < value) k++;
    return go[k - 1] + ((value - come[k - 1]) / (come[k] - come[k - 1])) * (go[k] - go[k - 1]);
  };

  /** Length of a degree of longitude and of latitude in metres; no sine, which browsers round differently. */
  function metresPerDegree(lat) {
    const x = lat * RADIANS;
    const square = x * x;
    let cosine = 1;
    for (let k = 14; k > 0; k -= 2) cosine = 1 - (square / (k * (k - 1))) * cosine;
    const rest = 1 - E2 * (1 - cosine * cosine);
    const root = Math.sqrt(rest);
    return [RADIANS * (AXIS / root) * cosine, RADIANS * ((AXIS * (1 - E2)) / (rest * root))];
  }

  B.Feet = class {
    /** line: a B.Line; control points from metres along it to kilometres. */
    constructor(line, chainages, kms) {
      Object.assign(this, { line, chainages, kms });
    }

    /** Whole metres of the foot within its cell, and from the point to the foot; 0 where that is not known. */
    reckon(lon, lat, cell) {
      const { line, chainages, kms } = this;
      const last = line.lon.length - 2;
      if (Number.isNaN(lon) || Number.isNaN(lat) || Number.isNaN(cell) || last < 0) return { within: 0, distance: 0 };
      const begin = B.through(cell / B.CELLS, kms, chainages);
      const end = B.through((cell + 1) / B.CELLS, kms, chainages);
      const [kx, ky] = metresPerDegree(lat);
      const first = line.before(begin);
      let best = Infinity;
      let foot = 0;
      let [awayX, awayY] = [0, 0];
      for (let e = first; e < first + MOST_EDGES && e <= last; e++) {
        const start = line.chainage[e];
        if (e > first && start >= end) break;
        const length = line.chainage[e + 1] - start;
        const dx = (line.lon[e + 1] - line.lon[e]) * kx;
        const dy = (line.lat[e + 1] - line.lat[e]) * ky;
        const px = (lon - line.lon[e]) * kx;
        const py = (lat - line.lat[e]) * ky;
        const square = dx * dx + dy * dy;
        let t = square > 0 ? (px * dx + py * dy) / square : 0;
        t = Math.max(t, Math.max(length > 0 ? (begin - start) / length : 0, 0));
        t = Math.min(t, Math.min(length > 0 ? (end - start) / length : 1, 1));
        const x = px - t * dx;
        const y = py - t * dy;
        const away = x * x + y * y;
        if (away >= best) continue;
        best = away;
        foot = start + t * length;
        [awayX, awayY] = [x, y];
      }
      const within = Math.floor(B.through(foot, chainages, kms) * 1000 - cell * (1000 / B.CELLS) + 0.5);
      const [alongX, alongY] = [awayX / kx, awayY / ky];
      const [mx, my] = metresPerDegree(lat - alongY / 2);
      const [x, y] = [alongX * mx, alongY * my];
      return {
        within: Math.min(1000 / B.CELLS, Math.max(0, within)),
        distance: Math.floor(Math.sqrt(x * x + y * y) + 0.5),
      };
    }
  };
})(window.Borderline);
