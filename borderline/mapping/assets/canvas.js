/*
 * A canvas that Leaflet moves and scales with the map, sharp on dense screens.
 * `options.draw(context, view)` paints it; view.x and view.y turn world
 * coordinates of zoom 0 into pixels of the canvas.
 */
(function (B) {
  'use strict';

  B.CanvasLayer = L.Renderer.extend({
    options: { padding: 0.3 },

    _initContainer: function () {
      const canvas = (this._container = document.createElement('canvas'));
      canvas.setAttribute('aria-hidden', 'true');
      canvas.style.pointerEvents = 'none';
      this._context = canvas.getContext('2d');
    },

    _destroyContainer: function () {
      this._container.remove();
      delete this._container;
      delete this._context;
    },

    _update: function () {
      if (this._map._animatingZoom && this._bounds) return;
      L.Renderer.prototype._update.call(this);
      const size = this._bounds.getSize();
      const ratio = B.ratio();
      const canvas = this._container;
      L.DomUtil.setPosition(canvas, this._bounds.min);
      canvas.width = Math.round(size.x * ratio);
      canvas.height = Math.round(size.y * ratio);
      canvas.style.width = `${size.x}px`;
      canvas.style.height = `${size.y}px`;
      this._ratio = ratio;
      this.redraw();
    },

    // Leaflet calls this for the vector layers of a renderer; there are none.
    _updatePaths: function () {},

    /** Paint anew, without moving. */
    redraw: function () {
      if (!this._map || !this._bounds) return;
      const size = this._bounds.getSize();
      const scale = Math.pow(2, this._map.getZoom());
      const origin = this._map.getPixelOrigin().add(this._bounds.min);
      const context = this._context;
      context.setTransform(this._ratio, 0, 0, this._ratio, 0, 0);
      context.clearRect(0, 0, size.x, size.y);
      this.options.draw(context, {
        zoom: this._map.getZoom(),
        scale,
        // Device pixels to the pixel, and where the canvas begins, for those who write pixels themselves.
        ratio: this._ratio,
        origin,
        width: size.x,
        height: size.y,
        // The part of the canvas that is on the screen; the rest is margin for panning.
        frame: L.bounds(
          this._map.containerPointToLayerPoint([0, 0]).subtract(this._bounds.min),
          this._map.containerPointToLayerPoint(this._map.getSize()).subtract(this._bounds.min),
        ),
        x: (world) => world * scale - origin.x,
        y: (world) => world * scale - origin.y,
      });
    },
  });
})(window.Borderline);
