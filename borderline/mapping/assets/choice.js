/*
 * The side panel: what the signs mean, and the choice of types, sides and actors.
 */
(function (B) {
  'use strict';

  function section(panel, key, className) {
    const box = B.make('fieldset', className || '');
    box.append(B.makeSaying('legend', '', key));
    panel.append(box);
    return box;
  }

  function checkbox(box, { icon, key, text, count, checked }, act) {
    const label = B.make('label', 'bl-check');
    const input = B.make('input');
    input.type = 'checkbox';
    input.checked = checked !== false;
    input.addEventListener('change', () => act(input.checked));
    label.append(input);
    if (icon) label.append(icon);
    label.append(key ? B.makeSaying('span', '', key) : B.make('span', '', text));
    if (count !== undefined) label.append(B.make('span', 'bl-number', B.words.number(count)));
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
      Object.entries({ x: 0, width: 30, y: 10 - height / 2, height, fill }).forEach(([k, v]) =>
        rect.setAttribute(k, v),
      );
      svg.append(rect);
    };
    if (colour) {
      bar(B.darker(colour), width + 1.5);
      bar(colour, width);
    }
    bar(colour ? '#2b2b2b' : 'currentColor', colour ? 1.2 : width);
    return svg;
  }

  /** What colours the line: a choice where there are several quantities, and the classes. */
  function densityKey(page, panel) {
    const { density } = page;
    const box = B.make('fieldset', 'bl-density');
    const title = B.make('legend');
    const note = B.make('p', 'bl-small');
    const add = (icon, text) => {
      const line = B.make('div', 'bl-key');
      line.append(icon, B.make('span', '', text));
      box.append(line);
    };
    const fill = () => {
      title.textContent = B.t(`quantity.${density.quantity}`);
      // The choice of quantities says it already.
      title.className = density.quantities.length > 1 ? 'bl-unseen' : '';
      box.replaceChildren(title);
      for (let k = density.labels.length - 1; k >= 0; k--)
        add(swatch(density.colours[k], density.widths[k]), B.words.bounds(density.labels[k]));
      add(swatch(null, 1.2), B.t(density.class.includes(-1) ? 'density.none' : 'density.line'));
      const change = density.quantity === 'rate_ratio';
      const both = density.n_before && density.n_before.map((n, k) => n + density.n_after[k]);
      const counts = change ? both : density.n_events || both;
      if (!counts) return;
      const km = change ? density.changeWithinKm : density.withinKm;
      const values = { n: B.words.number(counts.reduce((a, b) => a + b, 0)), km };
      note.textContent = B.t(km === null ? 'density.counts' : 'density.within', values);
      if (change) {
        const [before, after] = density.periods.map(([from, until]) => B.words.date(from, until));
        if (after) note.textContent += ` ${B.t('density.periods', { before, after })}`;
      }
      const vague = change || !density.n_vague ? 0 : density.n_vague.reduce((a, b) => a + (b || 0), 0);
      // How many are known less well than the stretch that they are counted in is long.
      if (vague && km !== null) note.textContent = B.t('density.vague', { ...values, k: B.words.number(vague) });
      box.append(note);
    };
    if (density.quantities.length > 1) {
      const options = density.quantities.map(({ name }) => [name, '', `quantity.${name}`]);
      const chosen = select(panel, 'quantity', options, (name) => {
        B.setQuantity(page, name);
        fill();
      });
      chosen.value = density.quantity;
      chosen.parentElement.classList.add('bl-wide');
    }
    panel.append(box);
    return fill;
  }

  /** A group of boxes for the codes of a facet; the filter hears of it, and tells it back. */
  function facet(page, box, name, items) {
    const inputs = items.map(({ code, ...item }) => {
      const input = checkbox(box, item, () => {
        const wanted = inputs.filter(([, one]) => one.checked).map(([one]) => one);
        // Codes without a box of their own have no incident.
        page.filter.set({ [name]: wanted.length === items.length ? null : wanted });
      });
      return [code, input];
    });
    page.filter.subscribe(() => {
      const wanted = page.filter.state[name];
      for (const [code, input] of inputs) input.checked = !wanted || wanted.includes(code);
    });
  }

  function types(page, panel) {
    const box = section(panel, 'types');
    const speakers = [];
    const items = page.groups
      .map((group, code) => ({ code, icon: B.shapeIcon(group), text: group.name, count: page.byGroup[code] }))
      .filter((item) => item.count);
    facet(page, box, 'groups', items);
    box.querySelectorAll('label > span:not(.bl-number)').forEach((span, k) => {
      speakers.push(() => (span.textContent = B.words.group(items[k].text)));
    });
    const note = B.make('p', 'bl-small');
    box.append(note);
    speakers.push(() => {
      const key = page.incidents.size === 'fatalities' ? 'types.deaths' : 'types.note';
      note.textContent = B.t(items.length ? key : 'empty');
      // Dots and shades have neither numbers nor a hollow middle.
      note.hidden = Boolean(page.crowd) && key === 'types.note';
    });
    return speakers;
  }

  function sides(page, panel) {
    const counts = new Array(page.sides.length + 1).fill(0);
    for (const code of page.filter.side) counts[code]++;
    const items = counts.map((count, code) => ({ code, text: '', count })).filter((item) => item.count);
    // The banks first, then what is not known of them.
    const doubtful = ({ code }) => !page.sides[code] || page.sides[code] === '?';
    items.sort((a, b) => doubtful(a) - doubtful(b));
    if (items.length < 2) return [];
    const box = section(panel, 'sides', 'bl-row');
    facet(page, box, 'sides', items);
    return Array.from(box.querySelectorAll('label > span:not(.bl-number)'), (span, k) => () => {
      span.textContent = B.words.bank(page.sides[items[k].code], page.countryOf);
    });
  }

  function select(panel, key, options, act) {
    const label = B.make('label', 'bl-select');
    const box = B.make('select');
    for (const [value, text, textKey] of options) {
      const option = textKey ? B.makeSaying('option', '', textKey) : B.make('option', '', text);
      option.value = value;
      box.append(option);
    }
    box.addEventListener('change', () => act(box.value));
    label.append(B.makeSaying('span', '', key), box);
    panel.append(label);
    return box;
  }

  function actors(page, panel) {
    if (!page.actors.length) return;
    const options = [
      ['', '', 'actor.any'],
      ...page.actors.map(([name, n], code) => [String(code), `${name} (${B.words.number(n)})`]),
    ];
    const box = select(panel, 'actor', options, (value) =>
      page.filter.set({ actor: value === '' ? null : Number(value) }),
    );
    page.filter.subscribe(() => (box.value = page.filter.state.actor === null ? '' : String(page.filter.state.actor)));
  }

  /** The shades of a crowd, when they are drawn. */
  function shadeKey(page, panel) {
    const box = B.make('div', 'bl-shade');
    const title = B.make('p', 'bl-small');
    const bar = B.make('div', 'bl-ramp');
    const row = B.make('div', 'bl-ends');
    const top = B.make('span');
    row.append(B.make('span', '', '1'), bar, top);
    box.append(title, row);
    box.hidden = true;
    panel.append(box);
    page.sayShade = () => {
      const shown = Boolean(page.crowd && page.crowd.shaded);
      if (box.hidden === shown) box.hidden = !shown;
      if (!shown) return;
      bar.style.background = `linear-gradient(90deg, ${B.shades().join(', ')})`;
      title.textContent = B.t('shade', { n: B.SQUARE });
      top.textContent = B.words.number(page.crowd.most);
    };
  }

  /** Fill the side panel; `toggles` are { key, on, act } for further layers. */
  B.addChoice = function (page, toggles) {
    const side = document.getElementById('bl-side');
    const panel = B.make('details', 'bl-legend');
    panel.open = window.matchMedia('(min-width: 701px)').matches;
    panel.append(B.makeSaying('summary', '', 'legend'));
    const inner = B.make('div', 'bl-inner');
    panel.append(inner);
    side.append(panel);
    B.addSearch(page, inner);
    // Types and sides together are one stop of the Tab key.
    const boxes = B.make('div', 'bl-boxes');
    inner.append(boxes);
    const speakers = page.facts.given ? types(page, boxes) : [];
    shadeKey(page, boxes);
    speakers.push(...sides(page, boxes));
    B.roving(boxes);
    actors(page, inner);
    if (page.columns.deaths.some((value) => value > 0)) {
      const options = ['incidents', 'fatalities'].map((name) => [name, '', `size.${name}`]);
      const box = select(inner, 'size', options, (value) => page.setSize(value));
      page.saySize = () => (box.value = page.incidents.size);
    }
    if (page.density) speakers.push(densityKey(page, inner));
    const also = B.make('div', 'bl-also');
    inner.append(also);
    const more = section(also, 'layers', 'bl-row');
    for (const { key, on, act, icon } of toggles) checkbox(more, { icon, key, checked: on }, act);
    B.addDrawings(page, also);
    B.roving(also, 'input, summary');
    const line = B.make('p', 'bl-small bl-line');
    const { title, disputed } = page.lineNote;
    speakers.push(() => {
      const dispute = B.t(disputed ? 'line.disputed' : 'line.maybe');
      line.textContent = title ? `${B.t('line', { title })} ${dispute}` : dispute;
    });
    inner.append(line);
    const languages = Object.entries(B.LANGUAGES);
    const head = document.querySelector('.bl-head');
    const language = select(head, 'language', languages, (value) => page.setLanguage(value));
    page.speakers.push(...speakers, () => (language.value = B.language));
    for (const speak of speakers) speak();
    language.value = B.language;
  };
})(window.Borderline);
