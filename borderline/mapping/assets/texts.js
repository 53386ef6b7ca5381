/*
 * The words of the page in English, Thai and Khmer. They come as data; a text
 * has places like {n} for values, which are put in as they are.
 */
(function (B) {
  'use strict';

  B.LANGUAGES = { en: 'English', th: 'ไทย', km: 'ខ្មែរ' };
  const order = Object.keys(B.LANGUAGES);
  let texts = {};
  B.language = 'en';

  /** Take the texts: a key to one text a language. */
  B.useTexts = (given) => (texts = given);

  /** A text in the reader's language; without one the English text, without that the key. */
  B.t = function (key, values = {}) {
    const found = Object.hasOwn(texts, key) ? texts[key] : [key];
    let text = found[order.indexOf(B.language)] || found[0];
    if (String(values.n) === '1' && B.language === 'en') text = text.replace('{n} incidents', '{n} incident');
    return text.replace(/\{(\w+)\}/g, (whole, name) => (Object.hasOwn(values, name) ? String(values[name]) : whole));
  };

  /** Whether there is a text of this key. */
  B.hasText = (key) => Object.hasOwn(texts, key);

  /** Give an element a text that follows the language. */
  B.label = function (element, key) {
    element.dataset.t = key;
    element.textContent = B.t(key);
    return element;
  };

  /** Write all texts that follow the language anew. */
  B.translate = function () {
    document.documentElement.lang = B.language;
    for (const element of document.querySelectorAll('[data-t]')) element.textContent = B.t(element.dataset.t);
    for (const element of document.querySelectorAll('[data-t-label]')) {
      element.setAttribute('aria-label', B.t(element.dataset.tLabel));
    }
  };
})(window.Borderline);
