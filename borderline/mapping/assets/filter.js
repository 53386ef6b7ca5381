/*
 * What is shown: the one place that knows the reader's choices and which
 * incidents meet them. It knows nothing of the page; rows are indices into the
 * columns. Days are whole days since 1970, places on the border whole cells of
 * 100 m, so that counts agree exactly with those of a table.
 */
(function (B) {
  'use strict';

  /** Cells of the border to the kilometre. */
  B.CELLS = 10;

  const NOTHING = { days: null, km: null, groups: null, sides: null, actor: null };

  function codes(values, none) {
    const found = new Int32Array(values.length);
    for (let i = 0; i < found.length; i++) found[i] = Number.isNaN(values[i]) ? none : values[i];
    return found;
  }

  /** A pair in order and within bounds; null when it holds everything or makes no sense. */
  function pair(value, low, high) {
    if (!Array.isArray(value) || value.length !== 2 || !value.every(Number.isFinite)) return null;
    const [a, b] = value[0] <= value[1] ? value : [value[1], value[0]];
    const from = Math.max(low, Math.round(a));
    const to = Math.min(high, Math.round(b));
    if (from > to || (from <= low && to >= high)) return null;
    return [from, to];
  }

  /** Which of so many codes are wanted; null when all are. */
  function some(value, count) {
    if (!Array.isArray(value)) return null;
    const wanted = value.filter((code) => Number.isInteger(code) && code >= 0 && code < count);
    const unique = [...new Set(wanted)].sort((a, b) => a - b);
    return unique.length === count ? null : unique;
  }

  B.Filter = class {
    /**
     * columns: day, km, group, side, actor1, actor2 and, where some last, until, as decoded (NaN is missing).
     * sizes: how many groups, sides (the last one is "unknown") and actors there
     * are, and `cells`, the length of the border.
     */
    constructor(columns, sizes) {
      this.rows = columns.day.length;
      this.sizes = sizes;
      this.day = codes(columns.day, -2147483648);
      // An incident that lasts is chosen by every day that it touches.
      this.until = this.day.slice();
      if (columns.until) columns.until.forEach((until, i) => until > this.day[i] && (this.until[i] = until));
      this.km = codes(columns.km, -1);
      this.group = codes(columns.group, sizes.groups - 1);
      this.side = codes(columns.side, sizes.sides - 1);
      this.actor1 = codes(columns.actor1, -1);
      this.actor2 = codes(columns.actor2, -1);
      this.firstDay = Infinity;
      this.lastDay = -Infinity;
      this.undated = 0;
      for (const day of columns.day) {
        if (day < this.firstDay) this.firstDay = day;
        if (day > this.lastDay) this.lastDay = day;
        if (Number.isNaN(day)) this.undated++;
      }
      this.state = { ...NOTHING };
      this.mask = new Uint8Array(this.rows);
      /** Those that meet all choices but the stretch of border. */
      this.across = new Uint8Array(this.rows);
      this.listeners = [];
      this.apply();
    }

    /** Call back whenever the choice changes. */
    subscribe(listener) {
      this.listeners.push(listener);
    }

    /**
     * Change some of the choices; null takes one away. `days` holds both its
     * ends, `km` (cells) its first but not its last one.
     */
    set(change) {
      const { groups, sides, actors, cells } = this.sizes;
      const next = { ...this.state, ...change };
      this.state = {
        days: pair(next.days, this.firstDay, this.lastDay),
        km: pair(next.km, 0, cells),
        groups: some(next.groups, groups),
        sides: some(next.sides, sides),
        actor: Number.isInteger(next.actor) && next.actor >= 0 && next.actor < actors ? next.actor : null,
      };
      this.stale = true;
      for (const listener of this.listeners) listener(this);
    }

    /** Take all choices back. */
    reset() {
      this.set(NOTHING);
    }

    /** Whether anything is left out by choice. */
    get active() {
      return Object.values(this.state).some((value) => value !== null);
    }

    /** Find the incidents that meet the choices: fills `mask`, `across` and `count`. */
    apply() {
      const { days, km, groups, sides, actor } = this.state;
      const groupOn = Uint8Array.from({ length: this.sizes.groups }, (_, k) => !groups || groups.includes(k));
      const sideOn = Uint8Array.from({ length: this.sizes.sides }, (_, k) => !sides || sides.includes(k));
      const [firstDay, lastDay] = days || [-Infinity, Infinity];
      // The end of the border belongs to its last stretch.
      const [from, to] = km ? [km[0], km[1] === this.sizes.cells ? Infinity : km[1]] : [-Infinity, Infinity];
      let count = 0;
      for (let i = 0; i < this.rows; i++) {
        const day = this.day[i];
        const cell = this.km[i];
        const across =
          this.until[i] >= firstDay &&
          day <= lastDay &&
          groupOn[this.group[i]] &&
          sideOn[this.side[i]] &&
          (actor === null || this.actor1[i] === actor || this.actor2[i] === actor);
        const on = across && cell >= from && cell < to;
        this.across[i] = across ? 1 : 0;
        this.mask[i] = on ? 1 : 0;
        if (on) count++;
      }
      this.count = count;
      this.stale = false;
      return count;
    }

    /** The rows that meet the choices, in order. */
    selected() {
      if (this.stale) this.apply();
      const rows = new Uint32Array(this.count);
      for (let i = 0, k = 0; i < this.rows; i++) if (this.mask[i]) rows[k++] = i;
      return rows;
    }
  };
})(window.Borderline);
