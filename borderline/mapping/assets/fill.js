/*
 * Fills the map: unpacks the data, makes the panels and listens to the reader.
 */
(function (B) {
  'use strict';

  function listen(page) {
    const { map } = page;
    B.addSheets(page);
    map.on('movestart', () => (page.moved = page.moved || page.settled));
    map.on('moveend', () => {
      page.sayShade();
      page.keep();
    });
    map.on('click', (event) => {
      const rows = page.incidents.pick(event.containerPoint);
      if (rows.length) {
        B.openIncidents(page, rows, rows[0]);
        return;
      }
      page.closeSheet();
      if (!page.density) return;
      const scale = Math.pow(2, map.getZoom());
      const at = map.containerPointToLayerPoint(event.containerPoint).add(map.getPixelOrigin());
      const near = page.line.nearest(at.x / scale, at.y / scale);
      const k = page.density.from.findIndex((from, i) => from <= near.chainage && near.chainage <= page.density.to[i]);
      if (near.distance * scale < 10 && k >= 0) B.openStretch(page, event.latlng, k);
    });
    map.on('mousemove', (event) => {
      map.getContainer().style.cursor = page.incidents.pick(event.containerPoint).length ? 'pointer' : '';
    });
    /**
     * Tell of a row, from the table or the search: all chosen incidents of the same point, beginning
     * with it. Where the row itself is not chosen, everything is shown.
     */
    page.show = (row) => {
      const { lon, lat } = page.columns;
      if (page.filter.stale) page.filter.apply();
      if (!page.filter.mask[row]) page.filter.reset();
      page.paintNow();
      const same = [];
      for (let i = 0; i < lon.length; i++) {
        if (lon[i] === lon[row] && lat[i] === lat[row] && page.filter.mask[i]) same.push(i);
      }
      return B.openIncidents(page, same, row).then(() => page.sheet && page.sheet.body.focus({ preventScroll: true }));
    };
    page.setLanguage = (language) => {
      B.language = language;
      map.closePopup();
      B.translate();
      sayStatus(page);
      for (const speak of page.speakers) speak();
      page.names.redraw();
      page.fillTable();
      page.repaint();
      if (page.sheet) page.sheet.again();
      page.keep();
    };
    window.addEventListener('hashchange', () => B.restore(page, B.readFragment(location.hash)));
  }

  /** The heading, where it only names the border, in the reader's language. */
  function sayTitle(page) {
    const heading = document.querySelector('.bl-head h1');
    page.englishTitle = page.englishTitle || heading.textContent;
    let title = page.englishTitle;
    if (page.titleOf && B.language !== 'en' && page.titleOf.every((code) => B.hasText(`country.${code}`))) {
      const [left, right] = page.titleOf.map(page.countryOf);
      title = B.t('title', { left, right });
    }
    heading.textContent = title;
    document.title = title;
    page.map.getContainer().setAttribute('aria-label', B.t('map', { title }));
  }

  function sayStatus(page) {
    sayTitle(page);
    const { total, drawn, places, period, given } = page.facts;
    const W = B.words;
    const day = (iso) => W.date(iso, null);
    const parts = [];
    if (!total) parts.push(given ? B.t('empty') : '');
    else if (period[0]) {
      parts.push(
        B.t('status', {
          drawn: W.number(drawn),
          places: W.number(places),
          first: day(period[0]),
          last: day(period[1]),
        }),
      );
    } else parts.push(B.t('status.undated', { drawn: W.number(drawn), places: W.number(places) }));
    if (total > drawn) parts.push(B.t('status.absent', { n: W.number(total - drawn) }));
    const box = document.getElementById('bl-status');
    page.englishStatus = page.englishStatus || box.textContent;
    box.textContent = B.language === 'en' ? page.englishStatus : parts.join(' ');
  }

  function layers(page, tiles) {
    const layer = (key, thing, icon) => ({ key, icon, act: (on) => (on ? thing.addTo(page.map) : thing.remove()) });
    const shown = (key, name, on) => ({
      key,
      on,
      act: (wanted) => {
        page.incidents[name] = wanted;
        page.incidents.redraw();
      },
    });
    const toggles = page.facts.given ? [shown('layers.feet', 'showFeet', true)] : [];
    if (page.ground) toggles.push(layer('layers.land', page.ground));
    if (page.ground && page.ground.patches) toggles.push(layer('layers.patches', page.ground.patches, B.hatchIcon()));
    toggles.push(layer('layers.names', page.names));
    if (page.sides.includes('?')) toggles.push(shown('layers.errors', 'showErrors', true));
    if (tiles) toggles.push({ ...layer('layers.tiles', B.makeTiles(page.map, tiles)), on: false });
    return toggles;
  }

  /** Fill the map with the data. */
  B.fill = async function (map, config) {
    const packed = ['bl-texts', 'bl-labels', 'bl-shapes', 'bl-line', 'bl-ground', 'bl-incidents'];
    const [texts, labels, shapes, ...bytes] = await Promise.all(packed.map(B.unpack));
    const read = (part) => JSON.parse(new TextDecoder().decode(part));
    const wanted = B.readFragment(location.hash);
    B.useTexts(read(texts));
    B.language = wanted.lang || config.language;
    B.localNames = config.localNames;
    const page = B.makePage(map, { ...config, ...read(shapes) }, read(labels), bytes);
    page.firstLanguage = config.language;
    listen(page);
    B.addPanel(page);
    B.addChoice(page, layers(page, config.tiles));
    B.addTable(page);
    B.addPrinting(page);
    B.translate();
    sayStatus(page);
    // The panels have taken their room.
    map.invalidateSize({ animate: false });
    B.fit(map, config);
    B.roving(map.zoomControl.getContainer());
    B.roving(document.querySelector('.bl-foot'), ':scope > details > summary');
    await B.restore(page, wanted);
    B.page = page;
    document.getElementById('bl-message').hidden = true;
    document.documentElement.setAttribute('data-bl-ready', '');
  };
})(window.Borderline);
