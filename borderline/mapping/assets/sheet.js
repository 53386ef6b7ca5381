/*
 * The sheet beside the incidents: one incident at a time, with buttons for the others
 * of the same sign and a link to it. It covers no more of the map than it must: the
 * map moves only when the place would lie under the sheet.
 */
(function (B) {
  'use strict';

  /** Pixels between a place and the sheet or the edge of the map. */
  const AWAY = 36;
  /** Zoom at which a place shows what lies around it. */
  B.CLOSE = 11;

  function pager(rows, start, show) {
    const bar = B.make('div', 'bl-pager');
    const count = B.make('span', 'bl-count');
    let at = start;
    const go = (to) => {
      at = (to + rows.length) % rows.length;
      count.textContent = B.t('of', { n: B.words.number(at + 1), total: B.words.number(rows.length) });
      return show(rows[at]);
    };
    count.setAttribute('aria-live', 'polite');
    bar.append(
      B.button('', 'earlier', () => go(at - 1)),
      count,
      B.button('', 'later', () => go(at + 1)),
    );
    return { bar, go, again: () => go(at) };
  }

  /** Put a text where the reader can paste it from; true when that worked. */
  async function copy(text) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch (error) {
      return false; // not allowed here: the address is shown instead
    }
  }

  function foot(page, row) {
    const box = B.make('div', 'bl-copy');
    const said = B.make('span', 'bl-small');
    said.setAttribute('role', 'status');
    const nearer = B.button('bl-button', 'nearer', () => {
      const zoom = Math.max(page.map.getZoom() + 1, B.CLOSE);
      page.map.setView(page.latlngOf(row()), Math.min(zoom, page.map.getMaxZoom()), { animate: false });
      page.sheet.clear();
    });
    const button = B.button('bl-button', 'copy', async () => {
      const address = page.addressOf(row());
      if (await copy(address)) {
        said.textContent = B.t('copied');
        return;
      }
      const field = B.make('input');
      field.readOnly = true;
      field.value = address;
      B.nameIt(field, 'copy.by.hand');
      said.replaceChildren(B.make('span', '', B.t('copy.by.hand')), field);
      field.focus();
      field.select();
    });
    box.append(nearer, button, said);
    // A frame in a notebook has no address that a link could name.
    if (location.protocol === 'about:') button.remove();
    return { box, clear: () => said.replaceChildren() };
  }

  /** Words at the foot of the facts while there is more below. */
  function moreBelow(body) {
    const more = B.makeSaying('div', 'bl-more', 'more');
    more.setAttribute('aria-hidden', 'true');
    more.hidden = true;
    const look = () => (more.hidden = body.scrollHeight - body.scrollTop - body.clientHeight <= 4);
    body.addEventListener('scroll', look);
    more.addEventListener('click', () => body.scrollBy(0, body.clientHeight * 0.8));
    return { more, look };
  }

  /** Move the map as little as shows a place beside the sheet. */
  function clear(page, sheet, row) {
    const { map } = page;
    const frame = map.getContainer().getBoundingClientRect();
    const box = sheet.getBoundingClientRect();
    const below = box.width > 0.8 * frame.width;
    map.panInside(page.latlngOf(row), {
      paddingTopLeft: below ? [AWAY, AWAY] : [box.right - frame.left + AWAY, AWAY],
      paddingBottomRight: below ? [AWAY, frame.bottom - box.top + AWAY] : [AWAY, AWAY],
      animate: false,
    });
  }

  /** The sheet, not yet open: the element and its parts. */
  function makeSheet(close) {
    const sheet = B.nameIt(B.make('section', 'bl-sheet bl-popup'), 'incident');
    sheet.setAttribute('role', 'dialog');
    const head = B.make('div', 'bl-sheet-head');
    const shut = B.nameIt(B.make('button', 'bl-shut', '×'), 'close');
    shut.type = 'button';
    shut.addEventListener('click', close);
    const body = B.nameIt(B.make('div', 'bl-body'), 'incident');
    body.tabIndex = 0;
    body.setAttribute('role', 'group');
    // The page has no other way to hear of it: a sheet is no part of Leaflet's map.
    sheet.addEventListener('keydown', (event) => event.key === 'Escape' && close());
    return { sheet, head, shut, body };
  }

  /** Give the page `page.sheet`: null, or what is open. */
  B.addSheets = function (page) {
    page.sheet = null;
    page.closeSheet = () => {
      if (!page.sheet) return;
      const { sheet, opener } = page.sheet;
      const within = sheet.contains(document.activeElement);
      page.sheet = null;
      sheet.remove();
      document.body.classList.remove('bl-open');
      page.unmark();
      if (within && opener && opener.isConnected) opener.focus();
    };
    page.map.getContainer().addEventListener('keydown', (event) => event.key === 'Escape' && page.closeSheet());
  };

  /** Open the sheet for the incidents of a place; `first` is the row to begin with. */
  B.openIncidents = function (page, rows, first) {
    const opener = page.sheet ? page.sheet.opener : document.activeElement;
    if (page.sheet) page.closeSheet();
    page.map.closePopup();
    const { sheet, head, shut, body } = makeSheet(() => page.closeSheet());
    let wanted = -1;
    const link = foot(page, () => wanted);
    const { more, look } = moreBelow(body);
    const show = (row) => {
      wanted = row;
      return page.read(row).then((incident) => {
        if (wanted !== row || !page.sheet || page.sheet.sheet !== sheet) return;
        B.tell(body, { ...incident, unsure: page.unsure(row) }, page);
        body.scrollTop = 0;
        link.clear();
        look();
        clear(page, sheet, row);
        page.mark(row, incident);
      });
    };
    const { bar, go, again } = pager(rows, Math.max(0, rows.indexOf(first)), show);
    if (rows.length > 1) head.append(bar);
    head.append(shut);
    link.box.prepend(more);
    sheet.append(head, body, link.box);
    page.map.getContainer().parentElement.append(sheet);
    document.body.classList.add('bl-open');
    page.sheet = { sheet, body, row: () => wanted, opener, again, clear: () => clear(page, sheet, wanted) };
    return go(Math.max(0, rows.indexOf(first)));
  };
})(window.Borderline);
