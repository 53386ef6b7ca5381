/*
 * `Borderline.start` makes the Leaflet map at once, so that layers of folium can be
 * added to it, and has it filled when scripts and data are unpacked.
 */
(function (B) {
  'use strict';

  // folium's popups turn their markup into an element with $(`...`)[0]: all they need of jQuery.
  window.$ =
    window.$ ||
    function (markup) {
      const template = document.createElement('template');
      template.innerHTML = String(markup).trim();
      return [template.content.firstElementChild];
    };

  /** Keep layers of folium above others, also when they are switched on again. */
  B.keepInFront = function (map, layers) {
    const lift = () => layers.forEach((layer) => map.hasLayer(layer) && layer.bringToFront && layer.bringToFront());
    map.on('overlayadd', lift);
    lift();
  };

  /** Say in words what went wrong; nothing hides the words that the page began with. */
  function say(text) {
    const box = document.getElementById('bl-message');
    if (!box) return;
    box.textContent = text;
    box.className = 'bl-said';
  }

  /** Show the first view: a place at its level of zoom, or the whole border. */
  B.fit = function (map, { bounds, view }) {
    if (view) {
      map.setView(view.slice(0, 2), view[2], { animate: false });
      return;
    }
    // On a small screen the closed panel lies over the top of the map.
    const top = map.getSize().x > 700 ? 24 : 58;
    map.fitBounds(bounds, { paddingTopLeft: [24, top], paddingBottomRight: [24, 24], animate: false });
  };

  /**
   * Run a script that travels packed: Leaflet and most of our own code are one. The policy
   * of the page names their hashes as it does for those in the open.
   */
  async function runPacked(id) {
    const script = document.createElement('script');
    script.textContent = new TextDecoder().decode(await B.unpack(id));
    document.head.append(script);
  }

  const damaged = (error) => say(`The data of the map could not be read (${error.message}); the file may be damaged.`);

  /** Run the packed scripts: the last of them makes the map, and adds what folium put on it. */
  B.run = async function () {
    try {
      await runPacked('bl-code');
      await runPacked('bl-start');
    } catch (error) {
      damaged(error);
    }
  };

  /** Make the map in the element of this id and fill it. */
  B.start = function (id) {
    const config = JSON.parse(B.textOf('bl-config'));
    const map = L.map(id, { zoomSnap: 0.25, zoomDelta: 0.5, minZoom: 3, maxZoom: 18, wheelPxPerZoomLevel: 90 });
    map.attributionControl.setPrefix(false);
    L.control.scale({ imperial: false, position: 'bottomright' }).addTo(map);
    B.fit(map, config);
    B.ready = (B.fill ? Promise.resolve() : runPacked('bl-code')).then(() => B.fill(map, config)).catch(damaged);
    return map;
  };

  if (B.canDecode()) return;
  B.run = () =>
    say(
      'This browser is too old to unpack the data of the map: it needs Chrome or Edge 93, Firefox 113, Safari 16.4 or newer.',
    );
  B.start = () => B.run() || L.map(document.createElement('div'));
})(window.Borderline);
