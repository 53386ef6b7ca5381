/*
 * The ground: land in one colour for both countries, waters, thin province lines and the
 * land around; and, along the border, patches where drawings differ, and those drawings.
 */
(function (B) {
  'use strict';

  const LAND = '#fbfaf6';
  const AROUND = '#efeeea';
  const WATER = '#dfe7ec';
  const COAST = '#b9c2c9';
  /** Where the ground ends, paler than land and sea. */
  const BLANK = '#f7f8f9';
  const PROVINCE = '#cdc8bb';
  const PATCH = '#6a3d9a';
  /** Colours and dashes of the other drawings, in turn. */
  const DRAWINGS = [
    ['#7b3294', '6 4'],
    ['#00736a', '2 4'],
    ['#a6500a', '9 3 2 3'],
    ['#1d4f9c', '12 5'],
    ['#b3005c', '4 3'],
  ];

  /** Slanting lines, as what canvases take for a colour. */
  function hatching(colour) {
    const canvas = document.createElement('canvas');
    canvas.width = canvas.height = 8;
    const context = canvas.getContext('2d');
    context.strokeStyle = colour;
    context.lineWidth = 1.6;
    for (const shift of [-8, 0, 8]) {
      context.moveTo(shift - 1, 9);
      context.lineTo(shift + 9, -1);
    }
    context.stroke();
    return context.createPattern(canvas, 'repeat');
  }

  /** Patches on which drawings differ, above the line. */
  function drawPatches(map, rings) {
    map.createPane('patches').style.zIndex = 422;
    const renderer = L.canvas({ pane: 'patches', padding: 0.5 });
    return L.polygon(
      rings.map((ring) => [ring]),
      {
        renderer,
        pane: 'patches',
        interactive: false,
        smoothFactor: 0.5,
        color: PATCH,
        weight: 1,
        fillColor: hatching(PATCH),
        fillOpacity: 0.85,
      },
    );
  }

  /** The other drawings, not shown yet: a name, a layer, and how it looks. */
  function makeDrawings(map, drawings) {
    map.createPane('drawings').style.zIndex = 423;
    const renderer = L.canvas({ pane: 'drawings', padding: 0.5 });
    return drawings.map(({ name, lines }, k) => {
      const [color, dashArray] = DRAWINGS[k % DRAWINGS.length];
      const look = { color, dashArray, weight: 2.5 };
      return { name, look, layer: L.polyline(lines, { ...look, renderer, pane: 'drawings', interactive: false }) };
    });
  }

  /** The rest of the world, so that the straight edge of the land around is a frame and no coast. */
  function drawBlank(rings, shared) {
    const world = [[-85.05, -900], [-85.05, 900], [85.05, 900], [85.05, -900]]; // prettier-ignore
    const bounds = L.latLngBounds(rings.flat());
    const [south, west, north, east] = [bounds.getSouth(), bounds.getWest(), bounds.getNorth(), bounds.getEast()];
    const window_ = [[south, west], [north, west], [north, east], [south, east]]; // prettier-ignore
    return L.polygon([world, window_], {
      ...shared,
      color: COAST,
      weight: 1,
      fillColor: BLANK,
      fillOpacity: 1,
      noClip: true,
    });
  }

  /** Draw land and province lines below everything else; the patches and drawings come with it. */
  B.drawGround = function (map, { lon, lat }, ground) {
    map.createPane('ground').style.zIndex = 150;
    const renderer = L.canvas({ pane: 'ground', padding: 0.5 });
    const shared = { renderer, pane: 'ground', interactive: false, smoothFactor: 0.5 };
    let at = 0;
    const take = (count) => {
      const points = [];
      for (const end = at + count; at < end; at++) points.push([lat[at], lon[at]]);
      return points;
    };
    const [around, rings, waters, lines, patches] = ['around', 'rings', 'waters', 'lines', 'patches'].map((name) =>
      ground[name].map(take),
    );
    const drawings = ground.drawings.map(({ name, lines: counts }) => ({ name, lines: counts.map(take) }));
    const area = (shapes, look) =>
      L.polygon(
        shapes.map((ring) => [ring]),
        { ...shared, ...look, fillOpacity: 1 },
      );
    const beyond = area(around, { color: COAST, weight: 1, fillColor: AROUND });
    const land = area(rings, { color: COAST, weight: 1, fillColor: LAND });
    const water = area(waters, { color: COAST, weight: 0.7, fillColor: WATER });
    const inner = L.polyline(lines, { ...shared, color: PROVINCE, weight: 1 });
    const layer = L.layerGroup([beyond, land, water, inner]).addTo(map);
    if (around.length) layer.addLayer(drawBlank(around, shared));
    layer.water = water;
    if (patches.length) layer.patches = drawPatches(map, patches).addTo(map);
    layer.drawings = drawings.length ? makeDrawings(map, drawings) : [];
    return layer;
  };

  /** Raster tiles, not shown and not asked for yet; their pane lies on the ground. */
  B.makeTiles = function (map, { url, credit }) {
    map.createPane('tiles').style.zIndex = 160;
    // Leaflet takes a credit for markup.
    const markup = credit.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
    return L.tileLayer(url, { pane: 'tiles', attribution: markup, maxZoom: 18 });
  };

  /** Boxes for the other drawings, each with its look. */
  B.addDrawings = function (page, panel) {
    if (!page.ground || !page.ground.drawings.length) return;
    // Closed at first: few ask for them, and the signs before need the room.
    const fold = B.make('details');
    fold.append(B.makeSaying('summary', 'bl-fold', 'drawings'));
    const box = B.nameIt(B.make('fieldset'), 'drawings');
    for (const { name, look, layer } of page.ground.drawings) {
      const label = B.make('label', 'bl-check');
      const input = B.make('input');
      input.type = 'checkbox';
      input.addEventListener('change', () => (input.checked ? layer.addTo(page.map) : layer.remove()));
      label.append(input, B.dashIcon(look), B.make('span', '', name));
      box.append(label);
    }
    fold.append(box);
    panel.append(fold);
  };

  /** The hatching of patches as a small picture. */
  B.hatchIcon = function () {
    const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
    const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
    const set = (element, values) => Object.entries(values).forEach(([key, value]) => element.setAttribute(key, value));
    set(svg, { viewBox: '0 0 18 18', class: 'bl-icon', 'aria-hidden': 'true' });
    set(path, { d: 'M3 3H15V15H3ZM3 9L9 3M3 15L15 3M9 15L15 9', fill: 'none', stroke: PATCH, 'stroke-width': 1.5 });
    svg.append(path);
    return svg;
  };

  /** A line's look as a small picture. */
  B.dashIcon = function ({ color, dashArray, weight }) {
    const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
    const line = document.createElementNS('http://www.w3.org/2000/svg', 'line');
    const set = (element, values) => Object.entries(values).forEach(([key, value]) => element.setAttribute(key, value));
    set(svg, { viewBox: '0 0 30 20', class: 'bl-swatch', 'aria-hidden': 'true' });
    set(line, { x1: 0, x2: 30, y1: 10, y2: 10, stroke: color, 'stroke-width': weight, 'stroke-dasharray': dashArray });
    svg.append(line);
    return svg;
  };
})(window.Borderline);
