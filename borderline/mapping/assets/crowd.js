/*
 * Very many incidents: a dot for each, written straight into the pixels, or,
 * where dots would hide one another, the number of incidents in each small
 * square as a shade. Every incident can still be picked.
 */
(function (B) {
  'use strict';

  /** With more incidents than this in view squares are shaded. */
  const MOST_DOTS = 20000;
  /** Side of a square, pixels. */
  B.SQUARE = 3;
  /** Viridis from few to many on a pale ground, where dark means many; on a dark one it is turned round. */
  const VIRIDIS = ['#fde725', '#7ad151', '#22a884', '#2a788e', '#414487', '#440154'];
  const night = window.matchMedia('(prefers-color-scheme: dark)');
  B.shades = () => (night.matches ? VIRIDIS.slice().reverse() : VIRIDIS);

  const rgb = (hex) => [1, 3, 5].map((k) => parseInt(hex.slice(k, k + 2), 16));
  const packed = ([r, g, b], alpha) => ((alpha << 24) | (b << 16) | (g << 8) | r) >>> 0;

  /** A colour as it lies in the pixels of an image. */
  B.pixelOf = (hex) => packed(rgb(hex), 255);

  /** 256 colours between some, as they lie in the pixels of an image. */
  function rampOf(shades) {
    return Uint32Array.from({ length: 256 }, (_, i) => {
      const at = (i / 255) * (shades.length - 1);
      const k = Math.min(shades.length - 2, Math.floor(at));
      const [from, to] = [rgb(shades[k]), rgb(shades[k + 1])];
      return packed(
        from.map((value, j) => Math.round(value + (to[j] - value) * (at - k))),
        235,
      );
    });
  }

  /** Offsets of the pixels of a dot and of its pale ring in an image so many pixels wide. */
  function stamp(radius, width) {
    const dot = [];
    const ring = [];
    const reach = Math.ceil(radius + 1);
    for (let y = -reach; y <= reach; y++) {
      for (let x = -reach; x <= reach; x++) {
        const away = Math.hypot(x, y);
        if (away <= radius) dot.push(y * width + x);
        else if (away <= radius + 1) ring.push(y * width + x);
      }
    }
    return { dot, ring, reach };
  }

  B.Crowd = class {
    /** rows: world coordinates x and y (NaN without a position); filter: a Filter; deaths as decoded. */
    constructor(rows, filter, groups, deaths) {
      Object.assign(this, { rows, filter, deaths });
      this.colours = Uint32Array.from(groups, (group) => B.pixelOf(group.colour));
      this.seen = new Uint32Array(rows.x.length);
      this.most = 0;
      this.inView = 0;
      this.shaded = false;
    }

    /** Paint onto a canvas context; `size` is what scales the dots. */
    draw(context, view, size) {
      const { ratio, scale, origin } = view;
      const width = context.canvas.width;
      const height = context.canvas.height;
      if (!width || !height) return;
      if (!this.image || this.image.width !== width || this.image.height !== height) {
        this.image = context.createImageData(width, height);
        this.pixels = new Uint32Array(this.image.data.buffer);
      }
      this.pixels.fill(0);
      const margin = 8 * ratio;
      const place = { zoom: scale * ratio, dx: origin.x * ratio, dy: origin.y * ratio, width, height, margin };
      this.inView = this.look(place);
      this.shaded = this.inView > MOST_DOTS;
      if (this.shaded) this.shade(place, Math.max(1, Math.round(B.SQUARE * ratio)));
      else this.dots(place, view, size);
      context.putImageData(this.image, 0, 0);
    }

    /** Note which chosen rows lie on the canvas; how many. */
    look({ zoom, dx, dy, width, height, margin }) {
      const { x, y } = this.rows;
      const { mask } = this.filter;
      let count = 0;
      for (let i = 0; i < x.length; i++) {
        if (!mask[i]) continue;
        const px = x[i] * zoom - dx;
        const py = y[i] * zoom - dy;
        // Not so of NaN either.
        if (px >= margin && px < width - margin && py >= margin && py < height - margin) this.seen[count++] = i;
      }
      return count;
    }

    shade({ zoom, dx, dy, width, height }, side) {
      const across = Math.ceil(width / side);
      const counts = new Uint32Array(across * Math.ceil(height / side));
      let most = 1;
      for (let k = 0; k < this.inView; k++) {
        const i = this.seen[k];
        const cell =
          Math.floor((this.rows.y[i] * zoom - dy) / side) * across + Math.floor((this.rows.x[i] * zoom - dx) / side);
        if (++counts[cell] > most) most = counts[cell];
      }
      this.most = most;
      const ramp = rampOf(B.shades());
      counts.forEach((count, cell) => {
        if (!count) return;
        const colour = most === 1 ? ramp[128] : ramp[Math.floor((Math.log(count) / Math.log(most)) * 255)];
        const left = (cell % across) * side;
        const top = Math.floor(cell / across) * side;
        for (let y = top; y < Math.min(height, top + side); y++) {
          this.pixels.fill(colour, y * width + left, y * width + Math.min(width, left + side));
        }
      });
    }

    dots({ zoom, dx, dy, width }, view, size) {
      const base = (view.zoom < 9 ? 1.6 : view.zoom < 11 ? 2.4 : 3.4) * view.ratio;
      const stamps = new Map();
      const { group } = this.filter;
      for (let k = 0; k < this.inView; k++) {
        const i = this.seen[k];
        const deaths = size === 'fatalities' && this.deaths[i] > 0 ? Math.min(25, Math.ceil(this.deaths[i])) : 0;
        if (!stamps.has(deaths)) {
          stamps.set(deaths, stamp(Math.min(6.5 * view.ratio, base * Math.sqrt(1 + deaths)), width));
        }
        const { dot, ring } = stamps.get(deaths);
        const at = Math.floor(this.rows.y[i] * zoom - dy) * width + Math.floor(this.rows.x[i] * zoom - dx);
        for (const offset of ring) this.pixels[at + offset] = 0xd0ffffff;
        const colour = this.colours[group[i]];
        for (const offset of dot) this.pixels[at + offset] = colour;
      }
    }

    /** Chosen rows within some pixels of a point (world pixels of a scale), those of one place together, nearest first. */
    near(px, py, scale, reach) {
      const { x, y } = this.rows;
      const found = [];
      for (let i = 0; i < x.length; i++) {
        if (!this.filter.mask[i]) continue;
        const away = Math.hypot(x[i] * scale - px, y[i] * scale - py);
        if (away <= reach) found.push([away, i]);
      }
      return found.sort((a, b) => a[0] - b[0] || a[1] - b[1]).map(([, i]) => i);
    }
  };
})(window.Borderline);
