/*
 * Names on the map. A name is written at the first of its places where it meets
 * neither another name nor the border nor an incident; else it is left out.
 */
(function (B) {
  'use strict';

  const FONT = '"Noto Sans", "Noto Sans Thai", "Noto Sans Khmer", "Leelawadee UI", "Khmer UI", Thonburi, "Khmer Sangam MN", system-ui, sans-serif';
  const STYLES = {
    country: { font: `600 17px ${FONT}`, colour: '#5d6066', spacing: '3px', height: 22 },
    neighbour: { font: `500 13px ${FONT}`, colour: '#8a9097', spacing: '2px', height: 18 },
    sea: { font: `italic 500 14px ${FONT}`, colour: '#7890a3', spacing: '1px', height: 18 },
    province: { font: `500 12.5px ${FONT}`, colour: '#4c4f55', spacing: '0px', height: 16 },
  };

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
    context.font = style.font;
    if ('letterSpacing' in context) context.letterSpacing = style.spacing;
    context.lineWidth = 3;
    context.strokeStyle = label.kind === 'sea' || label.kind === 'neighbour' ? 'rgba(229,233,236,.9)' : 'rgba(255,255,255,.9)';
    context.strokeText(label.text, x, y);
    context.fillStyle = style.colour;
    context.fillText(label.text, x, y);
  }

  /** Layer of names; `obstacles(view)` gives boxes to keep clear of, in canvas pixels. */
  B.labelLayer = function (map, labels, obstacles) {
    map.createPane('names').style.zIndex = 350;
    const order = { country: 0, sea: 1, neighbour: 2, province: 3 };
    const sorted = labels.slice().sort((a, b) => order[a.kind] - order[b.kind] || (b.near || 0) - (a.near || 0));
    const draw = (context, view) => {
      const taken = new Boxes();
      for (const box of obstacles(view)) taken.add(box);
      context.textAlign = 'center';
      context.textBaseline = 'middle';
      context.lineJoin = 'round';
      layer.shown = [];
      for (const label of sorted) {
        const style = STYLES[label.kind];
        context.font = style.font;
        if ('letterSpacing' in context) context.letterSpacing = style.spacing;
        const width = context.measureText(label.text).width;
        // A name much wider than its province would seem to belong to the neighbours too.
        if (label.width && width > 1.25 * ((label.width / 360) * 256 * view.scale)) continue;
        for (const [lon, lat] of label.at) {
          const x = view.x(B.worldX(lon));
          const y = view.y(B.worldY(lat));
          const box = [x - width / 2 - 4, y - style.height / 2 - 1, x + width / 2 + 4, y + style.height / 2 + 1];
          if (!view.frame.contains(L.bounds([box[0], box[1]], [box[2], box[3]]))) continue;
          if (taken.touches(box)) continue;
          taken.add(box);
          write(context, label, style, x, y);
          layer.shown.push({ text: label.text, box });
          break;
        }
      }
    };
    const layer = new B.CanvasLayer({ pane: 'names', draw });
    return layer.addTo(map);
  };
})(window.Borderline);
