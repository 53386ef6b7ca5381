/*
 * Facts in words, with no more digits than are known. Every function returns
 * plain text; nothing here knows of HTML.
 */
(function (B) {
  'use strict';

  const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
  const W = (B.words = {});

  W.number = (value) => value.toLocaleString('en');
  W.plural = (count, one, many) => `${W.number(count)} ${count === 1 ? one : many}`;

  const TYPES = {
    ground_clash: 'Ground clash',
    artillery_rocket: 'Artillery or rocket fire',
    airstrike: 'Air strike',
    drone_strike: 'Drone strike',
    landmine_explosion: 'Mine explosion',
    shooting: 'Shooting',
    protest_confrontation: 'Protest or confrontation',
    incursion_allegation: 'Alleged incursion',
    infrastructure_damage: 'Damage to infrastructure',
    one_sided_violence: 'Violence against civilians',
    arrest: 'Arrest',
    diplomatic_event: 'Talks, diplomacy',
    other: 'Other',
  };

  /** The name of an incident type; one that is not ours is shown as it stands. */
  W.type = (code) => (Object.hasOwn(TYPES, code) ? TYPES[code] : code || 'Type not stated');

  /** A code in words: `border_stretch` becomes "border stretch"; what is no code stays as it is. */
  W.code = (code) => (/^[a-z]+(_[a-z]+)*$/.test(code) ? code.replace(/_/g, ' ') : code);

  function day(iso) {
    const [year, month, date] = iso.split('-').map(Number);
    return { year, month: MONTHS[month - 1], date };
  }

  /** A day, or the days from one to another; ISO dates in. */
  W.date = function (from, until) {
    if (!from) return 'Date unknown';
    const a = day(from);
    if (!until || until === from) return `${a.date} ${a.month} ${a.year}`;
    const b = day(until);
    if (a.year !== b.year) return `${a.date} ${a.month} ${a.year} – ${b.date} ${b.month} ${b.year}`;
    if (a.month !== b.month) return `${a.date} ${a.month} – ${b.date} ${b.month} ${b.year}`;
    return `${a.date}–${b.date} ${b.month} ${b.year}`;
  };

  /** Metres with the digits that a step of 1, 10, 100, ... metres allows. */
  function metres(value, step) {
    const rounded = Math.round(value / step) * step;
    if (rounded < 1000 && step < 1000) return `${rounded} m`;
    const decimals = Math.max(0, Math.min(2, 3 - Math.round(Math.log10(step))));
    return `${W.number(Number((rounded / 1000).toFixed(decimals)))} km`;
  }

  /** The step that an error in metres allows: the power of ten below it. */
  const stepOf = (error) => Math.pow(10, Math.max(1, Math.floor(Math.log10(error))));

  /** A length without a stated error: two digits, and never finer than 10 m. */
  W.length = function (value) {
    const step = value > 0 ? Math.pow(10, Math.max(1, Math.floor(Math.log10(value)) - 1)) : 10;
    return metres(value, step);
  };

  /** Distance of an incident from the line; `error` is the radius that holds 90 % of its position. */
  W.distance = function (value, error) {
    if (value === null || value === undefined) return 'unknown';
    if (!(error > 0)) return `about ${W.length(value)}`;
    const step = stepOf(error);
    if (Math.round(value / step) === 0) return `under ${metres(step, step)} (± ${W.length(error)})`;
    return `${metres(value, step)} (± ${W.length(error)})`;
  };

  /** Kilometre along the border: whole ones unless the position is known better. */
  W.kilometre = function (value, error, length) {
    if (value === null || value === undefined) return 'unknown';
    const decimals = error > 0 && error < 500 ? 1 : 0;
    const text = `km ${value.toFixed(decimals)}`;
    return length ? `${text} of ${W.number(Math.round(length))} along the border` : `${text} along the border`;
  };

  /** Fatalities: a figure, a range, or "unknown"; never a zero that nobody reported. */
  W.deaths = function (best, low, high) {
    const known = [best, low, high].filter((value) => value !== null && value !== undefined);
    if (!known.length) return 'unknown';
    const from = low ?? best ?? null;
    const to = high ?? best ?? null;
    if (from === null) return `at most ${W.number(to)}`;
    if (to === null || to === from) return W.number(from);
    return `${W.number(Math.min(from, to))} to ${W.number(Math.max(from, to))}`;
  };

  /** How well a position is known. */
  W.precision = function (error, code) {
    const words = error > 0 ? `known to about ${W.length(error)}` : 'not stated';
    return code ? `${words} (“${W.code(code)}”)` : words;
  };

  /** The bank an incident lies on, in words. */
  W.side = function (side, beyondEnd, countryOf) {
    if (!side) return 'unknown';
    if (side === 'line') return 'on the line as drawn';
    return countryOf(side) + (beyondEnd ? ' (past the end of the line)' : '');
  };

  /** Why the side is not certain, or an empty text when it is clear enough. */
  W.doubt = function (distance, error, lineError) {
    if (distance === null || distance === undefined) return '';
    const known = Math.hypot(error || 0, lineError || 0);
    if (!(known > 0) || distance > known) return '';
    const reasons = [];
    if (error > 0) reasons.push(`the position is known to about ${W.length(error)}`);
    if (lineError > 0) reasons.push(`the line to about ${W.length(lineError)}`);
    return `Too close to be sure of the side: ${reasons.join(', ')}.`;
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
