/*
 * What is chosen as a table: the way to everything on the canvas for those who
 * use a keyboard or a screen reader, and as a file for a spreadsheet.
 */
(function (B) {
  'use strict';

  /** Rows in the page; the file has all of them. */
  const MOST = 200;
  /** Rows of the file that are written at once. */
  const TOGETHER = 4096;
  const HEADS = [
    'on.the.map',
    'date',
    'type',
    'place',
    'province',
    'side',
    'distance',
    'along',
    'fatalities',
    'source',
  ];
  const COLUMNS = [
    ['event_id', 'id'], ['event_date', 'date'], ['event_date_end', 'until'], ['event_type', 'type'],
    ['event_type_source', 'typeSource'], ['location', 'place'], ['place_name_alt', 'placeOther'], ['country', 'country'],
    ['admin1', 'province'], ['admin2', 'district'], ['longitude', 'lon'], ['latitude', 'lat'],
    ['location_error_m', 'error'], ['geo_precision', 'precision'], ['side', 'side'], ['side_percent', 'share'],
    ['distance_m', 'distance'], ['distance_low_m', 'distanceLow'], ['distance_high_m', 'distanceHigh'],
    ['measure_km', 'measure'], ['fatalities', 'deaths'], ['fatalities_low', 'deathsLow'],
    ['fatalities_high', 'deathsHigh'], ['fatalities_civilian', 'deathsCivilian'], ['injuries', 'injured'],
    ['actor1', 'actor1'], ['actor2', 'actor2'], ['side_blamed', 'blamed'], ['notes', 'notes'],
    ['source', 'source'], ['source_url', 'urls'], ['dataset', 'dataset'],
  ]; // prettier-ignore

  function fill(line, row, incident, page) {
    const W = B.words;
    const doubt = W.doubt(incident.distance, incident.error, page.lineErrorM, page.unsure(row));
    const cells = [
      W.date(incident.date, incident.until),
      W.type(incident.type),
      incident.place || B.t('not.named'),
      page.provinceOf(incident.province) || B.t('unknown'),
      W.side(incident.side, incident.beyondEnd, page.countryOf, incident.share, page.unsure(row)) +
        (doubt ? `, ${B.t('not.certain')}` : ''),
      W.distance(incident.distance, incident.error, incident.distanceLow, incident.distanceHigh),
      incident.measure == null ? B.t('unknown') : B.t('km.at', { n: incident.measure.toFixed(0) }),
      W.deaths(incident.deaths, incident.deathsLow, incident.deathsHigh),
    ];
    const first = B.make('td');
    if (page.latlngOf(row)) {
      const button = B.make('button', 'bl-show', B.t('show'));
      button.type = 'button';
      button.dataset.row = row;
      button.setAttribute('aria-label', B.t('show.on.map', { what: `${cells[1]}, ${cells[0]}, ${cells[2]}` }));
      button.addEventListener('click', () => page.show(row));
      first.append(button);
    } else {
      first.append(B.make('span', 'bl-small', B.t('no.position')));
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

  /** One record of the file: the facts as they came, positions to what a tenth of a metre needs. */
  function record(page, row, incident) {
    const place = page.latlngOf(row);
    const round = (value) => Number(value.toFixed(6));
    const urls = B.sourceTexts({ ...incident, source: null }).join(' ');
    return { ...incident, urls, lat: place ? round(place[0]) : null, lon: place ? round(place[1]) : null };
  }

  /** The columns of the file that say something of one of the rows. */
  async function usedColumns(page, rows) {
    const used = [];
    for (const column of COLUMNS) {
      const names = column[1] === 'urls' ? page.fieldNames.filter((name) => /^url\d+$/.test(name)) : [column[1]];
      const fields = await Promise.all(names.map((name) => page.field(name)));
      const placed = column[1] === 'lon' || column[1] === 'lat';
      const says = (row) => (placed ? page.latlngOf(row) : fields.some((field) => field(row) !== null));
      if (column[1] === 'id' || rows.some(says)) used.push(column);
    }
    return used;
  }

  /** What is chosen as CSV. */
  B.chosenAsCsv = async function (page) {
    const rows = page.filter.selected();
    const used = await usedColumns(page, rows);
    // The mark at the front tells spreadsheets that this is UTF-8.
    const parts = ['\ufeff', B.csvHead(used)];
    for (let at = 0; at < rows.length; at += TOGETHER) {
      const some = rows.subarray(at, at + TOGETHER);
      const records = await page.records(some);
      parts.push(
        B.csvLines(
          used,
          records.map((incident, k) => record(page, some[k], incident)),
        ),
      );
      // The page stays alive meanwhile.
      await new Promise((done) => setTimeout(done));
    }
    return parts.join('');
  };

  /** Fill the table while its element is open. */
  B.addTable = function (page) {
    const details = document.getElementById('bl-table');
    const holder = details.querySelector('.bl-scroll');
    let turn = 0;
    page.fillTable = async () => {
      if (!details.open) return;
      const mine = ++turn;
      const rows = Array.from(page.filter.selected().subarray(0, MOST));
      const incidents = await page.records(rows);
      if (mine !== turn) return; // the choice has changed meanwhile
      const table = B.make('table');
      const head = table.createTHead().insertRow();
      for (const key of HEADS) {
        const cell = B.make('th', '', B.t(key));
        cell.scope = 'col';
        head.append(cell);
      }
      const body = table.createTBody();
      incidents.forEach((incident, k) => fill(body.insertRow(), rows[k], incident, page));
      const total = page.filter.count;
      const bar = B.make('div', 'bl-table-bar');
      const save = B.make('button', 'bl-button bl-csv', B.t('csv', { n: B.words.number(total) }));
      save.type = 'button';
      save.addEventListener('click', async () =>
        B.download('incidents.csv', await B.chosenAsCsv(page), 'text/csv;charset=utf-8'),
      );
      bar.append(save, B.make('span', 'bl-small', B.t('csv.note')));
      if (total > rows.length) {
        bar.append(
          B.make(
            'span',
            'bl-small bl-rows',
            B.t('rows', { n: B.words.number(rows.length), total: B.words.number(total) }),
          ),
        );
      }
      holder.replaceChildren(bar, table);
      B.roving(body, 'button');
    };
    details.addEventListener('toggle', () => {
      page.fillTable();
      page.map.invalidateSize();
    });
  };
})(window.Borderline);
