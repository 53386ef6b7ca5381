/*
 * Legend and layer control in one: what the signs mean, and boxes to leave some out.
 */
(function (B) {
  'use strict';

  function section(panel, title) {
    const box = B.make('fieldset');
    box.append(B.make('legend', '', title));
    panel.append(box);
    return box;
  }

  function checkbox(box, icon, text, count, act) {
    const label = B.make('label', 'bl-check');
    const input = B.make('input');
    input.type = 'checkbox';
    input.checked = true;
    input.addEventListener('change', () => act(input.checked));
    label.append(input, icon, B.make('span', '', text));
    if (count !== null) label.append(B.make('span', 'bl-number', B.words.number(count)));
    box.append(label);
    return input;
  }

  function swatch(colour, width) {
    const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
    svg.setAttribute('viewBox', '0 0 30 20');
    svg.setAttribute('class', 'bl-swatch');
    svg.setAttribute('aria-hidden', 'true');
    const bar = (fill, height) => {
      const rect = document.createElementNS('http://www.w3.org/2000/svg', 'rect');
      Object.entries({ x: 0, width: 30, y: 10 - height / 2, height, fill }).forEach(([k, v]) => rect.setAttribute(k, v));
      svg.append(rect);
    };
    if (colour) {
      bar('#3b2a20', width + 2);
      bar(colour, width);
    }
    bar('#2b2b2b', colour ? 1.5 : width);
    return svg;
  }

  function densityKey(panel, density) {
    const box = section(panel, 'Incidents per km of border');
    const add = (icon, text) => {
      const line = B.make('div', 'bl-key');
      line.append(icon, B.make('span', '', text));
      box.append(line);
    };
    for (let k = density.labels.length - 1; k >= 0; k--) add(swatch(density.colours[k], B.classWidth(k)), density.labels[k]);
    add(swatch(null, 1.5), density.class.includes(-1) ? 'none counted' : 'the line');
    const within = density.withinKm === null ? '' : ` within ${density.withinKm} km of the line`;
    const counted = density.n_events ? density.n_events.reduce((a, b) => a + b, 0) : null;
    if (counted !== null) box.append(B.make('p', 'bl-small', `Counts ${B.words.plural(counted, 'incident', 'incidents')}${within}.`));
  }

  /** Add the panel to the map; `toggles` are { name, act } for further layers. */
  B.addLegend = function (page, toggles) {
    const Control = L.Control.extend({
      onAdd: function () {
        const panel = B.make('details', 'bl-legend leaflet-control');
        panel.open = page.map.getSize().x > 700 && page.map.getSize().y > 420;
        panel.append(B.make('summary', '', 'Legend and layers'));
        const inner = B.make('div', 'bl-inner');
        panel.append(inner);
        if (page.density) densityKey(inner, page.density);
        inner.append(B.make('p', 'bl-small bl-line', page.lineNote));
        const box = section(inner, 'Incidents');
        page.groups.forEach((group, k) => {
          if (!page.byGroup[k]) return;
          checkbox(box, B.shapeIcon(group), group.name, page.byGroup[k], (on) => page.showGroup(k, on));
        });
        if (!page.byGroup.some(Boolean)) box.append(B.make('p', 'bl-small', 'The table holds no incident.'));
        else box.append(B.make('p', 'bl-small', 'Numbers count incidents at one place, or too close to draw apart. Hollow: no fighting.'));
        const more = section(inner, 'Also drawn');
        more.className = 'bl-row';
        for (const { name, act } of toggles) checkbox(more, '', name, null, act);
        L.DomEvent.disableClickPropagation(panel);
        L.DomEvent.disableScrollPropagation(panel);
        return panel;
      },
    });
    return new Control({ position: 'topright' }).addTo(page.map);
  };
})(window.Borderline);
