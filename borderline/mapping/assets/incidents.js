/*
 * The one layer of incidents: a canvas with a thin line from each place to its
 * foot on the border, a small dot at each place, and the symbols.
 */
(function (B) {
  'use strict';

  /** Places nearer to one another than this many pixels share a symbol. */
  const REACH = 24;
  /** More lines than this in view could not be told apart. */
  const MOST_LINES = 4000;

  /** More symbols than this are left where they are: finding room for all would take too long. */
  const MOST_PLACED = 400;

  function unplaced(symbol, places, scale) {
    symbol.radius = B.symbolRadius(symbol.total);
    symbol.px = places.x[symbol.place] * scale;
    symbol.py = places.y[symbol.place] * scale;
  }

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
    context.strokeStyle = '#1e2228';
    context.stroke();
  }

  function drawFeet(context, view, places) {
    const inView = (x, y) => x > -50 && y > -50 && x < view.width + 50 && y < view.height + 50;
    const seen = places.order.filter((p) => inView(view.x(places.x[p]), view.y(places.y[p])));
    if (seen.length > MOST_LINES) return;
    context.beginPath();
    for (const p of seen) {
      if (Number.isNaN(places.footX[p])) continue;
      const x = view.x(places.x[p]);
      const y = view.y(places.y[p]);
      context.moveTo(x, y);
      context.lineTo(view.x(places.footX[p]), view.y(places.footY[p]));
    }
    context.lineWidth = 1;
    context.strokeStyle = 'rgba(30,34,40,.55)';
    context.stroke();
    context.fillStyle = '#1e2228';
    for (const p of seen) {
      context.beginPath();
      context.arc(view.x(places.x[p]), view.y(places.y[p]), 1.6, 0, 2 * Math.PI);
      context.fill();
    }
  }

  /** Layer of incidents; `layer.pick(point)` finds the symbol under a point of the map's container. */
  B.incidentLayer = function (map, places, groups, line) {
    map.createPane('incidents').style.zIndex = 420;
    let zoom = null;
    const layer = new B.CanvasLayer({
      pane: 'incidents',
      draw(context, view) {
        layer.symbolsAt(view.zoom);
        if (layer.showFeet) drawFeet(context, view, places);
        // Large ones first, so that small ones stay on top.
        const seen = layer.symbols.map((symbol) => ({ symbol, ...layer.spot(symbol, view) }));
        drawLeaders(context, view, places, seen);
        for (const { symbol, x, y } of seen) {
          if (x < -20 || y < -20 || x > view.width + 20 || y > view.height + 20) continue;
          B.drawSymbol(context, x, y, symbol, groups);
        }
      },
    });
    layer.showFeet = true;

    layer.symbolsAt = function (wanted) {
      if (zoom !== wanted) {
        zoom = wanted;
        const scale = Math.pow(2, zoom);
        layer.symbols = places.cluster(scale, REACH);
        if (layer.symbols.length <= MOST_PLACED) B.place(layer.symbols, places, line, scale);
        else for (const symbol of layer.symbols) unplaced(symbol, places, scale);
      }
      return layer.symbols;
    };

    /** Where a symbol stands, in pixels of the canvas. */
    layer.spot = (symbol, view) => ({ x: view.x(symbol.px / view.scale), y: view.y(symbol.py / view.scale) });

    layer.setGroups = function (shown) {
      places.filter(shown);
      zoom = null;
      layer.redraw();
    };

    layer.pick = function (point) {
      const at = map.containerPointToLayerPoint(point).add(map.getPixelOrigin());
      let best = null;
      let nearest = Infinity;
      for (const symbol of layer.symbolsAt(map.getZoom())) {
        const away = Math.hypot(symbol.px - at.x, symbol.py - at.y);
        if (away < symbol.radius + 5 && away < nearest) {
          nearest = away;
          best = symbol;
        }
      }
      return best;
    };
    return layer;
  };
})(window.Borderline);
