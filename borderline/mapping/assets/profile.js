/*
 * The chart of incidents along the border: a point by kilometre and date, or how many
 * to the kilometre.
 */
(function (B) {
  'use strict';

  const { LEFT, RIGHT, BOTTOM, TOP, prepare, colours, below, frame } = B.chart;
  /** With more incidents than this their dots are written into the pixels. */
  const MANY = 5000;
  /** Smoothing of the intensity along the border: standard deviation, kilometres. */
  B.BANDWIDTH_KM = 5;

  /** Incidents along the border: a point by kilometre and date, or how many to the kilometre. */
  B.ProfileChart = class {
    constructor(canvas, page) {
      Object.assign(this, { canvas, page, mode: 'dates', marked: null });
      this.cells = page.filter.sizes.cells;
    }

    get first() {
      return this.page.span[0];
    }

    get last() {
      return this.page.span[1];
    }

    toX(cell) {
      return LEFT + (cell / this.cells) * (this.canvas.clientWidth - LEFT - RIGHT);
    }

    toCell(x) {
      return ((x - LEFT) / (this.canvas.clientWidth - LEFT - RIGHT)) * this.cells;
    }

    /** Later days are higher. */
    toY(day) {
      const tall = this.canvas.clientHeight - BOTTOM - TOP;
      return TOP + tall - ((day - this.first) / (this.last + 1 - this.first)) * tall;
    }

    toDay(y) {
      const tall = this.canvas.clientHeight - BOTTOM - TOP;
      return Math.floor(this.first + ((TOP + tall - y) / tall) * (this.last + 1 - this.first));
    }

    draw() {
      const ready = prepare(this.canvas);
      const { context, width, bottom } = ready;
      const look = colours();
      const { days, km } = this.page.filter.state;
      const area = { x0: LEFT, x1: width - RIGHT, y0: TOP, y1: bottom };
      if (this.mode === 'dates' && this.last >= this.first) this.points(ready, look);
      if (this.mode === 'intensity') this.intensity(ready, look);
      context.fillStyle = look.text;
      context.fillRect(LEFT, bottom, width - LEFT - RIGHT, 1);
      const ticks = B.roundTicks(this.cells / B.CELLS, Math.floor(width / 70)).map((n) => [
        n * B.CELLS,
        B.t('km', { n: B.words.number(n) }),
      ]);
      below(context, ticks, (cell) => this.toX(cell), bottom, width, look.text);
      const tall = this.mode === 'dates' && days ? [this.toY(days[1] + 1), this.toY(days[0])] : [TOP, bottom];
      if (km || (days && this.mode === 'dates')) {
        frame(context, km ? km.map((cell) => this.toX(cell)) : [LEFT, width - RIGHT], tall, area, look);
      }
      if (this.marked === null) return;
      context.fillStyle = look.edge;
      context.fillRect(Math.round(this.toX(this.marked)), TOP, 1.5, bottom - TOP);
    }

    /** Dots of the chosen ones in the colours of their groups, over grey ones of the rest. */
    points({ context, ratio, width, bottom }, look) {
      const { filter, groups } = this.page;
      const ticks = B.dateTicks(this.first, this.last, 4, B.words.months());
      context.textAlign = 'right';
      context.textBaseline = 'middle';
      for (const [day, text] of ticks) {
        const y = Math.round(this.toY(day));
        context.fillStyle = look.grid;
        context.fillRect(LEFT, y, width - LEFT - RIGHT, 1);
        context.fillStyle = look.text;
        if (y > TOP + 3 && y < bottom - 3) context.fillText(text, LEFT - 5, y);
      }
      if (filter.rows > MANY) {
        this.crowd({ context, ratio, width, bottom }, look);
        return;
      }
      const side = 3;
      const wide = (width - LEFT - RIGHT) / this.cells;
      const tall = (bottom - TOP) / (this.last + 1 - this.first);
      for (const chosen of [0, 1]) {
        for (let i = 0; i < filter.rows; i++) {
          if (filter.mask[i] !== chosen || filter.km[i] < 0 || filter.day[i] < this.first || filter.day[i] > this.last)
            continue;
          context.fillStyle = chosen ? groups[filter.group[i]].colour : look.all;
          const x = LEFT + (filter.km[i] + 0.5) * wide;
          const y = bottom - (filter.day[i] - this.first + 0.5) * tall;
          context.fillRect(x - side / 2, y - side / 2, side, side);
        }
      }
    }

    /** Very many points, each written straight into the pixels; the grey ones only once. */
    crowd({ context, ratio, width, bottom }, look) {
      const { filter, groups } = this.page;
      const [w, h] = [context.canvas.width, context.canvas.height];
      const side = Math.max(1, Math.round(1.3 * ratio));
      const key = [w, h, look.all, this.first, this.last].join();
      if (!this.pixels || this.pixels.key !== key) {
        const image = context.createImageData(w, h);
        const at = new Int32Array(filter.rows).fill(-1);
        const wide = ((width - LEFT - RIGHT) / this.cells) * ratio;
        const tall = ((bottom - TOP) / (this.last + 1 - this.first)) * ratio;
        for (let i = 0; i < filter.rows; i++) {
          if (filter.km[i] < 0 || filter.day[i] < this.first || filter.day[i] > this.last) continue;
          const x = Math.floor(LEFT * ratio + (filter.km[i] + 0.5) * wide);
          const y = Math.floor(bottom * ratio - (filter.day[i] - this.first + 0.5) * tall);
          at[i] = Math.max(0, y) * w + x;
        }
        this.pixels = { key, image, at, out: new Uint32Array(image.data.buffer), grey: new Uint32Array(w * h) };
        this.stamp(this.pixels.grey, null, B.pixelOf(look.all), w, side);
      }
      const { image, out, grey } = this.pixels;
      out.set(grey);
      this.stamp(
        out,
        filter.mask,
        groups.map((group) => B.pixelOf(group.colour)),
        w,
        side,
      );
      const box = [Math.floor(LEFT * ratio), 0, w, Math.floor(bottom * ratio)];
      context.putImageData(image, 0, 0, ...box);
    }

    stamp(pixels, mask, colours, w, side) {
      const { at } = this.pixels;
      const { group } = this.page.filter;
      for (let i = 0; i < at.length; i++) {
        if (at[i] < 0 || (mask && !mask[i])) continue;
        const colour = mask ? colours[group[i]] : colours;
        for (let y = 0; y < side; y++) for (let x = 0; x < side; x++) pixels[at[i] + y * w + x] = colour;
      }
    }

    /** Smoothed incidents to the kilometre with limits: grey for all, coloured for the chosen ones. */
    intensity({ context, bottom }, look) {
      const { filter } = this.page;
      const count = (mask) => {
        const counts = new Uint32Array(Math.max(1, Math.ceil(this.cells / B.CELLS)));
        for (let i = 0; i < filter.rows; i++) {
          if (filter.km[i] >= 0 && (!mask || mask[i]))
            counts[Math.min(counts.length - 1, Math.floor(filter.km[i] / B.CELLS))]++;
        }
        return counts;
      };
      if (!this.whole) this.whole = B.smooth(count(null), B.BANDWIDTH_KM);
      const chosen = B.smooth(count(filter.across), B.BANDWIDTH_KM);
      const top = this.whole.rate.reduce((a, b) => Math.max(a, b), 1e-9) * 1.15;
      const x = (k) => this.toX((k + 0.5) * B.CELLS);
      const y = (value) => bottom - (Math.min(value, top) / top) * (bottom - TOP);
      const trace = (upper, lower) => {
        context.beginPath();
        upper.forEach((value, k) => context.lineTo(x(k), y(value)));
        for (let k = lower.length - 1; k >= 0; k--) context.lineTo(x(k), y(lower[k]));
        context.closePath();
      };
      context.fillStyle = look.all;
      trace(this.whole.rate, new Float64Array(this.whole.rate.length));
      context.fill();
      // Outside of a stretch that is chosen nothing is.
      const [from, to] = (filter.state.km || [0, this.cells]).map((cell) => this.toX(cell));
      context.save();
      context.beginPath();
      context.rect(from, 0, to - from, bottom);
      context.clip();
      context.fillStyle = look.chosen;
      context.globalAlpha = 0.25;
      trace(chosen.high, chosen.low);
      context.fill();
      context.globalAlpha = 1;
      context.strokeStyle = look.chosen;
      context.lineWidth = 1.8;
      context.beginPath();
      chosen.rate.forEach((value, k) => context.lineTo(x(k), y(value)));
      context.stroke();
      context.restore();
      context.fillStyle = look.text;
      context.textAlign = 'right';
      context.textBaseline = 'middle';
      const ticks = B.roundTicks(top, 3);
      for (const value of ticks)
        if (y(value) > TOP + 4)
          context.fillText(String(Number(value.toPrecision(3))), LEFT - 5, Math.min(bottom - 4, y(value)));
    }
  };
})(window.Borderline);
