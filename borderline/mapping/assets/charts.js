/*
 * What the two charts below the map share, and the one of incidents over time. Grey
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

  const style = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  /** Fit a canvas to its box and the screen; its context in units of CSS pixels, cleared. */
  function prepare(canvas) {
    const ratio = B.ratio();
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
    return {
      text: style('--text-2'),
      all: style('--bar'),
      chosen: style('--accent'),
      veil: style('--veil'),
      edge: style('--text'),
      grid: style('--grid'),
    };
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
  function frame(context, xs, ys, area, look) {
    const [x0, x1] = xs.map((x) => Math.max(area.x0, Math.min(area.x1, x)));
    const [y0, y1] = ys.map((y) => Math.max(area.y0, Math.min(area.y1, y)));
    context.fillStyle = look.veil;
    context.fillRect(area.x0, area.y0, x0 - area.x0, area.y1 - area.y0);
    context.fillRect(x1, area.y0, area.x1 - x1, area.y1 - area.y0);
    context.fillRect(x0, area.y0, x1 - x0, y0 - area.y0);
    context.fillRect(x0, y1, x1 - x0, area.y1 - y1);
    context.strokeStyle = look.edge;
    context.lineWidth = 1;
    context.strokeRect(x0 + 0.5, y0 + 0.5, Math.max(1, x1 - x0 - 1), Math.max(1, y1 - y0 - 1));
  }

  /** For the other chart. */
  B.chart = { LEFT, RIGHT, BOTTOM, TOP, prepare, colours, below, frame };

  /** Bars of incidents by time. */
  B.TimeChart = class {
    constructor(canvas, page) {
      Object.assign(this, { canvas, page });
    }

    get first() {
      return this.page.span[0];
    }

    get last() {
      return this.page.span[1];
    }

    toX(day) {
      return LEFT + ((day - this.first) / (this.last + 1 - this.first)) * (this.canvas.clientWidth - LEFT - RIGHT);
    }

    toDay(x) {
      return Math.floor(
        this.first + ((x - LEFT) / (this.canvas.clientWidth - LEFT - RIGHT)) * (this.last + 1 - this.first),
      );
    }

    draw() {
      const { context, width, bottom } = prepare(this.canvas);
      if (!(this.last >= this.first)) return;
      const { filter } = this.page;
      const look = colours();
      this.step = B.barDays(this.first, this.last, Math.max(20, Math.floor((width - LEFT - RIGHT) / 3)));
      const bars = Math.ceil((this.last - this.first + 1) / this.step);
      const key = [this.first, this.last, bars].join();
      if (this.key !== key) this.all = B.countBars(filter.day, this.first, this.step, bars, null);
      this.key = key;
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
      below(
        context,
        B.dateTicks(this.first, this.last, Math.floor(width / 60), B.words.months()),
        (day) => this.toX(day),
        bottom,
        width,
        look.text,
      );
      const { days } = filter.state;
      const area = { x0: LEFT, x1: width - RIGHT, y0: TOP, y1: bottom };
      if (days) frame(context, [this.toX(days[0]), this.toX(days[1] + 1)], [TOP, bottom], area, look);
    }
  };
})(window.Borderline);
