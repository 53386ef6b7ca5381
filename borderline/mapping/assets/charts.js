/*
 * The two charts below the map: incidents over time, and along the border. Grey
 * is everything, colour what is chosen. Both are canvases, redrawn in a frame.
 */
(function (B) {
  'use strict';

  /** Room for the axes, pixels. */
  const LEFT = 34;
  const RIGHT = 10;
  const BOTTOM = 17;
  const TOP = 5;
  const FONT = '11px "Noto Sans", "Noto Sans Thai", "Noto Sans Khmer", system-ui, sans-serif';
  /** With more incidents than this their dots are written into the pixels. */
  const MANY = 5000;
  /** Smoothing of the intensity along the border: standard deviation, kilometres. */
  B.BANDWIDTH_KM = 5;

  const style = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  /** Fit a canvas to its box and the screen; its context in units of CSS pixels, cleared. */
  function prepare(canvas) {
    const ratio = Math.min(3, window.devicePixelRatio || 1);
    const width = canvas.clientWidth;
    const height = canvas.clientHeight;
    if (canvas.width !== Math.round(width * ratio)) canvas.width = Math.round(width * ratio);
    if (canvas.height !== Math.round(height * ratio)) canvas.height = Math.round(height * ratio);
    const context = canvas.getContext('2d');
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    context.font = FONT;
    return { context, ratio, width, height, bottom: height - BOTTOM };
  }

  function colours() {
    return { text: style('--text-2'), all: style('--bar'), chosen: style('--accent'), veil: style('--veil'), edge: style('--text'), grid: style('--grid') };
  }

  /** Write texts below an axis, leaving out what would touch the one before or the edge. */
  function below(context, ticks, toX, bottom, width, colour) {
    context.fillStyle = colour;
    context.textBaseline = 'top';
    context.textAlign = 'left';
    let free = 0;
    for (const [value, text] of ticks) {
      const x = Math.round(toX(value));
      context.fillRect(x, bottom, 1, 4);
      const wide = context.measureText(text).width;
      const at = Math.max(LEFT, Math.min(width - wide - 1, x - wide / 2));
      if (at < free) continue;
      context.fillText(text, at, bottom + 4);
      free = at + wide + 8;
    }
  }

  /** Darken what is outside of a window and frame it; null is no window. */
  function frame(context, [x0, x1], [y0, y1], area, look) {
    context.fillStyle = look.veil;
    context.fillRect(area.x0, area.y0, x0 - area.x0, area.y1 - area.y0);
    context.fillRect(x1, area.y0, area.x1 - x1, area.y1 - area.y0);
    context.fillRect(x0, area.y0, x1 - x0, y0 - area.y0);
    context.fillRect(x0, y1, x1 - x0, area.y1 - y1);
    context.strokeStyle = look.edge;
    context.lineWidth = 1;
    context.strokeRect(x0 + 0.5, y0 + 0.5, Math.max(1, x1 - x0 - 1), Math.max(1, y1 - y0 - 1));
  }

  /** Bars of incidents by time. */
  B.TimeChart = class {
    constructor(canvas, page) {
      Object.assign(this, { canvas, page });
      this.first = page.filter.firstDay;
      this.last = page.filter.lastDay;
    }

    toX(day) {
      return LEFT + ((day - this.first) / (this.last + 1 - this.first)) * (this.canvas.clientWidth - LEFT - RIGHT);
    }

    toDay(x) {
      return Math.floor(this.first + ((x - LEFT) / (this.canvas.clientWidth - LEFT - RIGHT)) * (this.last + 1 - this.first));
    }

    draw() {
      const { context, width, bottom } = prepare(this.canvas);
      if (!(this.last >= this.first)) return;
      const { filter } = this.page;
      const look = colours();
      this.step = B.barDays(this.first, this.last, Math.max(20, Math.floor((width - LEFT - RIGHT) / 3)));
      const bars = Math.ceil((this.last - this.first + 1) / this.step);
      if (!this.all || this.all.length !== bars) this.all = B.countBars(filter.day, this.first, this.step, bars, null);
      const chosen = B.countBars(filter.day, this.first, this.step, bars, filter.mask);
      const most = this.all.reduce((a, b) => Math.max(a, b), 1);
      const tall = bottom - TOP;
      const draw = (counts, colour) => {
        context.fillStyle = colour;
        counts.forEach((count, k) => {
          if (!count) return;
          const x0 = this.toX(this.first + k * this.step);
          const x1 = Math.min(this.toX(this.last + 1), this.toX(this.first + (k + 1) * this.step));
          const high = Math.max(1.5, (count / most) * tall);
          context.fillRect(x0, bottom - high, Math.max(1.5, x1 - x0 - 0.7), high);
        });
      };
      draw(this.all, look.all);
      draw(chosen, look.chosen);
      context.fillStyle = look.text;
      context.textBaseline = 'middle';
      context.textAlign = 'right';
      context.fillText(B.words.number(most), LEFT - 5, TOP + 5);
      context.fillText('0', LEFT - 5, bottom - 4);
      context.fillRect(LEFT, bottom, width - LEFT - RIGHT, 1);
      below(context, B.dateTicks(this.first, this.last, Math.floor(width / 60), B.words.months()), (day) => this.toX(day), bottom, width, look.text);
      const { days } = filter.state;
      const area = { x0: LEFT, x1: width - RIGHT, y0: TOP, y1: bottom };
      if (days) frame(context, [this.toX(days[0]), this.toX(days[1] + 1)], [TOP, bottom], area, look);
    }
  };

  /** Incidents along the border: a point by kilometre and date, or how many to the kilometre. */
  B.ProfileChart = class {
    constructor(canvas, page) {
      Object.assign(this, { canvas, page, mode: 'dates', marked: null });
      this.first = page.filter.firstDay;
      this.last = page.filter.lastDay;
      this.cells = page.filter.sizes.cells;
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
      const ticks = B.roundTicks(this.cells / B.CELLS, Math.floor(width / 70)).map((n) => [n * B.CELLS, B.t('km', { n: B.words.number(n) })]);
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
          if (filter.mask[i] !== chosen || filter.km[i] < 0 || filter.day[i] < this.first) continue;
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
      const key = [w, h, look.all].join();
      if (!this.pixels || this.pixels.key !== key) {
        const image = context.createImageData(w, h);
        const at = new Int32Array(filter.rows).fill(-1);
        const wide = ((width - LEFT - RIGHT) / this.cells) * ratio;
        const tall = ((bottom - TOP) / (this.last + 1 - this.first)) * ratio;
        for (let i = 0; i < filter.rows; i++) {
          if (filter.km[i] < 0 || filter.day[i] < this.first) continue;
          const x = Math.floor(LEFT * ratio + (filter.km[i] + 0.5) * wide);
          const y = Math.floor(bottom * ratio - (filter.day[i] - this.first + 0.5) * tall);
          at[i] = Math.max(0, y) * w + x;
        }
        this.pixels = { key, image, at, out: new Uint32Array(image.data.buffer), grey: new Uint32Array(w * h) };
        this.stamp(this.pixels.grey, null, B.pixelOf(look.all), w, side);
      }
      const { image, out, grey } = this.pixels;
      out.set(grey);
      this.stamp(out, filter.mask, groups.map((group) => B.pixelOf(group.colour)), w, side);
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
          if (filter.km[i] >= 0 && (!mask || mask[i])) counts[Math.min(counts.length - 1, Math.floor(filter.km[i] / B.CELLS))]++;
        }
        return counts;
      };
      if (!this.whole) this.whole = B.smooth(count(null), B.BANDWIDTH_KM);
      const chosen = B.smooth(count(filter.mask), B.BANDWIDTH_KM);
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
      context.fillStyle = look.text;
      context.textAlign = 'right';
      context.textBaseline = 'middle';
      const ticks = B.roundTicks(top, 3);
      for (const value of ticks) if (y(value) > TOP + 4) context.fillText(String(Number(value.toPrecision(3))), LEFT - 5, Math.min(bottom - 4, y(value)));
    }
  };
})(window.Borderline);
