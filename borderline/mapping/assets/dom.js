/*
 * Small helpers for the page: elements, groups of controls that are one stop of
 * the Tab key, and files to save.
 */
(function (B) {
  'use strict';

  /** Whether the page is laid out for paper. */
  B.onPaper = () => document.documentElement.classList.contains('bl-paper');

  /** Device pixels to the pixel; paper takes more than most screens. */
  B.ratio = () => Math.min(3, Math.max(B.onPaper() ? 2 : 1, window.devicePixelRatio || 1));

  /** Make an element with a class and a text. */
  B.make = function (tag, className, text) {
    const element = document.createElement(tag);
    if (className) element.className = className;
    if (text !== undefined) element.textContent = text;
    return element;
  };

  /** Make an element whose text follows the language. */
  B.makeSaying = (tag, className, key) => B.label(B.make(tag, className), key);

  /** Make a button that says a text of this key. */
  B.button = function (className, key, act) {
    const button = B.makeSaying('button', className, key);
    button.type = 'button';
    button.addEventListener('click', act);
    return button;
  };

  /** Give an element a name for those who do not see it. */
  B.nameIt = function (element, key) {
    element.dataset.tLabel = key;
    element.setAttribute('aria-label', B.t(key));
    return element;
  };

  /** Whether an element is drawn at all; what lies in something folded is not. */
  const shown = (one) => (one.checkVisibility ? one.checkVisibility() : one.getClientRects().length > 0);

  /** Make the controls within an element one stop of the Tab key; arrow keys, Home and End go from one to the next. */
  B.roving = function (box, selector = 'input, button, a') {
    const all = () => Array.from(box.querySelectorAll(selector)).filter((one) => !one.disabled && shown(one));
    const settle = (chosen) =>
      box.querySelectorAll(selector).forEach((one) => (one.tabIndex = one === chosen ? 0 : -1));
    box.addEventListener('focusin', (event) => all().includes(event.target) && settle(event.target));
    box.addEventListener('keydown', (event) => {
      const list = all();
      const at = list.indexOf(event.target);
      const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
      if (at < 0 || (!step && event.key !== 'Home' && event.key !== 'End')) return;
      const to =
        event.key === 'Home' ? 0 : event.key === 'End' ? list.length - 1 : (at + step + list.length) % list.length;
      event.preventDefault();
      event.stopPropagation();
      list[to].focus();
    });
    // The whole may be folded itself, as on a phone.
    const first = all()[0] || box.querySelector(selector);
    if (first) settle(first);
    return box;
  };

  /** Offer a text as a file. */
  B.download = function (name, text, kind) {
    const link = B.make('a');
    link.href = URL.createObjectURL(new Blob([text], { type: kind }));
    link.download = name;
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  };
})(window.Borderline);
