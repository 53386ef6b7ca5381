/*
 * The panel below the map: the count of what is chosen, the two charts with
 * their windows, and the buttons that let time run.
 */
(function (B) {
  'use strict';

  /** Seconds in which time runs through once. */
  const SPEEDS = { slow: 60, middle: 25, fast: 10 };

  function figure(panel, key, brushKey) {
    const box = B.make('figure', 'bl-figure');
    const caption = B.makeSaying('figcaption', '', key);
    const chart = B.make('div', 'bl-chart');
    chart.tabIndex = 0;
    chart.setAttribute('role', 'slider');
    B.nameIt(chart, brushKey);
    chart.setAttribute('aria-describedby', 'bl-keys');
    const canvas = B.make('canvas');
    canvas.setAttribute('aria-hidden', 'true');
    chart.append(canvas);
    box.append(caption, chart);
    panel.append(box);
    return { box, caption, chart, canvas };
  }

  /** Tell a slider's value to those who do not see it. */
  function value(element, low, high, now, text) {
    const set = (name, what) => element.setAttribute(`aria-value${name}`, String(what));
    set('min', low);
    set('max', high);
    set('now', now);
    set('text', text);
  }

  /** The choice in words. */
  B.choiceInWords = function ({ state }) {
    const parts = [];
    if (state.days) parts.push(B.words.date(B.iso(state.days[0]), B.iso(state.days[1])));
    if (state.km) {
      const [from, to] = state.km.map((cell) => (cell / B.CELLS).toFixed(1));
      parts.push(B.t('km.span', { from, to }));
    }
    return parts;
  };

  function countInWords(page) {
    const { filter } = page;
    const W = B.words;
    if (!filter.rows) return B.t('empty');
    if (!filter.active) return B.t('count.all', { n: W.number(filter.rows) });
    const parts = [B.t('count', { n: W.number(filter.count), total: W.number(filter.rows) })];
    parts.push(...B.choiceInWords(filter));
    if (filter.state.days && filter.undated) parts.push(B.t('count.undated', { n: W.number(filter.undated) }));
    return parts.join(' · ');
  }

  /** Let the time window run; a window of its own when there is none. */
  function player(page, button) {
    const { filter } = page;
    let last = null;
    let frame = 0;
    let exact = 0;
    const play = {
      speed: 'middle',
      get on() {
        return frame !== 0;
      },
      stop() {
        cancelAnimationFrame(frame);
        frame = 0;
        B.label(button, 'play');
      },
      start() {
        const span = filter.lastDay - filter.firstDay;
        if (!(span > 0)) return;
        let [a, b] = filter.state.days || [filter.firstDay, filter.firstDay + Math.max(0, Math.round(span / 12))];
        if (b >= filter.lastDay) [a, b] = [filter.firstDay, filter.firstDay + (b - a)];
        const wide = b - a;
        exact = a;
        last = null;
        B.label(button, 'pause');
        const step = (now) => {
          exact += last === null ? 0 : ((now - last) / 1000) * ((span + 1) / SPEEDS[play.speed]);
          last = now;
          const from = Math.min(Math.floor(exact), filter.lastDay - wide);
          if (!filter.state.days || from !== filter.state.days[0]) filter.set({ days: [from, from + wide] });
          if (from >= filter.lastDay - wide) play.stop();
          else frame = requestAnimationFrame(step);
        };
        frame = requestAnimationFrame(step);
      },
    };
    button.addEventListener('click', () => (play.on ? play.stop() : play.start()));
    return play;
  }

  function tools(page, panel) {
    const bar = B.make('div', 'bl-tools');
    bar.setAttribute('role', 'toolbar');
    B.nameIt(bar, 'panel');
    const count = B.make('p', 'bl-live');
    count.setAttribute('role', 'status');
    count.setAttribute('aria-live', 'polite');
    const button = B.button('bl-button bl-play', 'play', () => {});
    page.play = player(page, button);
    const speed = B.make('button', 'bl-button');
    speed.type = 'button';
    const saySpeed = () => (speed.textContent = `${B.t('speed')}: ${B.t(`speed.${page.play.speed}`)}`);
    speed.addEventListener('click', () => {
      const names = Object.keys(SPEEDS);
      page.play.speed = names[(names.indexOf(page.play.speed) + 1) % names.length];
      saySpeed();
    });
    const mode = B.make('button', 'bl-button');
    mode.type = 'button';
    const sayMode = () => {
      const next = page.profile.mode === 'dates' ? 'intensity' : 'dates';
      mode.textContent = B.t(`profile.${next}`);
      mode.setAttribute('aria-label', `${B.t('profile.show')}: ${B.t(`profile.${next}`)}`);
    };
    page.setProfile = (wanted) => {
      page.profile.mode = wanted;
      sayMode();
      page.repaint();
    };
    mode.addEventListener('click', () => page.setProfile(page.profile.mode === 'dates' ? 'intensity' : 'dates'));
    const reset = B.button('bl-button', 'reset', () => {
      page.play.stop();
      page.filter.reset();
    });
    bar.append(button, speed, mode, reset);
    const head = B.make('div', 'bl-panel-head');
    head.append(count, bar);
    panel.append(head);
    page.speakers.push(saySpeed, sayMode, () => B.label(button, page.play.on ? 'pause' : 'play'));
    return { bar, count, reset };
  }

  /** Axes of the windows, as `B.brush` wants them. */
  function axes(page, time, profile) {
    const { filter } = page;
    const stop = () => page.play.on && page.play.stop();
    const days = (chart, horizontal) => ({
      horizontal,
      low: filter.firstDay,
      high: filter.lastDay,
      least: 0,
      step: () => chart.step || 1,
      get: () => filter.state.days,
      set: (value) => {
        stop();
        filter.set({ days: value });
      },
      toPixel: (day) => (horizontal ? chart.toX(day) : chart.toY(day)),
      toValue: (at) => (horizontal ? chart.toDay(at) : chart.toDay(at)),
    });
    const km = {
      horizontal: true,
      low: 0,
      high: filter.sizes.cells,
      least: 1,
      step: () => 5 * B.CELLS,
      get: () => filter.state.km,
      set: (value) => filter.set({ km: value && value[0] === value[1] ? [value[0], value[0] + 1] : value }),
      toPixel: (cell) => profile.toX(cell),
      toValue: (x) => Math.round(profile.toCell(x)),
    };
    const up = days(profile, false);
    up.step = () => time.step || 1;
    // In the chart of intensity only the kilometres can be chosen.
    const upward = { ...up, get: () => (profile.mode === 'dates' ? up.get() : null), set: (v) => profile.mode === 'dates' && up.set(v) };
    return { time: days(time, true), km, upward };
  }

  /** Make the panel. */
  B.addPanel = function (page) {
    const panel = document.getElementById('bl-panel');
    const { filter } = page;
    const { bar, count, reset } = tools(page, panel);
    const charts = B.make('div', 'bl-charts');
    panel.append(charts);
    const first = figure(charts, 'time', 'time.brush');
    const second = figure(charts, 'profile', 'profile.brush');
    const keys = B.makeSaying('p', 'bl-unseen', 'keys');
    keys.id = 'bl-keys';
    panel.append(keys);
    const time = new B.TimeChart(first.canvas, page);
    const profile = (page.profile = new B.ProfileChart(second.canvas, page));
    const { time: timeAxis, km, upward } = axes(page, time, profile);
    B.brush(first.chart, [timeAxis]);
    B.brush(second.chart, [km, upward], (event) => {
      const cell = profile.toCell(event.clientX - second.chart.getBoundingClientRect().left);
      page.markCell(cell >= 0 && cell <= filter.sizes.cells ? cell : null);
    });
    second.chart.addEventListener('pointerleave', () => page.markCell(null));
    const speak = () => {
      const W = B.words;
      const span = filter.state.days || [filter.firstDay, filter.lastDay];
      const days = filter.lastDay >= filter.firstDay ? W.date(B.iso(span[0]), B.iso(span[1])) : W.date(null);
      if (filter.lastDay >= filter.firstDay) value(first.chart, filter.firstDay, filter.lastDay, span[0], days);
      else value(first.chart, 0, 0, 0, days);
      const [from, to] = (filter.state.km || [0, filter.sizes.cells]).map((cell) => cell / B.CELLS);
      value(second.chart, 0, filter.sizes.cells / B.CELLS, from, `${B.t('km.span', { from: from.toFixed(1), to: to.toFixed(1) })}, ${days}`);
      reset.disabled = !filter.active;
      const text = countInWords(page);
      if (count.textContent !== text) count.textContent = text;
    };
    page.drawCharts = () => {
      time.draw();
      profile.draw();
      first.caption.textContent = time.step === 1 ? B.t('time.bar') : B.t('time.bars', { n: time.step || 1 });
      const how = profile.mode === 'dates' ? B.t('profile.dates') : `${B.t('profile.intensity')}, ${B.t('profile.smooth', { n: B.BANDWIDTH_KM })}`;
      second.caption.textContent = `${B.t('profile')}: ${how}`;
      speak();
    };
    for (const speaker of page.speakers) speaker();
    B.roving(bar);
  };
})(window.Borderline);
