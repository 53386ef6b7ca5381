/*
 * The one layer of incidents: a canvas with a thin line from each place to its
 * foot on the border, a small dot at each place, and the symbols; very many
 * incidents are drawn as a crowd instead.
 */
(function (B) {
  'use strict';

  /** Places nearer to one another than this many pixels share a symbol. */
  const REACH = 24;
  /** More lines than this in view could not be told apart. */
  const MOST_LINES = 4000;
  /** More symbols than this are left where they are: finding room for all would take too long. */
  const MOST_PLACED = 400;
  /** With more incidents than this each is a dot: joining them would take too long while brushing. */
  B.MOST_JOINED = 5000;
  const night = window.matchMedia('(prefers-color-scheme: dark)');
  const ink = () => (night.matches ? '#e4e8ec' : '#1e2228');
  const thin = () => (night.matches ? 'rgba(228,232,236,.6)' : 'rgba(30,34,40,.55)');

  const inside = (view, x, y) => x > -50 && y > -50 && x < view.width + 50 && y < view.height + 50;

  /** Thin lines from true places to symbols that stand beside them. */
  function drawLeaders(context, view, places, seen) {
    context.beginPath();
    for (const { symbol, x, y } of seen) {
      const fromX = view.x(places.x[symbol.place]);
      const fromY = view.y(places.y[symbol.place]);
      if (Math.hypot(x - fromX, y - fromY) < symbol.radius) continue;
      context.moveTo(fromX, fromY);
      context.lineTo(x, y);
    }
    context.lineWidth = 1.2;
    context.strokeStyle = ink();
    context.stroke();
  }

  /** Lines from some rows to their feet on the border, and dots where they are. */
  function drawFeet(context, view, page, rows) {
    if (rows.length > MOST_LINES) return;
    const { x, y } = page.rows;
    context.beginPath();
    for (const row of rows) {
      const foot = page.footOf(row);
      if (!foot) continue;
      context.moveTo(view.x(x[row]), view.y(y[row]));
      context.lineTo(view.x(foot.x), view.y(foot.y));
    }
    context.lineWidth = 1;
    context.strokeStyle = thin();
    context.stroke();
    if (page.crowd) return;
    context.fillStyle = ink();
    for (const row of rows) {
      context.beginPath();
      context.arc(view.x(x[row]), view.y(y[row]), 1.6, 0, 2 * Math.PI);
      context.fill();
    }
  }

  /** Fade from the middle of a shape to its 90 % limit, and out beyond it; wide shapes are paler. */
  function fade(context, radius) {
    const paint = context.createRadialGradient(0, 0, 0, 0, 0, 1.25);
    const colour = night.matches ? '150,190,255' : '40,70,140';
    const strength = Math.max(0.35, Math.min(1, 40 / radius)) * (night.matches ? 1.2 : 1);
    for (const [at, share] of [[0, 0.22], [0.8, 0.11], [1, 0]]) paint.addColorStop(at, `rgba(${colour},${share * strength})`); // prettier-ignore
    return paint;
  }

  function drawArea(context, view, rings) {
    context.beginPath();
    for (const ring of rings) {
      ring.forEach(([x, y], k) => (k ? context.lineTo(view.x(x), view.y(y)) : context.moveTo(view.x(x), view.y(y))));
      context.closePath();
    }
    context.fillStyle = night.matches ? 'rgba(150,190,255,.10)' : 'rgba(40,70,140,.07)';
    context.fill();
    context.lineWidth = 1.2;
    context.setLineDash([5, 4]);
    context.strokeStyle = night.matches ? 'rgba(150,190,255,.6)' : 'rgba(40,70,140,.5)';
    context.stroke();
    context.setLineDash([]);
  }

  /** Soft shapes where incidents may have been whose side is not known; each once. */
  function drawErrors(context, view, page, rows) {
    const drawn = new Set();
    for (const row of rows) {
      const shape = page.shapeOf(row);
      if (!shape) continue;
      const [along, across, turn, area] = shape;
      const key = area === null ? shape : area;
      if (drawn.has(key)) continue;
      drawn.add(key);
      if (area !== null) {
        drawArea(context, view, page.areas[area]);
        continue;
      }
      const [long, short] = [along, across].map((metres) => page.pixelsOf(metres, row, view.scale));
      if (!(long > 3)) continue;
      context.save();
      context.translate(view.x(page.rows.x[row]), view.y(page.rows.y[row]));
      context.rotate(((turn - 90) * Math.PI) / 180);
      context.scale(long, Math.max(short, 1.5));
      context.fillStyle = fade(context, long);
      context.beginPath();
      context.arc(0, 0, 1.25, 0, 2 * Math.PI);
      context.fill();
      context.restore();
    }
  }

  function drawSymbols(context, view, page, layer) {
    const { places, groups } = page;
    layer.symbolsAt(view.zoom);
    // Areas and wide shapes reach into view from outside.
    if (layer.showErrors)
      drawErrors(
        context,
        view,
        page,
        places.order.flatMap((p) => places.shown[p]),
      );
    const rows = places.order
      .filter((p) => inside(view, view.x(places.x[p]), view.y(places.y[p])))
      .map((p) => places.shown[p][0]);
    if (layer.showFeet) drawFeet(context, view, page, rows);
    // Large ones first, so that small ones stay on top.
    const seen = layer.symbols.map((symbol) => ({ symbol, ...layer.spot(symbol, view) }));
    drawLeaders(context, view, places, seen);
    for (const { symbol, x, y } of seen) {
      if (inside(view, x, y)) B.drawSymbol(context, x, y, symbol, groups, layer.size);
    }
  }

  function drawCrowd(context, view, page, layer) {
    page.crowd.draw(context, view, layer.size);
    const rows = page.crowd.seen.subarray(0, page.crowd.inView);
    if (rows.length > MOST_LINES / 4) return;
    if (layer.showErrors) drawErrors(context, view, page, rows);
    if (layer.showFeet) drawFeet(context, view, page, rows);
  }

  /** Layer of incidents; `layer.pick(point)` finds the rows under a point of the map's container. */
  B.incidentLayer = function (page) {
    const { map, places } = page;
    map.createPane('incidents').style.zIndex = 420;
    let zoom = null;
    const layer = new B.CanvasLayer({
      pane: 'incidents',
      draw: (context, view) => (page.crowd ? drawCrowd : drawSymbols)(context, view, page, layer),
    });
    Object.assign(layer, { showFeet: true, showErrors: true, size: 'incidents', symbols: [] });

    layer.symbolsAt = function (wanted) {
      if (page.crowd || zoom === wanted) return layer.symbols;
      zoom = wanted;
      const scale = Math.pow(2, zoom);
      layer.symbols = places.cluster(scale, REACH);
      for (const symbol of layer.symbols) {
        symbol.radius = B.symbolRadius(symbol, layer.size);
        symbol.px = places.x[symbol.place] * scale;
        symbol.py = places.y[symbol.place] * scale;
      }
      if (layer.symbols.length <= MOST_PLACED) B.place(layer.symbols, places, page.line, scale);
      return layer.symbols;
    };

    /** Where a symbol stands, in pixels of the canvas. */
    layer.spot = (symbol, view) => ({ x: view.x(symbol.px / view.scale), y: view.y(symbol.py / view.scale) });

    /** Show what the filter holds now. */
    layer.refresh = function () {
      const { deaths } = page.columns;
      const weight = layer.size === 'fatalities' ? (i) => deaths[i] || 0 : () => 1;
      if (places) places.filter(page.filter.mask, weight);
      zoom = null;
      layer.redraw();
    };

    layer.pick = function (point) {
      const at = map.containerPointToLayerPoint(point).add(map.getPixelOrigin());
      const scale = Math.pow(2, map.getZoom());
      if (page.crowd) return page.crowd.near(at.x, at.y, scale, 6);
      let best = null;
      let nearest = Infinity;
      for (const symbol of layer.symbolsAt(map.getZoom())) {
        const away = Math.hypot(symbol.px - at.x, symbol.py - at.y);
        if (away < symbol.radius + 5 && away < nearest) {
          nearest = away;
          best = symbol;
        }
      }
      return best ? places.incidents(best) : [];
    };
    return layer;
  };
})(window.Borderline);
