/*
 * Places: incidents that share a point are one place, and places that would
 * overlap on the screen are drawn as one symbol, at the place with the most
 * incidents. A symbol knows all its incidents, so none is out of reach.
 */
(function (B) {
  'use strict';

  B.Places = class {
    constructor({ lon, lat, group }, line, chainageOf) {
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
        const chainage = chainageOf(i);
        if (Number.isNaN(chainage)) return;
        const [footLat, footLon] = line.at(chainage);
        this.footX[place] = B.worldX(footLon);
        this.footY[place] = B.worldY(footLat);
      });
    }

    /** Keep the incidents of a mask only; `weight` tells what an incident adds to its symbol. */
    filter(mask, weight) {
      this.weight = weight;
      this.shown = this.members.map((all) => all.filter((i) => mask[i]));
      const load = this.shown.map((rows) => rows.reduce((sum, i) => sum + weight(i), 0));
      this.order = Array.from(this.shown.keys()).filter((place) => this.shown[place].length);
      this.order.sort((a, b) => load[b] - load[a] || this.shown[b].length - this.shown[a].length || a - b);
    }

    /** Symbols for a scale (pixels per world pixel): places nearer than `reach` pixels join. */
    cluster(scale, reach) {
      const size = reach / scale;
      const key = (x, y) => Math.floor(x / size) * 4194304 + Math.floor(y / size);
      const cells = new Map();
      for (const place of this.order) {
        const at = key(this.x[place], this.y[place]);
        const cell = cells.get(at);
        if (cell) cell.push(place);
        else cells.set(at, [place]);
      }
      const taken = new Uint8Array(this.count);
      const symbols = [];
      for (const place of this.order) {
        if (taken[place]) continue;
        const joined = [];
        for (let dx = -size; dx <= size; dx += size) {
          for (let dy = -size; dy <= size; dy += size) {
            const cell = cells.get(key(this.x[place] + dx, this.y[place] + dy));
            if (cell) this.join(place, cell, size, taken, joined);
          }
        }
        symbols.push(this.symbol(place, joined));
      }
      return symbols;
    }

    /** Move the places of a cell that are near enough to `place` from the cell to `joined`. */
    join(place, cell, size, taken, joined) {
      let kept = 0;
      for (const other of cell) {
        const dx = this.x[other] - this.x[place];
        const dy = this.y[other] - this.y[place];
        if (dx * dx + dy * dy >= size * size) {
          cell[kept++] = other;
        } else {
          taken[other] = 1;
          joined.push(other);
        }
      }
      cell.length = kept;
    }

    symbol(place, joined) {
      const counts = new Map();
      let total = 0;
      let load = 0;
      for (const other of joined) {
        for (const i of this.shown[other]) {
          counts.set(this.group[i], (counts.get(this.group[i]) || 0) + 1);
          load += this.weight(i);
        }
        total += this.shown[other].length;
      }
      return { place, joined, counts, total, load };
    }

    /** All incidents of a symbol, by date (rows are sorted by date). */
    incidents(symbol) {
      return symbol.joined.flatMap((place) => this.shown[place]).sort((a, b) => a - b);
    }
  };
})(window.Borderline);
