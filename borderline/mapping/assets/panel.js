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
  B.choiceInWords = function ({ filter: { state }, actors }) {
    const parts = [];
    if (state.days) parts.push(B.words.date(B.iso(state.days[0]), B.iso(state.days[1])));
    if (state.km) {
      const [from, to] = state.km.map((cell) => (cell / B.CELLS).toFixed(1));
      parts.push(B.t('km.span', { from, to }));
    }
    if (state.actor !== null) parts.push(actors[state.actor][0]);
    return parts;
  };

  function countInWords(page) {
    const { filter } = page;
    const W = B.words;
    if (!filter.rows) return B.t('empty');
    if (!filter.active) return B.t('count.all', { n: W.number(filter.rows) });
    const parts = [B.t('count', { n: W.number(filter.count), total: W.number(filter.rows) })];
    parts.push(...B.choiceInWords(page));
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
        const [first, end] = page.span;
        const span = end - first;
        if (!(span > 0)) return;
        const part = [first, first + Math.max(0, Math.round(span / 12))];
        const chosen = filter.state.days;
        // A window over the whole of what is shown has nowhere to go.
        let [a, b] = chosen && chosen[1] - chosen[0] < span ? chosen : part;
        if (a < first || b >= end) [a, b] = [first, first + (b - a)];
        const wide = b - a;
        exact = a;
        last = null;
        B.label(button, 'pause');
        const step = (now) => {
          exact += last === null ? 0 : ((now - last) / 1000) * ((span + 1) / SPEEDS[play.speed]);
          last = now;
          const from = Math.min(Math.floor(exact), end - wide);
          if (!filter.state.days || from !== filter.state.days[0]) filter.set({ days: [from, from + wide] });
          if (from >= end - wide) play.stop();
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
    const zoom = B.button('bl-button bl-zoom', 'span.window', () =>
      page.setSpan(page.zoomed ? null : page.filter.state.days),
    );
    const reset = B.button('bl-button', 'reset', () => {
      page.play.stop();
      page.setSpan(null);
      page.filter.reset();
    });
    bar.append(button, speed, zoom, reset);
    const head = B.make('div', 'bl-panel-head');
    const hint = B.makeSaying('p', 'bl-hint', 'hint');
    head.append(count, hint, bar);
    panel.append(head);
    page.speakers.push(saySpeed, () => B.label(button, page.play.on ? 'pause' : 'play'));
    return { count, hint, zoom, reset };
  }

  /** The period the charts show: all of it, or the window that was zoomed to. */
  function spans(page) {
    const { filter } = page;
    const whole = [filter.firstDay, filter.lastDay];
    page.span = whole;
    page.zoomed = false;
    page.setSpan = (days) => {
      const [from, to] = days || whole;
      page.zoomed =
        Boolean(days) && from >= whole[0] && to <= whole[1] && from <= to && (from > whole[0] || to < whole[1]);
      page.span = page.zoomed ? [from, to] : whole;
      page.repaint();
      page.keep();
    };
  }

  /** Two buttons for what the profile shows, beside its name. */
  function modes(page, figure_) {
    const box = B.nameIt(B.make('div', 'bl-modes'), 'profile.show');
    box.setAttribute('role', 'group');
    const buttons = ['dates', 'intensity'].map((mode) => {
      const button = B.button('', `profile.${mode}`, () => page.setProfile(mode));
      box.append(button);
      return [mode, button];
    });
    page.setProfile = (wanted) => {
      page.profile.mode = wanted;
      for (const [mode, button] of buttons) button.setAttribute('aria-pressed', String(mode === wanted));
      page.repaint();
    };
    const head = B.make('div', 'bl-figure-head');
    figure_.caption.replaceWith(head);
    const caption = B.make('figcaption');
    head.append(caption, box);
    figure_.caption = caption;
    page.setProfile(page.profile.mode);
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
    const upward = {
      ...up,
      get: () => (profile.mode === 'dates' ? up.get() : null),
      set: (v) => profile.mode === 'dates' && up.set(v),
    };
    return { time: days(time, true), km, upward };
  }

  /** Make the panel. */
  B.addPanel = function (page) {
    const panel = document.getElementById('bl-panel');
    const { filter } = page;
    const { count, hint, zoom, reset } = tools(page, panel);
    spans(page);
    const charts = B.make('div', 'bl-charts');
    panel.append(charts);
    const first = figure(charts, 'time', 'time.brush');
    const second = figure(charts, 'profile', 'profile.brush');
    const keys = B.makeSaying('p', 'bl-unseen', 'keys');
    keys.id = 'bl-keys';
    panel.append(keys);
    const time = new B.TimeChart(first.canvas, page);
    const profile = (page.profile = new B.ProfileChart(second.canvas, page));
    modes(page, second);
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
      value(
        second.chart,
        0,
        filter.sizes.cells / B.CELLS,
        from,
        `${B.t('km.span', { from: from.toFixed(1), to: to.toFixed(1) })}, ${days}`,
      );
      reset.disabled = !filter.active && !page.zoomed;
      zoom.disabled = !filter.state.days && !page.zoomed;
      B.label(zoom, page.zoomed ? 'span.whole' : 'span.window');
      hint.hidden = filter.active || !filter.rows;
      const text = countInWords(page);
      if (count.textContent !== text) count.textContent = text;
    };
    page.drawCharts = () => {
      time.draw();
      profile.draw();
      first.caption.textContent = time.step === 1 ? B.t('time.bar') : B.t('time.bars', { n: time.step || 1 });
      const how = profile.mode === 'dates' ? '' : `, ${B.t('profile.smooth', { n: B.BANDWIDTH_KM })}`;
      second.caption.textContent = B.t('profile') + how;
      speak();
    };
    for (const speaker of page.speakers) speaker();
    // One stop of the Tab key for all buttons of the panel.
    B.roving(panel, '.bl-tools button, .bl-modes button');
  };
})(window.Borderline);
