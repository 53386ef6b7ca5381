/*
 * Search by place: names of the incidents' places and of the map.
 */
(function (B) {
  'use strict';

  const MOST = 8;

  /** Letters without accents, case and punctuation, so that spellings meet. */
  B.plainName = (text) =>
    text
      .normalize('NFKD')
      .replace(/[\u0300-\u036f\u200b-\u200d]/g, '')
      .toLowerCase()
      .replace(/[\s'’.\-–_]+/g, ' ')
      .trim();

  /** Entries whose name holds the words looked for: those that begin with them first, then by number of incidents. */
  B.lookUp = function (entries, text, most) {
    const wanted = B.plainName(text);
    if (!wanted) return [];
    const rank = (entry) => (entry.plain.startsWith(wanted) ? 0 : entry.plain.includes(` ${wanted}`) ? 1 : 2);
    return entries
      .filter((entry) => entry.plain.includes(wanted))
      .sort((a, b) => rank(a) - rank(b) || b.rows.length - a.rows.length || (a.name < b.name ? -1 : 1))
      .slice(0, most);
  };

  /** All names, read when somebody first searches. */
  async function collect(page) {
    const entries = new Map();
    const keys = new Map();
    const add = (name, row, at) => {
      if (!keys.has(name)) keys.set(name, B.plainName(name));
      const key = keys.get(name);
      if (!key) return;
      if (!entries.has(key)) entries.set(key, { name, plain: key, rows: [], at });
      if (row !== null) entries.get(key).rows.push(row);
    };
    const [place, other] = [await page.field('place'), await page.field('placeOther')];
    for (let row = 0; row < page.total; row++) {
      if (place(row)) add(place(row), row, null);
      for (const name of (other(row) || '').split(';')) if (name.trim()) add(name.trim(), row, null);
    }
    // Kilometre posts have no name.
    for (const label of page.labels) for (const name of Object.values(label.text || {})) add(name, null, label.at[0]);
    return [...entries.values()];
  }

  B.addSearch = function (page, panel) {
    const label = B.make('label', 'bl-select');
    const input = B.make('input');
    input.type = 'search';
    input.autocomplete = 'off';
    input.setAttribute('role', 'combobox');
    input.setAttribute('aria-expanded', 'false');
    input.setAttribute('aria-controls', 'bl-found');
    input.setAttribute('aria-autocomplete', 'list');
    label.append(B.makeSaying('span', '', 'search'), input);
    const list = B.make('ul', 'bl-found');
    list.id = 'bl-found';
    list.setAttribute('role', 'listbox');
    B.nameIt(list, 'search');
    list.hidden = true;
    const said = B.make('p', 'bl-unseen');
    said.setAttribute('role', 'status');
    panel.append(label, list, said);
    let entries = null;
    let found = [];
    let at = -1;

    const close = () => {
      list.hidden = true;
      at = -1;
      input.setAttribute('aria-expanded', 'false');
      input.removeAttribute('aria-activedescendant');
    };
    const choose = (entry) => {
      input.value = entry.name;
      close();
      const placed = entry.rows.filter((row) => page.latlngOf(row));
      // One that is chosen, if there is any.
      const chosen = placed.filter((row) => page.filter.mask[row]);
      const rows = chosen.length ? chosen : placed;
      if (rows.length) page.show(rows[0]);
      else if (entry.at) page.map.setView([entry.at[1], entry.at[0]], Math.max(page.map.getZoom(), 9));
    };
    const mark = (k) => {
      at = k;
      Array.from(list.children).forEach((item, i) => item.setAttribute('aria-selected', String(i === k)));
      if (k >= 0) input.setAttribute('aria-activedescendant', `bl-found-${k}`);
    };
    const show = () => {
      found = B.lookUp(entries, input.value, MOST);
      list.replaceChildren(
        ...found.map((entry, k) => {
          const item = B.make('li', '', entry.name);
          item.id = `bl-found-${k}`;
          item.dir = 'auto';
          item.setAttribute('role', 'option');
          item.setAttribute('aria-selected', 'false');
          if (entry.rows.length) item.append(B.make('span', 'bl-number', B.words.number(entry.rows.length)));
          item.addEventListener('pointerdown', (event) => {
            event.preventDefault();
            choose(entry);
          });
          return item;
        }),
      );
      const some = found.length > 0;
      list.hidden = !some;
      input.setAttribute('aria-expanded', String(some));
      mark(some ? 0 : -1);
      said.textContent = !input.value.trim()
        ? ''
        : some
          ? B.t('search.found', { n: found.length })
          : B.t('search.none');
      said.className = input.value.trim() && !some ? 'bl-small' : 'bl-unseen';
    };
    input.addEventListener('input', async () => {
      if (!entries) entries = collect(page);
      entries = await entries;
      show();
    });
    input.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') close();
      if (list.hidden) return;
      if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
        event.preventDefault();
        mark((at + (event.key === 'ArrowDown' ? 1 : -1) + found.length) % found.length);
      } else if (event.key === 'Enter' && found[at]) {
        event.preventDefault();
        choose(found[at]);
      }
    });
    input.addEventListener('blur', close);
  };
})(window.Borderline);
