/*
 * The parts of the page and what they ask of one another: where a row lies, what
 * is marked, what is drawn anew when the choice changes.
 */
(function (B) {
  'use strict';

  /** Metres on the ground to one world pixel of zoom 0 at the equator. */
  const EQUATOR = 40075016.7 / 256;

  function makeRows({ lon, lat }) {
    return { x: lon.map(B.worldX), y: lat.map((value) => (Number.isNaN(value) ? NaN : B.worldY(value))) };
  }

  /** A ring of longitudes and latitudes in turn, in world coordinates. */
  function worldRing(ring) {
    const points = [];
    for (let k = 0; k < ring.length; k += 2) points.push([B.worldX(ring[k]), B.worldY(ring[k + 1])]);
    return points;
  }

  /** What is marked on the map: the incident told of, and a kilometre pointed at. */
  function marks(page) {
    const { map, line, columns } = page;
    const ring = L.circleMarker([0, 0], { radius: 17, color: '#111', weight: 2, fill: false, interactive: false });
    const foot = L.polyline([], { color: '#111', weight: 2.5, dashArray: '1 5', interactive: false });
    const disc = L.circle([0, 0], { radius: 1, color: '#28467a', weight: 1.5, fillOpacity: 0.08, interactive: false });
    const km = L.circleMarker([0, 0], {
      radius: 8,
      color: '#111',
      weight: 3,
      fillColor: '#fff',
      fillOpacity: 0.9,
      interactive: false,
    });
    page.mark = (row, incident) => {
      const at = page.latlngOf(row);
      page.marked = { row, id: incident.id };
      if (!at) return;
      ring.setLatLng(at).addTo(map);
      foot.remove();
      disc.remove();
      const chainage = page.chainageOf(row);
      if (!Number.isNaN(chainage)) foot.setLatLngs([at, line.at(chainage)]).addTo(map);
      if (columns.error[row] > 0) disc.setLatLng(at).setRadius(columns.error[row]).addTo(map);
      page.keep();
    };
    page.unmark = () => {
      page.marked = null;
      for (const layer of [ring, foot, disc]) layer.remove();
      page.keep();
    };
    /** Mark a cell of the border on the map and in the profile; null for none. */
    page.markCell = (cell) => {
      if (cell === null) km.remove();
      else km.setLatLng(line.at(B.through(cell / B.CELLS, page.calibration[1], page.calibration[0]))).addTo(map);
      if (page.profile.marked === cell) return;
      page.profile.marked = cell;
      page.repaint();
    };
    map.on('mousemove', (event) => {
      const scale = Math.pow(2, map.getZoom());
      const at = map.containerPointToLayerPoint(event.containerPoint).add(map.getPixelOrigin());
      const near = line.nearest(at.x / scale, at.y / scale);
      page.markCell(near.distance * scale < 14 ? B.through(near.chainage, ...page.calibration) * B.CELLS : null);
    });
    map.on('mouseout', () => page.markCell(null));
  }

  /** Draw anew what follows the choice: at most once a frame. */
  function painting(page) {
    let frame = 0;
    let later = 0;
    const paint = () => {
      frame = 0;
      const started = performance.now();
      if (page.filter.stale) page.filter.apply();
      if (page.sheet && !page.filter.mask[page.sheet.row()]) page.closeSheet();
      if (page.dirty) {
        page.incidents.refresh();
        page.dirty = false;
        clearTimeout(later);
        // What takes longer waits until the choice rests.
        later = setTimeout(() => {
          page.names.redraw();
          page.fillTable();
          page.keep();
        }, 150);
      }
      page.drawCharts();
      page.sayShade();
      page.paintMs = performance.now() - started;
    };
    page.repaint = () => {
      if (!frame) frame = requestAnimationFrame(paint);
    };
    page.paintNow = paint;
    page.filter.subscribe(() => {
      page.dirty = true;
      page.repaint();
    });
    window.addEventListener('resize', page.repaint);
    window.matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
      page.dirty = true;
      page.repaint();
    });
  }

  /** The view in the address, so that a link restores it. */
  function address(page) {
    const { map, filter } = page;
    const fragment = (row) => {
      const centre = map.getCenter();
      return B.writeFragment({
        view: page.moved || row ? { lat: centre.lat, lon: centre.lng, zoom: map.getZoom() } : null,
        filter: filter.state,
        lang: B.language === page.firstLanguage ? null : B.language,
        size: page.incidents.size,
        profile: page.profile.mode,
        span: page.zoomed ? page.span : null,
        ...(row || {}),
      });
    };
    page.addressOf = (row) => {
      const id = page.marked && page.marked.row === row ? page.marked.id : '';
      return `${location.href.replace(/#.*$/, '')}#${fragment({ row, id })}`;
    };
    page.keep = () => {
      if (!page.settled) return;
      try {
        const text = fragment(page.marked);
        history.replaceState(null, '', text ? `#${text}` : location.href.replace(/#.*$/, ''));
      } catch (error) {
        // Inside a frame without an address of its own, as in a notebook, there is nowhere to keep it.
      }
    };
  }

  /** Look at what a fragment says; `page.settled` from then on. */
  B.restore = async function (page, found) {
    page.settled = false;
    if (found.size) page.setSize(found.size);
    if (found.profile) page.setProfile(found.profile);
    page.setSpan(found.span || null);
    if (found.view) {
      page.moved = true;
      page.map.setView([found.view.lat, found.view.lon], found.view.zoom, { animate: false });
    }
    page.filter.set({ days: null, km: null, groups: null, sides: null, actor: null, ...found.filter });
    page.paintNow();
    if (found.row !== undefined) {
      const row = await findRow(page, found);
      if (row >= 0 && page.latlngOf(row)) await page.show(row);
    }
    page.settled = true;
  };

  /** The row an address speaks of; elsewhere in the table if that has changed. */
  async function findRow(page, { row, id }) {
    if (row < page.total && (await page.read(row)).id === id) return row;
    const ids = await page.field('id');
    for (let k = 0; k < page.total; k++) if (ids(k) === id) return k;
    return -1;
  }

  /** Make the page's parts from its data. */
  B.makePage = function (map, config, labels, [lineBytes, groundBytes, incidentBytes]) {
    const line = new B.Line(B.columns(lineBytes, config.line.layout));
    const facts = new B.Facts(incidentBytes, config, line);
    const { columns } = facts;
    const rows = makeRows(columns);
    const sizes = {
      groups: config.groups.length,
      sides: config.sides.length + 1,
      actors: config.actors.length,
      cells: Math.ceil(config.line.lengthKm * B.CELLS),
    };
    const filter = new B.Filter(columns, sizes);
    const provinces = new Map(labels.filter(({ kind }) => kind === 'province').map((label) => [label.text.en, label]));
    const many = config.incidents.total > B.MOST_JOINED;
    const page = {
      map, line, columns, rows, filter,
      groups: config.groups,
      sides: config.sides,
      banks: config.banks,
      /** Whether the side of a row is not known; undefined where its position has no error. */
      unsure: (row) => (config.sides.includes('?') && columns.error[row] > 0 ? config.sides[columns.side[row]] === '?' : undefined),
      /** Where a row may have been, if its side is not known: half axes, direction, area. */
      shapeOf: (row) => {
        if (columns.shape) return Number.isNaN(columns.shape[row]) ? null : config.shapes[columns.shape[row]];
        if (!many || !page.unsure(row)) return null;
        return [columns.error[row], columns.error[row], 0, null];
      },
      areas: config.areas.map((rings) => rings.map(worldRing)),
      actors: config.actors,
      labels,
      byGroup: config.incidents.byGroup,
      total: config.incidents.total,
      // Null where the analyst has written one.
      titleOf: config.titled ? null : Object.keys(config.countries),
      facts: config.incidents,
      density: config.density,
      lineNote: config.line.note,
      lengthKm: config.line.lengthKm,
      lineErrorM: config.line.accuracyM,
      calibration: config.line.calibration,
      places: many ? null : new B.Places(columns, line, (row) => facts.chainage(row)),
      crowd: many ? new B.Crowd(rows, filter, config.groups, columns.deaths) : null,
      read: (row) => facts.records([row]).then(([record]) => record),
      records: (rows) => facts.records(rows),
      fieldNames: config.incidents.fields.map(([name]) => name),
      chainageOf: (row) => facts.chainage(row),
      field: (name) => facts.field(name),
      speakers: [],
      marked: null,
      dirty: true,
      fillTable: () => {},
      sayShade: () => {},
      countryOf: (code) => (B.hasText(`country.${code}`) ? B.t(`country.${code}`) : Object.hasOwn(config.countries, code) ? config.countries[code] : code),
      // The map's own name of a province, in the reader's language.
      provinceOf: (name) => (provinces.has(name) && B.language !== 'en' ? B.nameOf(provinces.get(name)) : name),
      latlngOf: (row) => (Number.isNaN(columns.lon[row]) || Number.isNaN(columns.lat[row]) ? null : [columns.lat[row], columns.lon[row]]),
      /** Metres on the ground at a row, in pixels. */
      pixelsOf: (metres, row, scale) => (metres / (EQUATOR * Math.cos((columns.lat[row] * Math.PI) / 180))) * scale,
      footOf: (row) => {
        const chainage = facts.chainage(row);
        if (Number.isNaN(chainage)) return null;
        const [lat, lon] = line.at(chainage);
        return { x: B.worldX(lon), y: B.worldY(lat) };
      },
      ground: groundBytes.length ? B.drawGround(map, B.columns(groundBytes, config.ground.layout), config.ground) : null,
    }; // prettier-ignore
    if (page.density) B.setQuantity(page, page.density.quantity);
    page.lineColour = config.line.colour;
    page.border = B.drawLine(page);
    page.incidents = B.incidentLayer(page);
    if (page.places) page.incidents.refresh();
    page.incidents.addTo(map);
    page.names = B.labelLayer(map, labels, (view) => B.obstacles(page, view));
    page.setSize = (size) => {
      page.incidents.size = size;
      page.dirty = true;
      for (const speak of page.speakers) speak();
      if (page.saySize) page.saySize();
      page.repaint();
    };
    marks(page);
    painting(page);
    address(page);
    return page;
  };

  /** What names keep clear of: the border, the symbols and the panels over the map. */
  B.obstacles = function (page, view) {
    const boxes = [];
    const around = (x, y, r) => {
      if (x > -50 && y > -50 && x < view.width + 50 && y < view.height + 50) boxes.push([x - r, y - r, x + r, y + r]);
    };
    let lastX = NaN;
    let lastY = NaN;
    for (let i = 0; i < page.line.x.length; i++) {
      const x = view.x(page.line.x[i]);
      const y = view.y(page.line.y[i]);
      const away = Math.hypot(x - lastX, y - lastY);
      if (away < 6) continue;
      // Along an edge as well, which may be long on the screen.
      for (let d = 12; d < away; d += 12) around(lastX + ((x - lastX) * d) / away, lastY + ((y - lastY) * d) / away, 7);
      around(x, y, 7);
      lastX = x;
      lastY = y;
    }
    for (const symbol of page.incidents.symbolsAt(view.zoom)) {
      const { x, y } = page.incidents.spot(symbol, view);
      around(x, y, symbol.radius + 2);
    }
    const frame = page.map.getContainer().getBoundingClientRect();
    const shift = view.frame.min;
    const controls = [
      ...page.map.getContainer().querySelectorAll('.leaflet-control'),
      document.getElementById('bl-side'),
    ];
    for (const control of controls) {
      const box = control.getBoundingClientRect();
      const [x, y] = [box.left - frame.left + shift.x, box.top - frame.top + shift.y];
      boxes.push([x, y, x + box.width, y + box.height]);
    }
    return boxes;
  };
})(window.Borderline);
