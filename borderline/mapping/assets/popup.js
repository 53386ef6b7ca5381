/*
 * What a symbol tells: one incident at a time, with buttons for the others of
 * the same symbol. Every text arrives through textContent.
 */
(function (B) {
  'use strict';

  /** Make an element with a class and a text. */
  B.make = function (tag, className, text) {
    const element = document.createElement(tag);
    if (className) element.className = className;
    if (text !== undefined) element.textContent = text;
    return element;
  };

  function row(list, name, ...content) {
    const value = B.make('dd');
    value.append(...content);
    value.dir = 'auto';
    list.append(B.make('dt', '', name), value);
  }

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

  /** Sources of an incident, as nodes with commas between them. */
  B.sources = function (incident) {
    const texts = [];
    if (incident.source) texts.push(incident.source);
    for (const name of Object.keys(incident)) {
      if (!/^url\d+$/.test(name) || !incident[name]) continue;
      // One cell may hold several addresses; only whole addresses are taken apart.
      const parts = incident[name].trim().split(/\s+|[;|,]\s*(?=https?:\/\/)/i).filter(Boolean);
      if (parts.length > 1 && parts.every((part) => B.words.link(part))) texts.push(...parts);
      else texts.push(incident[name]);
    }
    return texts.flatMap((text, k) => (k ? [document.createTextNode(', '), sourceItem(text)] : [sourceItem(text)]));
  };

  function province(incident, countryOf) {
    const parts = [incident.district, incident.province, incident.country ? countryOf(incident.country) : null];
    const nearest = incident.geocodedBy === 'nearest' ? ' (nearest province)' : '';
    const text = parts.filter(Boolean).join(', ') + nearest;
    const reported = incident.provinceReported;
    return reported && reported !== incident.province ? `${text || 'unknown'}; reported as ${reported}` : text;
  }

  function deaths(incident) {
    const text = B.words.deaths(incident.deaths, incident.deathsLow, incident.deathsHigh);
    const more = [];
    if (incident.deathsCivilian != null) more.push(`${B.words.number(incident.deathsCivilian)} civilian`);
    if (incident.injured != null) more.push(`${B.words.number(incident.injured)} injured`);
    return more.length ? `${text} (${more.join(', ')})` : text;
  }

  function flags(incident) {
    const texts = [];
    if (incident.disputed) texts.push('Both countries claim this place.');
    if (incident.contested) texts.push('Drawings of the border disagree here.');
    if (incident.ambiguous) texts.push('Another stretch of the border is almost as near.');
    return texts;
  }

  /** Fill an element with the facts of one incident. */
  B.tell = function (element, incident, page) {
    const W = B.words;
    const list = B.make('dl', 'bl-facts');
    const named = incident.placeOther && incident.placeOther !== incident.place ? incident.placeOther : '';
    element.replaceChildren();
    const head = B.make('h2', '', W.type(incident.type));
    element.append(head, B.make('p', 'bl-when', W.date(incident.date, incident.until)));
    if (incident.notes) {
      const note = B.make('p', 'bl-note', incident.notes);
      note.dir = 'auto';
      element.append(note);
    }
    row(list, 'Place', incident.place || named || 'not named');
    if (incident.place && named) row(list, 'Also', named.replace(/;/g, ', '));
    row(list, 'Province', province(incident, page.countryOf) || 'unknown');
    const doubt = W.doubt(incident.distance, incident.error, page.lineErrorM);
    const side = W.side(incident.side, incident.beyondEnd, page.countryOf);
    row(list, 'Side', side, ...(doubt ? [B.make('div', 'bl-doubt', doubt)] : []));
    row(list, 'Distance', W.distance(incident.distance, incident.error));
    row(list, 'Along', W.kilometre(incident.measure, incident.error, page.lengthKm));
    row(list, 'Fatalities', deaths(incident));
    const actors = [incident.actor1, incident.actor2].filter(Boolean).join(' / ');
    if (actors) row(list, 'Actors', actors);
    if (incident.blamed) row(list, 'Blamed', incident.blamed);
    row(list, 'Position', W.precision(incident.error, incident.precision));
    const sources = B.sources(incident);
    row(list, 'Source', ...(sources.length ? sources : ['not given']));
    row(list, 'Record', [incident.id, incident.dataset].filter(Boolean).join(', '));
    element.append(list);
    for (const text of flags(incident)) element.append(B.make('p', 'bl-doubt', text));
  };

  function pager(rows, start, show) {
    const bar = B.make('div', 'bl-pager');
    const back = B.make('button', '', '‹ Earlier');
    const count = B.make('span', 'bl-count');
    const on = B.make('button', '', 'Later ›');
    back.type = on.type = 'button';
    count.setAttribute('aria-live', 'polite');
    let at = start;
    const go = (to) => {
      at = (to + rows.length) % rows.length;
      count.textContent = `${B.words.number(at + 1)} of ${B.words.number(rows.length)}`;
      return show(rows[at]);
    };
    back.addEventListener('click', () => go(at - 1));
    on.addEventListener('click', () => go(at + 1));
    bar.append(back, count, on);
    return { bar, go };
  }

  /** Open a popup for the incidents of a place; `first` is the row to begin with. */
  B.openIncidents = function (page, latlng, rows, first) {
    const box = B.make('div', 'bl-popup');
    const facts = B.make('div', 'bl-body');
    const width = Math.min(330, page.map.getSize().x - 60);
    const height = Math.max(160, Math.min(340, page.map.getSize().y - 120));
    const wide = page.map.getSize().x > 700;
    const popup = L.popup({
      minWidth: Math.min(250, width),
      maxWidth: width,
      autoPanPaddingTopLeft: wide ? [56, 12] : [8, 8],
      autoPanPaddingBottomRight: wide ? [275, 12] : [8, 8],
    });
    let wanted = -1;
    const show = (row) => {
      wanted = row;
      return page.read(row).then((incident) => {
        if (wanted !== row) return;
        B.tell(facts, incident, page);
        facts.scrollTop = 0;
        // Leaflet takes the content out and puts it back, which would lose the focus.
        const focused = document.activeElement;
        popup.update();
        if (box.contains(focused)) focused.focus({ preventScroll: true });
        page.mark(row);
      });
    };
    facts.style.maxHeight = `${height}px`;
    facts.tabIndex = 0;
    facts.setAttribute('role', 'group');
    facts.setAttribute('aria-label', 'Incident');
    // Leaflet hears Escape only while the map itself has the focus.
    const opener = document.activeElement;
    box.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape') return;
      page.map.closePopup(popup);
      if (opener && opener.isConnected) opener.focus();
    });
    const { bar, go } = pager(rows, Math.max(0, rows.indexOf(first)), show);
    if (rows.length > 1) box.append(bar);
    box.append(facts);
    return go(Math.max(0, rows.indexOf(first))).then(() => {
      popup.setLatLng(latlng).setContent(box).openOn(page.map);
      return popup;
    });
  };

  /** Open a popup for a stretch of border. */
  B.openStretch = function (page, latlng, k) {
    const d = page.density;
    const W = B.words;
    const box = B.make('div', 'bl-popup');
    const km = (metres) => (metres / 1000).toFixed(1).replace(/\.0$/, '');
    const list = B.make('dl', 'bl-facts');
    box.append(B.make('h2', '', `${km(d.from[k])} to ${km(d.to[k])} km along the drawn line`));
    if (d.n_events) row(list, 'Incidents', W.number(d.n_events[k]));
    row(list, 'Per km', String(Number(d.rate[k].toPrecision(2))));
    if (d.events_per_km_low && d.events_per_km_high) {
      const limits = [d.events_per_km_low[k], d.events_per_km_high[k]].map((v) => (v === null ? '?' : Number(v.toPrecision(2))));
      const level = d.level ? `${Math.round(d.level * 100)} %, exact Poisson` : 'exact Poisson';
      row(list, 'Limits', `${limits.join(' to ')} per km (${level})`);
    }
    if (d.fatalities) {
      const unknown = d.n_unknown_fatalities ? d.n_unknown_fatalities[k] : 0;
      row(list, 'Fatalities', W.number(d.fatalities[k] || 0) + (unknown ? `, and ${W.plural(unknown, 'incident', 'incidents')} with an unknown number` : ''));
    }
    box.append(list);
    return L.popup({ maxWidth: 300 }).setLatLng(latlng).setContent(box).openOn(page.map);
  };
})(window.Borderline);
