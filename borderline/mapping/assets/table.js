/*
 * The incidents as a table: the way to everything on the canvas for those who
 * use a keyboard or a screen reader. Rows are made when the table is opened,
 * some at a time.
 */
(function (B) {
  'use strict';

  const STEP = 100;
  const HEADS = ['', 'Date', 'Type', 'Place', 'Province', 'Side', 'Distance', 'Along', 'Fatalities', 'Source'];

  function fill(line, row, incident, page) {
    const W = B.words;
    const doubt = W.doubt(incident.distance, incident.error, page.lineErrorM);
    const cells = [
      W.date(incident.date, incident.until),
      W.type(incident.type),
      incident.place || 'not named',
      incident.province || 'unknown',
      W.side(incident.side, incident.beyondEnd, page.countryOf) + (doubt ? ', not certain' : ''),
      W.distance(incident.distance, incident.error),
      incident.measure == null ? 'unknown' : W.kilometre(incident.measure, incident.error).replace(' along the border', ''),
      W.deaths(incident.deaths, incident.deathsLow, incident.deathsHigh),
    ];
    const first = B.make('td');
    if (page.places.of[row] >= 0) {
      const button = B.make('button', 'bl-show', 'Show');
      button.type = 'button';
      button.dataset.row = row;
      button.setAttribute('aria-label', `Show on the map: ${cells[1]}, ${cells[0]}, ${cells[2]}`);
      button.addEventListener('click', () => page.show(row));
      first.append(button);
    } else {
      first.append(B.make('span', 'bl-small', 'no position'));
    }
    line.append(first);
    for (const text of cells) {
      const cell = B.make('td', '', text);
      cell.dir = 'auto';
      line.append(cell);
    }
    const source = B.make('td');
    source.append(...B.sources(incident));
    line.append(source);
  }

  function more(body, page, button) {
    const from = body.rows.length;
    const to = Math.min(page.total, from + STEP);
    const rows = Array.from({ length: to - from }, (_, k) => from + k);
    return Promise.all(rows.map((row) => page.read(row))).then((incidents) => {
      incidents.forEach((incident, k) => fill(body.insertRow(), rows[k], incident, page));
      button.hidden = to >= page.total;
      button.textContent = `Show ${Math.min(STEP, page.total - to)} more of ${B.words.number(page.total - to)}`;
    });
  }

  /** Fill the table the first time its element is opened. */
  B.addTable = function (page) {
    const details = document.getElementById('bl-table');
    const holder = details.querySelector('.bl-scroll');
    let made = null;
    const build = () => {
      const table = B.make('table');
      const head = table.createTHead().insertRow();
      for (const text of HEADS) {
        const cell = B.make('th', '', text);
        cell.scope = 'col';
        if (!text) cell.setAttribute('aria-label', 'On the map');
        head.append(cell);
      }
      const body = table.createTBody();
      const button = B.make('button', 'bl-more');
      button.type = 'button';
      button.addEventListener('click', () => more(body, page, button));
      holder.replaceChildren(table, button);
      return more(body, page, button);
    };
    details.addEventListener('toggle', () => {
      if (details.open && !made) made = build();
      page.map.invalidateSize();
    });
  };
})(window.Borderline);
