/*
 * The popup of a stretch of border: what the density says of it.
 */
(function (B) {
  'use strict';

  /** Open a popup for a stretch of border. */
  B.openStretch = function (page, latlng, k) {
    const d = page.density;
    const W = B.words;
    const box = B.make('div', 'bl-popup');
    const km = (metres) => (metres / 1000).toFixed(1).replace(/\.0$/, '');
    const list = B.make('dl', 'bl-facts');
    box.append(B.make('h2', '', B.t('stretch', { from: km(d.from[k]), to: km(d.to[k]) })));
    if (d.n_events) B.factRow(list, 'incidents', W.number(d.n_events[k]));
    if (d.n_vague && d.n_vague[k] > 0) B.factRow(list, 'vague', W.number(d.n_vague[k]));
    const short = (value) => (value === null ? '?' : String(Number(value.toPrecision(2))));
    if (d.events_per_km) B.factRow(list, 'per.km', short(d.events_per_km[k]));
    if (d.events_per_km_low && d.events_per_km_high) {
      const [from, to] = [d.events_per_km_low[k], d.events_per_km_high[k]].map((v) =>
        v === null ? '?' : Number(v.toPrecision(2)),
      );
      const how = d.level ? `${Math.round(d.level * 100)} %, ${B.t('limits.exact')}` : B.t('limits.exact');
      B.factRow(list, 'limits', B.t('limits.value', { from, to, how }));
    }
    if (d.fatalities) {
      const unknown = d.n_unknown_fatalities ? d.n_unknown_fatalities[k] : 0;
      const known = W.number(d.fatalities[k] || 0);
      B.factRow(list, 'fatalities', unknown ? B.t('and.unknown', { n: known, k: W.number(unknown) }) : known);
    }
    if (d.events_per_km2) B.factRow(list, 'quantity.events_per_km2', short(d.events_per_km2[k]));
    if (d.n_before) {
      d.periods.forEach(([from, until], j) => {
        list.append(B.make('dt', '', W.date(from, until)), B.make('dd', '', W.number([d.n_before, d.n_after][j][k])));
      });
      const label = d.quantities.find((quantity) => quantity.name === 'rate_ratio');
      if (label && label.class[k] >= 0) B.factRow(list, 'quantity.rate_ratio', W.bounds(label.labels[label.class[k]]));
    }
    box.append(list);
    return L.popup({ maxWidth: 300 }).setLatLng(latlng).setContent(box).openOn(page.map);
  };
})(window.Borderline);
