/*
 * A window that is drawn over a chart with the pointer or moved with the keys,
 * in one direction or two. Positions are whole units of the chart's axes.
 */
(function (B) {
  'use strict';

  /** A pointer this near to an edge of the window takes hold of it, pixels. */
  const GRIP = 7;
  /** Less than this is a click, which takes the window away. */
  const CLICK = 4;

  /**
   * element: what is pointed at; axes: one or two of { horizontal, low, high, step,
   * get, set, toPixel, toValue }; `get` gives the window or null, `set` takes one.
   */
  B.brush = function (element, axes, hover) {
    let drag = null;
    const pixel = (axis, event) => {
      const box = element.getBoundingClientRect();
      return axis.horizontal ? event.clientX - box.left : event.clientY - box.top;
    };
    const clamp = (axis, value) => Math.max(axis.low, Math.min(axis.high, value));

    /** What a pointer takes hold of: an edge, the whole window, or nothing. */
    function grip(axis, at) {
      const window_ = axis.get();
      if (!window_) return 'new';
      const [a, b] = window_.map(axis.toPixel);
      if (Math.abs(at - a) <= GRIP) return 'start';
      if (Math.abs(at - b) <= GRIP) return 'end';
      return at > Math.min(a, b) && at < Math.max(a, b) ? 'move' : 'new';
    }

    function follow(event) {
      axes.forEach((axis, k) => {
        const { at, held, window: old } = drag.axes[k];
        const here = axis.toValue(pixel(axis, event));
        if (drag.mode === 'new') axis.set([clamp(axis, axis.toValue(at)), clamp(axis, here)]);
        else if (!old) return;
        else if (drag.mode === 'move') {
          const by = Math.round(here - axis.toValue(at));
          const shift = Math.max(axis.low - old[0], Math.min(axis.high - old[1], by));
          axis.set([old[0] + shift, old[1] + shift]);
        } else if (held === 'start') axis.set([clamp(axis, here), old[1]]);
        else if (held === 'end') axis.set([old[0], clamp(axis, here)]);
      });
    }

    element.addEventListener('pointerdown', (event) => {
      if (event.button) return;
      const held = axes.map((axis) => ({
        at: pixel(axis, event),
        held: grip(axis, pixel(axis, event)),
        window: axis.get(),
      }));
      const any = held.some((one) => one.window);
      const out = held.some((one) => one.window && one.held === 'new');
      const edge = held.some((one) => one.held === 'start' || one.held === 'end');
      drag = {
        axes: held,
        mode: !any || out ? 'new' : edge ? 'edge' : 'move',
        far: 0,
        x: event.clientX,
        y: event.clientY,
      };
      element.setPointerCapture(event.pointerId);
      element.focus({ preventScroll: true });
      event.preventDefault();
    });
    element.addEventListener('pointermove', (event) => {
      if (hover) hover(event);
      if (!drag) return;
      drag.far = Math.max(drag.far, Math.hypot(event.clientX - drag.x, event.clientY - drag.y));
      if (drag.far >= CLICK) follow(event);
    });
    element.addEventListener('pointerup', () => {
      if (drag && drag.far < CLICK) axes.forEach((axis) => axis.set(null));
      drag = null;
    });
    element.addEventListener('pointercancel', () => (drag = null));
    element.addEventListener('keydown', (event) => {
      if (B.brushKey(axes, event.key, event.shiftKey)) event.preventDefault();
    });
  };

  /** Move (or with Shift widen and narrow) a window by a key; tells whether the key meant something. */
  B.brushKey = function (axes, key, shift) {
    if (key === 'Escape') {
      const any = axes.some((axis) => axis.get());
      axes.forEach((axis) => axis.set(null));
      return any;
    }
    const sign = { ArrowLeft: -1, ArrowRight: 1, ArrowDown: -1, ArrowUp: 1, PageDown: -10, PageUp: 10 }[key];
    if (!sign && key !== 'Home' && key !== 'End') return false;
    const across = key === 'ArrowLeft' || key === 'ArrowRight';
    const axis = axes.length > 1 ? axes.find((one) => one.horizontal === across) : axes[0];
    if (!axis) return false;
    const [a, b] = axis.get() || [axis.low, axis.high];
    if (key === 'Home') axis.set([axis.low, axis.low + (b - a)]);
    else if (key === 'End') axis.set([axis.high - (b - a), axis.high]);
    else if (shift) axis.set([a, Math.max(a + (axis.least || 0), Math.min(axis.high, b + sign * axis.step()))]);
    else if (!axis.get()) {
      // Nothing is chosen yet: begin with a tenth at the end the key comes from.
      const part = Math.max(axis.least || 0, Math.round((axis.high - axis.low) / 10));
      axis.set(sign > 0 ? [axis.low, axis.low + part] : [axis.high - part, axis.high]);
    } else {
      const by = Math.max(axis.low - a, Math.min(axis.high - b, sign * axis.step()));
      axis.set([a + by, b + by]);
    }
    return true;
  };
})(window.Borderline);
