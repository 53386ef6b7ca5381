/*
 * A table as comma-separated text (RFC 4180) that a spreadsheet opens as text.
 * A cell that a spreadsheet would take for a formula begins with an apostrophe;
 * numbers stay numbers. Knows nothing of the page.
 */
(function (B) {
  'use strict';

  /** What begins a formula, in ASCII and in the full-width forms that some programs accept. */
  const FORMULA = /^[\s\u0000-\u001f\u00a0\ufeff]*[=+\-@\uff0b\uff0d\uff1d\uff20|%]|^[\t\r\n]/;

  /** What a spreadsheet takes for a number is none; so are labels that are numbers. */
  const NUMBER = /^[+-]?\d+(\.\d+)?$/;

  /** One cell. */
  B.csvCell = function (value) {
    if (value === null || value === undefined) return '';
    if (typeof value === 'number') return String(value);
    const text = FORMULA.test(value) && !NUMBER.test(value) ? `'${value}` : String(value);
    return /[",\r\n;\t']|^\s|\s$/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
  };

  /** Records, each an object, a line each; `columns` are [name, key] pairs. */
  B.csvLines = (columns, records) =>
    records.map((record) => columns.map(([, key]) => B.csvCell(record[key])).join(',') + '\r\n').join('');

  /** Header and records. */
  B.csv = (columns, records) => B.csvHead(columns) + B.csvLines(columns, records);

  /** The line of names. */
  B.csvHead = (columns) => columns.map(([name]) => B.csvCell(name)).join(',') + '\r\n';
})(window.Borderline);
