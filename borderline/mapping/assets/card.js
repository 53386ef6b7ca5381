/*
 * The facts of one incident, for the sheet. Every text arrives through textContent.
 */
(function (B) {
  'use strict';

  B.factRow = function (list, key, ...content) {
    const value = B.make('dd');
    value.append(...content);
    value.dir = 'auto';
    list.append(B.make('dt', '', B.t(key)), value);
  };

  /** A source: a link when it is a web address, else the words as they are. */
  function sourceItem(text) {
    const url = B.words.link(text);
    if (!url) return B.make('span', '', text);
    const link = B.make('a', '', url.hostname.replace(/^www\./, ''));
    link.href = url.href;
    link.target = '_blank';
    link.rel = 'noopener noreferrer';
    link.title = text;
    return link;
  }

  /** Texts that name the sources of an incident. */
  B.sourceTexts = function (incident) {
    const texts = [];
    if (incident.source) texts.push(incident.source);
    for (const name of Object.keys(incident)) {
      if (!/^url\d+$/.test(name) || !incident[name]) continue;
      // One cell may hold several addresses; only whole addresses are taken apart.
      const parts = incident[name]
        .trim()
        .split(/\s+|[;|,]\s*(?=https?:\/\/)/i)
        .filter(Boolean);
      if (parts.length > 1 && parts.every((part) => B.words.link(part))) texts.push(...parts);
      else texts.push(incident[name]);
    }
    return texts;
  };

  /** Sources of an incident, as nodes with commas between them. */
  B.sources = (incident) =>
    B.sourceTexts(incident).flatMap((text, k) =>
      k ? [document.createTextNode(', '), sourceItem(text)] : [sourceItem(text)],
    );

  function province(incident, { countryOf, provinceOf }) {
    const parts = [
      incident.district,
      provinceOf(incident.province),
      incident.country ? countryOf(incident.country) : null,
    ];
    const nearest = incident.geocodedBy === 'nearest' ? ` (${B.t('nearest')})` : '';
    const text = parts.filter(Boolean).join(', ') + nearest;
    const reported = incident.provinceReported;
    if (!reported || reported === incident.province) return text;
    return `${text || B.t('unknown')}; ${B.t('reported.as', { name: reported })}`;
  }

  function deaths(incident) {
    const text = B.words.deaths(incident.deaths, incident.deathsLow, incident.deathsHigh);
    const more = [];
    if (incident.deathsCivilian != null) more.push(B.t('civilian', { n: B.words.number(incident.deathsCivilian) }));
    if (incident.injured != null) more.push(B.t('injured', { n: B.words.number(incident.injured) }));
    return more.length ? `${text} (${more.join(', ')})` : text;
  }

  function flags(incident) {
    return ['disputed', 'contested', 'ambiguous'].filter((name) => incident[name]);
  }

  const SCRIPTS = { th: /[\u0e00-\u0e7f]/, km: /[\u1780-\u17ff]/ };

  /** Other names of a place: the first in each of the two scripts apart from the rest. */
  B.namesOf = function (incident) {
    const rest = (incident.placeOther || '').split(';').filter((name) => name.trim() && name !== incident.place);
    const local = [];
    for (const [lang, script] of Object.entries(SCRIPTS)) {
      const name = rest.find((one) => script.test(one));
      if (name && !script.test(incident.place || '')) local.push({ lang, name });
    }
    return { local, rest: rest.filter((name) => !local.some((one) => one.name === name)) };
  };

  /** The rows of a place: its name with those in the scripts of both countries, and what else it is called. */
  function placeRows(row, incident) {
    const { local, rest } = B.namesOf(incident);
    const [first] = incident.place ? [incident.place] : rest.splice(0, 1);
    const names = local.map(({ lang, name }) => {
      const line = B.make('div', '', name);
      line.lang = lang;
      return line;
    });
    row('place', ...(first ? [first] : []), ...names, ...(first || names.length ? [] : [B.t('not.named')]));
    if (rest.length) row('also', rest.join(', '));
  }

  /** What the sides say of it: a name is who is blamed, a sentence an account. */
  const accounts = (row, text) => row(/\s/.test(text.trim()) ? 'accounts' : 'blamed', text);

  /** Fill an element with the facts of one incident. */
  B.tell = function (element, incident, page) {
    const W = B.words;
    const list = B.make('dl', 'bl-facts');
    const row = (key, ...content) => B.factRow(list, key, ...content);
    element.replaceChildren();
    const head = B.make('h2', '', W.type(incident.type));
    head.dir = 'auto';
    element.append(head, B.make('p', 'bl-when', W.date(incident.date, incident.until)));
    if (incident.notes) {
      const note = B.make('p', 'bl-note', incident.notes);
      note.dir = 'auto';
      element.append(note);
    }
    placeRows(row, incident);
    row('province', province(incident, page) || B.t('unknown'));
    const doubt = W.doubt(incident.distance, incident.error, page.lineErrorM, incident.unsure);
    const side = W.side(incident.side, incident.beyondEnd, page.countryOf, incident.share, incident.unsure);
    row('side', side, ...(doubt ? [B.make('div', 'bl-doubt', doubt)] : []));
    row('distance', W.distance(incident.distance, incident.error, incident.distanceLow, incident.distanceHigh));
    row('along', W.kilometre(incident.measure, incident.error, page.lengthKm));
    row('fatalities', deaths(incident));
    const actors = [incident.actor1, incident.actor2].filter(Boolean).join(' / ');
    if (actors) row('actors', actors);
    if (incident.blamed) accounts(row, incident.blamed);
    row('position', W.precision(incident.error, incident.precision));
    const sources = B.sources(incident);
    row('source', ...(sources.length ? sources : [B.t('not.given')]));
    row('record', [incident.id, incident.dataset].filter(Boolean).join(', '));
    element.append(list);
    const names = page.banks.map(page.countryOf);
    const drawings = W.drawings(incident.linesLeft, incident.linesRight, names);
    const doubts = flags(incident).filter((name) => !(drawings && name === 'contested'));
    for (const text of [...doubts.map((name) => B.t(name)), drawings].filter(Boolean))
      element.append(B.make('p', 'bl-doubt', text));
  };
})(window.Borderline);
