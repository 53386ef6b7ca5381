/*
 * The reader's view as the fragment of an address, so that a link to the file
 * restores it. What cannot be read is left out; nothing here touches the page.
 */
(function (B) {
  'use strict';

  const number = (text) => (/^-?\d+(\.\d+)?$/.test(text) ? Number(text) : NaN);
  const list = (text) => (text === '' ? [] : text.split('.').map(number));

  /** Write a view: `filter` is the state of a Filter, the rest may be missing. */
  B.writeFragment = function ({ view, filter, lang, size, row, id, profile, span }) {
    const parts = [];
    const add = (name, text) => parts.push(`${name}=${encodeURIComponent(text).replace(/%2C/g, ',')}`);
    if (view) add('view', `${view.lat.toFixed(4)},${view.lon.toFixed(4)},${Number(view.zoom.toFixed(2))}`);
    if (filter.days) add('time', `${B.iso(filter.days[0])}..${B.iso(filter.days[1])}`);
    if (span) add('span', span.map(B.iso).join('..'));
    if (filter.km) add('km', filter.km.map((cell) => (cell / B.CELLS).toFixed(1)).join('-'));
    if (filter.groups) add('types', filter.groups.join('.'));
    if (filter.sides) add('sides', filter.sides.join('.'));
    if (filter.actor !== null) add('actor', String(filter.actor));
    if (size && size !== 'incidents') add('size', size);
    if (profile && profile !== 'dates') add('profile', profile);
    if (lang) add('lang', lang);
    if (row !== undefined && row !== null) add('incident', `${row}~${id}`);
    return parts.join('&');
  };

  /** Read a fragment: only what makes sense. */
  B.readFragment = function (text) {
    const found = { filter: {} };
    for (const part of text.replace(/^#/, '').split('&')) {
      const at = part.indexOf('=');
      if (at < 1) continue;
      let value;
      try {
        value = decodeURIComponent(part.slice(at + 1));
      } catch (error) {
        continue; // half an escape: not one of ours
      }
      const name = part.slice(0, at);
      if (name === 'view') {
        const [lat, lon, zoom] = value.split(',').map(number);
        if (Math.abs(lat) <= 85 && Math.abs(lon) <= 540 && zoom >= 0 && zoom <= 18) found.view = { lat, lon, zoom };
      } else if (name === 'time' || name === 'span') {
        const days = value.split('..').map(B.dayOf);
        if (days.length !== 2 || !days.every(Number.isFinite)) continue;
        if (name === 'time') found.filter.days = days;
        else found.span = days;
      } else if (name === 'km') {
        const cells = value.split('-').map((km) => Math.round(number(km) * B.CELLS));
        if (cells.length === 2 && cells.every(Number.isFinite)) found.filter.km = cells;
      } else if (name === 'types') found.filter.groups = list(value);
      else if (name === 'sides') found.filter.sides = list(value);
      else if (name === 'actor') found.filter.actor = number(value);
      else if (name === 'size' && value === 'fatalities') found.size = value;
      else if (name === 'profile' && value === 'intensity') found.profile = value;
      else if (name === 'lang' && ['en', 'th', 'km'].includes(value)) found.lang = value;
      else if (name === 'incident') {
        const [, row, id] = /^(\d{1,9})~([^]*)$/.exec(value) || [];
        if (row !== undefined) Object.assign(found, { row: Number(row), id });
      }
    }
    return found;
  };
})(window.Borderline);
