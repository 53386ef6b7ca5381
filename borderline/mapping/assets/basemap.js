/*
 * The ground: land in one colour for both countries, thin province lines, and the land around them.
 */
(function (B) {
  'use strict';

  const LAND = '#fbfaf6';
  const AROUND = '#efeeea';
  const COAST = '#b9c2c9';
  const PROVINCE = '#cdc8bb';

  /** Draw land and province lines below everything else. */
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
    const around = ground.around.map(take);
    const rings = ground.rings.map(take);
    const lines = ground.lines.map(take);
    const beyond = L.polygon(around.map((ring) => [ring]), {
      ...shared, color: COAST, weight: 1, fillColor: AROUND, fillOpacity: 1,
    });
    const land = L.polygon(rings.map((ring) => [ring]), {
      ...shared, color: COAST, weight: 1, fillColor: LAND, fillOpacity: 1,
    });
    const inner = L.polyline(lines, { ...shared, color: PROVINCE, weight: 1 });
    return L.layerGroup([beyond, land, inner]).addTo(map);
  };
})(window.Borderline);
