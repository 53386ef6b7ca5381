/*
 * Names on the map. A name is written at the first of its places where it meets
 * neither another name nor the border nor an incident; else it is left out.
 * Kilometre posts, crossings, towns and temples have a sign at their place and the
 * name beside it, with a thin line between them where they stand apart.
 */
(function (B) {
  'use strict';

  const FONT =
    '"Noto Sans", "Noto Sans Thai", "Noto Sans Khmer", "Leelawadee UI", "Khmer UI", Thonburi, "Khmer Sangam MN", system-ui, sans-serif';
  const STYLES = {
    country: { font: `600 17px ${FONT}`, colour: '#5d6066', spacing: '3px', height: 22 },
    neighbour: { font: `500 13px ${FONT}`, colour: '#6b7178', spacing: '2px', height: 18 },
    sea: { font: `italic 500 14px ${FONT}`, colour: '#4f6b82', spacing: '1px', height: 18 },
    province: { font: `500 12.5px ${FONT}`, colour: '#4c4f55', spacing: '0px', height: 16 },
    area: { font: `600 11px ${FONT}`, colour: '#6a6f77', spacing: '1.5px', height: 15 },
    post: { font: `600 11px ${FONT}`, colour: '#2b2b2b', spacing: '0px', height: 14, from: 6.5, away: [7, 14, 24, 36] },
    crossing: { font: `500 11.5px ${FONT}`, colour: '#1f3f7a', spacing: '0px', height: 15, from: 8, away: [7, 14, 24] },
    temple: { font: `500 11.5px ${FONT}`, colour: '#6d4415', spacing: '0px', height: 15, from: 9, away: [6, 12, 22] },
    town: { font: `400 11.5px ${FONT}`, colour: '#3f4349', spacing: '0px', height: 15, from: 9, away: [5] },
  };
  /** Which are written first. */
  const ORDER = { country: 0, sea: 1, neighbour: 2, post: 3, province: 4, crossing: 5, temple: 5.2, town: 6 };
  /** Where a name stands to its sign, best first. */
  const DIRECTIONS = [[1, 0], [-1, 0], [0, -1], [0, 1], [0.7, -0.7], [-0.7, -0.7], [0.7, 0.7], [-0.7, 0.7]]; // prettier-ignore

  /** Boxes in a grid of cells, to ask quickly whether a new one would touch any. */
  class Boxes {
    constructor() {
      this.cells = new Map();
    }

    each([x0, y0, x1, y1], act) {
      for (let i = Math.floor(x0 / 64); i <= Math.floor(x1 / 64); i++) {
        for (let j = Math.floor(y0 / 64); j <= Math.floor(y1 / 64); j++) act(`${i},${j}`);
      }
    }

    add(box) {
      this.each(box, (key) => {
        if (!this.cells.has(key)) this.cells.set(key, []);
        this.cells.get(key).push(box);
      });
    }

    touches(box) {
      let hit = false;
      this.each(box, (key) => {
        for (const other of this.cells.get(key) || []) {
          hit = hit || (box[0] < other[2] && other[0] < box[2] && box[1] < other[3] && other[1] < box[3]);
        }
      });
      return hit;
    }
  }

  function write(context, label, style, x, y) {
    context.lineWidth = 3;
    context.strokeStyle =
      label.kind === 'sea' || label.kind === 'neighbour' ? 'rgba(229,233,236,.9)' : 'rgba(255,255,255,.9)';
    context.strokeText(label.text, x, y);
    context.fillStyle = style.colour;
    context.fillText(label.text, x, y);
  }

  /** A post is a disc on the line, a crossing a square, hollow where its place is not well known; others are dots. */
  function sign(context, { kind, sure }, x, y) {
    context.beginPath();
    if (kind === 'crossing') context.rect(x - 3.5, y - 3.5, 7, 7);
    else context.arc(x, y, kind === 'post' ? 3.5 : 2, 0, 2 * Math.PI);
    context.fillStyle = kind === 'post' || (kind === 'crossing' && !sure) ? '#ffffff' : STYLES[kind].colour;
    context.fill();
    context.lineWidth = kind === 'post' || kind === 'crossing' ? 1.5 : 1;
    context.strokeStyle = kind === 'town' || kind === 'temple' ? '#ffffff' : STYLES[kind].colour;
    context.stroke();
  }

  /** A thin line from a sign to the nearest place of its name's box, where they stand apart. */
  function leader(context, x, y, [x0, y0, x1, y1], colour) {
    const to = [Math.max(x0 + 4, Math.min(x1 - 4, x)), Math.max(y0 + 2, Math.min(y1 - 2, y))];
    if (Math.hypot(to[0] - x, to[1] - y) < 11) return;
    context.beginPath();
    context.moveTo(x, y);
    context.lineTo(...to);
    context.lineWidth = 0.8;
    context.strokeStyle = colour;
    context.stroke();
  }

  /** Middles of the places a name may be written at, best first. */
  function spots(label, width, height, view) {
    const at = label.at.map(([lon, lat]) => [view.x(B.worldX(lon)), view.y(B.worldY(lat))]);
    const { away: steps } = STYLES[label.kind];
    if (!steps) return at;
    const [[x, y]] = at;
    // A name without its sign would name something else.
    if (!view.frame.contains([x, y])) return [];
    return steps.flatMap((away) =>
      DIRECTIONS.map(([dx, dy]) => [
        x + dx * away + (Math.sign(dx) * width) / 2,
        y + dy * away + (Math.sign(dy) * height) / 2,
      ]),
    );
  }

  /** The name of a label in the reader's language, or, until that is changed, in its country's own. */
  B.nameOf = ({ text, local }) => text[B.localNames && B.language === 'en' ? local : B.language] || text.en;

  /** Layer of names; `obstacles(view)` gives boxes to keep clear of, in canvas pixels. */
  B.labelLayer = function (map, labels, obstacles) {
    map.createPane('names').style.zIndex = 430;
    const rank = (label) =>
      ORDER[label.kind] - (label.kind === 'province' && label.near ? 0.5 : 0) - (label.sure ? 0.5 : 0);
    const sorted = labels.slice().sort((a, b) => rank(a) - rank(b));
    /** Names of areas stand in capitals once there are towns beside them. */
    const spell = (label, text, zoom) =>
      label.kind === 'province' && zoom >= STYLES.town.from ? text.toUpperCase() : text;
    /** Write a name where there is room. */
    const settle = (context, view, label, taken) => {
      const area = label.kind === 'province' && view.zoom >= STYLES.town.from;
      const style = area ? STYLES.area : STYLES[label.kind];
      if (style.from > view.zoom) return;
      const text = label.km === undefined ? spell(label, B.nameOf(label), view.zoom) : B.t('km.at', { n: label.km });
      const [lon, lat] = label.at[0];
      const [signX, signY] = [view.x(B.worldX(lon)), view.y(B.worldY(lat))];
      const dot =
        label.kind === 'town' || label.kind === 'temple' ? [signX - 3, signY - 3, signX + 3, signY + 3] : null;
      if (dot && taken.touches(dot)) return;
      context.font = style.font;
      // Only Latin letters stand apart.
      const spacing = /[^\x20-\u024f–]/.test(text) ? '0px' : style.spacing;
      if ('letterSpacing' in context) context.letterSpacing = spacing;
      const width = context.measureText(text).width;
      // A name much wider than its province would seem to belong to the neighbours too.
      if (label.width && width > 1.25 * ((label.width / 360) * 256 * view.scale)) return;
      for (const [x, y] of spots(label, width, style.height, view)) {
        const box = [x - width / 2 - 4, y - style.height / 2 - 1, x + width / 2 + 4, y + style.height / 2 + 1];
        if (!view.frame.contains(L.bounds([box[0], box[1]], [box[2], box[3]]))) continue;
        if (taken.touches(box)) continue;
        taken.add(box);
        if (dot) taken.add(dot);
        if (style.away) {
          leader(context, signX, signY, box, style.colour);
          sign(context, label, signX, signY);
        }
        write(context, { ...label, text }, style, x, y);
        layer.shown.push({ text, kind: label.kind, box });
        return;
      }
    };
    const draw = (context, view) => {
      const taken = new Boxes();
      for (const box of obstacles(view)) taken.add(box);
      context.textAlign = 'center';
      context.textBaseline = 'middle';
      context.lineJoin = 'round';
      layer.shown = [];
      for (const label of sorted) settle(context, view, label, taken);
    };
    const layer = new B.CanvasLayer({ pane: 'names', draw });
    return layer.addTo(map);
  };
})(window.Borderline);
