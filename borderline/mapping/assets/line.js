/*
 * The border by chainage: where a metre along it lies, a stretch of it, the
 * nearest metre to a place on the screen. Coordinates are "world" pixels of
 * zoom 0 (256 to the globe) unless they are called latitude and longitude.
 */
(function (B) {
  'use strict';

  const LIMIT = 85.0511287798;

  /** World coordinates of a longitude and latitude in degrees. */
  B.worldX = (lon) => ((lon + 180) / 360) * 256;
  B.worldY = function (lat) {
    const s = Math.sin((Math.max(-LIMIT, Math.min(LIMIT, lat)) * Math.PI) / 180);
    return (0.5 - Math.log((1 + s) / (1 - s)) / (4 * Math.PI)) * 256;
  };

  B.Line = class {
    constructor({ lon, lat, chainage }) {
      this.lon = lon;
      this.lat = lat;
      this.chainage = chainage;
      this.x = lon.map(B.worldX);
      this.y = lat.map(B.worldY);
    }

    /** Index of the last vertex at or before a chainage, leaving room for an edge after it. */
    before(chainage) {
      let low = 0;
      let high = this.chainage.length - 1;
      while (high - low > 1) {
        const middle = (low + high) >> 1;
        if (this.chainage[middle] <= chainage) low = middle;
        else high = middle;
      }
      return low;
    }

    /** [latitude, longitude] of a chainage. */
    at(chainage) {
      const i = this.before(chainage);
      const length = this.chainage[i + 1] - this.chainage[i];
      const t = length > 0 ? Math.max(0, Math.min(1, (chainage - this.chainage[i]) / length)) : 0;
      return [this.lat[i] + (this.lat[i + 1] - this.lat[i]) * t, this.lon[i] + (this.lon[i + 1] - this.lon[i]) * t];
    }

    /** [latitude, longitude] pairs from one chainage to another. */
    slice(from, to) {
      const points = [this.at(from)];
      for (let i = this.before(from) + 1; i < this.chainage.length && this.chainage[i] < to; i++) {
        if (this.chainage[i] > from) points.push([this.lat[i], this.lon[i]]);
      }
      points.push(this.at(to));
      return points;
    }

    /** The nearest place on the line to a world point: its chainage and distance (world pixels). */
    nearest(px, py) {
      let best = Infinity;
      let chainage = NaN;
      for (let i = 0; i + 1 < this.x.length; i++) {
        const dx = this.x[i + 1] - this.x[i];
        const dy = this.y[i + 1] - this.y[i];
        const square = dx * dx + dy * dy;
        const along = square > 0 ? ((px - this.x[i]) * dx + (py - this.y[i]) * dy) / square : 0;
        const t = Math.max(0, Math.min(1, along));
        const away = Math.hypot(this.x[i] + t * dx - px, this.y[i] + t * dy - py);
        if (away < best) {
          best = away;
          chainage = this.chainage[i] + t * (this.chainage[i + 1] - this.chainage[i]);
        }
      }
      return { chainage, distance: best };
    }
  };

  /** A colour made darker, as the edge of an area of it. */
  B.darker = (hex) => `rgb(${[1, 3, 5].map((k) => Math.round(parseInt(hex.slice(k, k + 2), 16) * 0.55)).join(',')})`;

  /** A canvas of its own for a part of the border, made once. */
  function rendererOf(map, name, zIndex) {
    const pane = map.getPane(name) || map.createPane(name);
    pane.style.zIndex = zIndex;
    pane.renderer = pane.renderer || L.canvas({ pane: name, padding: 0.5 });
    return pane.renderer;
  }

  /**
   * Draw the border above the incidents: a thin dark line in a pale casing. The classes of
   * density are broad; they lie under signs that stand beside them, and, where `page.crowd`
   * has dots for all incidents, above these too.
   */
  B.drawLine = function (page) {
    const { map, line, density } = page;
    const broad = rendererOf(map, 'border', page.crowd ? 421 : 380);
    const thin = rendererOf(map, 'line', 425);
    const whole = line.slice(0, line.chainage[line.chainage.length - 1]);
    const group = L.layerGroup();
    // A broad ribbon through every bend would tear: it follows the line within a few pixels.
    const add = (renderer, points, color, weight, smoothFactor = 3) => {
      const style = { color, weight, smoothFactor, opacity: 1, lineCap: 'butt' };
      L.polyline(points, { renderer, pane: renderer.options.pane, interactive: false, ...style }).addTo(group);
    };
    add(broad, whole, '#ffffff', density ? 4.5 : 6, 1);
    if (density) {
      // Above a crowd a ribbon hides what is near the border, so it is narrower.
      const width = (i) => density.widths[density.class[i]] * (page.crowd ? 0.6 : 1);
      const colour = (i) => density.colours[density.class[i]];
      const ribbons = density.from.map((_, i) => i).filter((i) => density.class[i] >= 0);
      // The broadest on top.
      ribbons.sort((a, b) => width(a) - width(b));
      const stretch = (i) => line.slice(density.from[i], density.to[i]);
      for (const i of ribbons) add(broad, stretch(i), '#ffffff', width(i) + 4);
      for (const i of ribbons) add(broad, stretch(i), B.darker(colour(i)), width(i) + 1.5);
      for (const i of ribbons) add(broad, stretch(i), colour(i), width(i));
    }
    add(thin, whole, density ? '#2b2b2b' : page.lineColour, density ? 1.2 : 3, 1);
    return group.addTo(map);
  };

  /** Colour the border by another quantity of the segments. */
  B.setQuantity = function (page, name) {
    const { density } = page;
    const found = density.quantities.find((quantity) => quantity.name === name) || density.quantities[0];
    density.quantity = found.name;
    for (const key of ['class', 'colours', 'labels', 'widths']) density[key] = found[key];
    if (!page.border) return;
    page.border.remove();
    page.border = B.drawLine(page);
  };
})(window.Borderline);
