/*
 * Printing: while it lasts the page is laid out for a sheet of paper, with the same part
 * of the world on the map.
 */
(function (B) {
  'use strict';

  /**
   * One picture of all canvases of the map. A browser prints canvases stroke by stroke, and
   * the stroke that clears one takes away those that lie below it as well.
   */
  function flatten(map) {
    const frame = map.getContainer();
    const at = frame.getBoundingClientRect();
    const picture = B.make('canvas', 'bl-picture');
    const ratio = B.ratio();
    picture.width = Math.round(at.width * ratio);
    picture.height = Math.round(at.height * ratio);
    const context = picture.getContext('2d');
    context.scale(ratio, ratio);
    context.fillStyle = getComputedStyle(frame).backgroundColor;
    context.fillRect(0, 0, at.width, at.height);
    const height = (canvas) => Number(getComputedStyle(canvas.closest('.leaflet-pane')).zIndex) || 0;
    const canvases = Array.from(frame.querySelectorAll('.leaflet-map-pane canvas'));
    canvases.sort((a, b) => height(a) - height(b));
    for (const canvas of canvases) {
      const box = canvas.getBoundingClientRect();
      if (canvas.width && box.width)
        context.drawImage(canvas, box.left - at.left, box.top - at.top, box.width, box.height);
    }
    frame.prepend(picture);
    return picture;
  }

  /** Draw everything anew at once; Leaflet would wait for a frame, which comes after the printing. */
  function draw(page, look) {
    const { map } = page;
    L.Browser.retina = B.ratio() > 1;
    map.invalidateSize({ animate: false });
    look();
    page.paintNow();
    page.incidents.redraw();
    page.names.redraw();
    map.eachLayer((layer) => layer instanceof L.Canvas && layer._redraw());
  }

  B.addPrinting = function (page) {
    const { map } = page;
    const root = document.documentElement;
    const panel = document.querySelector('.bl-legend');
    let before = null;
    window.addEventListener('beforeprint', () => {
      if (before) return;
      before = { centre: map.getCenter(), zoom: map.getZoom(), open: panel.open, settled: page.settled };
      const bounds = map.getBounds();
      page.settled = false;
      panel.open = true;
      root.classList.add('bl-paper');
      draw(page, () => map.fitBounds(bounds, { animate: false }));
      before.picture = flatten(map);
      root.classList.add('bl-flat');
    });
    window.addEventListener('afterprint', () => {
      if (!before) return;
      const { centre, zoom, open, settled, picture } = before;
      before = null;
      picture.remove();
      root.classList.remove('bl-paper', 'bl-flat');
      panel.open = open;
      draw(page, () => map.setView(centre, zoom, { animate: false }));
      page.settled = settled;
    });
  };
})(window.Borderline);
