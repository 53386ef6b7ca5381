/*
 * Puts the page together. `Borderline.start` makes the Leaflet map at once, so
 * that layers of folium can be added to it, and fills it when the data is unpacked.
 */
(function (B) {
  'use strict';

  // folium's popups turn their markup into an element with $(`...`)[0]: all they need of jQuery.
  window.$ = window.$ || function (markup) {
    const template = document.createElement('template');
    template.innerHTML = String(markup).trim();
    return [template.content.firstElementChild];
  };

  /** Keep layers of folium above others, also when they are switched on again. */
  B.keepInFront = function (map, layers) {
    const lift = () => layers.forEach((layer) => map.hasLayer(layer) && layer.bringToFront && layer.bringToFront());
    map.on('overlayadd', lift);
    lift();
  };

  function say(text) {
    const box = document.getElementById('bl-message');
    if (!box) return;
    box.textContent = text;
    box.hidden = false;
  }

  function fit(map, bounds) {
    const wide = map.getSize().x > 700;
    map.fitBounds(bounds, { paddingTopLeft: [18, 18], paddingBottomRight: wide ? [290, 18] : [18, 40], animate: false });
  }

  function makePage(map, config, [lineBytes, groundBytes, incidentBytes]) {
    const columns = B.columns(incidentBytes, config.incidents.layout);
    const line = new B.Line(B.columns(lineBytes, config.line.layout));
    const places = new B.Places(columns, line);
    const shown = config.groups.map(() => true);
    places.filter(shown);
    const mark = L.circleMarker([0, 0], { radius: 17, color: '#111', weight: 2, fill: false, interactive: false });
    const page = {
      map, line, places, columns,
      groups: config.groups,
      byGroup: config.incidents.byGroup,
      total: config.incidents.total,
      density: config.density,
      lineNote: config.line.note,
      lengthKm: config.line.lengthKm,
      lineErrorM: config.line.accuracyM,
      read: B.rowReader(config.incidents.rowsPerBlock),
      countryOf: (code) => (Object.hasOwn(config.countries, code) ? config.countries[code] : code),
      ground: groundBytes.length ? B.drawGround(map, B.columns(groundBytes, config.ground.layout), config.ground) : null,
      mark: (row) => {
        const place = places.of[row];
        if (place >= 0) mark.setLatLng([places.lat[place], places.lon[place]]).addTo(map);
      },
    };
    map.on('popupopen', () => map.getContainer().classList.add('bl-open'));
    map.on('popupclose', () => {
      map.getContainer().classList.remove('bl-open');
      mark.remove();
    });
    page.border = B.drawLine(map, line, config.density, config.line.colour);
    page.incidents = B.incidentLayer(map, places, config.groups, line).addTo(map);
    page.names = B.labelLayer(map, config.labels, (view) => obstacles(page, view));
    page.showGroup = (k, on) => {
      shown[k] = on;
      map.closePopup();
      page.incidents.setGroups(shown);
      page.names.redraw();
    };
    return page;
  }

  /** What names keep clear of: the border and the symbols. */
  function obstacles(page, view) {
    const boxes = [];
    const around = (x, y, r) => {
      if (x > -50 && y > -50 && x < view.width + 50 && y < view.height + 50) boxes.push([x - r, y - r, x + r, y + r]);
    };
    let lastX = NaN;
    let lastY = NaN;
    for (let i = 0; i < page.line.x.length; i++) {
      const x = view.x(page.line.x[i]);
      const y = view.y(page.line.y[i]);
      if (Math.hypot(x - lastX, y - lastY) < 6) continue;
      around(x, y, 7);
      lastX = x;
      lastY = y;
    }
    for (const symbol of page.incidents.symbolsAt(view.zoom)) {
      const { x, y } = page.incidents.spot(symbol, view);
      around(x, y, symbol.radius + 2);
    }
    // The panels over the map.
    const frame = page.map.getContainer().getBoundingClientRect();
    const shift = view.frame.min;
    for (const control of page.map.getContainer().querySelectorAll('.leaflet-control')) {
      const box = control.getBoundingClientRect();
      const [x, y] = [box.left - frame.left + shift.x, box.top - frame.top + shift.y];
      boxes.push([x, y, x + box.width, y + box.height]);
    }
    return boxes;
  }

  function openSymbol(page, symbol, first) {
    const latlng = [page.places.lat[symbol.place], page.places.lon[symbol.place]];
    const rows = page.places.incidents(symbol);
    return B.openIncidents(page, latlng, rows, first === undefined ? rows[0] : first);
  }

  function listen(page) {
    page.map.on('click', (event) => {
      const symbol = page.incidents.pick(event.containerPoint);
      if (symbol) {
        openSymbol(page, symbol);
        return;
      }
      if (!page.density) return;
      const scale = Math.pow(2, page.map.getZoom());
      const at = page.map.containerPointToLayerPoint(event.containerPoint).add(page.map.getPixelOrigin());
      const near = page.line.nearest(at.x / scale, at.y / scale);
      const k = page.density.from.findIndex((from, i) => from <= near.chainage && near.chainage <= page.density.to[i]);
      if (near.distance * scale < 10 && k >= 0) B.openStretch(page, event.latlng, k);
    });
    page.map.on('mousemove', (event) => {
      page.map.getContainer().style.cursor = page.incidents.pick(event.containerPoint) ? 'pointer' : '';
    });
    // From the table: all incidents of the same point, beginning with the one asked for.
    page.show = (row) => {
      const place = page.places.of[row];
      const latlng = [page.places.lat[place], page.places.lon[place]];
      const rows = page.places.members[place];
      return B.openIncidents(page, latlng, rows, row).then((popup) => {
        const body = popup.getElement() && popup.getElement().querySelector('.bl-body');
        if (body) body.focus();
      });
    };
  }

  function fill(map, config) {
    return Promise.all(['bl-line', 'bl-ground', 'bl-incidents'].map(B.unpack)).then((bytes) => {
      const page = makePage(map, config, bytes);
      const layer = (name, thing) => ({ name, act: (on) => (on ? thing.addTo(map) : thing.remove()) });
      const toggles = [{ name: 'Lines to the border', act: (on) => { page.incidents.showFeet = on; page.incidents.redraw(); } }];
      if (page.ground) toggles.push(layer('Land', page.ground));
      toggles.push(layer('Names', page.names));
      listen(page);
      B.addLegend(page, toggles);
      page.names.redraw();
      B.addTable(page);
      B.page = page;
      document.documentElement.setAttribute('data-bl-ready', '');
    });
  }

  /** Make the map in the element of this id and fill it. */
  B.start = function (id) {
    const config = JSON.parse(B.textOf('bl-config'));
    const map = L.map(id, { zoomSnap: 0.25, zoomDelta: 0.5, minZoom: 3, maxZoom: 18, wheelPxPerZoomLevel: 90 });
    map.attributionControl.setPrefix(false);
    L.control.scale({ imperial: false, position: 'bottomright' }).addTo(map);
    fit(map, config.bounds);
    if (!B.canDecode()) {
      say('This browser is too old to unpack the data of the map: it needs Chrome or Edge 80, Firefox 113, Safari 16.4 or newer.');
      return map;
    }
    B.ready = fill(map, config).catch((error) => {
      say(`The data of the map could not be read (${error.message}); the file may be damaged.`);
    });
    return map;
  };
})(window.Borderline);
