/*
 * How a symbol looks: one kind of incident has its colour and its shape, several
 * kinds at one place are the slices of a disc; a number says how many there are.
 */
(function (B) {
  'use strict';

  /**
   * Radius in pixels of a symbol: by its number of incidents, or, where fatalities
   * scale the signs, with an area that grows with them.
   */
  B.symbolRadius = function ({ total, load }, size) {
    if (size === 'fatalities') return Math.min(26, Math.hypot(4, 2.6 * Math.sqrt(load)));
    return total === 1 ? 5.5 : Math.min(15, 7.5 + 2.2 * Math.log2(total) ** 0.9);
  };

  function polygon(context, x, y, r, corners, turn) {
    for (let k = 0; k < corners; k++) {
      const angle = turn + (k * 2 * Math.PI) / corners;
      context.lineTo(x + r * Math.cos(angle), y + r * Math.sin(angle));
    }
    context.closePath();
  }

  /** Trace a shape; sizes are balanced so that all look equally large. */
  B.traceShape = function (context, shape, x, y, r) {
    const up = -Math.PI / 2;
    context.beginPath();
    if (shape === 'square') polygon(context, x, y, r * 1.22, 4, Math.PI / 4);
    else if (shape === 'triangle') polygon(context, x, y + r * 0.15, r * 1.35, 3, up);
    else if (shape === 'diamond') polygon(context, x, y, r * 1.25, 4, 0);
    else if (shape === 'pentagon') polygon(context, x, y, r * 1.1, 5, up);
    else if (shape === 'hexagon') polygon(context, x, y, r * 1.08, 6, 0);
    else context.arc(x, y, r, 0, 2 * Math.PI);
  };

  function lone(context, x, y, r, group) {
    B.traceShape(context, group.shape, x, y, r + 1.4);
    context.fillStyle = '#ffffff';
    context.fill();
    B.traceShape(context, group.shape, x, y, r);
    context.fillStyle = group.colour;
    context.fill();
    if (group.hollow) {
      B.traceShape(context, group.shape, x, y, r * 0.5);
      context.fillStyle = '#ffffff';
      context.fill();
    }
  }

  function disc(context, x, y, r, counts, total, groups) {
    context.beginPath();
    context.arc(x, y, r + 1.6, 0, 2 * Math.PI);
    context.fillStyle = '#ffffff';
    context.fill();
    let angle = -Math.PI / 2;
    groups.forEach((group, k) => {
      const part = ((counts.get(k) || 0) / total) * 2 * Math.PI;
      if (!part) return;
      context.beginPath();
      context.moveTo(x, y);
      context.arc(x, y, r, angle, angle + part);
      context.closePath();
      context.fillStyle = group.colour;
      context.fill();
      angle += part;
    });
  }

  function number(context, x, y, r, total) {
    context.beginPath();
    context.arc(x, y, Math.min(r * 0.62, 8), 0, 2 * Math.PI);
    context.fillStyle = '#ffffff';
    context.fill();
    const text = total < 1000 ? String(total) : `${Math.floor(total / 1000)}k`;
    context.font = `600 ${text.length > 2 ? 8.5 : 10.5}px system-ui, sans-serif`;
    context.textAlign = 'center';
    context.textBaseline = 'middle';
    context.fillStyle = '#1d1f23';
    context.fillText(text, x, y + 0.5);
  }

  /** Draw one symbol. */
  B.drawSymbol = function (context, x, y, { counts, total, load, radius: r }, groups, size) {
    if (counts.size === 1) {
      lone(context, x, y, r, groups[counts.keys().next().value]);
    } else {
      disc(context, x, y, r, counts, total, groups);
    }
    const told = size === 'fatalities' ? load : total;
    if (told > 1 && r > 6.5) number(context, x, y, r, told);
  };

  /** A shape as a small picture for the legend: inline SVG also survives printing. */
  B.shapeIcon = function (group) {
    const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
    svg.setAttribute('viewBox', '-9 -9 18 18');
    svg.setAttribute('class', 'bl-icon');
    svg.setAttribute('aria-hidden', 'true');
    const add = (r, fill) => {
      const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
      const steps = [];
      B.traceShape(
        {
          beginPath: () => {},
          closePath: () => steps.push('Z'),
          lineTo: (x, y) => steps.push(`${steps.length ? 'L' : 'M'}${x.toFixed(2)} ${y.toFixed(2)}`),
          arc: (x, y, radius) =>
            steps.push(`M${-radius} 0A${radius} ${radius} 0 1 0 ${radius} 0A${radius} ${radius} 0 1 0 ${-radius} 0Z`),
        },
        group.shape,
        0,
        0,
        r,
      );
      path.setAttribute('d', steps.join(''));
      path.setAttribute('fill', fill);
      svg.append(path);
    };
    add(6, group.colour);
    if (group.hollow) add(3, '#ffffff');
    return svg;
  };
})(window.Borderline);
