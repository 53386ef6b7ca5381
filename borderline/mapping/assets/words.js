/*
 * Facts in words, with no more digits than are known. Every function returns
 * plain text; nothing here knows of HTML.
 */
(function (B) {
  'use strict';

  const W = (B.words = {});
  const t = (key, values) => B.t(key, values);

  W.number = (value) => value.toLocaleString('en');

  /** The name of an incident type; one that is not ours is shown as it stands. */
  W.type = (code) => (B.hasText(`type.${code}`) ? t(`type.${code}`) : code || t('type.unknown'));

  /** The name of a group of types. */
  W.group = (name) => (B.hasText(`group.${name}`) ? t(`group.${name}`) : name);

  /** What a class holds, as the table of densities says it in English. */
  W.bounds = function (label) {
    const said = [
      [/^(\S+) to under (\S+)$/, (from, to) => t('class.range', { from, to })],
      [/^(\S+) and more$/, (n) => t('class.more', { n })],
      [/^under (\S+)$/, (n) => t('class.under', { n })],
    ];
    for (const [form, say] of said) {
      const found = form.exec(label);
      if (found) return say(...found.slice(1));
    }
    return label;
  };

  /** Short names of the months. */
  W.months = () => t('months').split(' ');

  /** A code in words: `border_stretch` becomes "border stretch"; what is no code stays as it is. */
  W.code = (code) => (/^[a-z]+(_[a-z]+)*$/.test(code) ? code.replace(/_/g, ' ') : code);

  function day(iso) {
    const [year, month, date] = iso.split('-').map(Number);
    return { year, month: W.months()[month - 1], date };
  }

  /** A day, or the days from one to another; ISO dates in. */
  W.date = function (from, until) {
    if (!from) return t('date.unknown');
    const a = day(from);
    if (!until || until === from) return `${a.date} ${a.month} ${a.year}`;
    const b = day(until);
    if (a.year !== b.year) return `${a.date} ${a.month} ${a.year} – ${b.date} ${b.month} ${b.year}`;
    if (a.month !== b.month) return `${a.date} ${a.month} – ${b.date} ${b.month} ${b.year}`;
    return `${a.date}–${b.date} ${b.month} ${b.year}`;
  };

  /** Metres with the digits that a step of 1, 10, 100, ... metres allows. */
  function metres(value, step, keepZeros) {
    const rounded = Math.round(value / step) * step;
    if (rounded < 1000 && step < 1000) return t('m', { n: rounded });
    const decimals = Math.max(0, Math.min(2, 3 - Math.round(Math.log10(step))));
    const kept = { minimumFractionDigits: keepZeros ? decimals : 0, maximumFractionDigits: decimals };
    return t('km', { n: (rounded / 1000).toLocaleString('en', kept) });
  }

  /** The step that an error in metres allows: the power of ten below it. */
  const stepOf = (error) => Math.pow(10, Math.max(1, Math.floor(Math.log10(error))));

  /** A length without a stated error: two digits, and never finer than 10 m. */
  W.length = function (value) {
    const step = value > 0 ? Math.pow(10, Math.max(1, Math.floor(Math.log10(value)) - 1)) : 10;
    return metres(value, step);
  };

  /**
   * Distance of an incident from the line; `error` is the radius that holds 90 % of its
   * position. Limits of the distance itself, where the table has them, say more.
   */
  W.distance = function (value, error, low, high) {
    if (value === null || value === undefined) return t('unknown');
    if (low != null && high != null && high > low) {
      // One digit more than the limits allow, so that the figure lies between them as it is written.
      const step = Math.max(10, stepOf((high - low) / 2) / 10);
      const write = (number) => metres(number, step, true);
      const from = low < step / 2 ? '0' : write(low);
      return `${write(value)} (${t('range', { from, to: write(high) })})`;
    }
    if (!(error > 0)) return t('about.value', { value: W.length(value) });
    const step = stepOf(error);
    const doubt = `(± ${W.length(error)})`;
    if (Math.round(value / step) === 0) return `${t('under', { value: metres(step, step) })} ${doubt}`;
    return `${metres(value, step)} ${doubt}`;
  };

  /** Kilometre along the border: whole ones unless the position is known better. */
  W.kilometre = function (value, error, length) {
    if (value === null || value === undefined) return t('unknown');
    const n = value.toFixed(error > 0 && error < 500 ? 1 : 0);
    return length ? t('km.along.of', { n, total: W.number(Math.round(length)) }) : t('km.along', { n });
  };

  /** Fatalities: a figure, a range, or "unknown"; never a zero that nobody reported. */
  W.deaths = function (best, low, high) {
    const known = [best, low, high].filter((value) => value !== null && value !== undefined);
    if (!known.length) return t('unknown');
    const from = low ?? best ?? null;
    const to = high ?? best ?? null;
    if (from === null) return t('at.most', { value: W.number(to) });
    if (to === null || to === from) return W.number(from);
    return t('range', { from: W.number(Math.min(from, to)), to: W.number(Math.max(from, to)) });
  };

  /** How well a position is known. */
  W.precision = function (error, code) {
    const words = error > 0 ? t('known.to', { value: W.length(error) }) : t('not.stated');
    return code ? `${words} (“${W.code(code)}”)` : words;
  };

  /** The bank an incident lies on, in words. */
  W.side = function (side, beyondEnd, countryOf, share, unsure) {
    if (!side) return t('unknown');
    if (side === 'line') return t('on.line');
    const name = countryOf(side);
    const likely = share == null ? '' : ` ${share > 99 ? t('over', { value: '99 %' }) : `${share} %`}`;
    // The share does not know that incidents hug the line; where that matters, no figure is given.
    if (unsure && share > 90) return t('probably', { name });
    return name + likely + (beyondEnd ? ` (${t('past.end')})` : '');
  };

  /** The name of a side to choose by. */
  W.bank = function (bank, countryOf) {
    if (bank === '?') return t('side.not.known');
    return bank ? W.side(bank, false, countryOf) : t('side.none');
  };

  /** How many drawings of the border put an incident on each bank, where they differ. */
  W.drawings = function (left, right, [leftName, rightName]) {
    if (!(left > 0 && right > 0)) return '';
    return t('depends', { left: `${leftName} ${left}`, right: `${rightName} ${right}`, total: left + right });
  };

  /** Why the side is not certain, or an empty text when it is clear enough. */
  W.doubt = function (distance, error, lineError, unsure) {
    if (distance === null || distance === undefined) return '';
    const known = Math.hypot(error || 0, lineError || 0);
    // What was found out about the side comes before the rule of thumb.
    if (!(known > 0) || unsure === false || (unsure === undefined && distance > known)) return '';
    const reasons = [];
    if (error > 0) reasons.push(t('doubt.position', { value: W.length(error) }));
    if (lineError > 0) reasons.push(t('doubt.line', { value: W.length(lineError) }));
    return t('doubt', { reasons: reasons.join(', ') });
  };

  /** A web address that may become a link, or null. */
  W.link = function (text) {
    if (/[\u0000-\u0020\u007f]/.test(text)) return null;
    try {
      const url = new URL(text);
      return (url.protocol === 'http:' || url.protocol === 'https:') && url.hostname ? url : null;
    } catch (error) {
      return null;
    }
  };
})(window.Borderline);
