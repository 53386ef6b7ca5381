/*
 * Places: incidents that share a point are one place, and places that would
 * overlap on the screen are drawn as one symbol, at the place with the most
 * incidents. A symbol knows all its incidents, so none is out of reach.
 */
(function (B) {
  'use strict';

  B.Places = class {
    constructor({ lon, lat, chainage, group }, line) {
      this.group = group;
      const ids = new Map();
      this.of = new Int32Array(lon.length).fill(-1);
      const first = [];
      for (let i = 0; i < lon.length; i++) {
        if (Number.isNaN(lon[i]) || Number.isNaN(lat[i])) continue;
        const key = `${Math.round(lon[i] * 1e6)},${Math.round(lat[i] * 1e6)}`;
        if (!ids.has(key)) {
          ids.set(key, first.length);
          first.push(i);
        }
        this.of[i] = ids.get(key);
      }
      this.count = first.length;
      this.members = Array.from(first, () => []);
      this.of.forEach((place, i) => place >= 0 && this.members[place].push(i));
      this.lon = Float64Array.from(first, (i) => lon[i]);
      this.lat = Float64Array.from(first, (i) => lat[i]);
      this.x = this.lon.map(B.worldX);
      this.y = this.lat.map(B.worldY);
      this.footX = new Float64Array(this.count).fill(NaN);
      this.footY = new Float64Array(this.count).fill(NaN);
      first.forEach((i, place) => {
        if (Number.isNaN(chainage[i])) return;
        const [footLat, footLon] = line.at(chainage[i]);
        this.footX[place] = B.worldX(footLon);
        this.footY[place] = B.worldY(footLat);
      });
    }

    /** Keep the incidents of some groups only. */
    filter(groups) {
      this.shown = this.members.map((all) => all.filter((i) => groups[this.group[i]]));
      this.order = Array.from(this.shown.keys()).filter((place) => this.shown[place].length);
      this.order.sort((a, b) => this.shown[b].length - this.shown[a].length || a - b);
    }

    /** Symbols for a scale (pixels per world pixel): places nearer than `reach` pixels join. */
    cluster(scale, reach) {
      const size = reach / scale;
      const cells = new Map();
      const cell = (place, dx, dy) => `${Math.floor(this.x[place] / size) + dx},${Math.floor(this.y[place] / size) + dy}`;
      for (const place of this.order) {
        const key = cell(place, 0, 0);
        if (!cells.has(key)) cells.set(key, []);
        cells.get(key).push(place);
      }
      const taken = new Uint8Array(this.count);
      const symbols = [];
      for (const place of this.order) {
        if (taken[place]) continue;
        const joined = [];
        for (let dx = -1; dx <= 1; dx++) {
          for (let dy = -1; dy <= 1; dy++) {
            const key = cell(place, dx, dy);
            const rest = (cells.get(key) || []).filter((other) => {
              if (Math.hypot(this.x[other] - this.x[place], this.y[other] - this.y[place]) >= size) return true;
              taken[other] = 1;
              joined.push(other);
              return false;
            });
            cells.set(key, rest);
          }
        }
        symbols.push(this.symbol(place, joined));
      }
      return symbols;
    }

    symbol(place, joined) {
      const counts = new Map();
      let total = 0;
      for (const other of joined) {
        for (const i of this.shown[other]) counts.set(this.group[i], (counts.get(this.group[i]) || 0) + 1);
        total += this.shown[other].length;
      }
      return { place, joined, counts, total };
    }

    /** All incidents of a symbol, by date (rows are sorted by date). */
    incidents(symbol) {
      return symbol.joined.flatMap((place) => this.shown[place]).sort((a, b) => a - b);
    }
  };
})(window.Borderline);
