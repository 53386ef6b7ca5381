/*
 * What is known of each row. Numbers that are drawn and chosen by are decoded at
 * once; the rest, words above all, when somebody asks for a row. Each fact
 * travels once, so some columns are made of others here.
 */
(function (B) {
  'use strict';

  /** Columns the page draws and chooses by, made of those that travel. */
  function derive(columns, config) {
    const { typeGroups } = config.incidents;
    const rows = columns.lon.length;
    const made = (value) => {
      const column = new Float64Array(rows);
      for (let i = 0; i < rows; i++) column[i] = value(i);
      return column;
    };
    const { type, best, deathsLow, blur } = columns;
    // Where some sides are not known, one is chosen by what is known.
    const side = columns.bank || columns.side;
    return {
      ...columns,
      // Rows without a type, and sides beyond those that can be chosen, belong to what is left.
      group: made((i) => (Number.isNaN(type[i]) ? config.groups.length - 1 : typeGroups[type[i]])),
      side: made((i) => (side[i] < config.sides.length ? side[i] : NaN)),
      deaths: made((i) => {
        const count = Number.isNaN(best[i]) ? deathsLow[i] : best[i];
        return count >= 0 ? count : NaN;
      }),
      error: made((i) => (blur[i] > 0 ? blur[i] : NaN)),
    };
  }

  const missing = Number.isNaN;

  /** How to read each kind of field; null is missing. */
  function readers(facts, columns, named) {
    const plain = (column) => (row) => (missing(column[row]) ? null : column[row]);
    const distance = columns.distance
      ? (row) => (missing(columns.distance[row]) ? null : columns.distance[row] + facts.reckon(row).distance)
      : () => null;
    return {
      number: plain,
      date: (column) => (row) => (missing(column[row]) ? null : B.iso(column[row])),
      flag: (column) => (row) => (missing(column[row]) ? null : 1),
      label: (column, width) => (row) => String(column[row]).padStart(Number(width), '0'),
      numbered: (column, width) => (row) =>
        named.before[columns.before[row]] + String(column[row]).padStart(Number(width), '0'),
      names: (column, list) => (row) => (missing(column[row]) ? null : named[list][column[row]]),
      measure: () => (row) => (missing(facts.metres(row)) ? null : facts.metres(row) / 1000),
      distance: () => distance,
      beside: (column) => (row) => (missing(column[row]) ? null : column[row] + (distance(row) || 0)),
    };
  }

  B.Facts = class {
    /** bytes: of the planes that are decoded at once; config: that of the page; line: a B.Line. */
    constructor(bytes, config, line) {
      this.config = config.incidents;
      this.sent = B.columns(bytes, this.config.layout);
      this.columns = derive(this.sent, config);
      this.blocks = new Map();
      const measured = this.config.along === 'measure';
      this.feet = new B.Feet(line, ...(measured ? config.line.calibration : [[0, 1000], [0, 1]])); // prettier-ignore
    }

    reckon(row) {
      return this.feet.reckon(this.sent.lon[row], this.sent.lat[row], this.sent.km[row]);
    }

    /** Whole metres along the border, by the kilometres that are told; NaN where unknown. */
    metres(row) {
      const { km, within } = this.sent;
      return km[row] * (1000 / B.CELLS) + within[row] + this.reckon(row).within;
    }

    /** Metres along the drawn line; NaN where unknown. */
    chainage(row) {
      if (this.sent.chainage) return this.sent.chainage[row];
      return B.through(this.metres(row) / 1000, this.feet.kms, this.feet.chainages);
    }

    /** What is decoded on demand, once: a reader of rows for each field that is not words. */
    open() {
      this.opened =
        this.opened ||
        Promise.all([B.unpack('bl-later'), B.unpackJson('bl-names')]).then(([bytes, names]) => {
          const columns = B.columns(bytes, this.config.later, { ...this.sent });
          const make = readers(this, columns, names);
          this.readers = {};
          for (const [name, kind, at] of this.config.fields) {
            const [how, list] = kind.split(':');
            if (how !== 'words') this.readers[name] = make[how](columns[at], list);
          }
        });
      return this.opened;
    }

    block(k) {
      if (!this.blocks.has(k)) this.blocks.set(k, B.unpackJson('bl-words-' + k));
      return this.blocks.get(k);
    }

    /** Everything told of some rows: a promise of objects, null in them where nothing is known. */
    async records(rows) {
      await this.open();
      const size = this.config.rowsPerBlock;
      const wanted = new Set(Array.from(rows, (row) => Math.floor(row / size)));
      const words = new Map();
      for (const k of wanted) words.set(k, (await this.block(k)) || {});
      return Array.from(rows, (row) => {
        const block = words.get(Math.floor(row / size));
        const record = {};
        for (const [name] of this.config.fields) {
          const read = this.readers[name];
          record[name] = read ? read(row) : block[name] ? block[name][row % size] : null;
        }
        return record;
      });
    }

    /** One field of all rows: a promise of a function of the row. */
    async field(wanted) {
      await this.open();
      const found = this.config.fields.find(([name]) => name === wanted);
      if (!found) return () => null;
      if (this.readers[wanted]) return this.readers[wanted];
      const size = this.config.rowsPerBlock;
      const blocks = await Promise.all(
        Array.from({ length: Math.ceil(this.config.total / size) }, (_, k) => this.block(k)),
      );
      return (row) => {
        const words = blocks[Math.floor(row / size)];
        return words && words[wanted] ? words[wanted][row % size] : null;
      };
    }
  };
})(window.Borderline);
