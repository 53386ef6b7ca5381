/*
 * The popup of a symbol: one incident at a time, with buttons for the others of
 * the same symbol, and a link to it; and the popup of a stretch of border.
 */
(function (B) {
  'use strict';

  function pager(rows, start, show) {
    const bar = B.make('div', 'bl-pager');
    const count = B.make('span', 'bl-count');
    let at = start;
    const go = (to) => {
      at = (to + rows.length) % rows.length;
      count.textContent = B.t('of', { n: B.words.number(at + 1), total: B.words.number(rows.length) });
      return show(rows[at]);
    };
    count.setAttribute('aria-live', 'polite');
    bar.append(B.button('', 'earlier', () => go(at - 1)), count, B.button('', 'later', () => go(at + 1)));
    return { bar, go };
  }

  /** Put a text where the reader can paste it from; true when that worked. */
  async function copy(text) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch (error) {
      return false; // not allowed here: the address is shown instead
    }
  }

  function copyLink(page, row) {
    const box = B.make('div', 'bl-copy');
    const said = B.make('span', 'bl-small');
    said.setAttribute('role', 'status');
    const button = B.button('bl-button', 'copy', async () => {
      const address = page.addressOf(row());
      if (await copy(address)) {
        said.textContent = B.t('copied');
        return;
      }
      const field = B.make('input');
      field.readOnly = true;
      field.value = address;
      B.nameIt(field, 'copy.by.hand');
      said.replaceChildren(B.make('span', '', B.t('copy.by.hand')), field);
      field.focus();
      field.select();
    });
    box.append(button, said);
    return { box, clear: () => said.replaceChildren() };
  }

  /** Tell by a shadow that there is more below. */
  function hint(facts) {
    const look = () => facts.classList.toggle('bl-more-below', facts.scrollHeight - facts.scrollTop - facts.clientHeight > 4);
    facts.addEventListener('scroll', look);
    return look;
  }

  function makePopup(page) {
    const width = Math.min(330, page.map.getSize().x - 60);
    return L.popup({
      minWidth: Math.min(250, width),
      maxWidth: width,
      autoPanPaddingTopLeft: [page.map.getSize().x > 700 ? 56 : 8, 8],
      autoPanPaddingBottomRight: [8, 8],
    });
  }

  /** Open a popup for the incidents of a place; `first` is the row to begin with. */
  B.openIncidents = function (page, rows, first) {
    const box = B.make('div', 'bl-popup');
    const facts = B.make('div', 'bl-body');
    const popup = makePopup(page);
    let wanted = -1;
    const link = copyLink(page, () => wanted);
    const look = hint(facts);
    const show = (row) => {
      wanted = row;
      return page.read(row).then((incident) => {
        if (wanted !== row) return;
        B.tell(facts, incident, page);
        facts.scrollTop = 0;
        link.clear();
        // Leaflet takes the content out and puts it back, which would lose the focus.
        const focused = document.activeElement;
        popup.update();
        if (box.contains(focused)) focused.focus({ preventScroll: true });
        look();
        page.mark(row, incident);
      });
    };
    facts.style.maxHeight = `${Math.max(120, Math.min(340, page.map.getSize().y - 150))}px`;
    facts.tabIndex = 0;
    facts.setAttribute('role', 'group');
    B.nameIt(facts, 'incident');
    // Leaflet hears Escape only while the map itself has the focus.
    const opener = document.activeElement;
    box.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape') return;
      page.map.closePopup(popup);
      if (opener && opener.isConnected) opener.focus();
    });
    const start = Math.max(0, rows.indexOf(first));
    const { bar, go } = pager(rows, start, show);
    if (rows.length > 1) box.append(bar);
    box.append(facts, link.box);
    return go(start).then(() => {
      popup.setLatLng(page.latlngOf(rows[start])).setContent(box).openOn(page.map);
      look();
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
    box.append(B.make('h2', '', B.t('stretch', { from: km(d.from[k]), to: km(d.to[k]) })));
    if (d.n_events) B.factRow(list, 'incidents', W.number(d.n_events[k]));
    const short = (value) => (value === null ? '?' : String(Number(value.toPrecision(2))));
    if (d.events_per_km) B.factRow(list, 'per.km', short(d.events_per_km[k]));
    if (d.events_per_km_low && d.events_per_km_high) {
      const [from, to] = [d.events_per_km_low[k], d.events_per_km_high[k]].map((v) => (v === null ? '?' : Number(v.toPrecision(2))));
      const how = d.level ? `${Math.round(d.level * 100)} %, exact Poisson` : 'exact Poisson';
      B.factRow(list, 'limits', B.t('limits.value', { from, to, how }));
    }
    if (d.fatalities) {
      const unknown = d.n_unknown_fatalities ? d.n_unknown_fatalities[k] : 0;
      const known = W.number(d.fatalities[k] || 0);
      B.factRow(list, 'fatalities', unknown ? B.t('and.unknown', { n: known, k: W.number(unknown) }) : known);
    }
    if (d.events_per_km2) B.factRow(list, 'quantity.events_per_km2', short(d.events_per_km2[k]));
    if (d.n_before) {
      d.periods.forEach(([from, until], j) => {
        list.append(B.make('dt', '', W.date(from, until)), B.make('dd', '', W.number([d.n_before, d.n_after][j][k])));
      });
      const label = d.quantities.find((quantity) => quantity.name === 'rate_ratio');
      if (label && label.class[k] >= 0) B.factRow(list, 'quantity.rate_ratio', label.labels[label.class[k]]);
    }
    box.append(list);
    return L.popup({ maxWidth: 300 }).setLatLng(latlng).setContent(box).openOn(page.map);
  };
})(window.Borderline);
