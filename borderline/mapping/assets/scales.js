/*
 * Axes and counts for the charts below the map; knows nothing of the page.
 */
(function (B) {
  'use strict';

  const DAY = 86400000;

  /** An ISO date of a day number, and back; NaN when it is none. */
  B.iso = (day) => new Date(day * DAY).toISOString().slice(0, 10);
  B.dayOf = (iso) => (/^\d{4}-\d\d-\d\d$/.test(iso) ? Math.round(Date.parse(`${iso}T00:00:00Z`) / DAY) : NaN);

  /** Days a bar stands for, so that there are at most `most` bars. */
  B.barDays = function (first, last, most) {
    const days = last - first + 1;
    const steps = [1, 2, 7, 14, 28, 56, 91, 182, 365];
    return steps.find((step) => Math.ceil(days / step) <= most) || Math.ceil(days / most);
  };

  /** Count rows by bars of days; with a mask only those it holds. Rows before `first` (as undated ones are) and after the last bar are in none. */
  B.countBars = function (day, first, step, bars, mask) {
    const counts = new Uint32Array(bars);
    for (let i = 0; i < day.length; i++) {
      if (day[i] < first || (mask && !mask[i])) continue;
      const bar = Math.floor((day[i] - first) / step);
      if (bar < bars) counts[bar]++;
    }
    return counts;
  };

  /** Years (or months, or days of a short period) to write at an axis: [day, text], at most `most` of them. */
  B.dateTicks = function (first, last, most, monthNames) {
    const ticks = [];
    const from = new Date(first * DAY);
    const months = (last - first) / 30.44;
    const step = [1, 2, 3, 6, 12, 24, 60, 120, 240, 600].find((m) => months / m <= most) || 1200;
    if (months < 1.5) {
      const every = Math.max(1, Math.ceil((last - first + 1) / most));
      for (let day = first; day <= last; day += every) {
        const date = new Date(day * DAY);
        ticks.push([day, `${date.getUTCDate()} ${monthNames[date.getUTCMonth()]}`]);
      }
      return ticks;
    }
    let month = from.getUTCFullYear() * 12 + from.getUTCMonth();
    month = Math.floor(month / step) * step;
    for (; ; month += step) {
      const day = Date.UTC(Math.floor(month / 12), month % 12, 1) / DAY;
      if (day > last) break;
      const year = String(Math.floor(month / 12));
      if (day >= first) ticks.push([day, month % 12 ? monthNames[month % 12] : year]);
    }
    return ticks;
  };

  /** Round steps along an axis from 0, at most `most` of them. */
  B.roundTicks = function (last, most) {
    const rough = last / Math.max(1, most);
    const power = Math.pow(10, Math.floor(Math.log10(rough > 0 ? rough : 1)));
    const step = [1, 2, 5, 10].map((k) => k * power).find((s) => s >= rough) || power;
    const ticks = [];
    for (let k = 0; k * step <= last; k++) ticks.push(k * step);
    return ticks;
  };

  /**
   * Incidents to the kilometre along the border, smoothed by a normal kernel that is
   * reflected at the ends, with limits of 95 %: those of a gamma distribution with
   * the estimate's mean and variance (Fay and Feuer 1997), by the approximation of
   * Wilson and Hilferty (1931). `counts` are by kilometre.
   */
  B.smooth = function (counts, bandwidth) {
    const n = counts.length;
    const reach = Math.ceil(4 * bandwidth);
    const kernel = Float64Array.from({ length: reach + 1 }, (_, j) => Math.exp(-0.5 * (j / bandwidth) ** 2));
    const whole = 2 * kernel.reduce((a, b) => a + b) - kernel[0];
    const top = 2 / whole;
    const [rate, low, high] = [0, 1, 2].map(() => new Float64Array(n));
    const squares = new Float64Array(n);
    const spread = new Float64Array(n);
    for (let at = 0; at < n; at++) {
      if (!counts[at]) continue;
      spread.fill(0);
      for (let j = -reach; j <= reach; j++) {
        // What would fall past an end falls back inside; a short border may need it twice.
        let x = (((at + j) % (2 * n)) + 2 * n) % (2 * n);
        if (x >= n) x = 2 * n - 1 - x;
        spread[x] += kernel[Math.abs(j)] / whole;
      }
      for (let x = Math.max(0, at - reach); x <= Math.min(n - 1, at + reach); x++) {
        rate[x] += counts[at] * spread[x];
        squares[x] += counts[at] * spread[x] * spread[x];
      }
    }
    const bound = (mean, variance, z) => {
      if (!(mean > 0)) return 0;
      const shape = (mean * mean) / variance;
      return mean * Math.max(0, 1 - 1 / (9 * shape) + z / (3 * Math.sqrt(shape))) ** 3;
    };
    for (let x = 0; x < n; x++) {
      low[x] = bound(rate[x], squares[x], -1.96);
      high[x] = bound(rate[x] + top / 2, squares[x] + (top / 2) ** 2, 1.96);
    }
    return { rate, low, high };
  };
})(window.Borderline);
